"""A tenant's exports, cases and legal holds, judged. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from services.agreement import Policy
from services.fleet.registry import Registry
from services.fleet.reliance import CASES, EXPORTS, HOLDS, unknown
from services.fleet.rules import Rules
from services.fleet.snapshot import CaseView, ExportView, HoldView
from services.model import Tenant, Verdict

Doubts = Mapping[str, str]


def exports_of(
    registry: Registry, rules: Rules, policy: Policy, tenant: Tenant, now: datetime, doubts: Doubts
) -> tuple[ExportView, ...]:
    """Newest request first."""
    exports = sorted(registry.exports_of(tenant.id), key=lambda it: (it.requested_at, it.id), reverse=True)
    return tuple(
        ExportView(
            export,
            rules.export_clock(export, tenant, policy),
            _sure(rules.export(export, tenant, policy, now), doubts.get(EXPORTS)),
        )
        for export in exports
    )


def cases_of(
    registry: Registry, rules: Rules, policy: Policy, tenant: Tenant, now: datetime, doubts: Doubts
) -> tuple[CaseView, ...]:
    """Newest first."""
    cases = sorted(registry.cases_of(tenant.id), key=lambda it: (it.opened_at, it.id), reverse=True)
    return tuple(
        CaseView(
            case,
            rules.case_clock(case, tenant, policy),
            _sure(rules.case(case, tenant, policy, now), doubts.get(CASES)),
        )
        for case in cases
    )


def holds_of(
    registry: Registry, rules: Rules, policy: Policy, tenant: Tenant, now: datetime, doubts: Doubts
) -> tuple[HoldView, ...]:
    """Newest first."""
    holds = sorted(registry.holds_of(tenant.id), key=lambda it: (it.placed_at, it.id), reverse=True)
    return tuple(HoldView(hold, _sure(rules.hold(hold, tenant, policy, now), doubts.get(HOLDS))) for hold in holds)


def _sure(verdict: Verdict, doubt: str | None) -> Verdict:
    return verdict if doubt is None else unknown(verdict, doubt)
