"""What the clocks say of a tenant at an instant: its due state, and a verdict for each clock that runs.

The recorded state is what somebody did and evidence supports; the due state follows the clocks. A clock never
pretends that an act was done: where the record lags behind, or runs ahead, that is a verdict of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from services.agreement.clocks import (
    CLAUSES,
    EXPORT_WINDOW,
    GRACE,
    HOSTED_DATA,
    RETURN_OR_DELETE,
    end_of_service,
    reckon_clocks,
    zone_of,
)
from services.agreement.periods import BeyondCalendarError, PeriodError, ZoneError
from services.agreement.policy import Policy
from services.agreement.schedule import ALWAYS, Phase, phase_at
from services.model import Clock, ClockState, LifecycleState, Status, Tenant, Verdict
from services.words import say_instant, say_length

STATE = "state"
"""The figure of the recorded state against the due one."""

_ORDER = {state: place for place, state in enumerate(LifecycleState)}

_TO_DO = {
    LifecycleState.GRACE: "the service should be disabled",
    LifecycleState.DISMISSED: "access should be blocked and the live stores removed",
    LifecycleState.DESTROYING: "destruction should have begun",
    LifecycleState.DESTROYED: "everything should be destroyed",
}


def _due_states(clocks: Mapping[str, Clock]) -> tuple[tuple[datetime, LifecycleState], ...]:
    """Since when which state is due. Boundaries that fall together leave no room for the state between them."""
    grace, hosted = clocks[GRACE], clocks[HOSTED_DATA]
    return (
        (ALWAYS, LifecycleState.ACTIVE),
        (grace.starts_at, LifecycleState.GRACE),
        (grace.ends_at, LifecycleState.DISMISSED),
        (hosted.ends_at, LifecycleState.DESTROYING),
        (max(hosted.ends_at, clocks[RETURN_OR_DELETE].ends_at), LifecycleState.DESTROYED),
    )


def state_due(
    tenant: Tenant,
    policy: Policy,
    now: datetime,
    *,
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
) -> LifecycleState | None:
    """The state that the clocks call for at ``now``; ``None`` where they cannot be reckoned.

    ``destroyed`` is due when the outer clock of ``return-or-delete`` is over; that it may be reached earlier, as
    soon as no residue remains, no clock says.
    """
    try:
        if _in_force(tenant, policy, now):
            return LifecycleState.ACTIVE
        clocks = reckon_clocks(tenant, policy, export_available=export_available, export_requested=export_requested)
    except (ZoneError, PeriodError):
        return None
    return [state for since, state in _due_states(_by_name(clocks)) if since <= now][-1]


def _in_force(tenant: Tenant, policy: Policy, now: datetime) -> bool:
    """Whether the subscription has not ended. Raises ``ZoneError``."""
    try:
        end = end_of_service(tenant, policy)
    except BeyondCalendarError:
        return True  # after every instant that there is
    return end is None or now < end


def lifecycle_verdicts(
    tenant: Tenant,
    policy: Policy,
    now: datetime,
    *,
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
    hosted_data_met_at: datetime | None = None,
) -> tuple[Verdict, ...]:
    """A verdict for each clock that runs or is unmet (its name is the figure), and for ``state``. Never raises.

    ``hosted_data_met_at`` is when an inventory found no readable store; without it, the data of a tenant whose
    destruction is not recorded as finished is taken to be there. A verdict's ``at`` is the clock's end, that of
    ``state`` the instant since when the due state is due.
    """
    try:
        end = end_of_service(tenant, policy)
        clocks = reckon_clocks(tenant, policy, export_available=export_available, export_requested=export_requested)
    except BeyondCalendarError as error:
        return (_beyond_calendar(tenant, policy, now, str(error)),)
    except (ZoneError, PeriodError) as error:
        return (_unknown(f"tenant {tenant.id}: {error}"),)
    if end is None:
        return (_endless(tenant),)
    state = _state_verdict(tenant, policy, _by_name(clocks), now)
    if tenant.state is LifecycleState.DESTROYED:
        return (state,)
    met = hosted_data_met_at is not None and hosted_data_met_at <= now
    running = [
        _verdict(clock.name, clock.clause, _phases(clock, tenant, policy), now, at=clock.ends_at)
        for clock in clocks
        if clock.state(now) is not ClockState.NOT_STARTED and not (met and clock.name == HOSTED_DATA)
    ]
    return (*(verdict for verdict in running if verdict), state)


def _by_name(clocks: tuple[Clock, ...]) -> Mapping[str, Clock]:
    return {clock.name: clock for clock in clocks}


def _verdict(
    figure: str, clause: str, phases: tuple[Phase, ...], now: datetime, *, at: datetime | None
) -> Verdict | None:
    phase, changes_at = phase_at(phases, now)
    if phase.status is None:
        return None
    return Verdict(phase.status, figure, clause, phase.reason, at=at, changes_at=changes_at)


def _unknown(reason: str) -> Verdict:
    return Verdict(Status.UNKNOWN, STATE, CLAUSES[GRACE], f"the clocks cannot be reckoned: {reason}")


def _endless(tenant: Tenant) -> Verdict:
    if tenant.state is LifecycleState.ACTIVE:
        return Verdict(Status.OK, STATE, CLAUSES[GRACE], "in force; no end is agreed")
    return Verdict(Status.UNKNOWN, STATE, CLAUSES[GRACE], f"recorded {tenant.state}, and no end date is recorded")


def _beyond_calendar(tenant: Tenant, policy: Policy, now: datetime, error: str) -> Verdict:
    """An end in the last years of the calendar: in force for now, whatever its clocks would be."""
    if tenant.state is LifecycleState.ACTIVE and _in_force(tenant, policy, now):
        return Verdict(Status.OK, STATE, CLAUSES[GRACE], f"in force to the end of {tenant.ended_on}")
    return _unknown(error)


def _phases(clock: Clock, tenant: Tenant, policy: Policy) -> tuple[Phase, ...]:
    """The schedule of one clock of a tenant that is not destroyed."""
    end = say_instant(clock.ends_at)
    horizon = getattr(policy.due, clock.name)
    course = {
        GRACE: f"grace ends {end}; not renewed",
        HOSTED_DATA: f"hosted data is to be destroyed by {end}",
        EXPORT_WINDOW: f"the export window closes {end}",
        RETURN_OR_DELETE: f"all data is to be returned or deleted by {end}",
    }[clock.name]
    if clock.name == GRACE and tenant.termination_confirmed_at is not None:
        course = f"grace ends {end}; termination confirmed"
    running = (
        Phase(ALWAYS, Status.OK, course),
        Phase(max(clock.starts_at, clock.ends_at - horizon), Status.DUE, course),
    )
    return (*running, *_after(clock, policy))


def _after(clock: Clock, policy: Policy) -> tuple[Phase, ...]:
    """What an over clock means while nothing records that its act was done."""
    end = say_instant(clock.ends_at)
    if clock.name == GRACE:
        return (Phase(clock.ends_at, None, ""),)
    if clock.name == EXPORT_WINDOW:
        reason = f"the export window closed {end}; nothing shows that the package is destroyed"
        return (Phase(clock.ends_at, Status.UNPROVEN, reason),)
    if clock.name == RETURN_OR_DELETE:
        reason = f"data was to be returned or deleted by {end}; nothing shows that it was"
        return (Phase(clock.ends_at, Status.BREACHED, reason),)
    allowance = policy.erasure.allowance
    late = f"hosted data was to be destroyed by {end}; nothing shows that it was"
    return (
        Phase(clock.ends_at, Status.AT_RISK, f"{late}; a breach from {say_instant(clock.ends_at + allowance)}"),
        Phase(clock.ends_at + allowance, Status.BREACHED, f"{late} within the allowance of {say_length(allowance)}"),
    )


def _state_verdict(tenant: Tenant, policy: Policy, clocks: Mapping[str, Clock], now: datetime) -> Verdict:
    """The recorded state against the due one, through the whole life of the tenant."""
    phases: list[Phase] = []
    for since, due in _due_states(clocks):
        phases += _compared(tenant, policy, clocks, due, since)
    phase, changes_at = phase_at(phases, now)
    outer = phase.at is not None and phase.at >= clocks[RETURN_OR_DELETE].ends_at
    clause = CLAUSES[RETURN_OR_DELETE if outer else GRACE]
    return Verdict(phase.status or Status.UNKNOWN, STATE, clause, phase.reason, at=phase.at, changes_at=changes_at)


def _compared(
    tenant: Tenant, policy: Policy, clocks: Mapping[str, Clock], due: LifecycleState, since: datetime
) -> list[Phase]:
    """The phases while ``due`` is the due state, which it is since ``since``."""
    recorded = tenant.state
    at = None if since == ALWAYS else since
    if recorded is due:
        return [Phase(since, Status.OK, f"recorded {recorded}, as is due", at)]
    if _ORDER[recorded] > _ORDER[due]:
        return [Phase(since, *_ahead(tenant, policy, clocks, due), at)]
    late = f"recorded {recorded}, but {_TO_DO[due]} since {say_instant(since)}"
    if due is LifecycleState.DESTROYED:
        return [Phase(since, Status.BREACHED, late, at)]
    phases = [Phase(since, Status.AT_RISK, late, at)]
    if due is LifecycleState.DESTROYING:
        phases.append(Phase(since + policy.erasure.allowance, Status.BREACHED, late, at))
    return phases


def _ahead(tenant: Tenant, policy: Policy, clocks: Mapping[str, Clock], due: LifecycleState) -> tuple[Status, str]:
    """More was done than the clocks call for. Destroying before the grace has ended breaks it beyond repair."""
    recorded = tenant.state
    grace_end, hosted_end = say_instant(clocks[GRACE].ends_at), say_instant(clocks[HOSTED_DATA].ends_at)
    if recorded is LifecycleState.DESTROYED and due is LifecycleState.DESTROYING:
        return Status.OK, "recorded destroyed, before the outer clock is over"
    if recorded in (LifecycleState.DESTROYING, LifecycleState.DESTROYED):
        if due is LifecycleState.DISMISSED:
            return Status.AT_RISK, f"recorded {recorded}, but hosted data is not due before {hosted_end}"
        return Status.BREACHED, f"recorded {recorded}, but the grace does not end before {grace_end}"
    if recorded is LifecycleState.DISMISSED:
        why = "right only after a termination for breach"
        return Status.AT_RISK, f"recorded dismissed before the grace ends {grace_end}: {why}"
    end = say_instant(clocks[GRACE].starts_at)
    local = f"the end of {tenant.ended_on} in {zone_of(tenant, policy).key}"
    return Status.AT_RISK, f"recorded {recorded}, but in force until {end}, {local}"
