"""``tenure orders [--tenant T] [--open] -o table|json|csv|ndjson``: the newest orders and how far they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from cyclopts import Parameter

from console.desk import opened, read
from console.errors import OK, UNANSWERED
from console.output import Format, print_rows, say
from services.areas.base import Area, Field, Kind
from services.wire.orders import OrderRecord, StepState


def orders(
    *,
    tenant: Annotated[str | None, Parameter(help="Those of one tenant.")] = None,
    open_: Annotated[bool, Parameter(name="--open", negative="", help="Those that have not ended.")] = False,
    limit: Annotated[int, Parameter(help="How many at most.")] = 200,
    output: Annotated[Format, Parameter(name=["--output", "-o"], help="Form of the rows on stdout.")] = "table",
) -> int:
    """Print the newest orders: what was ordered, by whom, and how far it is.

    Exits 3 where the internal API did not answer, or an order cannot be read.
    """
    with opened() as desk:
        answer = desk.ask(lambda cancel: desk.desk.orders(cancel, tenant=tenant, open_only=open_, limit=max(limit, 1)))
        found = read(answer)
        print_rows(ORDERS, found, output, desk.now())
    if answer.error is not None:
        say(f"tenure: {answer.error}")
        return UNANSWERED
    return OK


def _fields() -> Iterator[Field[OrderRecord]]:
    yield Field("created_at", Kind.AGE, lambda it: it.created_at, "AGE", 8, priority=2)
    yield Field("state", Kind.TEXT, lambda it: it.state, "STATE", 9, priority=1)
    yield Field("action", Kind.TEXT, lambda it: it.plan.asked.action, "ACTION", 18, priority=1)
    yield Field(
        "tenants", Kind.TEXTS, lambda it: tuple(one.tenant for one in it.plan.tenants), "TENANTS", 16, priority=1
    )
    yield Field("steps_done", Kind.NUMBER, _done, "DONE", 4, priority=3)
    yield Field("steps", Kind.NUMBER, lambda it: len(it.plan.steps), "STEPS", 5, priority=3)
    yield Field("author", Kind.TEXT, lambda it: it.author, "AUTHOR", 16, priority=4)
    yield Field("approved_by", Kind.TEXT, lambda it: it.approved_by, "AGREED", 16, priority=6)
    yield Field("order", Kind.TEXT, lambda it: it.id, "KEY", 32, priority=1)
    yield Field("failure", Kind.TEXT, lambda it: it.failure, "FAILURE", 20, priority=5)
    yield Field("title", Kind.TEXT, lambda it: it.plan.title)
    yield Field("digest", Kind.TEXT, lambda it: it.plan.digest)
    yield Field("ticket", Kind.TEXT, lambda it: it.ticket)
    yield Field("reason", Kind.TEXT, lambda it: it.reason)
    yield Field("role", Kind.TEXT, lambda it: it.role)
    yield Field("origin", Kind.TEXT, lambda it: it.origin)
    yield Field("approved_at", Kind.INSTANT, lambda it: it.approved_at)
    yield Field("ended_at", Kind.INSTANT, lambda it: it.ended_at)


def _done(order: OrderRecord) -> int:
    return sum(step.state is StepState.DONE for step in order.steps)


ORDERS: Area[OrderRecord] = Area(
    name="orders",
    title="Orders",
    key=None,
    fields=tuple(_fields()),
    rows=lambda _: (),
    row_key=lambda order: order.id,
    tenant=lambda _: None,
    status=lambda _: None,
)
"""Fields to print orders by. It is no area of the console: its rows do not come from the fleet's picture."""
