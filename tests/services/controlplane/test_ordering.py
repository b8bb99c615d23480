"""Plans and orders over HTTP, before any worker takes them: what is kept, what is refused, who may say what."""

from __future__ import annotations

import copy
import json
import secrets
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from services.controlplane.order_book import mark, move
from services.controlplane.order_tables import orders
from services.controlplane.store import Database
from services.wire.orders import OrderState, Plan, StepState
from tests.support.api import bearer

OPERATOR, APPROVER, VIEWER = bearer("operator"), bearer("approver"), bearer("viewer")
HOLD = {"basis": "litigation", "owner": "Legal", "reason": "a claim"}


def asked(action: str = "hold-place", tenant: str = "acme", **fields: str) -> dict[str, Any]:
    return {
        "key": secrets.token_hex(16),
        "action": action,
        "tenants": [tenant],
        "fields": fields or (HOLD if action == "hold-place" else {}),
    }


def planned(http: httpx.Client, body: dict[str, Any]) -> dict[str, Any]:
    answer = http.post("/plans", json=body, headers=OPERATOR)
    assert answer.status_code == 200, answer.text
    plan: dict[str, Any] = answer.json()
    return plan


def submitted(http: httpx.Client, plan: dict[str, Any], headers: dict[str, str] = OPERATOR) -> httpx.Response:
    return http.post("/orders", json={"plan": plan, "ticket": "T-1"}, headers=headers)


def placed_hold(http: httpx.Client) -> str:
    """A hold that stands, put there by the worker's own token."""
    body = {"id": "h-1", "tenant": "acme", "placed_at": "2026-11-01T00:00:00Z", **HOLD}
    assert http.put("/holds/h-1", json=body, headers=bearer("worker")).status_code == 201
    return "h-1"


def waiting(http: httpx.Client, headers: dict[str, str] = OPERATOR) -> dict[str, Any]:
    """An order that waits for a second person."""
    answer = submitted(http, planned(http, asked("hold-lift", hold=placed_hold(http))), headers)
    assert (answer.status_code, answer.json()["state"]) == (201, "waiting")
    order: dict[str, Any] = answer.json()
    return order


def decide(http: httpx.Client, order: dict[str, Any], word: str, headers: dict[str, str]) -> httpx.Response:
    body = {"digest": order["plan"]["digest"]}
    return http.post(f"/orders/{order['id']}/{word}", json=body, headers=headers)


def test_the_same_question_onto_the_same_state_is_the_same_plan(http: httpx.Client) -> None:
    """Planned twice, by different people, the digest is one; nothing is written by planning."""
    body = asked()
    before = http.get("/holds", headers=OPERATOR).json()
    plan = planned(http, body)
    other = http.post("/plans", json=body, headers=VIEWER).json()
    assert plan["digest"] == other["digest"]
    assert http.get("/holds", headers=OPERATOR).json() == before
    assert [step["call"]["path"] for step in plan["steps"]] == [f"/holds/hold-{body['key'][:12]}-1"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (asked("fly"), "action"),
        (asked(tenant="nobody"), "tenants"),
        (asked(basis="litigation", owner="Legal"), "fields.reason"),
        (asked(colour="red", **HOLD), "fields.colour"),
        (asked(expires="soon", **HOLD), "fields.expires"),
        (asked(expires="2020-01-01T00:00:00Z", **HOLD), "fields.expires"),
    ],
)
def test_what_cannot_be_planned_is_refused_where_it_is_wrong(
    unchanged: httpx.Client, body: dict[str, Any], where: str
) -> None:
    """An action, a tenant, a field that there is not, is missing, or makes no sense: 409, and the place."""
    answer = unchanged.post("/plans", json=body, headers=OPERATOR)
    assert (answer.status_code, [part["where"] for part in answer.json()["errors"]]) == (409, [where])


def test_an_order_is_kept_once_for_its_key(http: httpx.Client) -> None:
    """Sent again it is the same order; with another plan under its key it is refused."""
    plan = planned(http, asked())
    first, second = submitted(http, plan), submitted(http, plan)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["state"] == "accepted"
    other = planned(http, {**asked(), "key": plan["asked"]["key"], "fields": {**HOLD, "owner": "Court"}})
    assert submitted(http, other).status_code == 409
    assert http.get("/orders", headers=VIEWER).json()["total"] == 1


def test_nobody_smuggles_a_call_into_a_plan(http: httpx.Client) -> None:
    """A plan with another step is refused, whether or not its digest was made to fit."""
    from services.wire.orders import plan_digest

    plan = planned(http, asked())
    forged = copy.deepcopy(plan)
    forged["steps"][0]["call"] |= {"path": "/tenants/acme", "before": None, "after": {"id": "acme"}}
    assert submitted(http, forged).status_code == 409
    forged["digest"] = plan_digest(forged)
    assert submitted(http, forged).status_code == 412
    assert http.get("/orders", headers=VIEWER).json()["total"] == 0


