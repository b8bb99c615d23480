"""Following an order without a screen, and what is under way of one's own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

import screens.following
from console.app import TenureApp
from screens.following import EVERY_S, LONGEST_S, Followed, follow
from screens.under_way import became, notice
from services.fleet.snapshot import FleetSnapshot
from services.model import OrderState, Outcome
from services.orders.desk import Answer
from services.wire.orders import OrderRecord, OrderRequest, StepState
from tests.support.console import Answers, console, settled
from tests.support.dialogs import operator, with_orders
from tests.support.fleet import AT
from tests.support.operations import busy_fleet
from tests.support.ordering import FakeDesk, refusal
from tests.support.pilot import drive
from tests.support.plans import KEY, order, plan


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders are asked for almost without rest."""
    monkeypatch.setattr(screens.following, "EVERY_S", 0.01)


def following(desk: FakeDesk, first: OrderRecord | None, after: Callable[[int], bool]) -> tuple[list[float], Followed]:
    """The pauses that were made, and what came of it; ``after`` tells from the count of pauses whether to end."""
    pauses: list[float] = []

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        return after(len(pauses))

    last = follow(desk, KEY, first, lambda _: None, threading.Event(), wait)
    return pauses, last


def test_an_order_in_which_nothing_changes_is_asked_for_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second at first, then longer to a bound; a change makes it quick again."""
    monkeypatch.setattr(screens.following, "EVERY_S", EVERY_S)
    desk = FakeDesk()
    request = OrderRequest(plan=plan())
    first = desk.submit(request, threading.Event()).value

    def after(count: int) -> bool:
        if count == 9:
            desk.further(OrderState.RUNNING, StepState.RUNNING)
        return count == 11

    pauses, last = following(desk, first, after)
    assert pauses[0] == EVERY_S
    assert pauses[:9] == sorted(pauses[:9])
    assert max(pauses) == LONGEST_S
    assert pauses[9] == EVERY_S
    assert last.order == desk.known[KEY]


@pytest.mark.parametrize(
    "gone",
    [refusal(404, "there is no such order"), Answer(None, Outcome.DENIED, 403, "the token has ended")],
    ids=["gone", "denied"],
)
def test_where_nobody_can_be_asked_the_following_ends(gone: Answer[Any]) -> None:
    """What was known last stays, with the reason."""
    desk = FakeDesk()
    first = desk.submit(OrderRequest(plan=plan()), threading.Event()).value
    desk.refusals["order"] = [gone]
    pauses, last = following(desk, first, lambda count: count > 5)
    assert len(pauses) == 1
    assert last == Followed(first, gone.error, final=True)


# What of one's own is under way


def picture(*records: OrderRecord, user: str | None = "olga", read: bool = True) -> FleetSnapshot:
    fleet = with_orders(records, Answers(busy_fleet())).latest
    sources = fleet.sources if read else ()
    return replace(fleet, identity=replace(fleet.identity, user=user), sources=sources)


def test_ones_own_orders_that_have_not_ended_are_named() -> None:
    """Those of others and those that have ended are not."""
    own = order(plan(["acme"]), OrderState.RUNNING, [StepState.RUNNING], author="olga")
    other = order(plan(["other"]), OrderState.RUNNING, [StepState.RUNNING], author="pat")
    over = order(plan(["over"]), OrderState.DONE, author="olga")
    assert notice(picture(other, over)) is None
    assert notice(picture(own, user=None)) is None
    said = notice(picture(other, own, over))
    assert said == (
        "1 order of yours is under way, :orders. renew acme: running, next acme renewed to the end of 2027-11-30"
    )


def test_what_became_of_ones_own_orders_is_said_once() -> None:
    """Between two pictures what ended; at the start what ended within the hour, as after a console was killed."""
    open_ = order(plan(["acme"]), OrderState.RUNNING, [StepState.RUNNING])
    ended = order(plan(["acme"]), OrderState.HALF_DONE, ended_at=AT - timedelta(minutes=1))
    said = "Your order renew acme ended 12:03:31Z: half-done; :orders"
    assert became(picture(open_), picture(ended)) == said
    assert became(picture(ended), picture(ended)) is None
    assert became(picture(read=False), picture(ended)) == said
    assert became(picture(read=False), picture(open_)) is None
    long_ago = order(plan(["acme"]), OrderState.DONE, ended_at=AT - timedelta(hours=2))
    assert became(picture(read=False), picture(long_ago)) is None


def test_the_notice_stands_on_the_screen_from_the_start() -> None:
    """With the first picture the operator sees what is under way."""
    own = order(plan(["acme"]), OrderState.RUNNING, [StepState.RUNNING], author="olga")
    reader = with_orders((own,), operator(FakeDesk()))

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert "1 order of yours is under way, :orders. renew acme: running" in app.screen.query_one("#notice").text  # type: ignore[attr-defined]

    drive(console(reader, area="due"), journey)
