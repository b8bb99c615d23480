"""What a legal hold does to the verdicts on a tenant's data (clause ``return-or-delete``).

A hold stops destruction. One whose basis is among the policy's ``return-or-delete.excused_by`` also excuses that the
data is still there: ``not-applicable`` while it stands, and a new start of the allowance when it ends. Any other
excuses nothing: the verdict goes its course, and its reason names the hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.agreement.policy import Policy
from services.agreement.schedule import Phase, overlaid
from services.model import Hold, Status
from services.words import say_instant


@dataclass(frozen=True, slots=True)
class Held:
    """The time in which a hold stands."""

    starts_at: datetime
    ends_at: datetime | None
    """Its expiry, or that it was lifted; ``None``: no end is recorded."""
    by_law: bool
    """Whether it excuses."""
    words: str
    """Basis, owner and expiry."""

    def stands(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


def by_law(hold: Hold, policy: Policy) -> bool:
    """Whether the hold's basis excuses the outer clock."""
    return hold.basis in policy.return_or_delete.excused_by


def ends_of(hold: Hold) -> datetime | None:
    """When it no longer stands."""
    return min((at for at in (hold.expires_at, hold.lifted_at) if at is not None), default=None)


def say_hold(hold: Hold) -> str:
    """Basis, owner and expiry in words."""
    until = f"until {say_instant(hold.expires_at)}" if hold.expires_at is not None else "no expiry"
    return f"{hold.basis}, owner {hold.owner}, {until}"


def held_by(holds: Iterable[Hold], policy: Policy) -> tuple[Held, ...]:
    """The times of all holds that ever stand, as they began."""
    found = [Held(hold.placed_at, ends_of(hold), by_law(hold, policy), say_hold(hold)) for hold in holds]
    real = [held for held in found if held.ends_at is None or held.starts_at < held.ends_at]
    return tuple(sorted(real, key=lambda held: (held.starts_at, held.words)))


def bounds(held: Iterable[Held]) -> list[datetime]:
    """The instants at which a hold begins or ends."""
    return [at for one in held for at in (one.starts_at, one.ends_at) if at is not None]


def standing(held: Iterable[Held], now: datetime, *, by_law: bool) -> Held | None:
    """Of the holds of that sort that stand at ``now`` the one that stands longest."""
    found = [one for one in held if one.by_law is by_law and one.stands(now)]
    return max(found, key=lambda one: (one.ends_at is None, one.ends_at or now), default=None)


def restarts(held: Sequence[Held], ends_at: datetime) -> list[datetime]:
    """From when on data may no longer be there: the clock's end, and each end of a hold by law after that."""
    if not held:
        return [ends_at]
    later = {one.ends_at for one in held if one.by_law and one.ends_at is not None and one.ends_at > ends_at}
    return [ends_at, *sorted(later)]


def excused(phases: Sequence[Phase], held: Sequence[Held]) -> list[Phase]:
    """The phases of a clock under these holds."""

    def change(phase: Phase) -> Phase:
        if phase.status is None:
            return phase
        law = standing(held, phase.since, by_law=True)
        if law is not None:
            return phase._replace(
                status=Status.NOT_APPLICABLE,
                reason=f"excused by a legal hold: {law.words}",
                due_at=law.ends_at if phase.due_at is None else _later(law.ends_at, phase.due_at),
            )
        other = standing(held, phase.since, by_law=False)
        if other is not None:
            return phase._replace(reason=f"{phase.reason}; a hold stops destruction, excuses nothing: {other.words}")
        return phase

    return overlaid(phases, bounds(held), change) if held else list(phases)


def _later(ends_at: datetime | None, due_at: datetime) -> datetime | None:
    return None if ends_at is None else max(ends_at, due_at)
