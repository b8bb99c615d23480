"""A small server of orders that keeps them in memory and fails where a test wants it to."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from services.wire.orders import Asked, Decision, OrderRecord, OrderRequest, OrderState, Plan
from tests.support.faulty import Exchange, Faulty, serve_faulty
from tests.support.plans import order, plan

Fault: TypeAlias = Callable[[Exchange, Callable[[], None]], None]
"""What happens instead of an answer; the second carries out what was asked, and answers."""
_ORDER: Final = re.compile(r"/orders/([0-9a-f]{32})(/approve|/cancel)?")


def before(exchange: Exchange, _: Callable[[], None]) -> None:
    """The connection breaks before anything is carried out."""
    exchange.reset()


def after(exchange: Exchange, carry_out: Callable[[], None]) -> None:
    """It is carried out, and the answer is lost."""
    carry_out()
    exchange.reset()


def problem(status: int, detail: str, *parts: tuple[str, str]) -> Fault:
    """Refused, with a problem document."""
    errors = {"errors": [{"where": where, "what": what} for where, what in parts]} if parts else {}
    body = json.dumps({"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **errors}).encode()

    def fault(exchange: Exchange, _: Callable[[], None]) -> None:
        exchange.answer(status, body, {"Content-Type": "application/problem+json"})

    return fault


def answering(body: bytes, status: int = 200) -> Fault:
    """Answers with these bytes, having carried out what was asked."""

    def fault(exchange: Exchange, carry_out: Callable[[], None]) -> None:
        carry_out()
        exchange.answer(status, body)

    return fault


@dataclass
class DeskServer:
    """The orders, the plan that is made of whatever is asked, and the faults that are still to come by operation."""

    make: Callable[[Asked], Plan] = lambda asked: plan(asked.tenants, key=asked.key, fields=asked.fields)
    orders: dict[str, OrderRecord] = field(default_factory=dict)
    faults: dict[str, list[Fault | None]] = field(default_factory=lambda: defaultdict(list))
    """``POST /orders`` → what becomes of each request in turn; ``None`` and after the last: the truth."""
    wire: Faulty | None = None
    further: Callable[[OrderRecord], OrderRecord] = lambda record: record
    """What has become of an order whenever it is asked for."""

    @property
    def operations(self) -> list[str]:
        """What was asked, in order: ``GET /orders/…``."""
        assert self.wire is not None
        return [" ".join(head.split(" ", 2)[:2]) for head in self.wire.requests]

    @property
    def heads(self) -> list[str]:
        assert self.wire is not None
        return self.wire.requests

    def handle(self, exchange: Exchange) -> None:
        found = _ORDER.fullmatch(exchange.path)
        path = f"/orders/KEY{found[2] or ''}" if found else exchange.path
        operation = f"{exchange.method} {path}"
        status, value = 0, b""

        def carry_out() -> None:
            nonlocal status, value
            status, value = self._carry_out(operation, found[1] if found else "", exchange)

        coming = self.faults[operation]
        fault = coming.pop(0) if coming else None
        if fault is not None:
            fault(exchange, carry_out)
            return
        carry_out()
        tag = f'"{hash(value):x}"'
        if f"if-none-match: {tag}" in exchange.head.lower():
            exchange.answer(304, headers={"ETag": tag})
            return
        media = "application/json" if status < 400 else "application/problem+json"
        exchange.answer(status, value, {"Content-Type": media, "ETag": tag, "X-Request-Id": "r-4711"})

    def _carry_out(self, operation: str, key: str, exchange: Exchange) -> tuple[int, bytes]:
        match operation:
            case "POST /plans":
                return 200, _json(self.make(Asked.model_validate_json(exchange.body)))
            case "POST /orders":
                request = OrderRequest.model_validate_json(exchange.body)
                key = request.plan.asked.key
                new = key not in self.orders
                if new:
                    state = OrderState.WAITING if request.plan.approval else OrderState.ACCEPTED
                    self.orders[key] = order(request.plan, state, ticket=request.ticket, reason=request.reason)
                return 201 if new else 200, _json(self.orders[key])
            case "GET /orders":
                items = [record.model_dump(mode="json") for record in self.orders.values()]
                return 200, json.dumps({"items": items, "next": None, "total": len(items)}).encode()
        if key not in self.orders:
            return 404, json.dumps({"detail": f"there is no order {key}"}).encode()
        record = self.orders[key]
        if operation.endswith(("/approve", "/cancel")):
            decision = Decision.model_validate_json(exchange.body)
            assert decision.digest == record.plan.digest
            approved = operation.endswith("/approve")
            members: dict[str, Any] = (
                {"approved_by": "anna", "state": OrderState.ACCEPTED}
                if approved
                else {"state": OrderState.CANCELLED, "failure": decision.reason}
            )
            self.orders[key] = record.model_copy(update=members)
        else:
            self.orders[key] = self.further(record)
        return 200, _json(self.orders[key])


@contextmanager
def serve_desk(server: DeskServer | None = None) -> Iterator[DeskServer]:
    """Serve it on loopback."""
    server = server or DeskServer()
    with serve_faulty(server.handle) as wire:
        server.wire = wire
        yield server


def _json(record: Plan | OrderRecord) -> bytes:
    return record.model_dump_json().encode()
