"""Cases: acceptable use, data subjects' requests, breach notices, each with its clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from services.areas.base import STATUSES, Area, Field, Kind
from services.areas.urgency import most_urgent_first
from services.fleet.snapshot import CaseView, FleetSnapshot
from services.model import CaseKind, CaseState

KINDS = tuple(CaseKind)
STATES = tuple(CaseState)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as of the snapshot's instant."""

    view: CaseView
    at: datetime = field(compare=False)

    @property
    def due_at(self) -> datetime | None:
        """When its clock ends; ``None`` before the request was delivered."""
        return self.view.clock.ends_at if self.view.clock else None


def _rows(fleet: FleetSnapshot) -> list[CaseRow]:
    rows = [CaseRow(case, fleet.at) for view in fleet.tenants.values() for case in view.cases]
    return most_urgent_first(
        rows, lambda row: row.view.verdict, lambda row: (row.view.case.tenant, row.view.case.id), fleet.at
    )


def _fields() -> Iterator[Field[CaseRow]]:
    yield Field(
        "counted_to", Kind.COUNTDOWN, lambda row: row.view.verdict.due_at, "LEFT", 10, priority=1, aliases=("left",)
    )
    yield Field("status", Kind.STATUS, lambda row: row.view.verdict.status, "STATUS", 14, priority=1, choices=STATUSES)
    yield Field("tenant", Kind.TEXT, lambda row: row.view.case.tenant, "TENANT", 14, priority=1)
    yield Field("kind", Kind.TEXT, lambda row: row.view.case.kind, "KIND", 20, priority=3, choices=KINDS)
    yield Field("scope", Kind.TEXT, lambda row: row.view.case.scope, "SCOPE", 16, priority=2)
    yield Field("state", Kind.TEXT, lambda row: row.view.case.state, "STATE", 10, priority=2, choices=STATES)
    yield Field("case", Kind.TEXT, lambda row: row.view.case.id, "CASE", 12, priority=6)
    yield Field("opened_at", Kind.INSTANT, lambda row: row.view.case.opened_at)
    yield Field("delivered_at", Kind.INSTANT, lambda row: row.view.case.delivered_at, "DELIVERED", 20, priority=7)
    yield Field("due_at", Kind.INSTANT, lambda row: row.due_at, "DUE", 20, priority=4, aliases=("due",))
    yield Field("seconds_left", Kind.LEFT, lambda row: row.due_at - row.at if row.due_at else None)
    yield Field("ended_at", Kind.INSTANT, lambda row: row.view.case.ended_at)
    yield Field("disabled_at", Kind.INSTANT, lambda row: row.view.case.disabled_at)
    yield Field("reference", Kind.TEXT, lambda row: row.view.case.reference, "REFERENCE", 12, priority=9)
    yield Field("summary", Kind.TEXT, lambda row: row.view.case.summary or None)
    yield Field("clause", Kind.TEXT, lambda row: row.view.verdict.clause)
    yield Field("figure", Kind.TEXT, lambda row: row.view.verdict.figure)
    yield Field("reason", Kind.TEXT, lambda row: row.view.verdict.reason or None, "REASON", 30, priority=5)


CASES: Area[CaseRow] = Area(
    name="cases",
    title="Cases",
    key="0",
    fields=tuple(_fields()),
    rows=_rows,
    row_key=lambda row: (row.view.case.tenant, row.view.case.id),
    tenant=lambda row: row.view.case.tenant,
    status=lambda row: row.view.verdict.status,
    explain=lambda row: (row.view.case.tenant, row.view.verdict.figure),
    help="Acceptable use with its 24 hours, data subjects' requests and breach notices with the policy's periods.",
    empty="there is no case",
)
