"""The journal: one's own acts. Orders of the operator's, and what else the audit log has of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.areas.base import STATUSES, Area, Field, Kind
from services.fleet.snapshot import FleetSnapshot, OrderView
from services.model import AuditEntry

ORDER, ACT = "order", "act"


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An order with how far it is, or (``order`` absent) an entry of the audit log."""

    order: OrderView | None
    entry: AuditEntry | None

    @property
    def at(self) -> datetime | None:
        return self.order.order.created_at if self.order else self.entry.at if self.entry else None

    @property
    def tenant(self) -> str | None:
        return self.order.tenant if self.order else self.entry.tenant if self.entry else None

    @property
    def scope(self) -> str | None:
        return self.order.order.scope if self.order else self.tenant

    @property
    def action(self) -> str | None:
        return self.order.order.action if self.order else self.entry.action if self.entry else None

    @property
    def outcome(self) -> str | None:
        """The order's state, or how the act ended."""
        return self.order.order.state if self.order else self.entry.outcome if self.entry else None

    @property
    def ticket(self) -> str | None:
        return self.order.order.ticket if self.order else self.entry.ticket if self.entry else None

    @property
    def of_order(self) -> str | None:
        return self.order.order.id if self.order else self.entry.order if self.entry else None

    @property
    def note(self) -> str | None:
        """Of an order what is said of it now, of an act its note."""
        return self.order.verdict.reason if self.order else self.entry.note if self.entry else None


def _rows(fleet: FleetSnapshot) -> list[JournalRow]:
    """The newest first. What the log says of the operator's own orders stands in the row of the order already."""
    user = fleet.identity.user
    if user is None:
        return []
    own = [view for view in fleet.orders if view.order.author == user]
    told = {view.order.id for view in own}
    acts = [entry for entry in fleet.audit if entry.who == user and entry.order not in told]
    rows = [
        *((view.order.created_at, view.order.id, JournalRow(view, None)) for view in own),
        *((entry.at, entry.id, JournalRow(None, entry)) for entry in acts),
    ]
    return [row for _, _, row in sorted(rows, key=lambda it: it[:2], reverse=True)]


def _fields() -> Iterator[Field[JournalRow]]:
    yield Field("at", Kind.INSTANT, lambda row: row.at, "AT", 20, priority=1)
    yield Field("scope", Kind.TEXT, lambda row: row.scope, "TENANT", 14, priority=2)
    yield Field("action", Kind.TEXT, lambda row: row.action, "ACTION", 20, priority=1)
    yield Field("outcome", Kind.TEXT, lambda row: row.outcome, "OUTCOME", 11, priority=1)
    yield Field("ticket", Kind.TEXT, lambda row: row.ticket, "TICKET", 10, priority=4)
    yield Field("tenant", Kind.TEXT, lambda row: row.tenant)
    yield Field("kind", Kind.TEXT, lambda row: ORDER if row.order else ACT, choices=(ORDER, ACT))
    yield Field(
        "status",
        Kind.STATUS,
        lambda row: row.order.verdict.status if row.order else None,
        "STATUS",
        14,
        priority=5,
        choices=STATUSES,
    )
    yield Field("order", Kind.TEXT, lambda row: row.of_order, "ORDER", 9, priority=7)
    yield Field("entry", Kind.TEXT, lambda row: row.entry.id if row.entry else None)
    yield Field("note", Kind.TEXT, lambda row: row.note, "NOTE", 24, priority=3)


JOURNAL: Area[JournalRow] = Area(
    name="journal",
    title="Journal",
    key=None,
    fields=tuple(_fields()),
    rows=_rows,
    row_key=lambda row: (ORDER, row.of_order) if row.order else (ACT, row.entry.id if row.entry else None),
    tenant=lambda row: row.tenant,
    status=lambda row: row.order.verdict.status if row.order else None,
    explain=lambda row: (row.order.tenant, row.order.verdict.figure) if row.order else None,
    help="What you ordered, with how far it is, and what else you did; the newest first.",
    empty="nothing of yours stands among the orders and in the newest part of the audit log",
)
