"""The endpoints of orders: plan, hand over, follow, agree, take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Path, Query, Request
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection
from starlette.responses import Response

from services.controlplane.answering import answer_page
from services.controlplane.audit_routes import OfTenant
from services.controlplane.cursors import cursor_text, position
from services.controlplane.marks import ORDERS
from services.controlplane.openapi import body_of, problems, read, written
from services.controlplane.order_book import read_order, read_orders
from services.controlplane.ordering import Ordering, cursor_of
from services.controlplane.problems import encode, problem, validation_parts
from services.controlplane.refusals import NotDoneError
from services.controlplane.registry import Item
from services.controlplane.routes import ID_IN_HEX, Condition, actor_of, read_body, tagged
from services.controlplane.store import Database
from services.now import Now
from services.wire.orders import Asked, Decision, OrderRecord, OrderRequest, Plan
from services.wire.registry import Page

KeyPath = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Older = Annotated[str | None, Query(pattern="^[0-9a-f]{15}" + ID_IN_HEX, description="`next` of the page before")]
Few = Annotated[int, Query(ge=1, le=200, description="how many orders at most")]
PLAN_LIMIT = 8 * 1024 * 1024
"""Bytes of a plan: a thousand tenants with what was read of each."""
AT_ONCE: Final = 16
"""Requests that are planned, and as many that are handed over, at the same time; more wait for their turn, without a
thread."""
ModelT = TypeVar("ModelT", bound=BaseModel)


class OrderEndpoints:
    """Each a method that knows HTTP and leaves the rest to ``Ordering``."""

    def __init__(self, database: Database, ordering: Ordering, now: Now) -> None:
        self._database = database
        self._ordering = ordering
        self._now = now
        # they may wait for AWS: with the threads of all other requests nothing would be answered meanwhile; and who
        # only looks does not stand in line with those who write
        self._planning = CapacityLimiter(AT_ONCE)
        self._waiting = CapacityLimiter(AT_ONCE)

    async def plan(self, request: Request) -> Response:
        body = await read_body(request)

        def plan() -> Response:
            asked = _read(Asked, body)
            return asked if isinstance(asked, Response) else _answer(lambda: (self._ordering.plan(asked), 200))

        return await to_thread.run_sync(plan, limiter=self._planning)

    async def submit(self, request: Request) -> Response:
        body = await read_body(request, PLAN_LIMIT)
        actor = actor_of(request, self._now)

        def submit() -> Response:
            wanted = _read(OrderRequest, body)
            if isinstance(wanted, Response):
                return wanted

            def kept() -> tuple[BaseModel, int]:
                order, new = self._ordering.submit(wanted, actor)
                return order, 201 if new else 200

            return _answer(kept)

        return await to_thread.run_sync(submit, limiter=self._waiting)

    def list(
        self,
        tenant: OfTenant = None,
        open: bool = False,  # noqa: A002 - the query's own word
        limit: Few = 50,
        cursor: Older = None,
        if_none_match: Condition = None,
    ) -> Response:
        before = None if cursor is None else position(cursor)

        def read(connection: Connection) -> tuple[list[Item], str | None, int]:
            found, more, total = read_orders(connection, tenant=tenant, open_only=open, before=before, limit=limit)
            following = cursor_text(*cursor_of(found[-1])) if more else None
            return [order.model_dump(mode="json") for order in found], following, total

        return answer_page(self._database, ORDERS, (tenant, open, limit, cursor), if_none_match, read)

    def get(self, key: KeyPath, if_none_match: Condition = None) -> Response:
        with self._database.read() as connection:
            order = read_order(connection, key)
        if order is None:
            return problem(404, f"there is no order {key}")
        return tagged(encode(order.model_dump(mode="json")), if_none_match)

    async def approve(self, request: Request, key: KeyPath) -> Response:
        return await self._decide(request, lambda decision, actor: self._ordering.approve(key, decision, actor))

    async def cancel(self, request: Request, key: KeyPath) -> Response:
        return await self._decide(request, lambda decision, actor: self._ordering.withdraw(key, decision, actor))

    async def review(self, request: Request, key: KeyPath) -> Response:
        return await self._decide(request, lambda decision, actor: self._ordering.review(key, decision, actor))

    async def _decide(self, request: Request, decide: Callable[..., OrderRecord]) -> Response:
        decision = _read(Decision, await read_body(request))
        if isinstance(decision, Response):
            return decision
        actor = actor_of(request, self._now)
        return await to_thread.run_sync(_answer, lambda: (decide(decision, actor), 200), limiter=self._waiting)


def _read(model: type[ModelT], body: bytes) -> ModelT | Response:
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        parts = validation_parts(error.errors(include_input=False, include_url=False), inside="body")
        return problem(422, f"the body is no {model.__name__}", parts=parts)


def _answer(ask: Callable[[], tuple[BaseModel, int]]) -> Response:
    try:
        value, status = ask()
    except NotDoneError as refused:
        return problem(refused.status, str(refused), parts=refused.parts)
    return Response(encode(value.model_dump(mode="json")), status_code=status, media_type="application/json")


def add_order_routes(app: FastAPI, database: Database, ordering: Ordering, now: Now) -> None:
    """Add the routes of orders to ``app``."""
    endpoints = OrderEndpoints(database, ordering, now)

    def described(operation: str, summary: str, *statuses: int, body: type[BaseModel] | None = None) -> dict[str, Any]:
        return {
            "operation_id": operation,
            "summary": summary,
            "tags": ["orders"],
            "responses": read(*statuses) if body is None else problems(*statuses),
            "openapi_extra": {} if body is None else body_of(body),
        }

    app.post(
        "/plans",
        response_model=Plan,
        **described(
            "plan_order", "What an order would do, onto what stands there now", 401, 403, 409, 413, 415, 422, body=Asked
        ),
    )(endpoints.plan)
    handing = described(
        "add_order",
        "Hand over a plan to be carried out; once for its key",
        401,
        403,
        409,
        412,
        413,
        415,
        422,
        body=OrderRequest,
    )
    written(handing["responses"], OrderRecord, created="kept", again="it was there already")
    app.post("/orders", response_model=OrderRecord, **handing)(endpoints.submit)
    reading = described("list_orders", "A page of orders, newest first", 401, 422)
    one = described("get_order", "One order, and how far it is", 401, 404, 422)
    app.get("/orders", response_model=Page[OrderRecord], **reading)(endpoints.list)
    app.get("/orders/{key}", response_model=OrderRecord, **one)(endpoints.get)
    for word, summary, endpoint in (
        ("approve", "The second person agrees with the plan of that digest", endpoints.approve),
        ("cancel", "Take back an order that waits", endpoints.cancel),
        ("review", "Another approver has looked at an order that did without a second person", endpoints.review),
    ):
        statuses = (401, 403, 404, 409, 412, 413, 415, 422)
        app.post(
            f"/orders/{{key}}/{word}",
            response_model=OrderRecord,
            **described(f"{word}_order", summary, *statuses, body=Decision),
        )(endpoint)