@pytest.mark.parametrize("number", ["NaN", "[-Infinity]", '{"a":1e999}'])
def test_a_number_that_json_does_not_have_is_refused(http: httpx.Client, number: str) -> None:
    """Wherever it stands in a plan: 422, not a failure of the server."""
    plan = planned(http, asked())
    plan["seen"][0]["value"] = "here"
    body = json.dumps({"plan": plan}).replace('"here"', number)
    answer = http.post("/orders", content=body, headers={**OPERATOR, "Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"].startswith("body.plan.seen.0.value")


def test_a_plan_whose_ground_has_moved_is_refused_with_the_difference(http: httpx.Client) -> None:
    """Another hold came in between: what the plan rested on is named, and nothing is kept."""
    plan = planned(http, asked())
    placed_hold(http)
    answer = submitted(http, plan)
    assert answer.status_code == 412
    assert [part["what"] for part in answer.json()["errors"]] == ["holds of acme h-1 is new"]
    assert http.get("/orders", headers=VIEWER).json()["total"] == 0


def test_the_second_operator_sees_what_the_first_does(http: httpx.Client) -> None:
    """While an order of a tenant is under way another is refused, and says whose that is; another tenant's is not."""
    first, second = planned(http, asked()), planned(http, asked())
    assert submitted(http, first).status_code == 201
    refused = submitted(http, second, APPROVER)
    assert refused.status_code == 409
    assert "operator@example.org" in refused.json()["detail"]
    assert refused.json()["errors"] == [{"where": "order", "what": first["asked"]["key"]}]
    assert submitted(http, planned(http, asked(tenant="fabrikam")), APPROVER).status_code == 201


@pytest.mark.parametrize("path", ["/orders", "/orders/{key}/approve", "/orders/{key}/cancel"])
def test_a_viewer_hands_nothing_over(http: httpx.Client, path: str) -> None:
    """Whatever the path: 403, before anything else is looked at."""
    plan = planned(http, asked())
    answer = http.post(path.format(key=plan["asked"]["key"]), json={"plan": plan}, headers=VIEWER)
    assert answer.status_code == 403


def test_a_second_person_agrees_and_nobody_else(http: httpx.Client) -> None:
    """An operator may not; an approver may; a second time there is nothing to agree with."""
    order = waiting(http)
    assert decide(http, order, "approve", OPERATOR).status_code == 403
    agreed = decide(http, order, "approve", APPROVER)
    assert (agreed.status_code, agreed.json()["state"]) == (200, "accepted")
    assert agreed.json()["approved_by"] == "approver@example.org"
    assert decide(http, order, "approve", APPROVER).status_code == 409


def test_the_author_is_never_the_second_person(http: httpx.Client) -> None:
    """Whoever may approve others' orders may not approve their own."""
    order = waiting(http, APPROVER)
    assert decide(http, order, "approve", APPROVER).status_code == 403
    assert http.get(f"/orders/{order['id']}", headers=VIEWER).json()["state"] == "waiting"


def test_another_plan_than_was_looked_at_is_not_agreed_with(http: httpx.Client) -> None:
    """The word is given on a digest."""
    order = waiting(http)
    body = {"digest": "0" * 64}
    assert http.post(f"/orders/{order['id']}/approve", json=body, headers=APPROVER).status_code == 412


def test_a_change_before_the_approval_voids_the_order(http: httpx.Client) -> None:
    """What the plan rests on has changed: the order is void, with the reason, and stays so."""
    order = waiting(http)
    hold = http.get("/holds/h-1", headers=VIEWER).json()
    assert http.put("/holds/h-1", json={**hold, "owner": "Court"}, headers=bearer("worker")).status_code == 200
    assert decide(http, order, "approve", APPROVER).status_code == 412
    kept = http.get(f"/orders/{order['id']}", headers=VIEWER).json()
    assert kept["state"] == "void"
    assert kept["failure"].startswith("what the plan rests on has changed: ")
    assert "holds/h-1 owner: Legal → Court" in kept["failure"]
    assert decide(http, order, "approve", APPROVER).status_code == 409


@pytest.mark.parametrize(("headers", "status"), [(OPERATOR, 200), (APPROVER, 200), (bearer("worker"), 403)])
def test_a_waiting_order_is_taken_back_by_its_author_or_refused_by_an_approver(
    http: httpx.Client, headers: dict[str, str], status: int
) -> None:
    """Both may; the worker's token may not."""
    order = waiting(http)
    answer = decide(http, order, "cancel", headers)
    assert answer.status_code == status
    kept = http.get(f"/orders/{order['id']}", headers=VIEWER).json()
    assert kept["state"] == ("cancelled" if status == 200 else "waiting")


def under_way(http: httpx.Client, url: str, *states: StepState) -> dict[str, Any]:
    """An order that a worker carries out, its steps that far."""
    order = submitted(http, planned(http, asked())).json()
    database = Database(url)
    with database.write() as connection:
        move(connection, order["id"], OrderState.RUNNING, worker="w-1")
        for number, state in enumerate(states, 1):
            mark(connection, order["id"], number, state=state)
    database.close()
    return dict(order)


def test_an_order_that_no_worker_has_begun_ends_when_it_is_taken_back(http: httpx.Client) -> None:
    """There is nothing to undo."""
    order = submitted(http, planned(http, asked())).json()
    assert order["state"] == "accepted"
    assert decide(http, order, "cancel", OPERATOR).json()["state"] == "cancelled"
    assert decide(http, order, "cancel", OPERATOR).status_code == 409


@pytest.mark.parametrize(
    ("headers", "status"),
    [(OPERATOR, 200), (APPROVER, 200), (VIEWER, 403)],
)
def test_an_order_that_is_under_way_is_taken_back_by_its_author_or_an_approver(
    http: httpx.Client, url: str, headers: dict[str, str], status: int
) -> None:
    """From then on its worker undoes it, which is written down with who wanted it, once; nobody else may."""
    order = under_way(http, url, StepState.RUNNING)
    answer = decide(http, order, "cancel", headers)
    assert answer.status_code == status, answer.text
    kept = http.get(f"/orders/{order['id']}", headers=VIEWER).json()
    assert kept["state"] == "running"
    if status == 200:
        who = "operator@example.org" if headers is OPERATOR else "approver@example.org"
        assert (kept["taken_back_by"], kept["failure"]) == (who, f"taken back by {who}")
        entry = http.get("/audit", params={"tenant": "acme", "limit": 1}, headers=VIEWER).json()["items"][0]
        assert (entry["who"], entry["outcome"], entry["order"]) == (who, "taken back", order["id"])
        again = decide(http, order, "cancel", headers)
        assert (again.status_code, "being undone already" in again.text) == (409, True)
    else:
        assert kept["taken_back_by"] is None
        assert kept["failure"] is None


def test_an_operator_takes_no_order_of_another_back(http: httpx.Client) -> None:
    """Which an approver has handed over."""
    order = submitted(http, planned(http, asked()), APPROVER).json()
    assert decide(http, order, "cancel", OPERATOR).status_code == 403


@pytest.mark.parametrize("state", [StepState.RUNNING, StepState.DONE])
def test_an_order_whose_step_cannot_be_undone_goes_on_to_its_end(
    http: httpx.Client, url: str, monkeypatch: pytest.MonkeyPatch, state: StepState
) -> None:
    """Taken back it would be half done: it is refused, and says what stands against it."""
    monkeypatch.setattr(
        "services.orders.base.Steps.all",
        property(lambda steps: tuple(step.model_copy(update={"undo": None}) for step in steps._steps)),
    )
    order = under_way(http, url, state)
    answer = decide(http, order, "cancel", OPERATOR)
    assert (answer.status_code, "it goes on to its end" in answer.text) == (409, True)


def test_while_a_store_is_backed_up_other_orders_of_its_tenant_are_taken(http: httpx.Client, url: str) -> None:
    """What goes on aside keeps nobody waiting, and is kept waiting by nobody; of two that write one waits."""
    aside = under_way(http, url)
    database = Database(url)
    with database.write() as connection:
        plan = Plan.model_validate(aside["plan"])
        other = plan.model_copy(update={"asked": plan.asked.model_copy(update={"action": "restore-test"})})
        connection.execute(update(orders).values(plan=other.model_dump_json(), action="restore-test"))
    database.close()
    assert submitted(http, planned(http, asked())).status_code == 201
    assert submitted(http, planned(http, asked())).status_code == 409


def test_who_handed_over_and_who_agreed_stands_in_the_audit_log(http: httpx.Client) -> None:
    """Each word with its bearer, the order, the plan's digest and the ticket."""
    order = waiting(http)
    decide(http, order, "approve", APPROVER)
    entries = http.get("/audit", params={"tenant": "acme"}, headers=VIEWER).json()["items"]
    mine = [entry for entry in entries if entry["order"] == order["id"]]
    assert [(entry["who"], entry["outcome"]) for entry in mine] == [
        ("approver@example.org", "approved"),
        ("operator@example.org", "waiting"),
    ]
    assert {(entry["plan"], entry["ticket"]) for entry in mine} == {(order["plan"]["digest"], "T-1")}


def test_orders_are_listed_newest_first_by_tenant_and_by_whether_they_are_open(http: httpx.Client) -> None:
    """Pages hold all of them once; a tag tells that nothing has changed."""
    order = waiting(http)
    decide(http, order, "cancel", OPERATOR)
    other = submitted(http, planned(http, asked(tenant="fabrikam"))).json()
    first = http.get("/orders", params={"limit": 1}, headers=VIEWER)
    rest = http.get("/orders", params={"limit": 1, "cursor": first.json()["next"]}, headers=VIEWER).json()
    listed = [it["id"] for it in (*first.json()["items"], *rest["items"])]
    assert (sorted(listed), rest["next"]) == (sorted([order["id"], other["id"]]), None)
    opened = http.get("/orders", params={"open": "true"}, headers=VIEWER).json()["items"]
    assert [it["id"] for it in opened] == [other["id"]]
    of = http.get("/orders", params={"tenant": "acme"}, headers=VIEWER).json()["items"]
    assert [it["id"] for it in of] == [order["id"]]
    again = http.get("/orders", params={"limit": 1}, headers={**VIEWER, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_page_of_long_plans_is_shorter_than_was_asked(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends where the plans come to more than a page holds, with one order at least, and says that more follow."""
    order = waiting(http)
    other = submitted(http, planned(http, asked(tenant="fabrikam"))).json()
    monkeypatch.setattr("services.controlplane.order_book.PAGE_LENGTH", 10)
    first = http.get("/orders", headers=VIEWER).json()
    rest = http.get("/orders", params={"cursor": first["next"]}, headers=VIEWER).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (1, 1, None)
    assert {it["id"] for it in (*first["items"], *rest["items"])} == {order["id"], other["id"]}


def without_second(http: httpx.Client, headers: dict[str, str], **members: object) -> httpx.Response:
    """Hands over the lifting of a hold without waiting for anybody."""
    plan = planned(http, asked("hold-lift", hold=placed_hold(http)))
    given = {"plan": plan, "reason": "the court is waiting", "break_glass_until": "2026-11-23T14:00:00Z", **members}
    return http.post("/orders", json=given, headers=headers)


def test_an_approver_alone_may_break_the_glass_and_another_reviews_it(http: httpx.Client) -> None:
    """It is accepted at once, its audit entry stands out, and it stays open until another approver has looked."""
    answer = without_second(http, APPROVER)
    assert (answer.status_code, answer.json()["state"]) == (201, "accepted")
    key = answer.json()["id"]
    entries = http.get("/audit", headers=VIEWER).json()["items"]
    assert ("BREAK-GLASS", "the court is waiting") in [(it["outcome"], it["note"]) for it in entries]
    assert decide(http, answer.json(), "review", APPROVER).status_code == 409, "it has not ended yet"
    assert [it["id"] for it in http.get("/orders", params={"open": "true"}, headers=VIEWER).json()["items"]] == [key]


@pytest.mark.parametrize(
    ("headers", "members", "status"),
    [
        (OPERATOR, {}, 403),
        (APPROVER, {"reason": None}, 409),
        (APPROVER, {"reason": "  "}, 409),
        (APPROVER, {"break_glass_until": "2026-11-23T11:59:59Z"}, 409),
        (APPROVER, {"break_glass_until": "2026-11-24T12:00:01Z"}, 409),
    ],
)
def test_the_glass_is_not_broken_without_role_reason_and_end(
    http: httpx.Client, headers: dict[str, str], members: dict[str, object], status: int
) -> None:
    """An operator, no reason, an end that is past or more than a day away: refused, and nothing is kept."""
    assert without_second(http, headers, **members).status_code == status
    assert http.get("/orders", headers=VIEWER).json()["total"] == 0


def test_what_needs_no_second_person_has_no_glass_to_break(http: httpx.Client) -> None:
    """It would stand out for nothing."""
    body = {"plan": planned(http, asked()), "reason": "haste", "break_glass_until": "2026-11-23T14:00:00Z"}
    assert http.post("/orders", json=body, headers=APPROVER).status_code == 409


def test_what_is_left_half_done_stays_open_until_an_approver_has_looked(http: httpx.Client, url: str) -> None:
    """However old it is it stands among the open ones, and its author may be the one who looks."""
    order = submitted(http, planned(http, asked()), APPROVER).json()
    database = Database(url)
    with database.write() as connection:
        move(connection, order["id"], OrderState.HALF_DONE, failure="step 2 failed; left: step 1")
    database.close()
    opened: dict[str, Any] = {"params": {"open": "true"}, "headers": VIEWER}
    assert [it["id"] for it in http.get("/orders", **opened).json()["items"]] == [order["id"]]
    assert decide(http, order, "review", OPERATOR).status_code == 403
    assert decide(http, order, "review", APPROVER).json()["reviewed_by"] == "approver@example.org"
    assert http.get("/orders", **opened).json()["items"] == []
    assert decide(http, order, "review", APPROVER).status_code == 409
