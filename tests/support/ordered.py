"""The busy fleet with orders: one in each state, of one tenant, of several and of none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.fleet.orders import order_views
from services.fleet.rules import AGREEMENT
from services.fleet.snapshot import FleetSnapshot
from services.model import AuditEntry, Confirmation, Order, OrderState
from tests.support.fleet import AT
from tests.support.operations import busy_fleet

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def order(number: int, state: OrderState, created_at: datetime, **members: Any) -> Order:
    """An order of olga's for fabrikam, without anything that its state does not call for."""
    given: dict[str, Any] = {
        "id": f"{number:032x}",
        "action": "renew",
        "title": "Renew the subscription",
        "clause": "subscription",
        "tenants": ("fabrikam",),
        "state": state,
        "author": "olga",
        "role": "operator",
        "created_at": created_at,
        "confirmation": Confirmation.REVERSIBLE,
        "needs_approval": state is OrderState.WAITING,
        "steps": 3,
        "steps_done": 3 if state is OrderState.DONE else 0,
        "progress_at": created_at,
        "digest": f"{number:064x}",
        "ended_at": created_at + MINUTE if state.ended else None,
    }
    return Order(**{**given, **members})


ORDERS = (
    order(
        9,
        OrderState.RUNNING,
        AT - MINUTE,
        action="slot-schedule",
        title="Schedule a maintenance slot",
        clause="availability",
        tenants=(),
        steps=5,
        steps_done=2,
        step="window tenure-sl-9 created in 111122223333 eu-central-1",
        progress_at=AT - timedelta(seconds=20),
    ),
    order(8, OrderState.ACCEPTED, AT - 25 * MINUTE, tenants=("bellows",), author="piet@example.org"),
    order(
        7,
        OrderState.WAITING,
        AT - 2 * HOUR,
        action="terminate-breach",
        title="Terminate for breach",
        tenants=("northgate",),
        confirmation=Confirmation.IRREVERSIBLE,
        ticket="T-4711",
        reason="unpaid since May",
    ),
    order(
        6,
        OrderState.WAITING,
        AT - 30 * HOUR,
        action="hold-lift",
        title="Lift a legal hold",
        clause="return-or-delete",
        tenants=("oakwood", "litware", "lumen-spa"),
        author="piet@example.org",
    ),
    order(
        5,
        OrderState.HALF_DONE,
        AT - 5 * HOUR,
        action="disable",
        title="Disable at the end of the subscription",
        tenants=("litware",),
        steps=4,
        steps_done=1,
        failure="rds ModifyDBInstance AccessDenied; left: access of \x1b[31mlitware-orders\x1b[0m blocked",
    ),
    order(4, OrderState.DONE, AT - 26 * HOUR, approved_by="ann@example.org", approved_at=AT - 26 * HOUR),
    order(3, OrderState.UNDONE, AT - 27 * HOUR, failure="the record had changed", ended_at=AT - 27 * HOUR + MINUTE),
    order(2, OrderState.CANCELLED, AT - 50 * HOUR, tenants=("northgate",), author="piet@example.org"),
    order(1, OrderState.VOID, AT - 60 * HOUR, needs_approval=True),
)
"""Newest first."""


def ordered_fleet(*more: Order, orders: tuple[Order, ...] = ORDERS) -> FleetSnapshot:
    """``busy_fleet()`` with ``orders`` and ``more`` before them, and what olga wrote of one of hers in the log."""
    base = busy_fleet()
    noted = AuditEntry("au-4", AT - HOUR, "olga", "operator", "order", "done", "fabrikam", order=f"{4:032x}")
    views = order_views(AGREEMENT, (*more, *orders), base.at)
    return replace(base, orders=views, audit=(noted, *base.audit))


OUTCOMES = ("BREAK-GLASS", "waiting", "accepted", "approved", "cancelled", "reviewed", "half-done", "undone", "stuck")
"""What stands in the audit log of an order, beside ``done``, ``failed`` and ``void``."""


def logged_fleet() -> FleetSnapshot:
    """``busy_fleet()`` with an entry of each outcome in its log, under names as long as they come."""
    log = tuple(
        AuditEntry(
            f"au-{100 - number}",
            AT - number * MINUTE,
            "olga@example.org",
            "approver",
            "acknowledgement remove" if number == 1 else "confirm-termination",
            outcome,
            "corrinbourne-robotics",
            "jump-1",
            "OPS-4711",
            "the court is waiting",
        )
        for number, outcome in enumerate(OUTCOMES)
    )
    base = busy_fleet()
    return replace(base, identity=replace(base.identity, user="olga@example.org"), audit=log)
