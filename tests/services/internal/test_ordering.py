"""The client of orders: every answer a value or a reason, and a lost one looked up before anything is said."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from services.internal.client import InternalApi
from services.internal.retry import Backoff
from services.model import Outcome
from services.orders.desk import OrderDesk
from services.wire.orders import Asked, Decision, OrderRequest, OrderState
from services.wire.registry import ProblemPart
from tests.support.api import AT
from tests.support.desk import DeskServer, Fault, after, answering, before, problem, serve_desk
from tests.support.plans import KEY, order, plan

QUICK = Backoff(first=0.01, longest=0.02)
TOKEN = "sesame-4711-secret"
ASKED = Asked(key=KEY, action="renew", tenants=("acme",), fields={"until": "2027-11-30"})
OTHER = "f" * 32


@pytest.fixture
def server() -> Iterator[DeskServer]:
    with serve_desk() as server:
        yield server


@pytest.fixture
def api(server: DeskServer) -> Iterator[InternalApi]:
    assert server.wire is not None
    with InternalApi(server.wire.address, TOKEN, now=lambda: AT, default_zone="UTC", backoff=QUICK) as api:
        yield api


@pytest.fixture
def desk(api: InternalApi) -> OrderDesk:
    return api.desk


def waiting() -> threading.Event:
    return threading.Event()


def test_a_plan_becomes_an_order_and_is_followed(server: DeskServer, desk: OrderDesk) -> None:
    """What is planned is what is handed over; the same plan handed over twice is one order."""
    planned = desk.plan(ASKED, waiting())
    assert planned.value == plan()
    assert (planned.outcome, planned.status, planned.error, planned.undecided) == (Outcome.SEEN, 200, None, False)
    request = OrderRequest(plan=planned.value, ticket="SO-1", reason="renewed by mail")
    kept = desk.submit(request, waiting())
    assert (kept.status, kept.value) == (201, server.orders[KEY])
    assert kept.value is not None
    assert (kept.value.ticket, kept.value.reason) == ("SO-1", "renewed by mail")
    assert desk.submit(request, waiting()).status == 200
    assert desk.order(KEY, waiting()).value == kept.value
    assert [one.id for one in desk.orders(waiting()).value or ()] == [KEY]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (problem(409, "fabrikam: it is dismissed", ("fields.until", "is past")), Outcome.FAILED),
        (problem(422, "the body is no Asked", ("body.fields", "too many")), Outcome.FAILED),
        (problem(403, "the role viewer may not do this"), Outcome.DENIED),
        (problem(401, "no such token"), Outcome.DENIED),
    ],
)
def test_a_refused_plan_says_why_and_where(server: DeskServer, desk: OrderDesk, fault: Fault, outcome: Outcome) -> None:
    """The server's own words without the status, and the fields that are wrong."""
    server.faults["POST /plans"] = [fault]
    answer = desk.plan(ASKED, waiting())
    assert (answer.value, answer.outcome, answer.undecided) == (None, outcome, False)
    assert (answer.error or "").startswith("answered") is (answer.status == 401)
    if answer.status == 409:
        assert answer.error == "fabrikam: it is dismissed"
        assert answer.parts == (ProblemPart(where="fields.until", what="is past"),)


@pytest.mark.parametrize("fault", [before, after, problem(503, "busy"), problem(429, "slower")])
def test_a_plan_is_a_question_and_is_asked_again(server: DeskServer, desk: OrderDesk, fault: Fault) -> None:
    """It changes nothing, so a line that drops costs a retry and no more."""
    server.faults["POST /plans"] = [fault, fault]
    assert desk.plan(ASKED, waiting()).value == plan()
    assert server.operations == ["POST /plans"] * 3


def test_a_plan_of_something_else_is_no_answer(server: DeskServer, desk: OrderDesk) -> None:
    """Nobody confirms another tenant's plan."""
    server.faults["POST /plans"] = [answering(plan(["contoso"]).model_dump_json().encode())]
    answer = desk.plan(ASKED, waiting())
    assert (answer.value, answer.outcome) == (None, Outcome.FAILED)
    assert answer.error == "the plan is one of something else that was asked"


def test_a_plan_that_no_longer_holds_is_refused_with_every_difference(server: DeskServer, desk: OrderDesk) -> None:
    """All of them, also those beyond what fits a line; nothing is looked up, since the server has decided."""
    parts = [("plan", f"tenants/t-{number} state: grace → active") for number in range(7)]
    server.faults["POST /orders"] = [problem(412, "what the plan rests on has changed", *parts)]
    answer = desk.submit(OrderRequest(plan=plan()), waiting())
    assert (answer.value, answer.status, answer.undecided) == (None, 412, False)
    assert answer.error == "what the plan rests on has changed"
    assert [(part.where, part.what) for part in answer.parts] == parts
    assert server.operations == ["POST /orders"]


