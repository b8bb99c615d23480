"""A plan that is not taken on since another order is in its way, or by its time: what can be done, and what cannot."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

import screens.following
from console.app import TenureApp
from screens.dialogs.confirmable import Stage
from screens.dialogs.deciding import ApproveScreen
from screens.dialogs.giving import Giving
from screens.dialogs.order import OrderScreen
from screens.dialogs.plan import PlanScreen
from screens.widgets.row import Row
from services.wire.orders import Confirmation, OrderState, StepState
from tests.support.console import console, settled, typed
from tests.support.dialogs import operator, page, page_of, said, shown, shows, with_orders
from tests.support.ordering import FakeDesk, Refusal, refusal
from tests.support.pilot import drive, until
from tests.support.plans import KEY, order, plan
from tests.support.shots import Compare, drawn

OTHER = "77" * 16


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders are asked for almost without rest."""
    monkeypatch.setattr(screens.following, "EVERY_S", 0.01)


def in_the_way(times: int = 1) -> list[Refusal]:
    """The server's word, so many times."""
    return [refusal(409, "renew of luis is under way for one of these tenants", ("order", OTHER))] * times


def with_other(desk: FakeDesk, state: OrderState = OrderState.RUNNING) -> FakeDesk:
    step = StepState.DONE if state.ended else StepState.RUNNING
    desk.known[OTHER] = order(plan(["fabrikam"], key=OTHER), state, [step], author="luis")
    return desk


async def held(app: TenureApp, pilot: Pilot[Any]) -> None:
    """The plan was handed over, and refused for the order in its way."""
    await page_of(app, pilot, "fabrikam")
    await pilot.press("T", "enter")
    await shown(pilot)
    await pilot.press("x")
    await shown(pilot, Stage.HELD)


def keys(app: TenureApp) -> str:
    return app.screen_stack[-3].query_one("#keys", Row).text


def test_while_another_order_is_under_way_nothing_is_confirmed() -> None:
    """409: whose it is and the way out are read; x hands nothing over; o shows that order, which goes on as before."""
    desk = with_other(FakeDesk())
    desk.refusals["submit"] = in_the_way()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await held(app, pilot)
        assert "renew of luis is under way for one of these tenants: nothing was done" in said(app)
        assert "o opens it; once it has ended, r to make it anew" in said(app)
        foot = app.screen.query_one("#foot", Row).text
        assert "o open the order in its way" in foot
        assert "carry out" not in foot
        assert ("carry out" in keys(app), "that order" in keys(app)) == (False, True)
        await pilot.press("x", "tab", "x")
        assert len(desk.submitted) == 1
        await pilot.press("o")
        await shows(pilot, OrderScreen)
        await until(pilot, lambda: "running" in page(app))
        await pilot.press("escape")
        await shows(pilot, PlanScreen)
        await shown(pilot, Stage.HELD)
        await pilot.press("x")
        assert len(desk.submitted) == 1

    drive(console(operator(desk), area="due"), journey)


def test_once_the_other_order_was_seen_to_have_ended_the_plan_may_be_confirmed() -> None:
    """Back from it the dialog says how it ended, and x hands the same plan over."""
    desk = with_other(FakeDesk(), OrderState.DONE)
    desk.refusals["submit"] = in_the_way()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await held(app, pilot)
        await pilot.press("o")
        await shows(pilot, OrderScreen)
        await until(pilot, lambda: "done" in page(app))
        await pilot.press("escape")
        await shown(pilot)
        assert "That order has ended: done. This plan may be confirmed now" in said(app)
        await pilot.press("x")
        await shows(pilot, OrderScreen)
        first, second = desk.submitted
        assert first == second

    drive(console(operator(desk), area="due"), journey)


def test_a_plan_that_was_made_anew_may_be_confirmed_and_refused_again() -> None:
    """r asks for the plan; with the other order still under way x leads to the same refusal, and to no other place."""
    desk = with_other(FakeDesk())
    desk.refusals["submit"] = in_the_way(2)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await held(app, pilot)
        await pilot.press("r")
        await shown(pilot)
        assert "under way" not in said(app)
        await pilot.press("x")
        await shown(pilot, Stage.HELD)
        await pilot.press("r")
        await shown(pilot)
        await pilot.press("x")
        await shows(pilot, OrderScreen)
        assert (len(desk.asked), len(desk.submitted)) == (3, 3)

    drive(console(operator(desk), area="due"), journey)


def test_what_is_typed_to_confirm_is_not_asked_for_while_it_is_held() -> None:
    """The lines go with x; what was typed into them is still there once it may be confirmed."""
    desk = with_other(
        FakeDesk(lambda asked: plan(asked.tenants, Confirmation.SEEN, key=asked.key, asked=asked)), OrderState.DONE
    )
    desk.refusals["submit"] = in_the_way()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("T", "enter")
        await shown(pilot)
        await pilot.press("tab", *typed("fabrikam"), "enter")
        await shown(pilot, Stage.HELD)
        assert app.screen.query_one(Giving).entries == []
        await pilot.press("o")
        await shows(pilot, OrderScreen)
        await until(pilot, lambda: "done" in page(app))
        await pilot.press("escape")
        await shown(pilot)
        await pilot.press("tab", "enter")
        await shows(pilot, OrderScreen)
        assert len(desk.submitted) == 2

    drive(console(operator(desk), area="due"), journey)


@pytest.mark.parametrize(
    "why",
    [
        refusal(409, "it can no longer be done: look again", ("fabrikam", "its grace has ended")),
        refusal(409, "another order is under way", ("order", "../tenants/fabrikam")),
    ],
    ids=["time", "no key"],
)
def test_what_is_refused_by_its_time_has_to_be_made_anew(why: Refusal) -> None:
    """409 without an order to look at: the reason is read, x is of no use, r makes it anew."""
    desk = FakeDesk()
    desk.refusals["submit"] = [why]

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("T", "enter")
        await shown(pilot)
        await pilot.press("x")
        await shown(pilot, Stage.STALE)
        assert f"{why.parts[0].what} So nothing was done. r to make it anew." in said(app)
        await pilot.press("x", "o")
        assert len(desk.submitted) == 1
        await pilot.press("r")
        await shown(pilot)
        await pilot.press("x")
        await shows(pilot, OrderScreen)

    drive(console(operator(desk), area="due"), journey)


def test_a_second_person_is_held_by_it_too() -> None:
    """Agreeing is refused for the same reason, and leads to the same two ways."""
    desk = with_other(FakeDesk())
    desk.known[KEY] = order(plan(["fabrikam"], approval=True), OrderState.WAITING, [StepState.PENDING], author="pat")
    desk.refusals["approve"] = in_the_way()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("A")
        await shown(pilot)
        await pilot.press("tab", *typed("fabrikam"), "enter")
        await shown(pilot, Stage.HELD)
        assert "o opens it; once it has ended, r to ask again" in said(app)
        await pilot.press("o")
        await shows(pilot, OrderScreen)
        await pilot.press("escape")
        await shows(pilot, ApproveScreen)
        assert len(desk.decided) == 1

    drive(console(with_orders((desk.known[KEY],), operator(desk, "approver")), area="orders"), journey)


def test_held(snap_compare: Compare) -> None:
    """The plan whose confirmation another order holds up."""
    desk = with_other(FakeDesk(lambda _: plan(["fabrikam"])))
    desk.refusals["submit"] = in_the_way()

    async def journey(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await held(pilot.app, pilot)  # type: ignore[arg-type]  # it is that one
        await drawn(pilot)

    assert snap_compare(console(operator(desk), area="due"), terminal_size=(80, 24), run_before=journey)
