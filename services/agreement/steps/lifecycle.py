"""The clocks of a tenant's end and its recorded state, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from services.agreement.basics import (
    EXPORT_WINDOW,
    GRACE,
    HOSTED_DATA,
    RETURN_OR_DELETE,
    end_of_service,
    zone_of,
)
from services.agreement.clocks import reckon_clocks
from services.agreement.course import STATE, due_by_clocks
from services.agreement.holding import Held, held_by, restarts, standing
from services.agreement.periods import PeriodError, ZoneError, count, end_of_day, last_day
from services.agreement.policy import Policy
from services.agreement.steps.base import Reckoning, Step, by_itself, changes, countdown, reckoning
from services.agreement.verdicts import lifecycle_verdicts, state_due
from services.agreement.windows import brings_forward, window_of
from services.model import Clock, Export, Hold, LifecycleState, Status, Tenant, Verdict
from services.words import say_instant

_PROMISES = {
    GRACE: "after the end: service disabled, data accessible, time to renew or to confirm the termination",
    HOSTED_DATA: "after the end all hosted data is kept in backup for a limited time and then destroyed",
    RETURN_OR_DELETE: "all user data is returned or deleted after the end, unless law requires to keep it",
    EXPORT_WINDOW: "an export stays available for a time, then it is destroyed",
    STATE: "what was done to a tenant follows its clocks",
}
_PERIODS = {
    GRACE: "right-to-be-forgotten.grace",
    HOSTED_DATA: "right-to-be-forgotten.retention",
    RETURN_OR_DELETE: "return-or-delete.within",
    EXPORT_WINDOW: "export.window",
}
_ACTS = {
    GRACE: "the tenant renews or confirms the termination",
    HOSTED_DATA: "an inventory finds no readable store, or a hold is placed or lifted",
    RETURN_OR_DELETE: "the tenant is recorded destroyed, or a hold is placed or lifted",
    EXPORT_WINDOW: "the package is recorded destroyed",
    STATE: "another state, end date or hold is recorded",
}


def explain_lifecycle(
    figure: str,
    verdict: Verdict,
    tenant: Tenant,
    policy: Policy,
    now: datetime,
    exports: Sequence[Export] = (),
    holds: Sequence[Hold] = (),
) -> Reckoning:
    """How a clock's verdict (``grace``, ``hosted_data``, ``return_or_delete``) or that of ``state`` comes about.

    Never raises: where nothing can be reckoned the one step is the verdict's reason.
    """
    promise, act = _PROMISES.get(figure, verdict.clause), _ACTS.get(figure)
    keys = _keys(figure, policy, holds)
    try:
        found = reckon_clocks(tenant, policy, exports=exports)
        clocks = {one.name: one for one in found}
        end = end_of_service(tenant, policy)
    except (ZoneError, PeriodError):
        found, clocks, end = (), {}, None
    if end is None or GRACE not in clocks or (figure != STATE and figure not in clocks):
        return reckoning(verdict, promise, policy, keys, (), None, changes(act))
    held = held_by(holds, policy)
    if figure == STATE:
        steps = [*_end(tenant, policy, end), *_states(found)]
        last = _state_step(tenant, policy, now, clocks, exports, holds)
    else:
        steps = [*_end(tenant, policy, end), *_counted(figure, tenant, policy, clocks, exports)]
        last = _last(clocks[figure], policy, held, now)
    when = verdict.changes_at
    after = () if when is None else lifecycle_verdicts(tenant, policy, when, exports=exports, holds=holds)
    then = next((one for one in after if one.figure == figure), None)
    return reckoning(verdict, promise, policy, keys, steps, last, changes(act, by_itself(verdict, then)))


def _keys(figure: str, policy: Policy, holds: Sequence[Hold]) -> Iterator[str]:
    if figure in _PERIODS:
        yield _PERIODS[figure]
        yield f"due.{figure}"
        if getattr(policy.at_risk, figure) is not None:
            yield f"at_risk.{figure}"
    else:
        yield from (_PERIODS[name] for name in (GRACE, HOSTED_DATA, RETURN_OR_DELETE))
    if figure in (HOSTED_DATA, STATE):
        yield "erasure.allowance"
    if holds and figure in (HOSTED_DATA, RETURN_OR_DELETE, STATE):
        yield "return-or-delete.excused_by"


def _end(tenant: Tenant, policy: Policy, end: datetime) -> Iterator[str]:
    zone = zone_of(tenant, policy).key
    whose = "" if tenant.zone else ", the policy's default zone"
    yield f"in force to the last moment of {tenant.ended_on} in {zone}{whose}: {say_instant(end)}"


def _counted(
    figure: str, tenant: Tenant, policy: Policy, clocks: dict[str, Clock], exports: Sequence[Export]
) -> Iterator[str]:
    """The period from the end date, and what brings the clock's end forward."""
    if tenant.ended_on is None:
        return
    clock, local = clocks[figure], zone_of(tenant, policy)
    period = {
        GRACE: policy.right_to_be_forgotten.grace,
        HOSTED_DATA: policy.right_to_be_forgotten.retention,
        RETURN_OR_DELETE: policy.return_or_delete.within,
        EXPORT_WINDOW: policy.export.window,
    }[figure]
    ends_at = count(period, tenant.ended_on, local)
    if period.elapsed is None:
        day = last_day(period, tenant.ended_on)
        yield f"{tenant.ended_on} + {period} = {day}, over at {say_instant(end_of_day(day, local))}"
    else:
        yield f"{say_instant(clocks[GRACE].starts_at)} + {period} = {say_instant(ends_at)}"
    confirmed = tenant.termination_confirmed_at
    if figure == GRACE and confirmed is not None:
        yield f"termination confirmed {say_instant(confirmed)}: the grace ends {say_instant(clock.ends_at)}"
    if figure == HOSTED_DATA:
        for export in exports:
            yield from _forward(export, tenant, policy)
        if clock.ends_at != ends_at:
            why = "" if clock.ends_at > clocks[GRACE].ends_at else ", never before the grace ends"
            yield f"the earlier one counts{why}: {say_instant(clock.ends_at)}"


