"""The word on an order that waits or is to be reviewed: who may say it, what is read and typed before."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

import screens.following
from console.app import TenureApp
from screens.dialogs.confirmable import Stage
from screens.dialogs.deciding import ApproveScreen, ReviewScreen, WithdrawScreen
from screens.dialogs.order import OrderScreen
from screens.orders import OrdersScreen
from screens.widgets.row import Row
from services.model import OrderState
from services.wire.orders import StepState
from tests.support.console import Answers, console, settled, typed
from tests.support.dialogs import flashed, operator, page, page_of, said, shown, shows, with_orders
from tests.support.ordering import FakeDesk, refusal
from tests.support.pilot import drive, until
from tests.support.plans import AT, KEY, order, plan


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders are asked for almost without rest."""
    monkeypatch.setattr(screens.following, "EVERY_S", 0.01)


def screen_of(app: TenureApp) -> type[Any]:
    return type(app.screen)


def test_what_waits_for_a_second_person_says_for_whom() -> None:
    """Who may agree, and how; the author's own word is refused with the reason, and nothing is sent."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "oakwood")
        await pilot.press("L", "enter")
        await shown(pilot)
        assert "then a second person has to agree" in page(app)
        await pilot.press("x")
        await shows(pilot, OrderScreen)
        assert "an approver other than you has to agree" in said(app)
        await pilot.press("A")
        await shown(pilot, Stage.NONE)
        assert "You cannot agree: you ordered it yourself: somebody else has to agree." in said(app)
        assert "Lift a legal hold" in str(app.screen.query_one("#box").border_title)
        await pilot.press("x", "enter")
        assert isinstance(app.screen, OrderScreen)
        assert not desk.decided

    drive(console(operator(desk, "approver"), area="due"), journey)


def waiting(desk: FakeDesk, author: str, role: str = "approver") -> Answers:
    """A list with one order of somebody that waits."""
    made = plan(["fabrikam"], approval=True)
    said = {"author": author, "ticket": "OPS-7", "reason": "it ends today"}
    desk.known[KEY] = order(made, OrderState.WAITING, [StepState.PENDING], **said)
    return with_orders((desk.known[KEY],), operator(desk, role))


def test_a_second_person_reads_the_plan_and_types_the_tenant_to_agree() -> None:
    """A in the list: author and plan, no x; with the id typed the digest that was read is sent, and the order shown."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("A")
        await shown(pilot)
        assert isinstance(app.screen, ApproveScreen)
        assert page(app).startswith("Author   pat (operator)")
        assert "Ticket   OPS-7\nReason   it ends today" in page(app)
        assert "Confirm" not in page(app)
        await pilot.press("x")
        assert not desk.decided
        await pilot.press("tab", *typed("fabrikam"), "enter")
        await shows(pilot, OrderScreen)
        ((what, key, decision),) = desk.decided
        assert (what, key, decision.digest) == ("approve", KEY, desk.known[KEY].plan.digest)

    drive(console(waiting(desk, "pat"), area="orders"), journey)


def test_an_order_that_waits_is_taken_back() -> None:
    """C, then x; Enter alone keeps it."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("C")
        await shown(pilot)
        assert screen_of(app) is WithdrawScreen
        await pilot.press("enter")
        assert screen_of(app) is OrdersScreen
        assert not desk.decided
        await pilot.press("C")
        await shown(pilot)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, OrderScreen) and "It was taken back" in said(app))
        assert [what for what, _, _ in desk.decided] == ["withdraw_order"]

    drive(console(waiting(desk, "olga", "operator"), area="orders"), journey)


def under_way(desk: FakeDesk, author: str, undo: str | None) -> Answers:
    """A list with one order of somebody that a worker carries out."""
    made = plan(["fabrikam"])
    made = made.model_copy(update={"steps": tuple(it.model_copy(update={"undo": undo}) for it in made.steps)})
    desk.known[KEY] = order(made, OrderState.RUNNING, [StepState.RUNNING], author=author)
    return with_orders((desk.known[KEY],), operator(desk, "operator"))


def test_an_order_that_is_under_way_is_taken_back() -> None:
    """C on its page, then x: the word is sent, and the page says that it is being undone."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, OrderScreen) and "fabrikam" in page(app))
        await pilot.press("C")
        await shown(pilot)
        assert screen_of(app) is WithdrawScreen
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, OrderScreen) and "It is being taken back" in said(app))
        assert [what for what, _, _ in desk.decided] == ["withdraw_order"]

    drive(console(under_way(desk, "olga", "as before"), area="orders"), journey)


