"""A plan that could be made, and is refused when it is made anew: at hand-over, and when the second person agrees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from pydantic import JsonValue

from services.agreement import default_policy_text, parse_policy
from services.controlplane.audit import Actor
from services.controlplane.order_book import add_order, read_order
from services.controlplane.ordering import Ordering
from services.controlplane.refusals import NotDoneError
from services.controlplane.store import Database
from services.controlplane.tables import tenants
from services.wire.orders import Asked, Decision, OrderRequest, OrderState, plan_digest
from services.wire.registry import WhoAmI
from tests.services.controlplane.test_ordering import (
    APPROVER,
    HOLD,
    VIEWER,
    asked,
    decide,
    placed_hold,
    planned,
    submitted,
    waiting,
)
from tests.support.api import AT, bearer
from tests.support.registry import small_registry, tenant

POLICY = parse_policy(default_policy_text())
LIFTED = "holds/h-1 lifted_at: — → 2026-11-20T00:00:00Z"
ALREADY = "now refused: hold h-1 is lifted already"
STORE = "arn:aws:rds:eu-central-1:111122223333:db:orders"
OLGA, ADA = WhoAmI(user="olga", role="operator"), WhoAmI(user="ada", role="approver")


def lifted_by_another(http: httpx.Client) -> None:
    hold = http.get("/holds/h-1", headers=VIEWER).json()
    answer = http.put("/holds/h-1", json={**hold, "lifted_at": "2026-11-20T00:00:00Z"}, headers=bearer("worker"))
    assert answer.status_code == 200


def told(answer: httpx.Response) -> tuple[int, list[tuple[str, str]]]:
    return answer.status_code, [(it["where"], it["what"]) for it in answer.json()["errors"]]


def test_what_has_changed_is_told_also_where_no_plan_comes_of_it(http: httpx.Client) -> None:
    """The hold was lifted by another meanwhile: 412 with that difference, and why it is refused now."""
    plan = planned(http, asked("hold-lift", hold=placed_hold(http)))
    lifted_by_another(http)
    answer = submitted(http, plan)
    assert told(answer) == (412, [("plan", LIFTED), ("plan", ALREADY)])
    assert answer.json()["detail"] == "what the plan rests on has changed"
    assert http.get("/orders", headers=VIEWER).json()["total"] == 0


def test_a_record_that_has_gone_is_a_difference(http: httpx.Client) -> None:
    """Not its members against nothing."""
    plan = planned(http, asked("hold-lift", hold=placed_hold(http)))
    assert http.delete("/holds/h-1", headers=bearer("worker")).status_code == 204
    gone = "now refused: there is nothing under holds/h-1"
    assert told(submitted(http, plan)) == (412, [("plan", "holds/h-1 is gone"), ("plan", gone)])


def test_the_second_person_is_told_the_same_and_the_order_keeps_it(http: httpx.Client) -> None:
    """412 as at hand-over; the order is void, and says to its author what has changed."""
    order = waiting(http)
    lifted_by_another(http)
    assert told(decide(http, order, "approve", APPROVER)) == (412, [("plan", LIFTED), ("plan", ALREADY)])
    kept = http.get(f"/orders/{order['id']}", headers=VIEWER).json()
    assert (kept["state"], kept["failure"]) == ("void", f"what the plan rests on has changed: {LIFTED}; {ALREADY}")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """With a tenant that nothing names."""
    small = small_registry()
    replace(small, tenants=(*small.tenants, tenant("lonely"))).load(url)
    with closing(Database(url)) as opened:
        yield opened


def test_what_is_refused_by_its_time_alone_says_to_look_again(database: Database) -> None:
    """Nothing has changed but the time: 409 with the reason, at the field that it is about."""
    at = AT
    ordering = Ordering(database, POLICY, lambda: at)
    fields = {**HOLD, "expires": (AT + timedelta(hours=1)).isoformat()}
    plan = ordering.plan(Asked(key="1" * 32, action="hold-place", tenants=("acme",), fields=fields))
    at += timedelta(hours=2)
    with pytest.raises(NotDoneError, match="it can no longer be done: look again") as refused:
        ordering.submit(OrderRequest(plan=plan), Actor(OLGA, at, None))
    (part,) = refused.value.parts
    assert (refused.value.status, part.where) == (409, "fields.expires")
    assert part.what == "the hold would have expired already"


def test_what_cannot_even_be_asked_of_aws_any_more_is_told_too(database: Database) -> None:
    """The tenant has gone: 412 at hand-over, and at the second person's word, which finds the order void."""
    store = {"store": STORE, "kind": "rds-instance", "account": "111122223333", "region": "eu-central-1"}
    seen: list[JsonValue] = [{**store, "restore_point_at": None, "verified": False}]
    ordering = Ordering(database, POLICY, lambda: AT, ask_aws=lambda _question, _known: seen)
    fields = {"store": STORE, "method": "snapshot"}
    plan = ordering.plan(Asked(key="2" * 32, action="backup-start", tenants=("lonely",), fields=fields))
    other = plan.model_copy(update={"asked": plan.asked.model_copy(update={"key": "3" * 32}), "approval": True})
    waits = other.model_copy(update={"digest": plan_digest(other)})
    with database.write() as connection:
        add_order(connection, waits, OLGA, AT, origin=None, ticket=None, reason=None)
        connection.execute(tenants.delete().where(tenants.c.id == "lonely"))
    for act in (
        lambda: ordering.submit(OrderRequest(plan=plan), Actor(OLGA, AT, None)),
        lambda: ordering.approve("3" * 32, Decision(digest=waits.digest), Actor(ADA, AT, None)),
    ):
        with pytest.raises(NotDoneError, match="what the plan rests on has changed") as refused:
            act()
        assert (refused.value.status, refused.value.parts[0].what) == (412, "tenants/lonely is gone")
    with database.read() as connection:
        kept = read_order(connection, "3" * 32)
    assert kept is not None
    assert (kept.state, "tenants/lonely is gone" in (kept.failure or "")) == (OrderState.VOID, True)
