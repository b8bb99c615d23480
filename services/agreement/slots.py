"""A maintenance slot judged (clause ``availability``), and what RDS itself has pending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from services.agreement.policy import Policy
from services.agreement.schedule import ALWAYS, TICK, Phase, approach, before, judged
from services.model import Slot, SlotState, Status, Verdict
from services.words import say_instant, say_length

CLAUSE = "availability"
WINDOW_NAMED = "tenure-"
"""What the name of an SSM maintenance window begins with that carries a slot out; the slot's id follows."""
LONGEST_WINDOW_H = 24
"""SSM's windows last 1 to 24 whole hours."""
_HOUR = timedelta(hours=1)


def window_name(slot_id: str) -> str:
    """The name of the SSM maintenance windows that carry a slot out."""
    return f"{WINDOW_NAMED}{slot_id}"


def window_hours(length: timedelta) -> int:
    """How many whole hours a window lasts that carries out a slot of that length: rounded up."""
    return -(-length // _HOUR)


def slot_figure(slot: Slot) -> str:
    """The name under which it is judged."""
    return f"slot.{slot.id}"


def judge_slot(
    slot: Slot, conflicts: Sequence[str], carried: Sequence[str] | None, policy: Policy, now: datetime
) -> Verdict:
    """Judge a slot. Never raises.

    ``conflicts`` is what ``slot_conflicts`` found; ``carried`` are sentences about the SSM maintenance windows that do
    not carry it out as planned, ``None`` where that cannot be told. A scheduled slot is ``at-risk`` with a conflict,
    without a window that carries it out, or entered too late to be excluded from availability; ``unknown`` where
    the windows cannot be told; else ``due`` inside the policy's horizon and while it runs. Over and not recorded as
    done it is ``at-risk``: what runs on counts as downtime.
    """
    return judged(slot_figure(slot), CLAUSE, list(_phases(slot, conflicts, carried, policy)), now)


def too_late(slot: Slot, policy: Policy) -> str | None:
    """Why it is not excluded from availability; ``None``: it is."""
    if slot.scheduled_at >= slot.starts_at:
        return "not excluded from availability: entered when it had begun"
    notice, lead = policy.maintenance.notice, slot.starts_at - slot.scheduled_at
    if notice is not None and lead < notice:
        return f"not excluded from availability: entered {say_length(lead)} before, notice is {say_length(notice)}"
    return None


def objections(slot: Slot, conflicts: Sequence[str], carried: Sequence[str] | None, policy: Policy) -> list[str]:
    """All that makes a scheduled slot ``at-risk``."""
    late = too_late(slot, policy)
    return [*conflicts, *(carried or ()), *([late] if late else [])]


def _phases(slot: Slot, conflicts: Sequence[str], carried: Sequence[str] | None, policy: Policy) -> Iterator[Phase]:
    times = f"{say_instant(slot.starts_at)} to {say_instant(slot.ends_at)}"
    if slot.state is SlotState.CANCELLED:
        yield Phase(ALWAYS, Status.NOT_APPLICABLE, f"cancelled: {times}", slot.starts_at)
        return
    if slot.state is SlotState.DONE:
        yield Phase(ALWAYS, Status.OK, f"done: {times}", slot.starts_at)
        return
    against = objections(slot, conflicts, carried, policy)
    worse: Status | None = None
    said = f"{times}: {slot.reason}"
    if against:
        more = f" and {len(against) - 1} more" if len(against) > 1 else ""
        worse, said = Status.AT_RISK, f"{against[0]}{more}"
    elif carried is None:
        worse, said = Status.UNKNOWN, f"{times}; whether SSM carries it out cannot be told"
    elif slot.announced_at is None:
        said = f"{times}: {slot.reason}; not announced"
    lead = max(slot.starts_at - slot.scheduled_at, timedelta())
    near = max(slot.scheduled_at, before(slot.starts_at, policy.due.slot))
    yield Phase(ALWAYS, worse or Status.OK, said, slot.starts_at, slot.starts_at, lead)
    yield Phase(near, worse or Status.DUE, said, slot.starts_at, slot.starts_at, lead)
    length = slot.ends_at - slot.starts_at
    yield Phase(slot.starts_at, worse or Status.DUE, f"running; {said}", slot.starts_at, slot.ends_at, length)
    over = f"over since {say_instant(slot.ends_at)}, and not recorded as done: what runs on counts as downtime"
    yield Phase(slot.ends_at, Status.AT_RISK, over, slot.starts_at, slot.ends_at, length)


def judge_pending(
    action: str, applies_at: datetime | None, *, forced: bool, policy: Policy, now: datetime, figure: str
) -> Verdict:
    """Judge maintenance that RDS has pending on a store (``action``: ``system-update``). Never raises.

    ``ok`` where nobody has to do anything, ``due`` inside the policy's horizon before AWS applies it. Where AWS does
    not wait for the maintenance window (``forced``) it is ``at-risk`` inside the nearer horizon: its downtime falls
    where AWS likes and is excluded only by a slot. Still pending after that instant: ``at-risk``.
    """
    return judged(figure, CLAUSE, list(pending_phases(action, applies_at, forced=forced, policy=policy)), now)


def pending_phases(action: str, applies_at: datetime | None, *, forced: bool, policy: Policy) -> Iterator[Phase]:
    """The course of one pending action."""
    if applies_at is None:
        yield Phase(ALWAYS, Status.OK, f"{action}: applied when somebody opts in")
        return
    where = "whether or not its maintenance window is open" if forced else "in its maintenance window"
    said = f"{action}: AWS applies it {say_instant(applies_at)}, {where}"
    due, at_risk = policy.due.pending_maintenance, policy.at_risk.pending_maintenance
    yield from approach(
        before(applies_at, due), applies_at, said, due=due, at_risk=at_risk if forced else None, at=applies_at
    )
    over = f"{action}: AWS was to apply it {say_instant(applies_at)}, and it is still pending"
    yield Phase(applies_at + TICK, Status.AT_RISK, over, applies_at, applies_at, due)
