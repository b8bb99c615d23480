"""What is said with an order: ticket and reason, and the word that it cannot wait for the second person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from console.app import TenureApp
from screens.dialogs.confirmable import Stage
from screens.dialogs.order import OrderScreen
from screens.dialogs.order_form import OrderFormScreen
from screens.dialogs.plan import PlanScreen
from screens.tenant import TenantScreen
from screens.widgets.form import Line
from screens.widgets.row import Row
from services.model import OrderState
from services.wire.orders import Confirmation
from tests.support.console import console, typed
from tests.support.dialogs import DISMISS, operator, page, page_of, said, shown, shows
from tests.support.ordering import FakeDesk, refusal
from tests.support.pilot import drive
from tests.support.plans import plan


def note(app: TenureApp, name: str) -> Line:
    return app.screen.query_one(f"#note-{name}", Line)


def foot(app: TenureApp) -> str:
    return app.screen.query_one("#foot", Row).text


async def termination(app: TenureApp, pilot: Pilot[Any]) -> None:
    """The plan of what can be undone."""
    await page_of(app, pilot, "fabrikam")
    await pilot.press("T", "enter")
    await shown(pilot)


def test_ticket_and_reason_go_with_an_order_that_can_be_undone() -> None:
    """Tab opens them, x is a letter there and Enter goes on to the plan, where x carries out; a paste is taken."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await termination(app, pilot)
        assert not note(app, "ticket").display
        assert "Tab ticket, reason" in foot(app)
        await pilot.press("tab", *typed("OPS-x"))
        assert note(app, "ticket").value == "OPS-x"
        await pilot.press("tab")
        app.post_message(events.Paste("asked for by phone"))
        await pilot.pause()
        assert note(app, "reason").value == "asked for by phone"
        await pilot.press("enter")
        assert app.screen.focused is app.screen.query_one("#page")
        assert desk.submitted == []
        await pilot.press("x")
        await shows(pilot, OrderScreen)
        assert (desk.submitted[0].ticket, desk.submitted[0].reason) == ("OPS-x", "asked for by phone")

    drive(console(operator(desk), area="due"), journey)


def test_what_was_said_is_found_again_and_only_the_ticket_goes_on_to_the_next_order() -> None:
    """Cancelled and opened again both stand there; after it is handed over the ticket is shown, and may be emptied."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await termination(app, pilot)
        await pilot.press("tab", *typed("OPS-1"), "tab", *typed("why"), "tab", "enter")
        assert isinstance(app.screen, OrderFormScreen)
        await pilot.press("enter")
        await shown(pilot)
        assert (note(app, "ticket").value, note(app, "reason").value) == ("OPS-1", "why")
        await pilot.press("x")
        await shows(pilot, OrderScreen)
        await pilot.press("escape", "T", "enter")
        await shown(pilot)
        assert note(app, "ticket").display
        assert (note(app, "ticket").value, note(app, "reason").value) == ("OPS-1", "")
        assert "that of your last order" in note(app, "ticket").hint
        await pilot.press("tab", "backspace")
        assert "that of your last order" not in note(app, "ticket").hint
        await pilot.press("ctrl+u", "tab", "tab", "x")
        await shows(pilot, OrderScreen)
        assert [it.ticket for it in desk.submitted] == ["OPS-1", None]

    drive(console(operator(desk), area="due"), journey)


def test_what_is_typed_to_the_letter_goes_with_ticket_and_reason_too() -> None:
    """Of what the tenant notices Enter confirms from each line, once the id is there."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press(DISMISS)
        await shown(pilot)
        await pilot.press("tab", *typed("fabrikam"), "tab", *typed("OPS-2"), "tab", *typed("over"), "enter")
        await shows(pilot, OrderScreen)
        assert (desk.submitted[0].ticket, desk.submitted[0].reason) == ("OPS-2", "over")

    drive(console(operator(desk), area="due"), journey)


def test_what_is_final_has_one_line_for_its_ticket() -> None:
    """The ticket that has to be typed is the order's, and no ticket of before stands in it."""
    desk = FakeDesk(lambda asked: plan(asked.tenants, Confirmation.IRREVERSIBLE, asked=asked, stores=3))

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        app.notes.ticket = "OPS-0"
        await page_of(app, pilot, "fabrikam")
        await pilot.press(DISMISS)
        await shown(pilot)
        await pilot.press("tab", *typed("fabrikam"), "tab", "3", "tab")
        assert not note(app, "ticket").display
        await pilot.press("enter")
        assert "type the ticket that asks for it" in said(app)
        await pilot.press(*typed("OPS-9"), "enter")
        await shows(pilot, OrderScreen)
        assert desk.submitted[0].ticket == "OPS-9"

    drive(console(operator(desk), area="due"), journey)


