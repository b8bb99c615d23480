"""A case, step by step."""

from __future__ import annotations

from datetime import datetime

from services.agreement.basics import CONDUCT
from services.agreement.cases import CLOCK_OF, case_clock, judge_case, period_of
from services.agreement.policy import Policy
from services.agreement.steps.base import Reckoning, Step, by_itself, changes, countdown, reckoning
from services.model import Case, CaseKind, CaseState, Clock, Status, Tenant, Verdict
from services.words import say_instant

_PROMISES = {
    CaseKind.ACCEPTABLE_USE: "on a violation the customer removes it at once; not done in time, the vendor may disable",
    CaseKind.DATA_SUBJECT_REQUEST: "the vendor assists the customer with the requests of data subjects",
    CaseKind.BREACH_NOTICE: "the vendor tells the customer of a breach of personal data",
}
_PERIODS = {
    CaseKind.ACCEPTABLE_USE: "acceptable-use.comply_within",
    CaseKind.DATA_SUBJECT_REQUEST: "processing.assistance.data_subject_request",
    CaseKind.BREACH_NOTICE: "processing.assistance.breach_notice",
}


def explain_case(verdict: Verdict, case: Case, tenant: Tenant, policy: Policy, now: datetime) -> Reckoning:
    """How the verdict on a case comes about. Never raises."""
    name = CLOCK_OF[case.kind]
    keys = [_PERIODS[case.kind], f"due.{name}"]
    if getattr(policy.at_risk, name) is not None:
        keys.append(f"at_risk.{name}")
    if case.kind is CaseKind.ACCEPTABLE_USE:
        keys.append("acceptable-use.may_disable")
    clock = case_clock(case, tenant, policy)
    steps = [f"opened {say_instant(case.opened_at)}: {case.scope}"]
    last = None
    if clock is not None:
        period = period_of(case.kind, policy)
        steps.append(f"delivered {say_instant(clock.starts_at)} + {period} = {say_instant(clock.ends_at)}")
        last = _last(case, clock, policy, now)
    when = verdict.changes_at
    then = judge_case(case, tenant, policy, when) if when is not None else None
    act = None if case.state is CaseState.CLOSED else _act(case)
    promise = _PROMISES[case.kind]
    return reckoning(verdict, promise, policy, keys, steps, last, changes(act, by_itself(verdict, then)))


def _act(case: Case) -> str:
    if case.delivered_at is None:
        return "the delivery is recorded"
    if case.kind is CaseKind.ACCEPTABLE_USE:
        return "it is recorded corrected, disabled or closed"
    return "it is recorded answered or closed"


def _last(case: Case, clock: Clock, policy: Policy, now: datetime) -> Step | None:
    """The comparison that gives the status; ``None`` where the record alone does."""
    conduct = clock.name == CONDUCT
    if conduct and case.state is CaseState.DISABLED and case.disabled_at is not None:
        disabled, allowed = say_instant(case.disabled_at), say_instant(clock.ends_at)
        if case.disabled_at < clock.ends_at:
            return Step(f"disabled {disabled} < {allowed}, when it is allowed", Status.BREACHED)
        return Step(f"disabled {disabled} ≥ {allowed}, when it is allowed", Status.OK)
    if case.state is CaseState.CLOSED or (conduct and case.state is not CaseState.OPEN):
        return None
    if not conduct and case.ended_at is not None:
        answered, end = say_instant(case.ended_at), say_instant(clock.ends_at)
        if case.ended_at >= clock.ends_at:
            return Step(f"answered {answered} ≥ {end}", Status.BREACHED)
        return Step(f"answered {answered} < {end}", Status.OK)
    if now < clock.starts_at:
        return None
    return countdown(
        now,
        clock.ends_at,
        due=getattr(policy.due, clock.name),
        at_risk=getattr(policy.at_risk, clock.name),
        over=Status.AT_RISK if conduct else Status.BREACHED,
    )
