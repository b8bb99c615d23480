"""Judgements, and the clocks that they follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.model.observation import Observation
from services.model.status import Status


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement, with all that is needed to believe it."""

    status: Status
    figure: str
    """What was judged, unique per tenant: ``recovery.orders-db``, ``grace``. The argument of ``why``."""
    clause: str
    """The key of the agreement's clause."""
    reason: str
    """One line for a person; may contain text from outside."""
    value: timedelta | None = None
    target: timedelta | None = None
    at: datetime | None = None
    """The instant that the figure rests on (a restore point, a deadline)."""
    evidence: tuple[Observation[object], ...] = ()
    changes_at: datetime | None = None
    """The next instant at which the verdict changes if nothing new is observed; ``None`` if it never does."""
    due_at: datetime | None = None
    """When the promise was, or will be, broken, or the clock ends: what an operator counts down to."""
    length: timedelta | None = None
    """The clock's own length, from its start to ``due_at``: what the time left is measured against."""


class ClockState(StrEnum):
    NOT_STARTED = "not-started"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Clock:
    """A period of the agreement laid onto time: ``[starts_at, ends_at)``; empty where it ends before it starts."""

    name: str
    """``grace``, ``hosted_data``, ``export_window``, ``return_or_delete``, ``conduct``."""
    starts_at: datetime
    ends_at: datetime
    clause: str
    cut_by: str | None = None
    """The clock that ends an export window before its own period is over."""

    def state(self, now: datetime) -> ClockState:
        if now < self.starts_at:
            return ClockState.NOT_STARTED
        return ClockState.RUNNING if now < self.ends_at else ClockState.OVER
