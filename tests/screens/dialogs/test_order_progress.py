"""An order after it was handed over: followed to its end, left, decided about; and what of one's own is under way."""

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
from screens.dialogs.confirming import Stage
from screens.dialogs.deciding import ApproveScreen, WithdrawScreen
from screens.dialogs.order import OrderScreen
from screens.following import EVERY_S, LONGEST_S, Followed, follow
from screens.orders import OrdersScreen
from screens.tenant import TenantScreen
from screens.under_way import became, notice
from services.fleet.asked import Only
from services.fleet.snapshot import FleetSnapshot, OrderView, SourceView
from services.model import Order, OrderState, Outcome, Source, Status, Verdict
from services.orders.desk import Answer
from services.wire.orders import OrderRecord, OrderRequest, StepState
from tests.screens.dialogs.test_order_plan import flashed, operator, page, page_of, said, shown, shows
from tests.support.console import Answers, console, settled, typed
from tests.support.fleet import AT, observation
from tests.support.operations import busy_fleet
from tests.support.ordering import FakeDesk, refusal
from tests.support.pilot import drive, until
from tests.support.plans import KEY, order, plan


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


def screen_of(app: TenureApp) -> type[Any]:
    return type(app.screen)


def known(records: tuple[OrderRecord, ...], reader: Answers) -> Answers:
    """A reader whose picture has these orders, too."""
    views = tuple(
        OrderView(
            Order(
                it.id,
                it.plan.asked.action,
                it.plan.title,
                it.plan.clause,
                tuple(change.tenant for change in it.plan.tenants),
                it.state,
                it.author,
                it.role,
                it.created_at,
                it.plan.confirmation,
                it.plan.approval,
                len(it.plan.steps),
                0,
                it.created_at,
                step=None if it.state.ended else it.plan.steps[0].says,
                ended_at=it.ended_at,
            ),
            Verdict(Status.DUE, f"order.{it.id}", "termination", "it waits"),
        )
        for it in records
    )
    source = Source("internal", "GET /orders")
    seen = SourceView(source, observation(source, AT), last_seen_at=AT)
    sources = (*(it for it in reader.latest.sources if it.source != source), seen)
    fleet = replace(reader.latest, orders=views, sources=sources)
    made = Answers(fleet)
    made.desk = reader.desk
    return made


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
    desk.known[KEY] = order(made, OrderState.WAITING, [StepState.PENDING], author=author)
    return known((desk.known[KEY],), operator(desk, role))


def test_a_second_person_reads_the_plan_and_types_the_tenant_to_agree() -> None:
    """A in the list: author and plan, no x; with the id typed the digest that was read is sent, and the order shown."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("A")
        await shown(pilot)
        assert isinstance(app.screen, ApproveScreen)
        assert page(app).startswith("Ordered by pat (operator)")
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


# Following, without a screen


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
    fleet = known(records, Answers(busy_fleet())).latest
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
    reader = known((own,), operator(FakeDesk()))

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert "1 order of yours is under way, :orders. renew acme: running" in app.screen.query_one("#notice").text  # type: ignore[attr-defined]

    drive(console(reader, area="due"), journey)
