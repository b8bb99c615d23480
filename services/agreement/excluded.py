"""What maintenance slots take out of a month's availability (clause ``availability``), by the registry's word alone.

A month is a calendar month in UTC, as the policy's ``availability.period`` says. Excluded is the time of slots that
were scheduled before they began and not cancelled, cut to the month, their overlaps counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.agreement.policy import Policy
from services.agreement.slots import too_late
from services.model import Slot, SlotState


@dataclass(frozen=True, slots=True)
class Month:
    """A month's availability as far as slots decide it."""

    begins_at: datetime
    length: timedelta
    excluded: timedelta
    target: float | None
    """The share that is promised, 0 to 1; ``None``: the policy does not declare the tier."""

    @property
    def name(self) -> str:
        return f"{self.begins_at:%B %Y}"

    @property
    def budget(self) -> timedelta | None:
        """How much downtime outside excluded time the target allows; ``None``: no target."""
        return None if self.target is None else (self.length - self.excluded) * (1 - self.target)


def months_of(starts_at: datetime, ends_at: datetime) -> tuple[datetime, ...]:
    """The first instants of the months that a slot touches."""
    return tuple(_months(starts_at.astimezone(UTC), ends_at.astimezone(UTC)))


def month_of(begins_at: datetime, slots: Iterable[Slot], tier: str, policy: Policy) -> Month:
    """The month that begins then, with these slots: those that concern one tenant of ``tier``."""
    ends_at = _next(begins_at)
    excluding = "scheduled-maintenance" in policy.availability.excludes
    spans = [
        (max(slot.starts_at, begins_at), min(slot.ends_at, ends_at))
        for slot in slots
        if excluding and slot.state is not SlotState.CANCELLED and too_late(slot, policy) is None
    ]
    return Month(begins_at, ends_at - begins_at, united(spans), policy.availability.target.get(tier))


def united(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long these spans last together, overlaps once; one that ends before it begins lasts nothing."""
    total, reached = timedelta(), None
    for begins, ends in sorted(spans):
        since = begins if reached is None else max(begins, reached)
        if ends > since:
            total += ends - since
            reached = ends
    return total


def _months(starts_at: datetime, ends_at: datetime) -> Iterator[datetime]:
    month = starts_at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while month < ends_at:
        yield month
        month = _next(month)


def _next(month: datetime) -> datetime:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
