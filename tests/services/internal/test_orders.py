"""Orders over HTTP, and from servers that answer oddly or have none."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from services.internal.client import InternalApi
from services.internal.orders import OrdersReader
from services.internal.sending import Ask, Reply
from services.model import Observation, Order, OrderState, Outcome
from services.wire.orders import Asked, OrderRecord, OrderRequest, StepState
from tests.support.api import AT, Registry, serve_api, token
from tests.support.plans import order, plan
from tests.support.registry import party, tenant

NEVER = threading.Event()


def record(number: int, state: OrderState = OrderState.DONE) -> OrderRecord:
    """The order of that number, made so many minutes after the first."""
    created = AT + timedelta(minutes=number)
    return order(plan(key=f"{number:032x}"), state, created_at=created)


@dataclass
class Server:
    """Answers as the reference server does: newest first, a tag on each page."""

    orders: dict[str, OrderRecord] = field(default_factory=dict)
    asked: list[Ask] = field(default_factory=list)
    tag: str | None = '"1"'
    cut: int = 0
    """So many of the open ones are left out, though they are counted."""

    def __call__(self, ask: Ask, cancel: threading.Event) -> Reply:
        self.asked.append(ask)
        if self.tag and ask.headers.get("If-None-Match") == self.tag:
            return Reply(Outcome.SEEN, status=304, tag=self.tag)
        wanted = [it for it in self.orders.values() if "open" not in ask.parameters or not it.state.ended]
        wanted.sort(key=lambda it: it.created_at, reverse=True)
        start, limit = int(ask.parameters.get("cursor", "0")), int(ask.parameters["limit"])
        shown = wanted[start : start + limit][: len(wanted) - self.cut]
        following = str(start + limit) if start + limit < len(wanted) else None
        items = [json.loads(it.model_dump_json()) for it in shown]
        body = json.dumps({"items": items, "next": following, "total": len(wanted)}).encode()
        return Reply(Outcome.SEEN, body, status=200, tag=self.tag)


def read(reader: OrdersReader) -> Observation[tuple[Order, ...]]:
    return reader.read(NEVER)


def test_all_that_are_open_and_the_newest_are_read() -> None:
    """An order that waits is seen however many came after it; of the ended the newest 200 are, newest first."""
    server = Server({f"{n}": record(n, OrderState.WAITING if n < 3 else OrderState.DONE) for n in range(500)})
    seen = read(OrdersReader(server, lambda: AT))
    assert seen.outcome is Outcome.SEEN
    assert [int(it.id, 16) for it in seen.value or ()] == [*range(499, 299, -1), 2, 1, 0]


def test_many_open_orders_are_read_to_their_end() -> None:
    """Over as many pages as it takes."""
    server = Server({f"{n}": record(n, OrderState.WAITING) for n in range(450)})
    assert len(read(OrdersReader(server, lambda: AT)).value or ()) == 450


def test_what_has_not_changed_is_not_sent_again() -> None:
    """Each page is asked with the tag that it bore, and stands as it was."""
    server = Server({"1": record(1, OrderState.WAITING), "2": record(2)})
    reader = OrdersReader(server, lambda: AT)
    first, again = read(reader), read(reader)
    assert [ask.headers.get("If-None-Match") for ask in server.asked] == [None, None, '"1"', '"1"']
    assert again.value == first.value
    server.tag, server.orders["1"] = '"2"', record(1, OrderState.DONE)
    assert {it.state for it in read(reader).value or ()} == {OrderState.DONE}


def test_an_order_says_how_far_it_is() -> None:
    """Steps whose effect stands are counted, a stuck one too; the step named is the one that runs, or the next."""
    steps = [StepState.DONE, StepState.RUNNING, StepState.PENDING]
    of = plan(["acme", "contoso", "fabrikam"], key="a" * 32)
    running = order(of, OrderState.RUNNING, steps)
    half = order(plan(["x", "y"], key="b" * 32), OrderState.HALF_DONE, [StepState.STUCK, StepState.UNDONE])
    seen = read(OrdersReader(Server({"1": running, "2": half}), lambda: AT)).value or ()
    found = {it.id[0]: it for it in seen}
    assert (found["a"].steps_done, found["a"].steps) == (1, 3)
    assert found["a"].step == "contoso renewed to the end of 2027-11-30"
    assert found["a"].tenants == ("acme", "contoso", "fabrikam")
    assert (found["b"].steps_done, found["b"].step) == (1, None)


def test_a_server_without_orders_is_no_failure() -> None:
    """A vendor's API of an older contract answers 404: there is nothing, and it says so."""
    reply = Reply(Outcome.FAILED, status=404, error="answered 404")
    seen = read(OrdersReader(lambda ask, cancel: reply, lambda: AT))
    assert (seen.outcome, seen.outcome.answered, seen.value, seen.error) == (Outcome.NOT_OFFERED, True, (), None)


