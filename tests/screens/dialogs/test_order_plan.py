"""The plan of what is asked: shown, confirmed by what it can break, made anew, saved, and handed over once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from console.app import TenureApp
from screens.dialogs.confirmable import Stage
from screens.dialogs.order import OrderScreen
from screens.dialogs.order_form import OrderFormScreen
from screens.dialogs.plan import PlanScreen, save
from screens.tenant import TenantScreen
from screens.widgets.form import Line
from services.wire.orders import Confirmation, Plan, plan_digest
from tests.support.console import console, typed
from tests.support.dialogs import DISMISS, flashed, operator, page, page_of, said, shown, shows
from tests.support.ordering import FakeDesk, planned, refusal
from tests.support.pilot import drive, until
from tests.support.plans import plan


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
