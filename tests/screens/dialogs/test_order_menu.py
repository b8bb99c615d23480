"""Which actions there are for what is in sight: the menu, the command line, marks, and what is filled in beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from screens.aim import Aim, asked_for, choices, fields_of, fitting, prefilled, unfit
from screens.commands import CommandError, Commands
from screens.dialogs.actions import ActionsScreen
from screens.dialogs.order_form import OrderFormScreen
from screens.dialogs.plan import PlanScreen
from screens.tenants import TenantsScreen
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from services.model import LifecycleState
from services.orders.actions import ACTIONS, EVERY
from tests.support.console import console, settled, typed
from tests.support.dialogs import fields, flashed, operator, page_of, said, shows
from tests.support.operations import busy_fleet
from tests.support.ordering import FakeDesk
from tests.support.pilot import drive, until

FLEET = busy_fleet()


def listed(app: TenureApp) -> list[str]:
    return app.screen.query_one("#list", Lines).text.splitlines()


# What fits, without a screen


def test_an_action_fits_the_states_that_it_declares() -> None:
    """Of every tenant and every action: listed where the state is one of its own, and it has the record it is for."""
    for name, view in FLEET.tenants.items():
        aim = Aim((name,))
        found = {action.name for action in fitting(aim, FLEET)}
        for action in EVERY:
            names = {field.kind for field in action.fields}
            if "record" not in names:
                assert (action.name in found) == (view.tenant.state in action.states), (name, action.name)
            elif action.name in found:
                assert all(choices(field, aim, FLEET) for field in action.fields if field.kind == "record")


def test_actions_on_the_record_under_the_cursor_stand_first() -> None:
    """On a hold the lifting of one; on a case what is done with cases."""
    (hold,) = [it for it in FLEET.tenants["oakwood"].holds if it.arn is None]
    first = fitting(Aim(("oakwood",), hold.verdict.figure), FLEET)[0]
    assert first.name == "hold-lift"
    assert prefilled(first, Aim(("oakwood",), hold.verdict.figure), FLEET) == {"hold": hold.hold.id}


def test_the_record_under_the_cursor_is_filled_in() -> None:
    """Of each case and slot; a figure that names none fills in nothing but the only one that there is."""
    for name, view in FLEET.tenants.items():
        for one in view.cases:
            aim = Aim((name,), one.verdict.figure)
            action = ACTIONS["case-deliver"]
            if one.case.id in choices(action.fields[0], aim, FLEET):
                assert prefilled(action, aim, FLEET)["case"] == one.case.id
    for slot in FLEET.slots:
        aim = Aim((), slot.verdict.figure)
        if slot.slot.id in choices(ACTIONS["slot-cancel"].fields[0], aim, FLEET):
            assert prefilled(ACTIONS["slot-cancel"], aim, FLEET)["slot"] == slot.slot.id
    assert prefilled(ACTIONS["renew"], Aim(("fabrikam",), "grace"), FLEET) == {}


def test_a_store_is_filled_in_from_its_figure() -> None:
    """RPO and RTO of one store lead to its ARN."""
    view = FLEET.tenants["fabrikam"]
    for one in view.stores:
        assert one.store is not None
        aim = Aim(("fabrikam",), one.verdict.figure)
        assert prefilled(ACTIONS["test-record"], aim, FLEET)["store"] == one.store.arn


def test_a_slots_own_scope_says_whom_it_concerns() -> None:
    """No tenant is named with a slot, and tier and region are asked for only where no tenant is named."""
    assert asked_for(ACTIONS["slot-move"], Aim(("fabrikam",))) == ()
    assert asked_for(ACTIONS["slot-schedule"], Aim(("fabrikam",))) == ("fabrikam",)
    with_tenant = {field.name for field in fields_of(ACTIONS["slot-schedule"], Aim(("fabrikam",)))}
    without = {field.name for field in fields_of(ACTIONS["slot-schedule"], Aim())}
    assert without - with_tenant == {"tier", "region"}
    assert unfit(ACTIONS["renew"], Aim(), FLEET) == "renew is for a tenant, and there is none here."


def test_several_tenants_take_only_what_is_for_several() -> None:
    """One of another state, or an action for one at a time, is refused with a sentence."""
    states = {LifecycleState.ACTIVE, LifecycleState.GRACE}
    alive = tuple(name for name, view in FLEET.tenants.items() if view.tenant.state in states)[:2]
    assert unfit(ACTIONS["renew"], Aim(alive), FLEET) is None
    assert unfit(ACTIONS["export-register"], Aim(alive), FLEET) == (
        "export-register is for one tenant at a time; 2 are marked."
    )
    gone = next(name for name, view in FLEET.tenants.items() if view.tenant.state is LifecycleState.DISMISSED)
    assert unfit(ACTIONS["renew"], Aim((*alive, gone)), FLEET) == f"renew is not for {gone}: it is dismissed."


# The menu


def test_the_menu_narrows_as_one_types_and_opens_the_form() -> None:
    """Words of name or title; Enter on what is left asks for it, and nothing has happened yet."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("full_stop")
        assert isinstance(app.screen, ActionsScreen)
        assert "R renew" in listed(app)[0]
        await pilot.press(*typed("legal place"))
        (only,) = listed(app)
        assert only.startswith("▌H hold-place")
        await pilot.press("enter")
        await shows(pilot, OrderFormScreen)
        assert list(fields(app)) == ["basis", "owner", "reason", "expires"]
        assert desk.asked == []

    drive(console(operator(desk), area="due"), journey)


