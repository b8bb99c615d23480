"""What a worker does, in the audit log: an entry for each act; how the order ended, in the history of each tenant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.controlplane.audit import write_entry
from services.wire.orders import OrderRecord

WORKER = "worker"
"""The role of the entries."""


def note_act(
    connection: Connection,
    order: OrderRecord,
    outcome: str,
    *,
    at: datetime,
    worker: str,
    note: str | None = None,
    request: Any = None,
) -> None:
    """Of an order of several tenants it is nobody's alone."""
    tenants = _tenants(order)
    whose = tenants[0] if len(tenants) == 1 else None
    _write(connection, order, outcome, at, worker, note, request, whose)


def note_end(
    connection: Connection, order: OrderRecord, outcome: str, *, at: datetime, worker: str, note: str | None
) -> None:
    """Into the history of each of its tenants, where that it was accepted stands as well."""
    for tenant in _tenants(order) or (None,):
        _write(connection, order, outcome, at, worker, note, None, tenant)


def _write(
    connection: Connection,
    order: OrderRecord,
    outcome: str,
    at: datetime,
    worker: str,
    note: str | None,
    request: Any,
    tenant: str | None,
) -> None:
    write_entry(
        connection,
        at=at,
        who=order.author,
        role=WORKER,
        action=order.plan.asked.action,
        outcome=outcome,
        tenant=tenant,
        origin=worker,
        ticket=order.ticket,
        note=note,
        order=order.id,
        plan=order.plan.digest,
        request_id=request,
    )


def _tenants(order: OrderRecord) -> tuple[str, ...]:
    """Each once, in the order of the plan."""
    return tuple(dict.fromkeys(change.tenant for change in order.plan.tenants))
