"""Ordering from the console: the form, the plan, what confirms it, what is refused, and nothing that is typed lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from console.app import TenureApp
from screens.area import AreaScreen
from screens.dialogs.confirming import ConfirmScreen, Stage
from screens.dialogs.order import OrderScreen
from screens.dialogs.order_form import OrderFormScreen
from screens.dialogs.plan import PlanScreen, save
from screens.tenant import TenantScreen
from screens.widgets.form import Line
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from services.model import Renewal
from services.orders.actions import ACTIONS, EVERY
from services.wire.orders import Confirmation, Plan, plan_digest
from tests.support.console import Answers, console, settled, typed
from tests.support.operations import busy_fleet, forecast_fleet
from tests.support.ordering import FakeDesk, planned, refusal
from tests.support.pilot import drive, until
from tests.support.plans import plan
from tests.support.signing import ended, token_ended

DISMISS = ACTIONS["dismiss"].key or ""
"""Of what the tenant notices, and no form asks anything for."""


def operator(desk: FakeDesk, role: str = "operator") -> Answers:
    """The busy fleet, as somebody of a role sees it."""
    fleet = busy_fleet()
    reader = Answers(replace(fleet, identity=replace(fleet.identity, role=role, user="olga")))
    reader.desk = desk
    return reader


async def page_of(app: TenureApp, pilot: Pilot[Any], tenant: str) -> None:
    await settled(pilot)
    await pilot.press(*typed(f":tenant {tenant}"), "enter")
    assert isinstance(app.screen, TenantScreen)


async def shows(pilot: Pilot[Any], screen: type[Any]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))
    await pilot.pause()


async def shown(pilot: Pilot[Any], stage: Stage = Stage.SHOWN) -> None:
    await shows(pilot, ConfirmScreen)
    await until(pilot, lambda: pilot.app.screen.stage is stage)  # type: ignore[attr-defined]  # looked at above
    await pilot.pause()


def said(app: TenureApp) -> str:
    return " ".join(app.screen.query_one("#said", Lines).text.split())


def page(app: TenureApp) -> str:
    return app.screen.query_one("#page", Lines).text


def flashed(app: TenureApp) -> str:
    return app.screen.query_one("#rule", Row).text


def fields(app: TenureApp) -> dict[str, Line]:
    assert isinstance(app.screen, OrderFormScreen)
    return {(one.id or "").removeprefix("field-"): one for one in app.screen.query(Line)}


def test_a_renewal_is_asked_for_planned_confirmed_and_handed_over_once() -> None:
    """R, the date, Enter, x: the plan that was shown is what the server gets, with the key that it was asked with."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("R", *typed("2027-12-31"), "enter")
        await shown(pilot)
        assert desk.submitted == []
        assert "until = 2027-12-31" in page(app)
        assert "PUT /subscriptions/sub-fabrikam" in page(app)
        await pilot.press("x")
        await shows(pilot, OrderScreen)
        (asked,), (request,) = desk.asked, desk.submitted
        assert (asked.action, asked.tenants, asked.fields) == ("renew", ("fabrikam",), {"until": "2027-12-31"})
        assert request.plan == planned(asked)
        await pilot.press("escape")
        assert isinstance(app.screen, TenantScreen)
        await until(pilot, lambda: "goes on in the worker" in flashed(app))

    drive(console(operator(desk), area="due"), journey)


@pytest.mark.parametrize("key", ["enter", "escape", "q"])
def test_enter_cancels_a_plan(key: str) -> None:
    """Cancel is what stands first: a key that is pressed once too often carries nothing out."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("T", "enter")
        await shown(pilot)
        await pilot.press(key)
        await shows(pilot, OrderFormScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, TenantScreen)
        assert desk.submitted == []

    drive(console(operator(desk), area="due"), journey)


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


def test_what_the_tenant_notices_takes_its_id_typed() -> None:
    """x does nothing; a wrong id, an empty one and a paste are refused with a sentence; the right one carries out."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press(DISMISS)
        await shown(pilot)
        await pilot.press("x")
        assert desk.submitted == []
        assert isinstance(app.screen, PlanScreen)
        await pilot.press("tab")
        entry = app.screen.query_one("#need-tenant", Line).entry
        assert entry.has_focus
        await pilot.press("enter")
        assert "type the tenant's id: fabrikam" in said(app)
        app.post_message(events.Paste("fabrikam"))
        await until(pilot, lambda: "Pasting is refused" in said(app))
        app.copy_to_clipboard("fabrikam")
        await pilot.press("ctrl+v")
        assert entry.value == ""
        await pilot.press(*typed("fabrika"), "enter")
        assert "fabrika is not what is asked" in said(app)
        assert desk.submitted == []
        await pilot.press("m", "enter")
        await shows(pilot, OrderScreen)
        assert len(desk.submitted) == 1

    drive(console(operator(desk), area="due"), journey)


