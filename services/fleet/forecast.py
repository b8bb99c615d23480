"""The fleet as it will stand if nobody acts: every clock at another instant, all that AWS showed as last seen.

Nothing is asked and nothing new is observed, so stores, RTO and the ages of evidence stand still, and what cannot be
relied on at present is not relied on then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from services.agreement import Policy
from services.fleet.backup_holds import Unrecorded
from services.fleet.judge import Judging, compose, live
from services.fleet.operations import OperationsJudging
from services.fleet.orders import forecast_orders
from services.fleet.reliance import of_tenant
from services.fleet.rules import Rules
from services.fleet.slots import Known, Slots, slot_view
from services.fleet.snapshot import FleetSnapshot, PendingView, TenantView
from services.model import Status


@dataclass(frozen=True, slots=True)
class Basis:
    """What a forecast is made from, taken at one moment; nobody changes it."""

    snapshot: FleetSnapshot
    made_at: datetime
    rules: Rules
    policy: Policy
    ends: Mapping[str, str]
    """Tenant → why its end date may not be judged."""
    doubts: Mapping[str, Mapping[str, str]]
    """Tenant → the lists that may not be relied on, where there are any."""
    stale: Mapping[str, str]
    """Tenant → why what was read of it is too old."""
    slots: Mapping[str, Known]


def basis(snapshot: FleetSnapshot, judging: Judging, slots: Slots, now: datetime) -> Basis:
    """What is known at present. Whoever calls it keeps the picture from changing meanwhile."""
    doubts: dict[str, Mapping[str, str]] = {}
    stale: dict[str, str] = {}
    for name, view in snapshot.tenants.items():
        rely = judging.rely(view.tenant.tier, now)
        if found := of_tenant(rely, judging.registry, name):
            doubts[name] = found
        doubt = rely.doubt("tenants", "subscriptions")
        if doubt is not None:
            stale[name] = doubt
    ends = dict(judging.registry.doubts)
    return Basis(snapshot, now, judging.rules, judging.policy, ends, doubts, stale, dict(slots.known))


def forecast(known: Basis, at: datetime) -> FleetSnapshot:
    """The fleet at ``at``. Pure."""
    snapshot, rules, policy = known.snapshot, known.rules, known.policy
    tenants = {name: _tenant(known, view, at) for name, view in snapshot.tenants.items()}
    slots = tuple(
        slot_view(rules, policy, view.slot, known.slots[view.slot.id], at) if view.slot.id in known.slots else view
        for view in snapshot.slots
    )
    return replace(
        snapshot,
        at=at,
        tenants=MappingProxyType(tenants),
        slots=slots,
        pending_maintenance=tuple(_pending(known, view, at) for view in snapshot.pending_maintenance),
        orders=forecast_orders(rules, snapshot.orders, at),
        forecast_from=known.made_at,
    )


def _tenant(known: Basis, view: TenantView, at: datetime) -> TenantView:
    rules, policy, tenant = known.rules, known.policy, view.tenant
    doubts = known.doubts.get(tenant.id, {})
    exports = tuple(it.export for it in view.exports)
    holds = tuple(it.hold for it in view.holds if it.arn is None)
    life = live(rules, policy, tenant, known.ends.get(tenant.id), exports, holds, at)
    cases = [it.case for it in view.cases]
    of_aws = [Unrecorded(it.hold, it.arn, it.doubt) for it in view.holds if it.arn is not None]
    operations = OperationsJudging(rules, policy).judge(tenant, exports, cases, holds, at, doubts, of_aws, life.doubt)
    stale = known.stale.get(tenant.id)
    return replace(compose(life, view.stores, view.links, operations, doubts, stale, None, at), changes_at=None)


def _pending(known: Basis, view: PendingView, at: datetime) -> PendingView:
    if view.verdict.status is Status.UNKNOWN:
        return view
    verdict = known.rules.pending(view.action, view.applies_at, view.forced, known.policy, at, view.verdict.figure)
    return replace(view, verdict=replace(verdict, evidence=view.verdict.evidence))
