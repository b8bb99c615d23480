"""Orders in the fleet: judged, judged again as time goes by, and doubted where they cannot be read."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.agreement.orders import APPROVAL_WITHIN, STANDSTILL, TAKEN_WITHIN, judge_order
from services.fleet.orders import Orders, forecast_orders, order_views
from services.fleet.refresh import Fleet
from services.fleet.rules import AGREEMENT
from services.model import Observation, Order, OrderState, Outcome, Source, Status
from tests.services.estate.things import NOW
from tests.services.fleet.fakes import POLICY, FakeAws, FakeRegistry, registry, tenant
from tests.support.ordered import order

SECOND = timedelta(seconds=1)
AGE = timedelta(minutes=2)


def seen(
    *orders: Order, at: datetime = NOW, outcome: Outcome = Outcome.SEEN, error: str | None = None
) -> Observation[tuple[Order, ...]]:
    value = orders if outcome.answered else None
    return Observation(Source("internal", "GET /orders"), at, outcome, value, error=error)


@pytest.mark.parametrize(
    ("state", "quiet", "allowance"),
    [
        (OrderState.WAITING, Status.DUE, APPROVAL_WITHIN),
        (OrderState.ACCEPTED, Status.OK, TAKEN_WITHIN),
        (OrderState.RUNNING, Status.OK, STANDSTILL),
    ],
)
def test_what_stands_still_for_too_long_is_at_risk(state: OrderState, quiet: Status, allowance: timedelta) -> None:
    """Until the allowance is over it is in its course, and the verdict says when that ends."""
    one = order(1, state, NOW)
    before = judge_order(one, None, NOW + allowance - SECOND)
    assert (before.status, before.changes_at) == (quiet, NOW + allowance)
    after = judge_order(one, None, NOW + allowance)
    assert (after.status, after.changes_at, after.due_at) == (Status.AT_RISK, None, NOW + allowance)
    assert after.figure == f"order.{one.id}"


def test_progress_starts_the_standstill_anew() -> None:
    """A long order whose steps go on is in its course on the second day, too."""
    one = order(1, OrderState.RUNNING, NOW - 2 * STANDSTILL, progress_at=NOW - SECOND)
    assert judge_order(one, None, NOW).status is Status.OK


@pytest.mark.parametrize("state", [OrderState.UNDONE, OrderState.CANCELLED, OrderState.VOID])
def test_what_left_nothing_asks_nothing(state: OrderState) -> None:
    """It is neither well nor due; why it failed is still said."""
    verdict = judge_order(order(1, state, NOW, failure="refused"), None, NOW)
    assert (verdict.status, verdict.changes_at) == (Status.NOT_APPLICABLE, None)
    assert "refused" in verdict.reason


def test_half_done_is_at_risk_until_the_same_was_carried_out() -> None:
    """Only a later order of the same action for the same tenants mends it, and only one that was done."""
    half = order(1, OrderState.HALF_DONE, NOW - 5 * AGE, failure="left: the window mw-1")
    others = [
        order(2, OrderState.DONE, NOW, action="disable"),
        order(3, OrderState.DONE, NOW, tenants=("fabrikam", "litware")),
        order(4, OrderState.DONE, NOW - 6 * AGE),
        order(5, OrderState.RUNNING, NOW),
    ]
    verdict = order_views(AGREEMENT, (*others, half), NOW)[-1].verdict
    assert verdict.status is Status.AT_RISK
    assert "left: the window mw-1" in verdict.reason
    mended = order_views(AGREEMENT, (order(6, OrderState.DONE, NOW), *others, half), NOW)[-1].verdict
    assert mended.status is Status.NOT_APPLICABLE


def test_time_alone_makes_a_waiting_order_a_risk() -> None:
    """Nothing is read meanwhile but what keeps it believed."""
    orders = Orders(AGREEMENT, timedelta(days=3))
    orders.take(seen(order(1, OrderState.WAITING, NOW)))
    assert orders.judge(NOW)
    assert not orders.judge(NOW + APPROVAL_WITHIN - SECOND)
    assert orders.judge(NOW + APPROVAL_WITHIN)
    assert [view.verdict.status for view in orders.views] == [Status.AT_RISK]


def test_an_order_that_nobody_can_read_any_more_is_unknown() -> None:
    """One that was under way may have ended, or be half done; what has ended stays as it was."""
    orders = Orders(AGREEMENT, AGE)
    orders.take(seen(order(2, OrderState.RUNNING, NOW), order(1, OrderState.DONE, NOW)))
    orders.judge(NOW)
    orders.take(seen(at=NOW + SECOND, outcome=Outcome.FAILED, error="answered 503"))
    assert orders.judge(NOW + SECOND)
    running, done = (view.verdict for view in orders.views)
    assert (running.status, done.status) == (Status.UNKNOWN, Status.OK)
    assert "answered 503" in running.reason
    assert "was ok" in running.reason
    orders.take(seen(order(2, OrderState.DONE, NOW), at=NOW + 2 * SECOND))
    orders.judge(NOW + 2 * SECOND)
    assert [view.verdict.status for view in orders.views] == [Status.OK]


def test_what_was_read_too_long_ago_is_not_relied_on() -> None:
    """As with every list: from the age on that the policy allows."""
    orders = Orders(AGREEMENT, AGE)
    orders.take(seen(order(1, OrderState.RUNNING, NOW)))
    orders.judge(NOW)
    assert not orders.judge(NOW + AGE - SECOND)
    assert orders.judge(NOW + AGE)
    assert orders.views[0].verdict.status is Status.UNKNOWN
    assert "last read" in orders.views[0].verdict.reason


def test_a_forecast_moves_what_waits_for_somebody_alone() -> None:
    """The worker is not somebody: of what it carries out no standstill is foretold."""
    views = order_views(AGREEMENT, (order(2, OrderState.RUNNING, NOW), order(1, OrderState.WAITING, NOW)), NOW)
    ahead = forecast_orders(AGREEMENT, views, NOW + 3 * STANDSTILL)
    assert [view.verdict.status for view in ahead] == [Status.OK, Status.AT_RISK]


def test_a_fleet_reads_orders_and_shows_them() -> None:
    """The round asks for them beside everything else; an order of a tenant outside the scope is left out."""
    mine, several = order(2, OrderState.WAITING, NOW), order(1, OrderState.RUNNING, NOW, tenants=("fabrikam", "gone"))
    source = FakeRegistry(registry(tenant("fabrikam")), ordered=(mine, several))
    aws = FakeAws(lambda operation, account, region: [])
    fleet = Fleet(source, aws, POLICY, lambda: NOW, seed=1)
    snapshot = fleet.refresh(lambda _: None, threading.Event())
    assert [view.order.id for view in snapshot.orders] == [mine.id, several.id]
    assert "internal:GET /orders" in {view.source.name for view in snapshot.sources}
    assert [view.tenant for view in snapshot.orders] == ["fabrikam", None]
    fleet.narrow(replace(snapshot.scope, accounts=frozenset({"999999999999"})))
    assert fleet.refresh(lambda _: None, threading.Event()).orders == ()