def test_a_ticket_that_cannot_be_kept_is_refused_beside_its_line() -> None:
    """Longer than the registry keeps: nothing is handed over, and the cursor stands where it can be mended."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await termination(app, pilot)
        await pilot.press("tab")
        note(app, "ticket").entry.value = "T" * 1000  # a longer paste is cut
        await pilot.press("U")
        await pilot.press("shift+tab", "x")
        assert "Not handed over: String should have at most 1000 characters" in said(app)
        assert note(app, "ticket").entry.has_focus
        assert desk.submitted == []

    drive(console(operator(desk), area="due"), journey)


# Without the second person


async def lifting(app: TenureApp, pilot: Pilot[Any]) -> None:
    """The plan of what wants a second person."""
    await page_of(app, pilot, "oakwood")
    await pilot.press("L", "enter")
    await shown(pilot)


def test_an_approver_may_break_the_glass_for_a_reason_and_a_time() -> None:
    """B says what it means and asks for both; x before they stand there hands nothing over."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await lifting(app, pilot)
        assert "an approver other than you has to agree" in page(app)
        assert "BREAK-GLASS" not in page(app)
        await pilot.press("B")
        assert "BREAK-GLASS: carried out at once, in your name alone." in page(app)
        assert str(app.screen.query_one("#box").border_title).startswith("BREAK-GLASS · plan ")
        assert note(app, "ends").entry.has_focus
        await pilot.press("shift+tab", "x")
        assert "say by when it has to be begun" in said(app)
        await pilot.press(*typed("25h"), "shift+tab", "x")
        assert "is more than 24 hours away" in said(app)
        await pilot.press("ctrl+u", *typed("2h"), "shift+tab", "x")
        assert "say why it cannot wait" in said(app)
        assert note(app, "reason").entry.has_focus
        assert desk.submitted == []
        await pilot.press(*typed("the court waits"), "tab", "x")
        await shows(pilot, OrderScreen)
        (request,) = desk.submitted
        assert request.reason == "the court waits"
        assert request.break_glass_until == app.now() + timedelta(hours=2)
        assert "BREAK-GLASS: without a second person" in page(app)

    drive(console(operator(desk, "approver"), area="due"), journey)


def test_breaking_the_glass_is_never_what_happens_by_itself() -> None:
    """x without B waits for the second person, B twice as well, whatever stood in the lines meanwhile."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await lifting(app, pilot)
        await pilot.press("B", *typed("2h"), "shift+tab", "B")
        assert "BREAK-GLASS" not in page(app)
        assert not note(app, "ends").display
        await pilot.press("x")
        await shows(pilot, OrderScreen)
        assert desk.submitted[0].break_glass_until is None
        assert desk.known[desk.submitted[0].plan.asked.key].state is OrderState.WAITING

    drive(console(operator(desk, "approver"), area="due"), journey)


@pytest.mark.parametrize(
    ("role", "final", "why"),
    [
        ("operator", False, "your role is operator: only an approver may do without the second person"),
        ("approver", True, "what cannot be undone never goes without the second person"),
    ],
)
def test_who_may_not_break_the_glass_reads_why(role: str, final: bool, why: str) -> None:
    """It stands in the plan, and B says it again; the order waits as any other."""
    confirmation = Confirmation.IRREVERSIBLE if final else Confirmation.REVERSIBLE
    desk = FakeDesk(lambda asked: plan(asked.tenants, confirmation, asked=asked, approval=True))

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await lifting(app, pilot)
        assert why in " ".join(page(app).split())
        await pilot.press("B")
        assert why in said(app)
        assert not note(app, "ends").display
        assert isinstance(app.screen, PlanScreen)

    drive(console(operator(desk, role), area="due"), journey, size=(120, 40))


def test_a_plan_that_wants_no_second_person_has_no_glass_to_break() -> None:
    """B is not among its keys and does nothing."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await termination(app, pilot)
        assert "break glass" not in app.screen_stack[-3].query_one("#keys", Row).text
        await pilot.press("B", "x")
        await shows(pilot, OrderScreen)
        assert desk.submitted[0].break_glass_until is None

    drive(console(operator(desk, "approver"), area="due"), journey)


def test_what_the_server_says_against_it_stands_with_the_plan_and_nothing_is_lost() -> None:
    """A refusal of the server: the lines are as they were, and the same can be handed over again."""
    desk = FakeDesk()
    desk.refusals["submit"] = [
        refusal(409, "it ends within 24 hours from now", ("body.break_glass_until", "lies outside the next 24 hours"))
    ]

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await lifting(app, pilot)
        await pilot.press("B", *typed("2h"), "tab", "tab", *typed("why"), "tab", "x")
        await shown(pilot, Stage.SHOWN)
        assert "it ends within 24 hours from now" in said(app)
        assert (note(app, "ends").value, note(app, "reason").value) == ("2h", "why")
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, TenantScreen)

    drive(console(operator(desk, "approver"), area="due"), journey)