def test_an_order_whose_answer_was_lost_is_looked_up(server: DeskServer, desk: OrderDesk) -> None:
    """It was kept: that is what is told, and it is not sent again."""
    server.faults["POST /orders"] = [after]
    answer = desk.submit(OrderRequest(plan=plan()), waiting())
    assert (answer.value, answer.outcome, answer.undecided) == (server.orders[KEY], Outcome.SEEN, False)
    assert server.operations == ["POST /orders", f"GET /orders/{KEY}"]


@pytest.mark.parametrize("garbage", [b"<html>Sign in</html>", b"", b"[]", order().model_dump_json().encode()[:-20]])
def test_an_answer_that_cannot_be_read_is_looked_up_as_well(
    server: DeskServer, desk: OrderDesk, garbage: bytes
) -> None:
    """Something answered 200 and it is no order: what stands there counts."""
    server.faults["POST /orders"] = [answering(garbage)]
    assert desk.submit(OrderRequest(plan=plan()), waiting()).value == server.orders[KEY]


def test_an_order_that_never_arrived_is_sent_once_more(server: DeskServer, desk: OrderDesk) -> None:
    """Looked up, not there, sent again: under its key it cannot become two."""
    server.faults["POST /orders"] = [before]
    answer = desk.submit(OrderRequest(plan=plan()), waiting())
    assert (answer.value, answer.status) == (server.orders[KEY], 201)
    assert server.operations == ["POST /orders", f"GET /orders/{KEY}", "POST /orders"]


def test_what_is_not_known_is_told_as_not_known(server: DeskServer, desk: OrderDesk) -> None:
    """Neither the answer nor the look came through: nobody claims that it was or was not carried out."""
    server.faults["POST /orders"] = [after]
    server.faults["GET /orders/KEY"] = [before] * 8
    answer = desk.submit(OrderRequest(plan=plan()), waiting())
    assert (answer.value, answer.outcome, answer.undecided) == (None, Outcome.FAILED, True)
    assert (answer.error or "").startswith("it is not known whether it was carried out: ")
    assert KEY in server.orders


def test_what_is_lost_twice_and_not_there_may_still_arrive(server: DeskServer, desk: OrderDesk) -> None:
    """Two sendings, two looks, no third; the answer says "so far" and that it is not decided."""
    server.faults["POST /orders"] = [before, before, before]
    answer = desk.submit(OrderRequest(plan=plan()), waiting())
    assert (answer.status, answer.undecided) == (404, True)
    assert (answer.error or "").startswith("it was not carried out so far: ")
    assert server.operations == ["POST /orders", f"GET /orders/{KEY}"] * 2


def test_a_server_that_failed_and_has_no_order_has_decided(server: DeskServer, desk: OrderDesk) -> None:
    """503 from the server itself, and no order of that key: it was not carried out, and its reason is told."""
    server.faults["POST /orders"] = [problem(503, "AWS did not answer")]
    answer = desk.submit(OrderRequest(plan=plan()), waiting())
    assert (answer.undecided, answer.error) == (False, "it was not carried out: answered 503 Words: AWS did not answer")
    assert server.operations == ["POST /orders", f"GET /orders/{KEY}"]


def test_another_order_of_the_same_key_is_never_taken_for_ours(server: DeskServer, desk: OrderDesk) -> None:
    """The look finds an order of another plan: ours was not carried out."""
    server.orders[KEY] = order(plan(["contoso"]), OrderState.WAITING)
    server.faults["POST /orders"] = [before]
    answer = desk.submit(OrderRequest(plan=plan()), waiting())
    assert (answer.value, answer.undecided) == (None, False)
    assert answer.error == f"it was not carried out: the order {KEY} is another one"


def test_where_nobody_could_be_reached_nothing_is_in_doubt() -> None:
    """No connection was made, so nothing can have arrived: it is no open question, and nothing is looked up."""
    with InternalApi("http://127.0.0.1:9", TOKEN, now=lambda: AT, default_zone="UTC", backoff=QUICK) as api:
        answer = api.desk.submit(OrderRequest(plan=plan()), waiting())
    assert (answer.value, answer.status, answer.undecided) == (None, 0, False)
    assert "no connection to 127.0.0.1:9: Connection refused" in (answer.error or "")


def decide(desk: OrderDesk, act: str) -> tuple[str | None, bool, OrderState | None]:
    decision = Decision(digest=plan(approval=True).digest, reason="as agreed")
    call = desk.approve if act == "approve" else desk.withdraw_order
    answer = call(KEY, decision, waiting())
    return answer.error, answer.undecided, answer.value.state if answer.value else None