def test_a_server_that_had_orders_does_not_lose_them_by_a_404() -> None:
    """What stands in between may answer anything; orders that waited still wait."""
    server = Server({"1": record(1, OrderState.WAITING)})
    replies = {"lost": False}

    def send(ask: Ask, cancel: threading.Event) -> Reply:
        lost = Reply(Outcome.FAILED, status=404, error="answered 404")
        return lost if replies["lost"] else server(ask, cancel)

    reader = OrdersReader(send, lambda: AT)
    read(reader)
    replies["lost"] = True
    assert (read(reader).outcome, read(reader).value) == (Outcome.FAILED, None)


@pytest.mark.parametrize(
    ("reply", "outcome", "error"),
    [
        (Reply(Outcome.DENIED, error="answered 403", status=403), Outcome.DENIED, "answered 403"),
        (Reply(Outcome.SEEN, b"<html>", status=200), Outcome.FAILED, "not JSON"),
        (Reply(Outcome.SEEN, b'{"items":[],"next":"1"}', status=200), Outcome.FAILED, "no end"),
        (Reply(Outcome.SEEN, status=304), Outcome.FAILED, "was not asked that"),
    ],
)
def test_orders_that_cannot_be_read_are_none_that_are_known(reply: Reply, outcome: Outcome, error: str) -> None:
    """Refused, garbled, without end, or said to be unchanged to somebody who has nothing."""
    seen = read(OrdersReader(lambda ask, cancel: reply, lambda: AT))
    assert (seen.outcome, seen.value) == (outcome, None)
    assert error in (seen.error or "")


def test_open_orders_that_are_cut_short_are_no_answer() -> None:
    """The server counts more than it shows: one that waits could be among those that are missing."""
    server = Server({f"{n}": record(n, OrderState.WAITING) for n in range(5)}, cut=2)
    seen = read(OrdersReader(server, lambda: AT))
    assert (seen.outcome, seen.error) == (Outcome.FAILED, "the pages ended after 3 of 5 orders")


def test_an_order_that_cannot_be_read_hides_no_other() -> None:
    """It is counted once, though both questions bring it, and the answer says so."""
    good = record(1).model_dump_json()
    body = f'{{"items":[{good},{{"id":"odd"}}],"next":null,"total":2}}'.encode()
    seen = read(OrdersReader(lambda ask, cancel: Reply(Outcome.SEEN, body, status=200), lambda: AT))
    assert (seen.outcome, len(seen.value or ())) == (Outcome.SEEN, 1)
    assert (seen.error or "").startswith("1 orders cannot be read, the first is odd: ")


def test_orders_of_the_reference_server(tmp_path: Path) -> None:
    """What is handed in over HTTP is read with its tenants, author and state; and not at all before."""
    registry = Registry(parties=[party("northwind")], tenants=[tenant("acme")])
    with (
        serve_api(tmp_path, registry) as address,
        InternalApi(address, token("operator"), now=lambda: AT, default_zone="UTC") as api,
    ):
        before = api.orders(NEVER)
        fields = {"basis": "litigation", "owner": "legal@example.org", "reason": "claim 77"}
        planned = api.desk.plan(Asked(key="c" * 32, action="hold-place", tenants=("acme",), fields=fields), NEVER)
        assert planned.value is not None, (planned.error, planned.parts)
        handed = api.desk.submit(OrderRequest(plan=planned.value, ticket="T-1"), NEVER)
        assert handed.value is not None, (handed.error, handed.parts)
        after, again = api.orders(NEVER), api.orders(NEVER)
    assert (before.outcome, before.value) == (Outcome.EMPTY, ())
    assert [(it.id, it.tenants, it.state, it.author) for it in after.value or ()] == [
        ("c" * 32, ("acme",), OrderState.ACCEPTED, "operator@example.org")
    ]
    assert again.value == after.value
    assert after.source.name == "internal:GET /orders"
