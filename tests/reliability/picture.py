"""A picture of the fleet as bytes: each figure, with everything that is said of it, and each row of the areas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from services.areas import AREAS
from services.areas.machine import machine, to_dict
from services.fleet.missing import record_verdict, tenant_of, unread_lists
from services.fleet.snapshot import FleetSnapshot, LinkView, PendingView, SlotView, StoreView
from services.model import Source, Status, Verdict
from services.why.explain import explain

Key: TypeAlias = tuple[str | None, str]
"""Tenant, figure."""
Where: TypeAlias = tuple[str, str]
"""An account and a region."""
Of: TypeAlias = StoreView | LinkView | SlotView | PendingView | None

COMPARED = tuple(name for name in AREAS if name not in ("sources", "credentials", "audit"))
"""The areas whose rows are compared; the others tell of calls, of keys and of what operators did."""
SAID = ("status", "figure", "clause", "reason", "value", "target", "at", "changes_at", "due_at", "length")
JUDGED = ("status", "value", "target", "at", "due_at", "length")
"""What of a verdict is no words."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A verdict, with what it stands on."""

    verdict: Verdict
    said: bytes
    """Every member but the evidence, whose latencies and request ids differ at each look; and the steps, the promise
    and the changes of ``why``."""
    heard: frozenset[Source]
    """From whom it was heard, or would have been."""
    places: frozenset[Where]
    """Where its tenant and its store are."""
    of: Of

    @property
    def status(self) -> Status:
        return self.verdict.status

    @property
    def judged(self) -> tuple[object, ...]:
        """The verdict without its words."""
        return tuple(getattr(self.verdict, name) for name in JUDGED)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an area, as ``tenure list AREA -o json`` prints it."""

    said: bytes
    about: Key | None
    """The figure that it is about."""
    tenant: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    """All of a snapshot that an operator is told."""

    fleet: FleetSnapshot
    figures: dict[Key, Figure]
    rows: dict[tuple[str, str], Row]
    """By area and key."""

    @property
    def failed(self) -> frozenset[Source]:
        """Those that did not answer."""
        return frozenset(view.source for view in self.fleet.failed)


def picture_of(fleet: FleetSnapshot) -> Picture:
    """A snapshot as bytes. Raises ``AssertionError`` where two figures, or two rows, bear one name."""
    homes = _homes(fleet)
    figures: dict[Key, Figure] = {}
    for tenant, verdict, of in _judged(fleet):
        key = (tenant, verdict.figure)
        if key in figures:
            raise AssertionError(f"two figures are called {key}")
        places = homes.get(tenant, frozenset()) if tenant is not None else frozenset[Where]()
        figures[key] = Figure(
            verdict, _said(fleet, tenant, verdict), _heard(verdict, of), places | _places(of, homes), of
        )
    rows: dict[tuple[str, str], Row] = {}
    for name in COMPARED:
        area = AREAS[name]
        for row in area.rows(fleet):
            place = (name, repr(area.row_key(row)))
            if place in rows:
                raise AssertionError(f"two rows are called {place}")
            rows[place] = Row(json.dumps(to_dict(area, row)).encode(), area.explain(row), area.tenant(row))
    return Picture(fleet, figures, rows)


def _judged(fleet: FleetSnapshot) -> Iterator[tuple[str | None, Verdict, Of]]:
    for name, view in fleet.tenants.items():
        rows: dict[int, StoreView | LinkView] = {id(link.verdict): link for link in view.links}
        for row in view.stores:
            rows |= {id(verdict): row for verdict in (row.verdict, row.rto) if verdict is not None}
        yield from ((name, verdict, rows.get(id(verdict))) for verdict in view.verdicts)
    yield from ((None, orphan.verdict, orphan) for orphan in fleet.orphans)
    yield from ((None, orphan.verdict, orphan) for orphan in fleet.orphan_links)
    yield from ((slot.slot.tenant, slot.verdict, slot) for slot in fleet.slots)
    yield from ((pending.tenant, pending.verdict, pending) for pending in fleet.pending_maintenance)
    yield from ((None, verdict, None) for verdict in unread_lists(fleet))
    yield from ((tenant_of(bad), record_verdict(bad), None) for bad in fleet.bad_records)


def _homes(fleet: FleetSnapshot) -> dict[str, frozenset[Where]]:
    """Where each tenant is, and where its stores and links are."""
    return {
        name: frozenset(
            {(view.tenant.account, view.tenant.region)}
            | {(row.account, row.region) for row in view.stores if row.account and row.region}
            | {(row.account, row.region) for row in view.links if row.account and row.region}
        )
        for name, view in fleet.tenants.items()
    }


def _places(of: Of, homes: dict[str, frozenset[Where]]) -> frozenset[Where]:
    if isinstance(of, SlotView):
        return frozenset[Where]().union(*(homes.get(tenant, frozenset()) for tenant in of.tenants))
    if of is None or not of.account or not of.region:
        return frozenset()
    return frozenset({(of.account, of.region)})


def _heard(verdict: Verdict, of: Of) -> frozenset[Source]:
    tests: tuple[Any, ...] = ()
    if isinstance(of, StoreView) and of.store is not None and verdict.figure.startswith("rto"):
        tests = of.store.test_sources
    return frozenset(observation.source for observation in (*verdict.evidence, *tests))


def _said(fleet: FleetSnapshot, tenant: str | None, verdict: Verdict) -> bytes:
    why = explain(fleet, tenant, verdict.figure)
    told = {name: _plain(getattr(verdict, name)) for name in SAID}
    told |= {"promise": why.promise, "policy": repr(why.policy), "steps": list(why.steps), "changes_if": why.changes_if}
    return json.dumps(told).encode()


def _plain(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return machine(value) if isinstance(value, datetime) else value
