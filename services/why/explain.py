"""An explanation: the rule, the facts, the arithmetic, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.agreement import Policy
from services.agreement.steps import (
    Reckoning,
    explain_case,
    explain_export,
    explain_finding,
    explain_hold,
    explain_lifecycle,
    explain_link,
    explain_order,
    explain_pending,
    explain_rpo,
    explain_rto,
    explain_slot,
)
from services.fleet.snapshot import (
    CaseView,
    ExportView,
    FleetSnapshot,
    HoldView,
    LinkView,
    OrderView,
    PendingView,
    SlotView,
    StoreView,
)
from services.model import Evidence, Explanation, Outcome, Status, Tenant, Verdict
from services.why.evidence import evidence_of
from services.why.figures import Subject, find

_NO_ANSWERS = frozenset(outcome for outcome in Outcome if not outcome.answered)
LIFECYCLE = frozenset({"state", "grace", "hosted_data", "return_or_delete"})


def explain(fleet: FleetSnapshot, tenant: str | None, figure: str) -> Explanation:
    """Why a figure is what it is in this picture.

    Raises:
        NoSuchFigureError: nothing of that name is judged; the text names what is.
    """
    subject = find(fleet, tenant, figure)
    verdict = subject.verdict
    reckoned = _reckon(fleet, subject)
    evidence = tuple(evidence_of(fleet, subject))
    return Explanation(
        tenant=tenant,
        figure=figure,
        status=verdict.status,
        clause=verdict.clause,
        reason=verdict.reason,
        promise=reckoned.promise,
        policy=reckoned.policy,
        evidence=evidence,
        steps=(*_without(verdict, evidence), *reckoned.steps),
        changes_if=reckoned.changes_if,
    )


def _without(verdict: Verdict, evidence: Iterable[Evidence]) -> Iterator[str]:
    """What the verdict stands without: that it is none of what such an answer could have made unknown."""
    if verdict.status is Status.UNKNOWN:
        return
    for seen in evidence:
        if seen.outcome in _NO_ANSWERS:
            yield f"stands without {seen.source}, {seen.outcome}: nothing that it could say would change this"


def _reckon(fleet: FleetSnapshot, subject: Subject) -> Reckoning:
    verdict, policy = subject.verdict, fleet.policy
    if policy is None:  # a picture without an agreement: all that is known is the verdict
        return Reckoning(verdict.clause, (), (f"{verdict.reason} → {verdict.status}",), None)
    of, view = subject.of, subject.tenant
    tenant = view.tenant if view is not None else None
    if tenant is not None and of is None and verdict.figure in LIFECYCLE and view is not None and view.state_due:
        exports = [it.export for it in view.exports]
        holds = [it.hold for it in view.holds if it.arn is None]
        return explain_lifecycle(verdict.figure, verdict, tenant, policy, fleet.at, exports, holds)
    if isinstance(of, StoreView):
        return _store(verdict, of, tenant, policy, fleet.known_at)
    if isinstance(of, LinkView):
        return explain_link(verdict, of.link, tenant, policy, fleet.known_at)
    if isinstance(of, SlotView):
        return explain_slot(verdict, of.slot, of.conflicts, of.carried, policy, fleet.at)
    if isinstance(of, PendingView):
        return explain_pending(verdict, of.action, of.applies_at, forced=of.forced, policy=policy, now=fleet.at)
    if isinstance(of, OrderView):
        return explain_order(verdict, of.order, policy, fleet.at)
    if tenant is not None:
        return _operation(verdict, of, tenant, policy, fleet.at)
    return explain_finding(verdict, tenant, policy)


def _store(verdict: Verdict, row: StoreView, tenant: Tenant | None, policy: Policy, now: datetime) -> Reckoning:
    tier = tenant.tier if tenant is not None else None
    judge = explain_rto if verdict is row.rto else explain_rpo
    return judge(verdict, row.store, tier, policy, now)


def _operation(
    verdict: Verdict, of: ExportView | CaseView | HoldView | None, tenant: Tenant, policy: Policy, now: datetime
) -> Reckoning:
    match of:
        case ExportView():
            return explain_export(verdict, of.export, tenant, policy, now)
        case CaseView():
            return explain_case(verdict, of.case, tenant, policy, now)
        case HoldView():
            return explain_hold(verdict, of.hold, tenant, policy, now)
        case None:
            return explain_finding(verdict, tenant, policy)
