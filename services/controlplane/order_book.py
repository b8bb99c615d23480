"""Orders on the database: kept, read, and moved from state to state. Knows nothing of HTTP or of DBOS."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from zlib import crc32

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, text, update

from services.controlplane.order_tables import OPEN, order_steps, order_tenants, orders
from services.orders.conflicts import in_the_way
from services.wire.orders import OrderRecord, OrderState, Plan, StepProgress, StepState
from services.wire.registry import WhoAmI

_LOCK: Final = 0x7E_0E_0D
"""Of PostgreSQL's advisory locks, in two numbers; the schema has one in one number."""
_STRIPES: Final = 64
"""So many locks at most, of the few thousand that all of PostgreSQL's transactions share."""
PAGE_LENGTH: Final = 16 * 1024 * 1024
"""Characters of the plans on one page: those of a thousand tenants each are some MiB long."""
UNDER_WAY = (OrderState.ACCEPTED, OrderState.RUNNING)


def one_at_a_time(connection: Connection, plan: Plan) -> None:
    """Until the transaction ends nobody else is between looking what is under way for one of the plan's tenants, or
    under its key, and adding to it. Taken first, before any record is locked. SQLite's writers are alone from their
    start."""
    if connection.dialect.name == "postgresql":
        ids = (plan.asked.key, *(change.tenant for change in plan.tenants))
        stripes = sorted({crc32(id_.encode()) % _STRIPES for id_ in ids})  # in one order, so that no two wait in a ring
        statement = text("SELECT pg_advisory_xact_lock(:lock, stripe) FROM unnest(CAST(:stripes AS int[])) AS stripe")
        connection.execute(statement, {"lock": _LOCK, "stripes": stripes})


def add_order(
    connection: Connection,
    plan: Plan,
    who: WhoAmI,
    at: datetime,
    *,
    origin: str | None,
    ticket: str | None,
    reason: str | None,
    break_glass_until: datetime | None = None,
) -> None:
    """Keep an order: it waits where its plan wants a second person, else it is accepted."""
    waits = plan.approval and break_glass_until is None
    state = OrderState.WAITING if waits else OrderState.ACCEPTED
    connection.execute(
        insert(orders).values(
            id=plan.asked.key,
            plan=plan.model_dump_json(),
            action=plan.asked.action,
            state=state,
            author=who.user,
            role=who.role,
            origin=origin,
            ticket=ticket,
            reason=reason,
            created_at=at,
            break_glass_until=break_glass_until,
        )
    )
    concerned = dict.fromkeys(change.tenant for change in plan.tenants)
    if concerned:
        connection.execute(insert(order_tenants), [{"order": plan.asked.key, "tenant": it} for it in concerned])
    if plan.steps:
        connection.execute(
            insert(order_steps),
            [
                {"order": plan.asked.key, "number": step.number, "state": StepState.PENDING, "attempts": 0}
                for step in plan.steps
            ],
        )


def read_order(connection: Connection, key: str, *, lock: bool = False) -> OrderRecord | None:
    """The order of that key; ``lock``: nobody else changes it until the transaction ends."""
    query = select(orders).where(orders.c.id == key)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _records(connection, [dict(row)])[0]


def read_orders(
    connection: Connection, *, tenant: str | None, open_only: bool, before: tuple[datetime, str] | None, limit: int
) -> tuple[list[OrderRecord], bool, int]:
    """The newest ``limit`` orders that were made before a place in the list, fewer where their plans are long; whether
    more follow, and how many there are in all."""
    wanted: list[ColumnElement[bool]] = []
    if tenant is not None:
        wanted.append(orders.c.id.in_(select(order_tenants.c.order).where(order_tenants.c.tenant == tenant)))
    if open_only:
        left = or_(orders.c.break_glass_until.is_not(None), orders.c.state == OrderState.HALF_DONE)
        unreviewed = and_(left, orders.c.reviewed_by.is_(None))
        wanted.append(or_(orders.c.state.in_(OPEN), unreviewed))
    newest = orders.c.created_at.desc(), orders.c.id.desc()
    query = select(orders.c.id, func.length(orders.c.plan)).where(*wanted).order_by(*newest).limit(limit + 1)
    if before is not None:
        at, id_ = before
        query = query.where(or_(orders.c.created_at < at, and_(orders.c.created_at == at, orders.c.id < id_)))
    found = connection.execute(query).all()
    ids = list(_fitting((row[0], row[1]) for row in found[:limit]))
    rows = connection.execute(select(orders).where(orders.c.id.in_(ids)).order_by(*newest)).mappings()
    total = connection.execute(select(func.count()).select_from(orders).where(*wanted)).scalar_one()
    return _records(connection, [dict(row) for row in rows]), len(found) > len(ids), total


def _fitting(found: Iterable[tuple[str, int]]) -> Iterator[str]:
    """The first ids whose plans come to no more than a page holds; one at least."""
    size = 0
    for position, (id_, length) in enumerate(found):
        size += length
        if position and size > PAGE_LENGTH:
            return
        yield id_


def under_way(connection: Connection, plan: Plan) -> OrderRecord | None:
    """Another order that is being carried out for one of the plan's tenants, and that the plan has to wait for."""
    ids = list(dict.fromkeys(change.tenant for change in plan.tenants))
    for start in range(0, len(ids), 500):
        found = connection.execute(
            select(orders)
            .join(order_tenants, order_tenants.c.order == orders.c.id)
            .where(
                orders.c.state.in_(UNDER_WAY),
                orders.c.id != plan.asked.key,
                order_tenants.c.tenant.in_(ids[start : start + 500]),
            )
            .distinct()
        ).mappings()
        for row in found:
            if in_the_way(plan.asked, Plan.model_validate_json(row["plan"]).asked):
                return _records(connection, [dict(row)])[0]
    return None


def move(connection: Connection, key: str, state: OrderState, **members: Any) -> None:
    """Put an order into another state, with these columns."""
    connection.execute(update(orders).where(orders.c.id == key).values(state=state, **members))


def mark(connection: Connection, key: str, number: int, **members: Any) -> None:
    """Put down how far a step is."""
    if "result" in members:
        members["result"] = json.dumps(members["result"])
    at = and_(order_steps.c.order == key, order_steps.c.number == number)
    connection.execute(update(order_steps).where(at).values(**members))


def counts(connection: Connection) -> dict[str, int]:
    """How many orders are in which state."""
    rows = connection.execute(select(orders.c.state, func.count()).group_by(orders.c.state))
    return {row[0]: row[1] for row in rows}


def _records(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[OrderRecord]:
    steps: dict[str, list[StepProgress]] = {}
    query = select(order_steps).where(order_steps.c.order.in_([row["id"] for row in rows]))
    for step in connection.execute(query.order_by(order_steps.c.number)).mappings():
        values = {name: value for name, value in step.items() if name != "order"}
        values["result"] = None if step["result"] is None else json.loads(step["result"])
        steps.setdefault(step["order"], []).append(StepProgress.model_validate(values))
    return [
        OrderRecord.model_validate(
            {
                **{name: value for name, value in row.items() if name not in ("plan", "action", "worker")},
                "plan": Plan.model_validate_json(row["plan"]),
                "steps": tuple(steps.get(row["id"], ())),
            }
        )
        for row in rows
    ]
