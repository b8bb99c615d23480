"""Exports: every request of a customer for its data, with the package's window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.areas.base import STATUSES, Area, Field, Kind
from services.areas.urgency import most_urgent_first
from services.fleet.snapshot import ExportView, FleetSnapshot
from services.model import ExportState

STATES = tuple(ExportState)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """An export as of the snapshot's instant."""

    view: ExportView
    at: datetime = field(compare=False)

    @property
    def closes_at(self) -> datetime | None:
        """The close of the window; ``None`` while there is no package."""
        return self.view.clock.ends_at if self.view.clock else None

    @property
    def consumed(self) -> timedelta:
        """How long it took to prepare; while it is prepared, has taken so far."""
        export = self.view.export
        return (export.available_at or max(self.at, export.requested_at)) - export.requested_at

    @property
    def progress(self) -> int | None:
        """The share prepared, in percent, cut."""
        share = self.view.export.progress
        return None if share is None else int(share * 100)


def _rows(fleet: FleetSnapshot) -> list[ExportRow]:
    rows = [ExportRow(export, fleet.at) for view in fleet.tenants.values() for export in view.exports]
    return most_urgent_first(
        rows, lambda row: row.view.verdict, lambda row: (row.view.export.tenant, row.view.export.id), fleet.at
    )


def _fields() -> Iterator[Field[ExportRow]]:
    yield Field(
        "due_at", Kind.COUNTDOWN, lambda row: row.view.verdict.due_at, "LEFT", 10, priority=1, aliases=("left", "due")
    )
    yield Field("status", Kind.STATUS, lambda row: row.view.verdict.status, "STATUS", 14, priority=1, choices=STATUSES)
    yield Field("tenant", Kind.TEXT, lambda row: row.view.export.tenant, "TENANT", 14, priority=1)
    yield Field("state", Kind.TEXT, lambda row: row.view.export.state, "STATE", 10, priority=1, choices=STATES)
    yield Field("progress", Kind.NUMBER, lambda row: row.progress, "%", 3, priority=3)
    yield Field("export", Kind.TEXT, lambda row: row.view.export.id, "EXPORT", 12, priority=4)
    yield Field("requested_at", Kind.INSTANT, lambda row: row.view.export.requested_at, "REQUESTED", 20, priority=6)
    yield Field("available_at", Kind.INSTANT, lambda row: row.view.export.available_at, "AVAILABLE", 20, priority=7)
    yield Field("closes_at", Kind.INSTANT, lambda row: row.closes_at, "CLOSES", 20, priority=2, aliases=("closes",))
    yield Field("delivered_at", Kind.INSTANT, lambda row: row.view.export.delivered_at, "FETCHED", 20, priority=8)
    yield Field("complete", Kind.TEXT, lambda row: row.view.export.complete)
    yield Field("destroyed_at", Kind.INSTANT, lambda row: row.view.export.destroyed_at)
    yield Field("preparing_seconds", Kind.LEFT, lambda row: row.consumed)
    yield Field("seconds_left", Kind.LEFT, lambda row: row.closes_at - row.at if row.closes_at else None)
    yield Field("requester", Kind.TEXT, lambda row: row.view.export.requester, "REQUESTER", 20, priority=9)
    yield Field("reference", Kind.TEXT, lambda row: row.view.export.reference)
    yield Field("failure", Kind.TEXT, lambda row: row.view.export.failure)
    yield Field("clause", Kind.TEXT, lambda row: row.view.verdict.clause)
    yield Field("figure", Kind.TEXT, lambda row: row.view.verdict.figure)
    yield Field("reason", Kind.TEXT, lambda row: row.view.verdict.reason or None, "REASON", 30, priority=5)


EXPORTS: Area[ExportRow] = Area(
    name="exports",
    title="Exports",
    key="5",
    fields=tuple(_fields()),
    rows=_rows,
    row_key=lambda row: (row.view.export.tenant, row.view.export.id),
    tenant=lambda row: row.view.export.tenant,
    status=lambda row: row.view.verdict.status,
    explain=lambda row: (row.view.export.tenant, row.view.verdict.figure),
    help="Every request of a customer for its data: being prepared, ready to fetch until the window closes, or over.",
    empty="no customer has asked for its data",
)
