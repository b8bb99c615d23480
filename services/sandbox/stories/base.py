"""What a story is: something that goes wrong in a fleet, planted on purpose, and what must be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.model import Status
from services.sandbox.builder import Builder
from services.sandbox.plan import Planting


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One verdict that the real services must come to."""

    status: Status
    tenant: str | None
    """``None`` for a database that nobody owns."""
    store: str | None = None
    """The ARN, for a verdict on a store."""
    figure: str | None = None
    """The verdict's name, where it is not on a store."""
    restore_point_at: datetime | None = None
    """The instant that the figure rests on, where one is planted."""


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    sentence: str
    planted: Planting
    expected: tuple[Expected, ...]


Expectations: TypeAlias = tuple[Expected, ...]
Plant: TypeAlias = Callable[[Builder], Expectations]


def tell(name: str, sentence: str, plant: Plant, seed: int, at: datetime) -> Story:
    """Let ``plant`` add to a planting of its own."""
    builder = Builder(seed, at)
    expected = plant(builder)
    return Story(name, sentence, builder.planting, expected)
