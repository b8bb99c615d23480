"""A maintenance slot, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.agreement.policy import Policy
from services.agreement.slots import judge_slot, objections, too_late
from services.agreement.steps.base import Reckoning, Step, by_itself, changes, countdown, reckoning
from services.model import Slot, SlotState, Status, Verdict
from services.words import say_instant, say_length


def explain_slot(
    verdict: Verdict,
    slot: Slot,
    conflicts: Sequence[str],
    carried: Sequence[str] | None,
    policy: Policy,
    now: datetime,
) -> Reckoning:
    """How the verdict on a slot comes about; ``conflicts`` and ``carried`` as ``judge_slot`` has them. Never raises."""
    keys = ["availability.excludes", "maintenance.notice", "due.slot"]
    steps: list[str] = []
    last = None
    if slot.state is SlotState.SCHEDULED:
        steps = [*_steps(slot, conflicts, carried, policy)]
        last = _last(slot, conflicts, carried, policy, now)
    act = "it is moved, cancelled or recorded done" if slot.state is SlotState.SCHEDULED else None
    when = verdict.changes_at
    then = judge_slot(slot, conflicts, carried, policy, when) if when is not None else None
    promise = "maintenance slots scheduled before they begin are excluded from availability"
    return reckoning(verdict, promise, policy, keys, steps, last, changes(act, by_itself(verdict, then)))


def _steps(slot: Slot, conflicts: Sequence[str], carried: Sequence[str] | None, policy: Policy) -> Iterator[str]:
    length = say_length(slot.ends_at - slot.starts_at)
    yield f"{slot.local_start:%Y-%m-%d %H:%M} in {slot.zone} = {say_instant(slot.starts_at)}, for {length}"
    lead = say_length(slot.starts_at - slot.scheduled_at)
    yield too_late(slot, policy) or f"entered {lead} before it begins: excluded from availability"
    yield f"announced {say_instant(slot.announced_at)}" if slot.announced_at is not None else "not announced"
    yield from conflicts or ("no conflicts",)
    if carried is not None:
        yield from carried or ("SSM maintenance windows carry it out",)


def _last(slot: Slot, conflicts: Sequence[str], carried: Sequence[str] | None, policy: Policy, now: datetime) -> Step:
    if now >= slot.ends_at:
        late = say_length(now - slot.ends_at)
        return Step(f"over since {late}, not recorded done", Status.AT_RISK)
    against = objections(slot, conflicts, carried, policy)
    if against:
        return Step(f"{len(against)} against it", Status.AT_RISK)
    if carried is None:
        return Step("the SSM maintenance windows cannot be told", Status.UNKNOWN)
    if now >= slot.starts_at:
        return Step(f"runs until {say_instant(slot.ends_at)}", Status.DUE)
    if now < slot.scheduled_at:
        return Step(f"entered only {say_instant(slot.scheduled_at)}", Status.OK)
    return countdown(now, slot.starts_at, due=policy.due.slot, at_risk=None)