@pytest.mark.parametrize(
    ("author", "undo", "why"),
    [("pat", "as before", "pat's order: they or an approver"), ("olga", None, "this cannot be undone")],
)
def test_an_order_that_goes_on_to_its_end_says_why(author: str, undo: str | None, why: str) -> None:
    """Another's, and one with a step behind it that has no way back: x sends nothing."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("C")
        await until(pilot, lambda: why in said(app))
        await pilot.press("x")
        assert not desk.decided

    drive(console(under_way(desk, author, undo), area="orders"), journey)


def test_enter_opens_an_order_of_the_list() -> None:
    """The whole order is asked for; one that is gone says so, and r asks again."""
    desk = FakeDesk()
    reader = waiting(desk, "pat")
    desk.refusals["order"] = [refusal(404, "there is no order of that key")]

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, OrderScreen) and "no order of that key" in said(app))
        await pilot.press("r")
        await until(pilot, lambda: "fabrikam" in page(app))
        await pilot.press("Y")
        assert app.clipboard == f"tenure order {KEY} --follow"

    drive(console(reader, area="orders"), journey)


def test_a_viewer_decides_nothing() -> None:
    """A and C say why; Enter shows the order."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        for key in "AC":
            await pilot.press(key)
            assert isinstance(app.screen, OrdersScreen)
            assert "your role is viewer" in flashed(app)
        await pilot.press("enter")
        await shows(pilot, OrderScreen)

    drive(console(waiting(desk, "pat", "viewer"), area="orders"), journey)


# Reviewing


def alone(desk: FakeDesk, user: str, role: str = "approver", **members: Any) -> Answers:
    """A list with one order of olga's that did without its second person and is over."""
    made = plan(["fabrikam"], approval=True)
    given = {"author": "olga", "break_glass_until": AT, "reason": "the court waits", **members}
    desk.known[KEY] = order(made, **given)
    return with_orders((desk.known[KEY],), operator(desk, role, user))


def test_another_approver_marks_it_reviewed_from_the_list_and_from_its_page() -> None:
    """R shows what was done and asks for x; a reason may go with it, and it is no longer due."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "R says that you have." in said(app))
        await pilot.press("escape", "R")
        await shown(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "BREAK-GLASS: without a second person; to be reviewed" in " ".join(page(app).split())
        assert page(app).splitlines()[1].startswith("Alone    BREAK-GLASS")
        await pilot.press("tab", *typed("x: rightly done"), "enter", "x")
        await shows(pilot, OrderScreen)
        ((what, key, word),) = desk.decided
        assert (what, key, word.reason) == ("review", KEY, "x: rightly done")
        await until(pilot, lambda: "reviewed by anna" in page(app))
        assert "R review" not in app.screen_stack[1].query_one("#keys", Row).text

    drive(console(alone(desk, "anna"), area="orders"), journey)


@pytest.mark.parametrize(
    ("user", "role", "why"),
    [
        ("olga", "approver", "you did without the second person yourself: another approver reviews it"),
        ("otto", "operator", "your role is operator: approvers review"),
    ],
)
def test_who_may_not_review_reads_why(user: str, role: str, why: str) -> None:
    """On the order's page and where R is pressed; nothing is sent."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: why in said(app))
        await pilot.press("R")
        await shown(pilot, Stage.NONE)
        assert f"You cannot review it: {why}." in said(app)
        await pilot.press("x")
        assert not desk.decided

    drive(console(alone(desk, user, role), area="orders"), journey)


def test_what_is_due_of_an_order_opens_the_order() -> None:
    """Enter on its row in due shows its page, where R reviews it."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed("/second person"), "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, OrderScreen) and "R says that you have." in said(app))

    drive(console(alone(desk, "anna"), area="due"), journey)
