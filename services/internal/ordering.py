"""Handing orders in and following them; the ``OrderDesk`` of the console.

A plan's key makes it the same order however often it arrives. All the same nothing is repeated blindly: where the
answer of a write is lost, what stands there tells what became of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Final, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from services.internal.records import Bad, PageParser, UnreadablePageError
from services.internal.sending import Ask, Reply, Send, unless
from services.model import Outcome
from services.orders.desk import Answer
from services.wire.orders import Asked, Decision, OrderRecord, OrderRequest, OrderState, Plan

PAGE_SIZE: Final = 200
PATIENCE: Final = 30.0
"""Seconds: before it plans the server may have to ask AWS."""
KEPT: Final = 32
"""Orders that are kept with their tags, so that following one asks only whether it is further."""

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound=BaseModel)
Judge: TypeAlias = Callable[[OrderRecord], str | None]
"""Of the order that stands there: ``None``, it is as the write leaves it; else why it never will be; "", not so far."""
DECIDED: Final = frozenset({403, 404, 409, 412, 422})
"""Statuses whose words stand alone."""
ROLLED_BACK: Final = frozenset({500, 503})
"""Statuses of a server that has come to an end: nothing of it is still on its way."""


class Desk:
    """See ``OrderDesk``. Safe to use from several threads."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._parser = PageParser("orders", OrderRecord)
        self._kept: dict[str, tuple[str, OrderRecord]] = {}
        self._lock = threading.Lock()

    def plan(self, asked: Asked, cancel: threading.Event) -> Answer[Plan]:
        """See ``OrderDesk``. It changes nothing, so it is asked again where that may help."""
        ask = Ask("POST", "/plans", body=_body(asked), patience=PATIENCE, harmless=True)
        answer = _read(Plan, self._send(ask, cancel))
        if answer.value is not None and answer.value.asked != asked:
            return Answer(None, Outcome.FAILED, answer.status, "the plan is one of something else that was asked")
        return answer

    def submit(self, request: OrderRequest, cancel: threading.Event) -> Answer[OrderRecord]:
        """See ``OrderDesk``. Where the answer is lost the order is looked up, and sent once more if it is not there."""
        key = request.plan.asked.key

        def there(order: OrderRecord) -> str | None:
            return None if order.plan.digest == request.plan.digest else f"the order {key} is another one"

        ask = Ask("POST", "/orders", body=_body(request), patience=PATIENCE)
        answer = self._written(ask, key, there, cancel)
        if answer.undecided and answer.status == HTTPStatus.NOT_FOUND and not cancel.is_set():
            answer = self._written(ask, key, there, cancel)
        return answer

    def order(self, key: str, cancel: threading.Event) -> Answer[OrderRecord]:
        """See ``OrderDesk``."""
        kept = self._kept.get(key)
        reply = self._send(Ask("GET", f"/orders/{key}", headers=unless(kept[0] if kept else None)), cancel)
        if reply.unchanged and kept is not None:
            return _answer(reply, kept[1])
        answer = _read(OrderRecord, reply)
        if answer.value is not None and answer.value.id != key:
            return Answer(
                None, Outcome.FAILED, reply.status, "the answer is another order", request_id=reply.request_id
            )
        if answer.value is not None and reply.tag is not None:
            with self._lock:
                self._kept.pop(key, None)
                self._kept[key] = reply.tag, answer.value
                while len(self._kept) > KEPT:
                    del self._kept[next(iter(self._kept))]
        return answer

    def orders(
        self, cancel: threading.Event, *, tenant: str | None = None, open_only: bool = False, limit: int = PAGE_SIZE
    ) -> Answer[tuple[OrderRecord, ...]]:
        """See ``OrderDesk``. Orders that cannot be read are left out, and ``error`` tells of them."""
        parameters = ({"tenant": tenant} if tenant is not None else {}) | ({"open": "true"} if open_only else {})
        found: dict[str, OrderRecord] = {}
        bad: list[Bad] = []
        cursors: set[str] = set()
        size = 0
        while True:
            parameters["limit"] = str(min(limit - len(found), PAGE_SIZE))
            reply = self._send(Ask("GET", "/orders", dict(parameters)), cancel)
            if reply.outcome is not Outcome.SEEN:
                return _answer(reply, None)
            try:
                page = self._parser.parse(reply.body, size)
            except UnreadablePageError as error:
                return replace(_answer(reply, None), outcome=Outcome.FAILED, error=str(error))
            size += page.size
            bad += page.bad
            found |= {order.id: order for _, order in page.records if order.id not in found}
            if page.next is None or len(found) >= limit:
                break
            if page.next in cursors or not page.size:
                return replace(_answer(reply, None), outcome=Outcome.FAILED, error="the pages of orders have no end")
            cursors.add(page.next)
            parameters["cursor"] = page.next
        orders = tuple(found.values())[:limit]
        outcome = Outcome.SEEN if orders or bad else Outcome.EMPTY
        return replace(_answer(reply, orders), outcome=outcome, error=_unread(bad))

    def approve(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:
        """See ``OrderDesk``."""

        def there(order: OrderRecord) -> str | None:
            return None if order.approved_by is not None else _unless_waiting(order)

        return self._written(Ask("POST", f"/orders/{key}/approve", body=_body(decision)), key, there, cancel)

    def review(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:
        """See ``OrderDesk``."""

        def there(order: OrderRecord) -> str | None:
            return None if order.reviewed_by is not None else ""

        return self._written(Ask("POST", f"/orders/{key}/review", body=_body(decision)), key, there, cancel)

    def withdraw_order(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:
        """See ``OrderDesk``."""

        def there(order: OrderRecord) -> str | None:
            return None if order.state is OrderState.CANCELLED else _unless_waiting(order)

        return self._written(Ask("POST", f"/orders/{key}/cancel", body=_body(decision)), key, there, cancel)

    def _written(self, ask: Ask, key: str, judge: Judge, cancel: threading.Event) -> Answer[OrderRecord]:
        """Sends a write, and looks the order up where the answer is lost or cannot be read.

        Where there is no order the status is 404; where it is not known what became of the write, ``undecided``.
        """
        reply = self._send(ask, cancel)
        answer = _read(OrderRecord, reply)
        if answer.value is not None and answer.value.id == key:
            return answer
        if not reply.undecided and reply.outcome is not Outcome.SEEN:
            return answer
        reason = answer.error or "the answer is another order"
        seen = self.order(key, cancel)
        failed = replace(seen, value=None, outcome=Outcome.FAILED, parts=answer.parts)
        if seen.value is not None:
            words = judge(seen.value)
            if words is None:
                return seen
            if words:
                return replace(failed, error=f"it was not carried out: {words}")
        elif seen.status != HTTPStatus.NOT_FOUND:
            words = f"it is not known whether it was carried out: {reason}; it cannot be looked up: {seen.error}"
            return replace(failed, error=words, undecided=True)
        # what is still on its way may arrive after the look
        late = reply.status not in ROLLED_BACK
        words = f"it was not carried out{' so far' if late else ''}: {reason}"
        return replace(failed, error=words, undecided=late)


def _unless_waiting(order: OrderRecord) -> str:
    return "" if order.state is OrderState.WAITING else f"it is {order.state}"


def _read(model: type[ModelT], reply: Reply) -> Answer[ModelT]:
    if reply.outcome is not Outcome.SEEN:
        return _answer(reply, None)
    try:
        return _answer(reply, model.model_validate_json(reply.body, strict=True))
    except ValidationError as error:
        one = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, one["loc"])) or "answer"
        words = f"the answer cannot be read: {where}: {one['msg']}"
        return replace(_answer(reply, None), outcome=Outcome.FAILED, error=words)


def _answer(reply: Reply, value: T | None) -> Answer[T]:
    return Answer(
        value,
        reply.outcome,
        reply.status,
        None if reply.outcome is Outcome.SEEN else _why(reply),
        reply.parts,
        reply.request_id,
    )


def _why(reply: Reply) -> str | None:
    """The server's own words where it decided; else also the status, which tells who failed."""
    return reply.detail or reply.error if reply.status in DECIDED else reply.error


def _body(record: BaseModel) -> bytes:
    return record.model_dump_json().encode()


def _unread(bad: list[Bad]) -> str | None:
    """What is missing from an answer that was otherwise read."""
    if not bad:
        return None
    first = bad[0].record
    return f"{len(bad)} orders cannot be read, the first is {first.id or f'number {first.position}'}: {first.reason}"
