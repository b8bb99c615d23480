"""Orders: every write that was asked for, how far it is, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from services.areas.base import STATUSES, Area, Field, Kind
from services.areas.urgency import most_urgent_first
from services.fleet.snapshot import FleetSnapshot, OrderView
from services.model import Confirmation, OrderState, Status

STATES = tuple(OrderState)
_QUIET = frozenset({Status.OK, Status.NOT_APPLICABLE})


def _rows(fleet: FleetSnapshot) -> list[OrderView]:
    """What somebody has to look at, the most urgent first; then what is under way; then the ended, newest first."""
    urgent = [view for view in fleet.orders if view.verdict.status not in _QUIET]
    quiet = [view for view in fleet.orders if view.verdict.status in _QUIET]
    most_urgent_first(urgent, lambda view: view.verdict, lambda view: (view.order.created_at, view.order.id), fleet.at)
    return [*urgent, *sorted(quiet, key=lambda view: view.order.state.ended)]


def _steps(view: OrderView) -> str:
    return f"{view.order.steps_done}/{view.order.steps}"


def _fields() -> Iterator[Field[OrderView]]:
    yield Field("status", Kind.STATUS, lambda row: row.verdict.status, "STATUS", 14, priority=1, choices=STATUSES)
    yield Field("scope", Kind.TEXT, lambda row: row.order.scope, "TENANT", 14, priority=1)
    yield Field("action", Kind.TEXT, lambda row: row.order.action, "ACTION", 21, priority=1)
    yield Field("state", Kind.TEXT, lambda row: row.order.state, "STATE", 9, priority=1, choices=STATES)
    yield Field("progress", Kind.TEXT, _steps, "STEPS", 6, priority=2)
    yield Field("created_at", Kind.AGE, lambda row: row.order.created_at, "AGE", 5, priority=1, aliases=("age",))
    yield Field("author", Kind.TEXT, lambda row: row.order.author, "AUTHOR", 16, priority=2)
    yield Field("approved_by", Kind.TEXT, lambda row: row.order.approved_by, "AGREED", 14, priority=7)
    yield Field("ticket", Kind.TEXT, lambda row: row.order.ticket, "TICKET", 10, priority=6)
    yield Field("ended_at", Kind.INSTANT, lambda row: row.order.ended_at, "ENDED", 20, priority=8)
    yield Field("order", Kind.TEXT, lambda row: row.order.id, "ORDER", 9, priority=9)
    yield Field("title", Kind.TEXT, lambda row: row.order.title)
    yield Field("tenants", Kind.TEXTS, lambda row: row.order.tenants, aliases=("tenant",))
    yield Field("steps_done", Kind.NUMBER, lambda row: row.order.steps_done)
    yield Field("steps", Kind.NUMBER, lambda row: row.order.steps)
    yield Field("step", Kind.TEXT, lambda row: row.order.step)
    yield Field("role", Kind.TEXT, lambda row: row.order.role)
    yield Field("origin", Kind.TEXT, lambda row: row.order.origin)
    yield Field("note", Kind.TEXT, lambda row: row.order.reason)
    yield Field(
        "confirmation", Kind.TEXT, lambda row: row.order.confirmation, choices=tuple(Confirmation), searched=False
    )
    yield Field("needs_approval", Kind.TEXT, lambda row: row.order.needs_approval, searched=False)
    yield Field("approved_at", Kind.INSTANT, lambda row: row.order.approved_at)
    yield Field("failure", Kind.TEXT, lambda row: row.order.failure)
    yield Field("plan", Kind.TEXT, lambda row: row.order.digest or None)
    yield Field("clause", Kind.TEXT, lambda row: row.verdict.clause)
    yield Field("figure", Kind.TEXT, lambda row: row.verdict.figure)
    yield Field("reason", Kind.TEXT, lambda row: row.verdict.reason or None, "REASON", 26, priority=3)


ORDERS: Area[OrderView] = Area(
    name="orders",
    title="Orders",
    key=None,
    fields=tuple(_fields()),
    rows=_rows,
    row_key=lambda row: row.order.id,
    tenant=lambda row: row.tenant,
    status=lambda row: row.verdict.status,
    explain=lambda row: (row.tenant, row.verdict.figure),
    help="Every write that was asked for: first what waits for somebody or is half done, then what is under way.",
    empty="nothing was ordered yet",
)
