"""Everything about one tenant, as a program reads it: the document of ``tenure show`` and of the console's ``y``.

Values as in the machine formats of the areas, nested where a tenant has several of a thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from services.areas.audit import AUDIT
from services.areas.base import MachineValue
from services.areas.cases import CASES, CaseRow
from services.areas.exports import EXPORTS, ExportRow
from services.areas.links import LINKS
from services.areas.machine import machine, to_dict
from services.areas.maintenance import MAINTENANCE, MaintenanceRow
from services.areas.orders import ORDERS
from services.areas.recovery import RECOVERY, observed_at
from services.areas.sources import SOURCES, SourceRow
from services.areas.tenants import TENANTS, TenantRow
from services.fleet.snapshot import FleetSnapshot, HoldView, SourceView, StoreView, TenantView
from services.model import Acknowledgement, Clock, Observation, RecoveryTest, RestorePoint, Verdict

Document: TypeAlias = Mapping[str, object]
"""Holds what JSON may hold: ``MachineValue``, and lists of further documents."""


def tenant_page(fleet: FleetSnapshot, view: TenantView) -> Document:
    """The record and its parties, clocks, verdicts with evidence, stores, what happens with it, sources.

    Clocks are as of the instant ``at``; ages of facts too, but of a forecast as of that at which it was made.
    """
    tenant = view.tenant
    return {
        "at": machine(fleet.at),
        "forecast_from": machine(fleet.forecast_from),
        **to_dict(TENANTS, TenantRow(view)),
        "started_on": machine(tenant.started_on),
        "termination_confirmed_at": machine(tenant.termination_confirmed_at),
        "clocks": [_clock(fleet, clock) for clock in view.clocks],
        "verdicts": [_verdict(verdict) for verdict in view.verdicts],
        "stores": [_store(fleet, store) for store in view.stores],
        "links": [to_dict(LINKS, link) for link in view.links],
        "exports": [to_dict(EXPORTS, ExportRow(export, fleet.at)) for export in view.exports],
        "cases": [to_dict(CASES, CaseRow(case, fleet.at)) for case in view.cases],
        "holds": [_hold(fleet, hold) for hold in view.holds],
        "orders": [to_dict(ORDERS, order) for order in fleet.orders if tenant.id in order.order.tenants],
        "maintenance": [to_dict(MAINTENANCE, row) for row in maintenance_of(fleet, view)],
        "acknowledgements": [
            _acknowledgement(it) for (tenant_id, _), it in fleet.acknowledgements.items() if tenant_id == tenant.id
        ],
        "audit": [to_dict(AUDIT, entry) for entry in fleet.audit if entry.tenant == tenant.id],
        "sources": [_source(fleet, source) for source in fleet.sources if speaks_about(source, view)],
    }


def speaks_about(source: SourceView, view: TenantView) -> bool:
    """Whether a source's answer bears on a tenant: the registry's, and those of every place where it has stores."""
    asked = source.source
    if asked.account is None:
        return True
    places = {(view.tenant.account, view.tenant.region), *((store.account, store.region) for store in view.stores)}
    return any(asked.account == account and asked.region in {None, region} for account, region in places)


def _clock(fleet: FleetSnapshot, clock: Clock) -> Document:
    return {
        "clock": clock.name,
        "starts_at": machine(clock.starts_at),
        "ends_at": machine(clock.ends_at),
        "state": machine(clock.state(fleet.at)),
        "seconds_left": machine(clock.ends_at - fleet.at),
        "clause": clock.clause,
        "cut_by": clock.cut_by,
    }


def _verdict(verdict: Verdict) -> Document:
    return {
        "figure": verdict.figure,
        "status": machine(verdict.status),
        "clause": verdict.clause,
        "reason": verdict.reason,
        "value_seconds": machine(verdict.value),
        "target_seconds": machine(verdict.target),
        "at": machine(verdict.at),
        "changes_at": machine(verdict.changes_at),
        "due_at": machine(verdict.due_at),
        "evidence": [_evidence(seen) for seen in verdict.evidence],
    }


def maintenance_of(fleet: FleetSnapshot, view: TenantView) -> list[MaintenanceRow]:
    """The slots in whose scope a tenant is, and what RDS has pending on its stores."""
    slots = {slot.verdict.figure for slot in fleet.slots if view.tenant.id in slot.tenants}
    return [
        row
        for row in MAINTENANCE.rows(fleet)
        if row.verdict.figure in slots or (row.tenant is not None and row.tenant == view.tenant.id)
    ]


def _hold(fleet: FleetSnapshot, view: HoldView) -> Document:
    hold = view.hold
    return {
        "hold": hold.id,
        "arn": view.arn,
        "basis": hold.basis,
        "owner": hold.owner,
        "reason": hold.reason,
        "placed_at": machine(hold.placed_at),
        "expires_at": machine(hold.expires_at),
        "lifted_at": machine(hold.lifted_at),
        "holds": hold.holds(fleet.at),
        "status": machine(view.verdict.status),
        "figure": view.verdict.figure,
    }


def _acknowledgement(it: Acknowledgement) -> Document:
    return {
        "figure": it.figure,
        "by": it.by,
        "at": machine(it.at),
        "until": machine(it.until),
        "assignee": it.assignee,
        "note": it.note,
    }


def _evidence(seen: Observation[object]) -> Document:
    return {
        "source": seen.source.name,
        "observed_at": machine(seen.at),
        "outcome": machine(seen.outcome),
        "request_id": seen.request_id,
        "error": seen.error,
    }


def _store(fleet: FleetSnapshot, row: StoreView) -> Document:
    store = row.store
    seen_at = observed_at(row)
    more: dict[str, object] = {"age_seconds": machine(fleet.known_at - seen_at) if seen_at else None}
    if store is not None:
        more |= {
            "name": store.name,
            "created_at": machine(store.created_at),
            "multi_az": store.multi_az,
            "tests": [_test(test) for test in store.tests],
            "tenants": list(store.tenants),
            "tag_tenant": store.tag_tenant,
            "restore_points": [_point(point) for point in store.points],
        }
    return {**to_dict(RECOVERY, row), **more}


def _test(test: RecoveryTest) -> Document:
    return {
        "kind": machine(test.kind),
        "started_at": machine(test.started_at),
        "ended_at": machine(test.ended_at),
        "succeeded": test.succeeded,
        "seen_in": test.seen_in,
    }


def _point(point: RestorePoint) -> Document:
    return {
        "kind": point.kind,
        "at": machine(point.at),
        "since": machine(point.since),
        "resource": point.resource,
        "note": point.note or None,
    }


def _source(fleet: FleetSnapshot, view: SourceView) -> Document:
    row: dict[str, MachineValue] = to_dict(SOURCES, SourceRow(view.source, view))
    return {**row, "age_seconds": machine(fleet.known_at - view.last_seen_at) if view.last_seen_at else None}
