"""An order after it was handed over: followed to its end, left, decided about; and what of one's own is under way."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

import screens.following
from console.app import TenureApp
from screens.dialogs.order import OrderScreen
from screens.tenant import TenantScreen
from screens.widgets.row import Row
from services.fleet.asked import Only
from services.model import OrderState
from services.wire.orders import StepState
from tests.support.console import console
from tests.support.dialogs import flashed, operator, page, page_of, said, shown, shows
from tests.support.ordering import FakeDesk
from tests.support.pilot import drive, until


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders are asked for almost without rest."""
    monkeypatch.setattr(screens.following, "EVERY_S", 0.01)


async def handed_over(app: TenureApp, pilot: Pilot[Any]) -> None:
    await page_of(app, pilot, "fabrikam")
    await pilot.press("T", "enter")
    await shown(pilot)
    await pilot.press("x")
    await shows(pilot, OrderScreen)


def test_an_order_is_followed_step_by_step_to_its_end() -> None:
    """What the worker does is seen without a key, with the request's id; at the end its sources are asked anew."""
    desk = FakeDesk()
    reader = operator(desk)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await handed_over(app, pilot)
        assert "1  pending" in page(app)
        desk.further(OrderState.RUNNING, StepState.RUNNING)
        await until(pilot, lambda: "running · step 1 of 1" in page(app))
        assert "1  running" in page(app)
        desk.further(OrderState.DONE, StepState.DONE)
        await until(pilot, lambda: "Done: confirm the termination." in said(app))
        assert "request 7f0c-1" in page(app)
        await until(pilot, lambda: isinstance(reader.questions[-1], Only))
        (asked,) = [it for it in reader.questions if isinstance(it, Only)]
        assert {source.service for source in asked.sources} == {"internal"}
        looked = desk.looked
        assert "ask now" not in app.screen_stack[2].query_one("#keys", Row).text
        await pilot.press("r")
        await pilot.pause()
        assert desk.looked == looked

    drive(console(reader, area="due"), journey)


@pytest.mark.parametrize(
    ("state", "step", "sentence"),
    [
        (OrderState.UNDONE, StepState.UNDONE, "everything that was done of it is undone"),
        (OrderState.HALF_DONE, StepState.STUCK, "It failed and is half done"),
        (OrderState.VOID, StepState.PENDING, "It is void"),
    ],
)
def test_an_order_that_fails_says_what_is_left(state: OrderState, step: StepState, sentence: str) -> None:
    """Its end in a sentence, and why, in the server's own words made harmless."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await handed_over(app, pilot)
        desk.further(state, step, failure="step 1: the disk \x1b[2J is full")
        await until(pilot, lambda: sentence in said(app))
        assert "step 1: the disk ␛[2J is full" in page(app)

    drive(console(operator(desk), area="due"), journey)


def test_a_line_that_drops_is_said_and_the_order_asked_for_again() -> None:
    """What was known stays in sight; the next answer takes its place."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await handed_over(app, pilot)
        desk.down = "connection refused"
        await until(pilot, lambda: "Not answered: connection refused; the order goes on all the same." in said(app))
        assert "pending" in page(app)
        desk.down = None
        desk.further(OrderState.DONE, StepState.DONE)
        await until(pilot, lambda: "Done" in said(app))

    drive(console(operator(desk), area="due"), journey)


def test_leaving_stops_the_asking_and_nothing_else() -> None:
    """Esc goes back to the page, says where the order is to be seen, and the thread ends."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await handed_over(app, pilot)
        screen = app.screen
        assert isinstance(screen, OrderScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, TenantScreen)
        assert "Confirm the termination · fabrikam goes on in the worker; :orders shows it." in flashed(app)
        await until(pilot, lambda: not screen._follower.running)
        assert not desk.decided

    drive(console(operator(desk), area="due"), journey)