def test_what_is_final_takes_stores_and_ticket_too() -> None:
    """All lines in turn; the ticket goes with the order; what is missing is named."""
    desk = FakeDesk(lambda asked: plan(asked.tenants, Confirmation.IRREVERSIBLE, key=asked.key, asked=asked, stores=3))

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press(DISMISS)
        await shown(pilot)
        await pilot.press("tab", *typed("fabrikam"), "tab", "4", "tab", *typed("OPS-1"), "enter")
        assert "4 is not what is asked: type the number of stores" in said(app)
        await pilot.press("backspace", "3", "enter")
        await shows(pilot, OrderScreen)
        assert desk.submitted[0].ticket == "OPS-1"

    drive(console(operator(desk), area="due"), journey)


def test_a_plan_that_no_longer_holds_shows_what_changed_and_is_made_anew() -> None:
    """412: each difference is read, x is of no use any more, r asks for another plan, which can be confirmed."""
    desk = FakeDesk()
    desk.refusals["submit"] = [refusal(412, "stale", ("plan", "tenants/fabrikam state: grace → active"))]

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("T", "enter")
        await shown(pilot)
        await pilot.press("x")
        await shown(pilot, Stage.STALE)
        assert page(app).startswith("Changed  tenants/fabrikam state: grace → active")
        assert "nothing was done" in said(app)
        await pilot.press("x")
        assert len(desk.submitted) == 1
        await pilot.press("r")
        await shown(pilot)
        assert "Changed" not in page(app)
        await pilot.press("x")
        await shows(pilot, OrderScreen)
        assert [asked.key for asked in desk.asked] == [desk.asked[0].key] * 2

    drive(console(operator(desk), area="due"), journey)


def test_an_order_whose_answer_was_lost_is_handed_over_again_under_the_same_key() -> None:
    """It says that it is not known, and offers the same once more: the key makes it one order."""
    desk = FakeDesk()
    desk.refusals["submit"] = [refusal(0, "it is not known whether it was carried out", undecided=True)]

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("T", "enter")
        await shown(pilot)
        await pilot.press("x")
        await until(pilot, lambda: "it is carried out once" in said(app))
        await pilot.press("x")
        await shows(pilot, OrderScreen)
        assert len(desk.submitted) == 2
        assert desk.submitted[0] == desk.submitted[1]

    drive(console(operator(desk), area="due"), journey)


def test_an_action_without_fields_goes_to_its_plan_and_says_why_there_is_none() -> None:
    """No form opens; the server's no stands in the dialog, and r asks again."""
    desk = FakeDesk()
    desk.refusals["plan"] = [refusal(409, "fabrikam: its grace ends 2026-11-23T23:00:00Z")]

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press(DISMISS)
        await shown(pilot, Stage.NONE)
        assert "its grace ends 2026-11-23T23:00:00Z" in said(app)
        await pilot.press("x")
        assert desk.submitted == []
        await pilot.press("r")
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


def test_a_plan_is_saved_as_the_command_line_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ctrl+s writes JSON that tenure apply reads, named by action and digest, and never over another file."""
    desk = FakeDesk()
    monkeypatch.chdir(tmp_path)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("T", "enter")
        await shown(pilot)
        await pilot.press("ctrl+s", "ctrl+s")
        made = planned(desk.asked[0])
        assert f"Saved: confirm-termination-{made.digest[:12]}-2.json" in said(app)

    drive(console(operator(desk), area="due"), journey)
    made = planned(desk.asked[0])
    first, second = sorted(tmp_path.iterdir(), key=lambda path: len(path.name))
    assert first.name == f"confirm-termination-{made.digest[:12]}.json"
    assert second.name == f"confirm-termination-{made.digest[:12]}-2.json"
    read = Plan.model_validate_json(first.read_text("ascii"), strict=True)
    assert read == made
    assert plan_digest(read) == made.digest
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(first.read_text("ascii"))["asked"]["action"] == "confirm-termination"


def test_a_plan_that_cannot_be_saved_says_why(tmp_path: Path) -> None:
    """A folder that is not there is no error of the console."""
    assert save(plan(), tmp_path / "gone") == f"Not saved: renew-{plan().digest[:12]}.json: No such file or directory"


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
