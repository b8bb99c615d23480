"""Everything about one tenant, as a program reads it: the document of ``tenure show`` and of the console's ``y``.

Values as in the machine formats of the areas, nested where a tenant has several of a thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from services.areas.base import MachineValue
from services.areas.machine import machine, to_dict
from services.areas.recovery import RECOVERY, observed_at
from services.areas.sources import SOURCES, SourceRow
from services.areas.tenants import TENANTS, TenantRow
from services.fleet.snapshot import FleetSnapshot, SourceView, StoreView, TenantView
from services.model import Clock, Observation, RestorePoint, Verdict

Document: TypeAlias = Mapping[str, object]
"""Holds what JSON may hold: ``MachineValue``, and lists of further documents."""


def tenant_page(fleet: FleetSnapshot, view: TenantView) -> Document:
    """The record and its parties, clocks with their states, verdicts with evidence, stores, sources.

    All ages are as of the instant ``at``.
    """
    tenant = view.tenant
    return {
        "at": machine(fleet.at),
        **to_dict(TENANTS, TenantRow(view)),
        "started_on": machine(tenant.started_on),
        "termination_confirmed_at": machine(tenant.termination_confirmed_at),
        "clocks": [_clock(fleet, clock) for clock in view.clocks],
        "verdicts": [_verdict(verdict) for verdict in view.verdicts],
        "stores": [_store(fleet, store) for store in view.stores],
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
        "evidence": [_evidence(seen) for seen in verdict.evidence],
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
    more: dict[str, object] = {"age_seconds": machine(fleet.at - seen_at) if seen_at else None}
    if store is not None:
        more |= {
            "name": store.name,
            "created_at": machine(store.created_at),
            "multi_az": store.multi_az,
            "tenants": list(store.tenants),
            "tag_tenant": store.tag_tenant,
            "restore_points": [_point(point) for point in store.points],
        }
    return {**to_dict(RECOVERY, row), **more}


def _point(point: RestorePoint) -> Document:
    return {"kind": point.kind, "at": machine(point.at), "resource": point.resource, "note": point.note or None}


def _source(fleet: FleetSnapshot, view: SourceView) -> Document:
    row: dict[str, MachineValue] = to_dict(SOURCES, SourceRow(view.source, view))
    return {**row, "age_seconds": machine(fleet.at - view.last_seen_at) if view.last_seen_at else None}
