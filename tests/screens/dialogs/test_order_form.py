"""What is asked for an action: its keys, its form, where it may not be, and nothing that is typed lost."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from screens.area import AreaScreen
from screens.dialogs.order import OrderScreen
from screens.tenant import TenantScreen
from screens.widgets.row import Row
from services.model import Renewal
from services.orders.actions import EVERY
from tests.support.console import Answers, console, typed
from tests.support.dialogs import fields, flashed, operator, page_of, said, shown, shows
from tests.support.operations import forecast_fleet
from tests.support.ordering import FakeDesk, refusal
from tests.support.pilot import drive, until
from tests.support.signing import ended, token_ended


def test_the_key_that_confirms_never_asks() -> None:
    """No action has x as its key, and x does nothing on a tenant's page, in a form or before the plan is there."""
    assert "x" not in {action.key for action in EVERY}
    assert len({action.key for action in EVERY if action.key}) == sum(action.key is not None for action in EVERY)
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("x", "x")
        assert isinstance(app.screen, TenantScreen)
        await pilot.press("R", "x")
        assert fields(app)["until"].value == "x"
        assert desk.asked == []
        assert desk.submitted == []

    drive(console(operator(desk), area="due"), journey)


def test_no_key_of_an_action_hides_another_of_the_page() -> None:
    """What the page had keys for before actions came, it has still."""
    taken = {key for binding in AreaScreen.BINDINGS for key in binding.key.split(",")}  # type: ignore[union-attr]
    assert not taken & {action.key for action in EVERY}
    assert not {"G", "S", "Y"} & {action.key for action in EVERY}


def test_what_the_server_refuses_stands_beside_its_field_and_nothing_typed_is_lost() -> None:
    """The word for the field is in its line, the cursor too; Enter with another value asks again, with the same key."""
    desk = FakeDesk()
    desk.refusals["plan"] = [refusal(409, "refused", ("fields.until", "until: 2026-01-01 is over"))]

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("R", *typed("2026-01-01"), "tab", *typed("SO-7"), "enter")
        await until(pilot, lambda: "2026-01-01 is over" in said(app))
        one = fields(app)["until"]
        assert one.wrong == "until: 2026-01-01 is over"
        assert one.entry.has_focus
        assert (one.value, fields(app)["order"].value) == ("2026-01-01", "SO-7")
        await pilot.press("backspace", "2")
        assert one.wrong == ""
        await pilot.press("enter")
        await shown(pilot)
        await pilot.press("escape")
        assert (fields(app)["until"].value, fields(app)["order"].value) == ("2026-01-02", "SO-7")
        assert len({asked.key for asked in desk.asked}) == 1

    drive(console(operator(desk), area="due"), journey)


def test_what_is_wrong_with_no_field_is_said_as_a_whole() -> None:
    """A refusal for the tenant, one that is not answered, and text from outside made harmless."""
    desk = FakeDesk()
    desk.refusals["plan"] = [refusal(409, "fabrikam: a hold \x1b[2J stands", ("fabrikam", "hold h-1"))]

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("T", "enter")
        await until(pilot, lambda: "a hold ␛[2J stands hold h-1" in said(app))
        await pilot.press("enter")
        await shown(pilot)

    drive(console(operator(desk), area="due"), journey)


@pytest.mark.parametrize(
    ("reader", "given", "why"),
    [
        (operator(FakeDesk(), "viewer"), {}, "Refused: your role is viewer: operators and approvers order."),
        (operator(FakeDesk()), {"read_only": True}, "Refused: read-only: the profile or --read-only allows no write."),
        (Answers(forecast_fleet()), {}, "This is a forecast: nothing is done from another day."),
        (Answers(token_ended()), {}, "Nothing is ordered: the token of the internal API has ended."),
    ],
    ids=["viewer", "read-only", "forecast", "token ended"],
)
def test_where_nothing_may_be_written_the_key_says_why(reader: Answers, given: dict[str, Any], why: str) -> None:
    """No form opens from the key, the menu or the command line; nothing is hidden silently."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        assert "R renew" in app.screen.query_one("#keys", Row).text
        for keys in (["R"], ["full_stop"], [*typed(":do renew"), "enter"]):
            await pilot.press(*keys)
            await until(pilot, lambda: why in flashed(app))
            assert isinstance(app.screen, TenantScreen)
            app.flash("")
            await pilot.pause()

    drive(console(reader, area="due", **given), journey)


def test_ended_aws_credentials_stop_no_order() -> None:
    """Reading AWS is frozen; what is ordered is carried out with the worker's credentials."""
    desk, reader = FakeDesk(), Answers(ended(Renewal.SSO))
    reader.desk = desk

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("T", "enter")
        await shown(pilot)
        await pilot.press("x")
        await shows(pilot, OrderScreen)

    drive(console(reader, area="due"), journey)


def test_an_action_that_is_not_for_the_tenants_state_says_so() -> None:
    """Its key is not in the footer, and pressed all the same it says why."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        assert "reinstate" not in app.screen.query_one("#keys", Row).text
        await pilot.press("I")
        await until(pilot, lambda: "reinstate is not for fabrikam: it is grace." in flashed(app))
        assert desk.asked == []

    drive(console(operator(desk), area="due"), journey, size=(200, 24))


def test_leaving_while_it_is_planned_asks_nothing() -> None:
    """Esc in a form that waits for its plan goes back at once; what comes later opens nothing."""
    desk = FakeDesk()
    waiting, answer = [], desk.plan

    def slow(asked: Any, cancel: Any) -> Any:
        waiting.append(cancel)
        cancel.wait()
        return answer(asked, cancel)

    desk.plan = slow  # type: ignore[method-assign]

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("T", "enter")
        await until(pilot, lambda: bool(waiting))
        await pilot.press("escape")
        assert isinstance(app.screen, TenantScreen)
        assert waiting[0].is_set()

    drive(console(operator(desk), area="due"), journey)