def _forward(export: Export, tenant: Tenant, policy: Policy) -> Iterator[str]:
    """What an export does to the deadline of hosted data."""
    window = window_of(export, tenant, policy)
    if window is None:
        yield f"export {export.id} is {export.state}: it moves nothing"
    elif not brings_forward(export, tenant, policy):
        why = "was requested before the end" if export.delivered_complete else "is not delivered complete"
        yield f"export {export.id} {why}: it moves nothing"
    else:
        closes = say_instant(window.clock.ends_at)
        yield f"export {export.id}, requested after the end and delivered complete: its window closes {closes}"


def _last(clock: Clock, policy: Policy, held: Sequence[Held], now: datetime) -> Step:
    """The comparison that gives the status of a clock."""
    ends_at, allowance = clock.ends_at, policy.erasure.allowance if clock.name == HOSTED_DATA else None
    if clock.name in (HOSTED_DATA, RETURN_OR_DELETE):
        law = standing(held, now, by_law=True)
        if law is not None:
            return Step(f"a hold whose basis the agreement excuses stands: {law.words}", Status.NOT_APPLICABLE)
        again = [at for at in restarts(held, clock.ends_at) if at <= now]
        if len(again) > 1:
            ends_at, allowance = again[-1], policy.erasure.allowance
    return countdown(
        now,
        ends_at,
        due=getattr(policy.due, clock.name),
        at_risk=getattr(policy.at_risk, clock.name),
        over=Status.UNPROVEN if clock.name == EXPORT_WINDOW else Status.BREACHED,
        allowance=allowance,
    )


def _states(clocks: Sequence[Clock]) -> Iterator[str]:
    """Which state is due until when."""
    states = due_by_clocks(clocks)
    for (since, state), (until, _) in pairwise(states):
        if since < until:
            yield f"{state} is due until {say_instant(until)}"
    yield f"{states[-1][1]} is due from {say_instant(states[-1][0])} on"


def _state_step(
    tenant: Tenant,
    policy: Policy,
    now: datetime,
    clocks: dict[str, Clock],
    exports: Sequence[Export],
    holds: Sequence[Hold],
) -> Step | None:
    """The recorded state against the due one; ``None`` where a hold has its word in it."""
    due = state_due(tenant, policy, now, exports=exports, holds=holds)
    if due is None or any(one.stands(now) for one in held_by(holds, policy)):
        return None
    recorded, order = tenant.state, list(LifecycleState)
    said = f"recorded {recorded}, due {due} at {say_instant(now)}"
    if recorded is due:
        return Step(said, Status.OK)
    if order.index(recorded) > order.index(due):
        return Step(f"{said}: the record is ahead of its clocks", _ahead(recorded, due))
    said = f"{said}: the record is behind its clocks"
    if due is LifecycleState.DESTROYED:
        return Step(said, Status.BREACHED)
    if due is not LifecycleState.DESTROYING:
        return Step(said, Status.AT_RISK)
    since = max(at for at in restarts(held_by(holds, policy), clocks[HOSTED_DATA].ends_at) if at <= now)
    late = countdown(now, since, due=timedelta(), at_risk=None, allowance=policy.erasure.allowance)
    return Step(f"{said}; {late.text}", late.status)


def _ahead(recorded: LifecycleState, due: LifecycleState) -> Status:
    if recorded is LifecycleState.DESTROYED and due is LifecycleState.DESTROYING:
        return Status.OK
    gone = recorded in (LifecycleState.DESTROYING, LifecycleState.DESTROYED)
    return Status.BREACHED if gone and due in (LifecycleState.ACTIVE, LifecycleState.GRACE) else Status.AT_RISK
