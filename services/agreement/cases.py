"""Cases with a clock: acceptable use, and assistance to the controller.

Clause ``acceptable-use``: 24 hours (the policy's word) from the delivery of the vendor's request; then the vendor may
disable, and not before. Clause ``processing``: the vendor answers a data subject's request and tells of a
personal-data breach within the policy's periods.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.agreement.basics import BREACH_NOTICE, CONDUCT, DATA_SUBJECT_REQUEST, PROCESSING, USE, make_clock, zone_of
from services.agreement.periods import Period, PeriodError, ZoneError, count
from services.agreement.policy import Policy
from services.agreement.schedule import ALWAYS, Phase, approach, judged
from services.model import Case, CaseKind, CaseState, Clock, Status, Tenant, Verdict
from services.words import say_instant, say_length

CLOCK_OF = {
    CaseKind.ACCEPTABLE_USE: CONDUCT,
    CaseKind.DATA_SUBJECT_REQUEST: DATA_SUBJECT_REQUEST,
    CaseKind.BREACH_NOTICE: BREACH_NOTICE,
}
CLAUSE_OF = {
    CaseKind.ACCEPTABLE_USE: USE,
    CaseKind.DATA_SUBJECT_REQUEST: PROCESSING,
    CaseKind.BREACH_NOTICE: PROCESSING,
}
_TO_DO = {
    CaseKind.DATA_SUBJECT_REQUEST: ("is to be answered", "was to be answered"),
    CaseKind.BREACH_NOTICE: ("the customer is to be told", "the customer was to be told"),
}


def case_figure(case: Case) -> str:
    """The name under which it is judged."""
    return f"case.{case.id}"


def period_of(kind: CaseKind, policy: Policy) -> Period:
    """What the policy gives to a case of that kind."""
    assistance = policy.processing.assistance
    return {
        CaseKind.ACCEPTABLE_USE: policy.acceptable_use.comply_within,
        CaseKind.DATA_SUBJECT_REQUEST: assistance.data_subject_request,
        CaseKind.BREACH_NOTICE: assistance.breach_notice,
    }[kind]


def _clock(case: Case, tenant: Tenant, policy: Policy) -> Clock | None:
    """The clock of a case; ``None`` until delivery. Raises ``ZoneError`` and ``PeriodError``."""
    if case.delivered_at is None:
        return None
    ends_at = count(period_of(case.kind, policy), case.delivered_at, zone_of(tenant, policy))
    return make_clock(CLOCK_OF[case.kind], case.delivered_at, ends_at)


def case_clock(case: Case, tenant: Tenant, policy: Policy) -> Clock | None:
    """The clock of a case, from the delivery of the request: ``conduct``, ``data_subject_request``,
    ``breach_notice``. ``None`` until then, and where it cannot be reckoned: ``judge_case`` says why."""
    try:
        return _clock(case, tenant, policy)
    except (ZoneError, PeriodError):
        return None


def judge_case(case: Case, tenant: Tenant, policy: Policy, now: datetime) -> Verdict:
    """Judge a case by its record. Never raises.

    Acceptable use: after its clock an open case is ``at-risk``, not ``breached``: the customer broke its duty and the
    vendor may act. What was disabled before the clock was over is a breach of the vendor's. What is closed is no
    longer judged; the reason keeps that it was late. Where it had disabled something and no reinstatement is recorded,
    it is ``unproven``.
    """
    figure, clause = case_figure(case), CLAUSE_OF[case.kind]
    try:
        clock = _clock(case, tenant, policy)
    except (ZoneError, PeriodError) as error:
        return Verdict(Status.UNKNOWN, figure, clause, f"its clock cannot be reckoned: {error}")
    conduct = case.kind is CaseKind.ACCEPTABLE_USE
    phases = (_conduct if conduct else _assistance)(case, clock, policy)
    return judged(figure, clause, list(phases), now)


def _ahead(delivered: datetime) -> Phase:
    return Phase(ALWAYS, Status.UNKNOWN, f"recorded as delivered {say_instant(delivered)}, which has not come yet")


def _conduct(case: Case, clock: Clock | None, policy: Policy) -> Iterator[Phase]:
    if case.state is CaseState.CLOSED:
        yield _left_disabled(case) or Phase(ALWAYS, *_closed(case, clock))
    elif case.state is CaseState.CORRECTED:
        yield _corrected(case)
    elif case.state is CaseState.DISABLED:
        yield _disabled(case, clock)
    elif clock is None:
        yield Phase(ALWAYS, Status.UNPROVEN, "no delivery of the request is recorded: no clock runs yet")
    else:
        end, length = clock.ends_at, clock.ends_at - clock.starts_at
        yield from _approach(clock, policy, f"{case.scope}: to be corrected; may be disabled from {say_instant(end)}")
        over = f"{case.scope}: not corrected; may be disabled since {say_instant(end)}"
        yield Phase(end, Status.AT_RISK, over, end, end, length)


def _approach(clock: Clock, policy: Policy, reason: str) -> Iterator[Phase]:
    """Until the clock is over; before it starts the record contradicts the time."""
    yield _ahead(clock.starts_at)
    yield from approach(
        clock.starts_at,
        clock.ends_at,
        reason,
        due=getattr(policy.due, clock.name),
        at_risk=getattr(policy.at_risk, clock.name),
        at=clock.ends_at,
        since=clock.starts_at,
    )


def _disabled(case: Case, clock: Clock | None) -> Phase:
    if case.disabled_at is None:
        return Phase(ALWAYS, Status.UNKNOWN, f"{case.scope}: recorded disabled, and not when")
    at, scope = case.disabled_at, case.disabled_scope or case.scope
    if clock is None:
        reason = f"{scope}: disabled {say_instant(at)}, and no delivery of the request is recorded"
        return Phase(ALWAYS, Status.UNKNOWN, reason, at)
    if at < clock.ends_at:
        reason = f"{scope}: disabled {say_instant(at)}, before it was allowed {say_instant(clock.ends_at)}"
        return Phase(ALWAYS, Status.BREACHED, reason, at, at, clock.ends_at - clock.starts_at)
    return Phase(ALWAYS, Status.OK, f"{scope}: disabled {say_instant(at)} until it is corrected", at)


def _corrected(case: Case) -> Phase:
    when = f" {say_instant(case.ended_at)}" if case.ended_at is not None else ""
    if case.disabled_at is not None:
        scope = case.disabled_scope or case.scope
        reason = f"{scope}: corrected{when}; what was disabled is to be reinstated"
        return Phase(ALWAYS, Status.AT_RISK, reason, case.ended_at, case.ended_at)
    return Phase(ALWAYS, Status.OK, f"{case.scope}: corrected{when}; to be closed", case.ended_at)


def _left_disabled(case: Case) -> Phase | None:
    """A case that was closed over something disabled, which nobody is recorded to have reinstated."""
    if case.disabled_at is None or case.reinstated_at is not None:
        return None
    reason = f"{case.disabled_scope or case.scope}: disabled {say_instant(case.disabled_at)}; the case is closed, "
    return Phase(ALWAYS, Status.UNPROVEN, f"{reason}and nothing records that it was reinstated", case.disabled_at)


def _closed(case: Case, clock: Clock | None) -> tuple[Status, str, datetime | None]:
    if case.ended_at is None:
        return Status.UNKNOWN, "recorded closed, and not when", None
    said = f"closed {say_instant(case.ended_at)}"
    if clock is None:
        return Status.NOT_APPLICABLE, f"{said}; no delivery of the request is recorded", case.ended_at
    late = case.ended_at - clock.ends_at
    if case.ended_at < clock.ends_at:
        return Status.NOT_APPLICABLE, f"{said}, in time", case.ended_at
    return Status.NOT_APPLICABLE, f"{said}, {say_length(late)} late", case.ended_at


def _assistance(case: Case, clock: Clock | None, policy: Policy) -> Iterator[Phase]:
    if case.state is CaseState.CLOSED:
        yield Phase(ALWAYS, *_closed(case, clock))
        return
    if clock is None:
        yield Phase(ALWAYS, Status.UNKNOWN, "when it reached the vendor is not recorded: its clock cannot be reckoned")
        return
    end, length = clock.ends_at, clock.ends_at - clock.starts_at
    if case.ended_at is not None:
        late = case.ended_at >= end
        said = f"answered {say_instant(case.ended_at)}, was due by {say_instant(end)}; to be closed"
        status = Status.BREACHED if late else Status.OK
        yield Phase(ALWAYS, status, said, case.ended_at, end if late else None, length if late else None)
        return
    what, was = _TO_DO[case.kind]
    yield from _approach(clock, policy, f"{case.scope}: {what} by {say_instant(end)}")
    yield Phase(end, Status.BREACHED, f"{case.scope}: {was} by {say_instant(end)}", end, end, length)
