"""The form of maintenance while one types: what it would come to, what is wrong beside its field, and who decides."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

import services.orders.ahead
from console.app import TenureApp
from screens.dialogs import ahead
from screens.dialogs.confirming import ConfirmScreen
from services.orders.ahead import Ahead
from tests.support.console import console, typed
from tests.support.dialogs import fields, operator, page_of, shows
from tests.support.operations import busy_fleet
from tests.support.ordering import FakeDesk
from tests.support.pilot import drive, until
from tests.support.shots import LARGE, SMALL, Compare, drawn


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is reckoned almost without rest."""
    monkeypatch.setattr(ahead, "REST_S", 0.01)


def told(app: TenureApp) -> str:
    return " ".join(app.screen.query_one(ahead.AheadLines).text.split())


async def scheduling(app: TenureApp, pilot: Pilot[Any], start: str, length: str = "2h") -> None:
    await page_of(app, pilot, "fabrikam")
    await pilot.press("M", *typed(start), "tab", *typed(length), "tab")


def test_times_months_and_conflicts_stand_below_the_fields_and_nobody_is_asked() -> None:
    """While one types, by the picture that the console has; Enter then asks the server as ever."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("M", *typed("2026-12-08 22:00"))
        await until(pilot, lambda: "Begins Tue 2026-12-08 22:00 CET Europe/Rome: 2026-12-08T21:00:00Z" in told(app))
        await pilot.press("tab", *typed("2h"), "tab", *typed("Core"), "tab", *typed("UTC"))
        await until(pilot, lambda: "For fabrikam: 2026-12-08 23:00 to 2026-12-09 01:00 Europe/Rome" in told(app))
        assert "December 2026: 0s → 2h excluded" in told(app)
        assert "Conflict none in what is known here" in told(app)
        assert "from what was read by 12:03:51Z; the plan asks the server." in told(app)
        assert desk.asked == []
        await pilot.press("enter")
        await shows(pilot, ConfirmScreen)
        assert len(desk.asked) == 1

    drive(console(operator(desk), area="due"), journey, size=LARGE)


def test_a_time_that_the_clocks_skip_is_chosen_in_the_form() -> None:
    """The field for the choice says so, both readings stand below; space takes one, and the slot is told of."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await scheduling(app, pilot, "2027-03-28 02:30")
        await until(pilot, lambda: fields(app)["choice"].wrong == "earlier or later: see below")
        assert "later Sun 2027-03-28 03:30 CEST 2027-03-28T01:30:00Z" in told(app)
        await pilot.press("tab", "tab", "space")
        assert fields(app)["choice"].value == "earlier"
        await pilot.press("space")
        assert fields(app)["choice"].value == "later"
        await until(pilot, lambda: "2027-03-28 03:30 to 05:30 Europe/Rome, 2h" in told(app))
        assert fields(app)["choice"].wrong == ""

    drive(console(operator(desk), area="due"), journey, size=LARGE)


def test_what_is_not_whole_yet_is_wrong_only_once_it_is_left() -> None:
    """Half a date is no error while one types it; left, it is said beside the field, and mended there it is gone."""
    desk = FakeDesk()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("M", *typed("2026-12-"))
        lines = app.screen.query_one(ahead.AheadLines)
        await until(pilot, lambda: not lines.busy)
        assert fields(app)["start"].wrong == ""
        await pilot.press("tab", "9")
        await until(pilot, lambda: "no time such as" in fields(app)["start"].wrong)
        await pilot.press("shift+tab", *typed("08 22:00"))
        await until(pilot, lambda: "Begins" in told(app))
        assert fields(app)["start"].wrong == ""

    drive(console(operator(desk), area="due"), journey)


def test_a_conflict_stands_beside_the_start_and_does_not_keep_one_from_asking() -> None:
    """The slot in the way is named; the server decides, not this picture."""
    desk, fleet = FakeDesk(), busy_fleet()
    one = next(it for it in fleet.slots if it.slot.starts_at > fleet.at and "fabrikam" in it.tenants)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        start = f"{one.slot.starts_at:%Y-%m-%d %H:%M}"
        await pilot.press("M", *typed(start), "tab", *typed("1h"), "tab", "r", "tab", *typed("UTC"))
        await until(pilot, lambda: f"overlaps slot {one.slot.id}" in fields(app)["start"].wrong)
        assert f"Conflict overlaps slot {one.slot.id}" in told(app)
        await pilot.press("enter")
        await shows(pilot, ConfirmScreen)

    drive(console(operator(desk), area="due"), journey)


def test_what_is_out_of_date_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reckoning that takes long is not shown once something else was typed."""
    desk, go_on, reckon = FakeDesk(), threading.Event(), services.orders.ahead.ahead

    def slow(known: Any, asked: Any) -> Ahead | None:
        if asked.fields["start"].endswith("22:00"):
            go_on.wait()
        return reckon(known, asked)

    monkeypatch.setattr(ahead, "ahead", slow)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("M", *typed("2026-12-08 22:00"))
        lines = app.screen.query_one(ahead.AheadLines)
        await until(pilot, lambda: lines.busy)
        await pilot.press("backspace", "5")
        await until(pilot, lambda: "22:05" in told(app))
        go_on.set()
        await pilot.pause()
        assert "22:05" in told(app)

    drive(console(operator(desk), area="due"), journey)


def test_what_cannot_be_reckoned_says_so() -> None:
    """Before the policy is known nothing is: that stands there, not an empty space."""
    desk = FakeDesk()
    reader = operator(desk)
    reader._pictures = [replace(reader.latest, policy=None)]

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("M")
        await until(pilot, lambda: "not known before the policy is read" in told(app))

    drive(console(reader, area="due"), journey)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("start", ["2026-12-08 22:00", "2027-03-28 02:30"], ids=["told", "skipped"])
def test_form(snap_compare: Compare, start: str, size: tuple[int, int]) -> None:
    """A slot that is told of, and one at a time that the clocks skip."""

    async def journey(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        await scheduling(app, pilot, start)
        await until(pilot, lambda: "Month" in told(app) or "Choice" in told(app))
        await drawn(pilot)

    assert snap_compare(console(operator(FakeDesk()), area="due"), terminal_size=size, run_before=journey)