def test_the_menus_cursor_stays_within_the_list() -> None:
    """Down, up and a page; where nothing matches Enter does nothing."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("full_stop", "up", "down", "down")
        assert [line.startswith("▌") for line in listed(app)[:4]] == [False, False, True, False]
        await pilot.press("pagedown", "pagedown", "pagedown")
        assert listed(app)[-1].startswith("▌")
        await pilot.press(*typed("zzz"), "enter")
        assert isinstance(app.screen, ActionsScreen)
        assert "No action has that" in listed(app)[0]

    drive(console(operator(FakeDesk()), area="due"), journey)


@pytest.mark.parametrize(
    ("area", "needle", "action", "field"),
    [
        ("cases", "use", "case-", "case"),
        ("maintenance", "public", "slot-", "slot"),
        ("exports", "preparing", "export-cancel", "export"),
    ],
)
def test_a_list_offers_what_can_be_done_with_the_record_under_the_cursor(
    area: str, needle: str, action: str, field: str
) -> None:
    """The first of the menu is for that record, and its form has it filled in."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed(f"/{needle}"), "enter")
        figure = app.screen.figure()  # type: ignore[attr-defined]  # it is the screen of an area
        await pilot.press("full_stop")
        await until(pilot, lambda: isinstance(app.screen, ActionsScreen))
        assert action in listed(app)[0]
        await pilot.press("enter")
        await shows(pilot, OrderFormScreen)
        assert fields(app)[field].value == figure[1].partition(".")[2]

    drive(console(operator(FakeDesk()), area=area), journey)


def test_the_form_tells_what_a_field_may_hold_and_completes_it() -> None:
    """Choices stand beside the field; the right arrow takes the one that is suggested."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("P", "d")
        one = fields(app)["kind"]
        await until(pilot, lambda: bool(one.entry._suggestion))
        await pilot.press("right")
        assert one.value == "data-subject-request"
        assert "→ completes" in said(app)
        await pilot.press("space")
        assert one.value != "data-subject-request"
        await pilot.press("ctrl+u", "d", "space")
        assert one.value == "data-subject-request"
        await pilot.press("ctrl+u", "z", "space")
        assert one.entry.value == "z "
        assert "may be empty" in fields(app)["reference"].query_one(".hint", Row).text

    drive(console(operator(FakeDesk()), area="due"), journey)


def test_a_slot_of_a_group_offers_its_tier_and_region_for_another_one() -> None:
    """Where no tenant is named both are asked for, out of those that there are; the slot under the cursor has them."""
    one = next(it for it in FLEET.slots if it.slot.tenant is None)
    action, aim = ACTIONS["slot-schedule"], Aim((), one.verdict.figure)
    assert aim.words == f"slot {one.slot.id}"
    given = prefilled(action, aim, FLEET)
    assert (given["tier"], given["region"]) == (one.slot.tier, one.slot.region)
    group = {field.name: field for field in fields_of(action, aim) if field.name in ("tier", "region")}
    assert all(field.required for field in group.values())
    assert set(choices(group["tier"], aim, FLEET)) >= {view.tenant.tier for view in FLEET.tenants.values()}
    assert set(choices(group["region"], aim, FLEET)) == {view.tenant.region for view in FLEET.tenants.values()}
    assert "tier" not in prefilled(action, Aim(("fabrikam",)), FLEET)


# Marks


def test_marked_tenants_are_ordered_for_together() -> None:
    """space marks and goes on, ctrl+space marks up to the cursor, ctrl+\\ clears; one plan names them all."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed("/state=active"), "enter", "g", "space", "j", "ctrl+@")
        assert isinstance(app.screen, TenantsScreen)
        marked = set(app.screen.grid.marks)
        assert len(marked) == 3
        assert "3 marked" in app.screen.query_one("#title", Row).text
        await pilot.press(*typed(":do confirm-termination"), "enter", "enter")
        await shows(pilot, PlanScreen)
        assert set(desk.asked[0].tenants) == marked
        await pilot.press("escape", "escape", "ctrl+backslash")
        assert not app.screen.grid.marks
        await pilot.press("space", "k", "space")
        assert not app.screen.grid.marks

    drive(console(operator(desk)), journey, size=(120, 40))


# The command line


def test_do_names_an_action_and_a_tenant() -> None:
    """For a tenant by its id, for none with -; from anywhere."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed(":do renew fabrikam"), "enter")
        await shows(pilot, OrderFormScreen)
        assert "renew · fabrikam" in str(app.screen.query_one("#box").border_title)
        await pilot.press("escape", *typed(":do slot-schedule -"), "enter")
        await shows(pilot, OrderFormScreen)
        assert {"tier", "region"} <= set(fields(app))
        await pilot.press("escape", *typed(":do renew -"), "enter")
        await until(pilot, lambda: "renew is for a tenant" in flashed(app))

    drive(console(operator(desk), area="sources"), journey)


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("do", "do what? renew acme", 2),
        ("do renw", "no action renw; Tab completes, . lists those that fit", 3),
        ("do renew nobody", "no tenant nobody", 9),
    ],
)
def test_do_points_at_what_it_does_not_know(text: str, message: str, position: int) -> None:
    """The message says what is wrong, at its character."""
    app = console(replace(FLEET))
    app._fleet = FLEET
    with pytest.raises(CommandError) as caught:
        Commands(app, {}, do=lambda *_: None).parse(text)
    assert (caught.value.message, caught.value.position) == (message, position)


def test_do_completes_actions_and_tenants() -> None:
    """After do the actions, after one of them the tenants; where nothing can be begun there is no such word."""
    app = console(FLEET)
    app._fleet = FLEET
    commands = Commands(app, {}, do=lambda *_: None)
    assert "do hold-lift" in set(commands.completions("do ho"))
    assert "do renew fabrikam" in set(commands.completions("do renew fa"))
    assert "do" not in set(Commands(app).words())
