"""The course of each clock of a tenant's end, and of its recorded state: what is said from which instant on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.agreement.basics import (
    EXPORT_WINDOW,
    FORGOTTEN,
    GRACE,
    HOSTED_DATA,
    OUTER,
    RETURN_OR_DELETE,
    Terms,
    zone_of,
)
from services.agreement.holding import Held, bounds, excused, restarts, standing
from services.agreement.policy import Policy
from services.agreement.schedule import ALWAYS, Phase, after, approach, overlaid, span
from services.model import Clock, LifecycleState, Status, Verdict
from services.words import say_instant, say_length

STATE = "state"
"""The figure of the recorded state against the due one."""

_COURSE = {
    (GRACE, False): "grace ends {}; not renewed",
    (GRACE, True): "grace ends {}; termination confirmed",
    (HOSTED_DATA, False): "destroy hosted data by {}",
    (EXPORT_WINDOW, False): "the export window closes {}",
    (RETURN_OR_DELETE, False): "return or delete all data by {}",
}
"""What is said of a clock that runs, and of a grace whose end was confirmed."""
_ORDER = {state: place for place, state in enumerate(LifecycleState)}
STATES = tuple(LifecycleState)
"""In their order: the one after each of the ``boundaries``."""
_AS_DUE = {state: f"recorded {state}, as is due" for state in LifecycleState}
_DESTRUCTION = (LifecycleState.DESTROYING, LifecycleState.DESTROYED)

_TO_DO = {
    LifecycleState.GRACE: "the service should be disabled",
    LifecycleState.DISMISSED: "access should be blocked and the live stores removed",
    LifecycleState.DESTROYING: "destruction should have begun",
    LifecycleState.DESTROYED: "everything should be destroyed",
}
_MEASURED_BY = {
    LifecycleState.GRACE: 0,
    LifecycleState.DISMISSED: 0,
    LifecycleState.DESTROYING: 1,
    LifecycleState.DESTROYED: -1,
}
"""The place of the clock (grace, hosted data, outer) against whose length the delay of a record is measured."""


def clock_phases(clock: Clock, policy: Policy, held: Sequence[Held], *, confirmed: bool = False) -> list[Phase]:
    """The course of one clock of a tenant that is not destroyed; nothing is said before it starts."""
    reason = _COURSE[clock.name, confirmed].format(say_instant(clock.ends_at))
    due, at_risk = getattr(policy.due, clock.name), getattr(policy.at_risk, clock.name)
    starts_at, ends_at = clock.starts_at, clock.ends_at
    phases = [
        Phase(ALWAYS, None, ""),
        *approach(starts_at, ends_at, reason, due=due, at_risk=at_risk, at=ends_at, since=starts_at),
        *_over(clock, policy, held),
    ]
    return excused(phases, held) if clock.name in (HOSTED_DATA, RETURN_OR_DELETE) else phases


def _over(clock: Clock, policy: Policy, held: Sequence[Held]) -> Iterator[Phase]:
    """What an over clock means while nothing records that its act was done."""
    end, at, length = say_instant(clock.ends_at), clock.ends_at, span(clock)
    if clock.name == GRACE:
        yield Phase(at, None, "")
    elif clock.name == EXPORT_WINDOW:
        reason = f"the export window closed {end}; nothing shows that the package is destroyed"
        yield Phase(at, Status.UNPROVEN, reason, at, at, length)
    else:
        hosted = clock.name == HOSTED_DATA
        what = "hosted data was to be destroyed" if hosted else "data was to be returned or deleted"
        allowance = policy.erasure.allowance
        for since in restarts(held, at):
            by = f"by {end}" if since == at else f"by {end} and is held no more since {say_instant(since)}"
            late, breach = f"{what} {by}; nothing shows that it was", after(since, allowance)
            if hosted or since != at:
                yield Phase(since, Status.AT_RISK, f"{late}; a breach from {say_instant(breach)}", at, since, length)
                late = f"{late} within the allowance of {say_length(allowance)}"
            yield Phase(breach if hosted or since != at else since, Status.BREACHED, late, at, since, length)


def boundaries(clocks: Sequence[Clock]) -> tuple[datetime, datetime, datetime, datetime]:
    """When ``grace``, ``dismissed``, ``destroying`` and ``destroyed`` become due, by the clocks of ``reckon_clocks``.

    Boundaries that fall together leave no room for the state between them.
    """
    grace, hosted, outer = clocks[0], clocks[1], clocks[-1]
    return (grace.starts_at, grace.ends_at, hosted.ends_at, max(hosted.ends_at, outer.ends_at))


def due_by_clocks(clocks: Sequence[Clock]) -> tuple[tuple[datetime, LifecycleState], ...]:
    """Since when which state is due, the states that have no time included."""
    return tuple(zip((ALWAYS, *boundaries(clocks)), LifecycleState, strict=True))


def due_states(clocks: Sequence[Clock], held: Sequence[Held]) -> tuple[tuple[datetime, LifecycleState], ...]:
    """As ``due_by_clocks``; while a hold by law stands, no more than ``dismissed`` is due."""
    by_clocks = due_by_clocks(clocks)
    found: list[tuple[datetime, LifecycleState]] = []
    for since in sorted({*(since for since, _ in by_clocks), *bounds(held)}):
        due = [state for at, state in by_clocks if at <= since][-1]
        if due in _DESTRUCTION and standing(held, since, by_law=True) is not None:
            due = LifecycleState.DISMISSED
        if not found or found[-1][1] is not due:
            found.append((since, due))
    return tuple(found)


def state_phases(terms: Terms, policy: Policy, clocks: Sequence[Clock], held: Sequence[Held]) -> list[Phase]:
    """The recorded state against the due one, through the whole life of the tenant."""
    phases: list[Phase] = []
    for since, due in due_states(clocks, held):
        phases += _compared(terms, policy, clocks, due, since)
    return _under_hold(phases, terms, clocks, held) if held else phases


def state_now(
    terms: Terms, policy: Policy, clocks: Sequence[Clock], changes: Sequence[datetime], place: int, now: datetime
) -> Verdict:
    """What the schedule of ``state_phases`` says at ``now``, no hold in sight, without reckoning all of it.

    ``changes`` are the ``boundaries`` of these clocks, ``place`` of which have come.
    """
    due, since = STATES[place], changes[place - 1] if place else ALWAYS
    until = changes[place] if place < len(changes) else None
    if terms.state is due:
        at = since if place else None
        clause = OUTER if at is not None and at >= clocks[-1].ends_at else FORGOTTEN
        return Verdict(Status.OK, STATE, clause, _AS_DUE[due], None, None, at, (), until)
    current, *later = _compared(terms, policy, clocks, due, since)
    for phase in later:
        if phase.since <= now:
            current = phase
        elif until is None or phase.since < until:
            until = phase.since
    return Verdict(
        current.status or Status.UNKNOWN,
        STATE,
        current.clause or FORGOTTEN,
        current.reason,
        at=current.at,
        changes_at=until,
        due_at=current.due_at,
        length=current.length,
    )


def _compared(
    terms: Terms, policy: Policy, clocks: Sequence[Clock], due: LifecycleState, since: datetime
) -> Iterator[Phase]:
    """The phases while ``due`` is the due state, which it is since ``since``."""
    recorded, at = terms.state, since if since != ALWAYS else None
    if due is LifecycleState.DISMISSED:
        at = clocks[0].ends_at  # also where a hold by law took destruction back
    clause = OUTER if at is not None and at >= clocks[-1].ends_at else None
    if recorded is due:
        yield Phase(since, Status.OK, _AS_DUE[due], at, clause=clause)
        return
    if _ORDER[recorded] > _ORDER[due]:
        status, reason = _ahead(terms, policy, clocks, due)
        yield Phase(since, status, reason, at, clause=clause)
        return
    clock = clocks[_MEASURED_BY[due]]
    length = clock.ends_at - clock.starts_at
    late = f"recorded {recorded}, but {_TO_DO[due]} since {say_instant(at or since)}"
    status = Status.BREACHED if due is LifecycleState.DESTROYED else Status.AT_RISK
    yield Phase(since, status, late, at, at, length, clause)
    if due is LifecycleState.DESTROYING:
        yield Phase(after(since, policy.erasure.allowance), Status.BREACHED, late, at, at, length, clause)


def _ahead(terms: Terms, policy: Policy, clocks: Sequence[Clock], due: LifecycleState) -> tuple[Status, str]:
    """More was done than the clocks call for. Destroying before the grace has ended breaks it beyond repair."""
    recorded = terms.state
    if recorded is LifecycleState.DESTROYED and due is LifecycleState.DESTROYING:
        return Status.OK, "recorded destroyed, before the outer clock is over"
    in_force, grace_end, hosted_end, _ = map(say_instant, boundaries(clocks))
    if recorded in _DESTRUCTION:
        if due is LifecycleState.DISMISSED:
            return Status.AT_RISK, f"recorded {recorded}, but hosted data is not due before {hosted_end}"
        return Status.BREACHED, f"recorded {recorded}, but the grace does not end before {grace_end}"
    if recorded is LifecycleState.DISMISSED:
        why = "right only after a termination for breach"
        return Status.AT_RISK, f"recorded dismissed before the grace ends {grace_end}: {why}"
    local = f"the end of {terms.ended_on} in {zone_of(terms, policy).key}"
    return Status.AT_RISK, f"recorded {recorded}, but in force until {in_force}, {local}"


def _under_hold(phases: Sequence[Phase], terms: Terms, clocks: Sequence[Clock], held: Sequence[Held]) -> list[Phase]:
    """What a hold makes of the recorded state once destruction is due by the clocks."""
    by_clocks = due_by_clocks(clocks)

    def change(phase: Phase) -> Phase:
        if [state for at, state in by_clocks if at <= phase.since][-1] not in _DESTRUCTION:
            return phase
        law = standing(held, phase.since, by_law=True)
        if law is not None:
            return _under_law(phase, terms.state, law)
        other = standing(held, phase.since, by_law=False)
        if other is None or phase.status is Status.OK:
            return phase
        return phase._replace(reason=f"{phase.reason}; a hold stops destruction, excuses nothing: {other.words}")

    return overlaid(phases, [*boundaries(clocks), *bounds(held)], change)


def _under_law(phase: Phase, recorded: LifecycleState, law: Held) -> Phase:
    held = f"destruction is held: {law.words}"
    if recorded is LifecycleState.DISMISSED:
        return phase._replace(reason=f"{phase.reason}; {held}")
    if recorded is LifecycleState.DESTROYING:
        return phase._replace(status=Status.NOT_APPLICABLE, reason=held, due_at=law.ends_at)
    if recorded is LifecycleState.DESTROYED:
        return phase._replace(status=Status.AT_RISK, reason=f"recorded destroyed, though {held}")
    return phase