@pytest.mark.parametrize(("act", "state"), [("approve", OrderState.ACCEPTED), ("cancel", OrderState.CANCELLED)])
@pytest.mark.parametrize("fault", [None, after, answering(b"[]")])
def test_a_second_person_s_word_is_settled_by_looking(
    server: DeskServer, desk: OrderDesk, act: str, state: OrderState, fault: Fault | None
) -> None:
    """Answered, lost or garbled: the order that stands there tells that it was heard, and it is said once."""
    server.orders[KEY] = order(plan(approval=True), OrderState.WAITING)
    server.faults[f"POST /orders/KEY/{act}"] = [fault]
    assert decide(desk, act) == (None, False, state)
    assert server.operations.count(f"POST /orders/{KEY}/{act}") == 1


@pytest.mark.parametrize("act", ["approve", "cancel"])
def test_a_word_that_was_lost_is_not_said_again(server: DeskServer, desk: OrderDesk, act: str) -> None:
    """The order still waits when it is looked at: the word may yet arrive, and only a person says it again."""
    server.orders[KEY] = order(plan(approval=True), OrderState.WAITING)
    server.faults[f"POST /orders/KEY/{act}"] = [before]
    error, undecided, state = decide(desk, act)
    assert (error or "").startswith("it was not carried out so far: ")
    assert (undecided, state) == (True, None)
    assert server.operations == [f"POST /orders/{KEY}/{act}", f"GET /orders/{KEY}"]


@pytest.mark.parametrize("act", ["approve", "cancel"])
def test_a_lost_word_that_came_too_late_is_told_so(server: DeskServer, desk: OrderDesk, act: str) -> None:
    """The look finds it void: that is decided."""
    server.orders[KEY] = order(plan(approval=True), OrderState.VOID)
    server.faults[f"POST /orders/KEY/{act}"] = [before]
    assert decide(desk, act) == ("it was not carried out: it is void", False, None)


def test_following_asks_only_whether_it_is_further(server: DeskServer, desk: OrderDesk) -> None:
    """An order that has not moved is not sent again; one that has is."""
    server.orders[KEY] = order(state=OrderState.RUNNING)
    first = desk.order(KEY, waiting()).value
    assert desk.order(KEY, waiting()).value == first
    assert "if-none-match" in server.heads[1].lower()
    server.orders[KEY] = order(state=OrderState.DONE)
    last = desk.order(KEY, waiting()).value
    assert last is not None
    assert last.state is OrderState.DONE


def test_an_order_that_there_is_not_is_no_failure_of_the_line(desk: OrderDesk) -> None:
    """404, in the server's words."""
    answer = desk.order(OTHER, waiting())
    assert (answer.value, answer.status, answer.error) == (None, 404, f"there is no order {OTHER}")


def test_another_order_than_was_asked_for_is_no_answer(server: DeskServer, desk: OrderDesk) -> None:
    """Who follows one order is never shown another."""
    server.orders[OTHER] = order()
    assert desk.order(OTHER, waiting()).error == "the answer is another order"


def test_a_record_that_cannot_be_read_hides_no_other(server: DeskServer, desk: OrderDesk) -> None:
    """The others are told, and that one is missing is told as well."""
    good = order().model_dump_json()
    body = f'{{"items":[{{"id":"{OTHER}"}},{good}],"next":null}}'.encode()
    server.faults["GET /orders"] = [answering(body)]
    answer = desk.orders(waiting())
    assert [one.id for one in answer.value or ()] == [KEY]
    assert (answer.error or "").startswith(f"1 orders cannot be read, the first is {OTHER}")


def test_pages_of_orders_are_read_to_the_limit_and_never_for_ever(server: DeskServer, desk: OrderDesk) -> None:
    """The filters are the server's; a cursor that comes again ends in a failure, not in a loop."""
    good = order().model_dump_json()
    page = f'{{"items":[{good}],"next":"c"}}'.encode()
    server.faults["GET /orders"] = [answering(page)]
    assert len(desk.orders(waiting(), tenant="acme", open_only=True, limit=1).value or ()) == 1
    assert server.operations == ["GET /orders?tenant=acme&open=true&limit=1"]
    server.faults["GET /orders"] = [answering(page), answering(page)]
    assert desk.orders(waiting()).error == "the pages of orders have no end"
    server.faults["GET /orders"] = [answering(b"[]")]
    assert "no page" in (desk.orders(waiting()).error or "")
    assert desk.orders(waiting()).outcome is Outcome.EMPTY


def test_the_token_stands_in_no_error(server: DeskServer, desk: OrderDesk) -> None:
    """Not even where the server repeats it, in its words or in a part."""
    server.faults["POST /plans"] = [problem(409, f"bearer {TOKEN}", ("fields.until", f"is {TOKEN}"))]
    answer = desk.plan(ASKED, waiting())
    assert TOKEN not in f"{answer}"
    assert answer.error == "bearer (token)"
