"""What is due: one ranked list of everything that is not well, over all areas."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.areas.base import STATUSES, Area, Field, Kind
from services.areas.figures import area_of
from services.areas.urgency import most_urgent_first
from services.fleet.missing import record_verdict, tenant_of, unread_lists
from services.fleet.snapshot import FleetSnapshot, TenantView
from services.model import Status

if TYPE_CHECKING:
    from services.model import Acknowledgement, Verdict

QUIET = frozenset({Status.OK, Status.NOT_APPLICABLE})
"""What nobody has to look at."""

_NAMED = ("recovery.", "rto.")
"""Figures whose reason does not say which store it speaks of."""
_OF_AWS = frozenset({"recovery", "links"})
"""Areas of what AWS alone tells, which stands still in a forecast."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """A verdict that somebody has to look at."""

    tenant: str | None
    subject: str | None
    """Whom it is about where that is no tenant: the scope of a slot, how many tenants an order is about."""
    verdict: Verdict
    acknowledgement: Acknowledgement | None
    """That it is seen, while that holds."""
    at: datetime = field(compare=False)
    """The snapshot's instant."""

    @property
    def area(self) -> str:
        return area_of(self.verdict.figure)

    @property
    def due_at(self) -> datetime | None:
        """What LEFT counts down to; ``None`` where that is not known."""
        return None if self.verdict.status is Status.UNKNOWN else self.verdict.due_at

    @property
    def left(self) -> timedelta | None:
        return self.due_at - self.at if self.due_at else None

    @property
    def what(self) -> str:
        """The reason, and after it the store where the reason names none."""
        figure, reason = self.verdict.figure, self.verdict.reason
        if figure.startswith(_NAMED):
            name = figure.partition(".")[2].rpartition(":")[2]
            return reason if name in reason else f"{reason} · {name}"
        return reason


def _rows(fleet: FleetSnapshot) -> list[DueRow]:
    return most_urgent_first(
        list(_unsorted(fleet)),
        lambda row: row.verdict,
        lambda row: (row.tenant or "", row.verdict.figure),
        fleet.at,
    )


def _unsorted(fleet: FleetSnapshot) -> Iterator[DueRow]:
    for tenant, subject, verdict in judged(fleet):
        if verdict.status not in QUIET:
            acknowledged = fleet.acknowledgements.get((tenant, verdict.figure))
            seen = acknowledged if acknowledged and fleet.at < acknowledged.until else None
            yield DueRow(tenant, subject, verdict, seen, fleet.at)


def judged(fleet: FleetSnapshot) -> Iterator[tuple[str | None, str | None, Verdict]]:
    """(tenant, whom else it is about, verdict) of everything in the fleet that may be due.

    In a forecast AWS's facts stand still, and so does what they count down: what was over by four minutes when the
    forecast was made is over by four minutes in it.
    """
    later = fleet.at - fleet.forecast_from if fleet.forecast_from is not None else timedelta()
    for tenant, subject, verdict in _judged(fleet):
        if later and verdict.due_at is not None and area_of(verdict.figure) in _OF_AWS:
            yield tenant, subject, replace(verdict, due_at=verdict.due_at + later)
        else:
            yield tenant, subject, verdict


def _judged(fleet: FleetSnapshot) -> Iterator[tuple[str | None, str | None, Verdict]]:
    told = {verdict.figure for verdict in unread_lists(fleet)}
    for name, view in fleet.tenants.items():
        if view.status not in QUIET:
            yield from ((name, None, verdict) for verdict in _of_tenant(view, told))
    for orphan in fleet.orphans:
        yield None, None, orphan.verdict
    for link in fleet.orphan_links:
        yield None, None, link.verdict
    for slot in fleet.slots:
        yield slot.slot.tenant, slot.slot.scope, slot.verdict
    for pending in fleet.pending_maintenance:
        yield pending.tenant, None, pending.verdict
    for order in fleet.orders:
        yield order.tenant, order.order.scope, order.verdict
    for bad in fleet.bad_records:
        yield tenant_of(bad), None, record_verdict(bad)
    for verdict in unread_lists(fleet):
        yield None, None, verdict


def _of_tenant(view: TenantView, told: set[str]) -> Iterator[Verdict]:
    """What is judged of a tenant, but for what one row tells of all tenants."""
    return (verdict for verdict in view.verdicts if verdict.figure not in told)


def _key(row: DueRow) -> Hashable:
    return (row.tenant, row.verdict.figure)


def _fields() -> Iterator[Field[DueRow]]:
    yield Field("due_at", Kind.COUNTDOWN, lambda row: row.due_at, "LEFT", 10, priority=1, aliases=("left", "due"))
    yield Field("status", Kind.STATUS, lambda row: row.verdict.status, "STATUS", 9, priority=1, choices=STATUSES)
    yield Field("subject", Kind.TEXT, lambda row: row.tenant or row.subject, "TENANT", 14, priority=1)
    yield Field("tenant", Kind.TEXT, lambda row: row.tenant)
    yield Field("area", Kind.TEXT, lambda row: row.area, "AREA", 11, priority=3)
    yield Field("what", Kind.TEXT, lambda row: row.what, "WHAT", 24, priority=2)
    yield Field(
        "acknowledged_by",
        Kind.TEXT,
        lambda row: row.acknowledgement.by if row.acknowledgement else None,
        "SEEN BY",
        10,
        priority=5,
        aliases=("ack",),
    )
    yield Field(
        "assignee",
        Kind.TEXT,
        lambda row: row.acknowledgement.assignee if row.acknowledgement else None,
        "ASSIGNED",
        10,
        priority=6,
    )
    yield Field(
        "acknowledged_until",
        Kind.INSTANT,
        lambda row: row.acknowledgement.until if row.acknowledgement else None,
        "UNTIL",
        20,
        priority=8,
    )
    yield Field("note", Kind.TEXT, lambda row: row.acknowledgement.note if row.acknowledgement else None)
    yield Field("seconds_left", Kind.LEFT, lambda row: row.left)
    yield Field("figure", Kind.TEXT, lambda row: row.verdict.figure, "FIGURE", 24, priority=9)
    yield Field("clause", Kind.TEXT, lambda row: row.verdict.clause, "CLAUSE", 21, priority=10)
    yield Field("reason", Kind.TEXT, lambda row: row.verdict.reason or None)


DUE: Area[DueRow] = Area(
    name="due",
    title="Due",
    key="1",
    fields=tuple(_fields()),
    rows=_rows,
    row_key=_key,
    tenant=lambda row: row.tenant,
    status=lambda row: row.verdict.status,
    explain=lambda row: (row.tenant, row.verdict.figure),
    help="Everything that is not well, over all areas: broken first, then by the time left against the clock's length.",
    empty="nothing is due",
)
