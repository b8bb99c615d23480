"""The stories of the fleet, and the list of hostile strings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from services.sandbox.builder import Builder
from services.sandbox.stories import (
    cases,
    continuous_point,
    copied_snapshot,
    destruction,
    expired_point,
    exports,
    failed_job,
    grace,
    holds,
    hostile,
    links,
    nine_minutes,
    no_restore_point,
    no_standby,
    ownerless,
    partial_point,
    restore_tests,
    short_february,
    slots,
    state_lags,
    unprotected_bucket,
)
from services.sandbox.stories.base import Expectations, Expected, Story, tell
from services.sandbox.stories.hostile import HOSTILE

__all__ = ["HOSTILE", "STORIES", "Expected", "Story", "plant_stories"]


class Teller(Protocol):
    """A module, or an object, that tells one story."""

    @property
    def NAME(self) -> str: ...  # noqa: N802 - a constant of the module
    @property
    def SENTENCE(self) -> str: ...  # noqa: N802 - as above
    @property
    def plant(self) -> Callable[[Builder], Expectations]: ...


STORIES: tuple[Teller, ...] = (
    nine_minutes,
    copied_snapshot,
    no_restore_point,
    ownerless,
    grace,
    hostile,
    partial_point,
    failed_job,
    expired_point,
    continuous_point,
    unprotected_bucket,
    restore_tests,
    no_standby,
    destruction.Tomorrow(),
    destruction.Overdue(),
    state_lags,
    short_february,
    holds.ByLaw(),
    holds.NotByLaw(),
    exports.Preparing(),
    exports.Closing(),
    exports.Expired(),
    exports.Outlives(),
    exports.Cut(),
    slots.Tonight(),
    slots.Conflict(),
    slots.InGap(),
    slots.Forced(),
    cases.Conduct(),
    cases.Assistance(),
    links.Degraded(),
    links.Down(),
    links.Testing(),
)


def plant_stories(seed: int, at: datetime) -> tuple[Story, ...]:
    """All stories, relative to the instant ``at``."""
    return tuple(tell(each.NAME, each.SENTENCE, each.plant, seed, at) for each in STORIES)
