"""The list of what is due: what a newcomer sees, why, and that somebody has seen it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from screens.dialogs.acknowledge import AcknowledgeScreen
from screens.dialogs.why import WhyScreen
from screens.due import DueScreen
from screens.widgets.form import Line
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from services.areas import AREAS
from services.fleet.snapshot import FleetSnapshot
from services.model import Status
from tests.support.console import Answers, console, settled, typed
from tests.support.fleet import AT
from tests.support.operations import ACKNOWLEDGED, busy_fleet, forecast_fleet
from tests.support.pilot import drive, until


def operated() -> FleetSnapshot:
    """The busy fleet as an operator sees it."""
    fleet = busy_fleet()
    return replace(fleet, identity=replace(fleet.identity, role="operator"))


def due(app: TenureApp) -> DueScreen:
    assert isinstance(app.screen, DueScreen)
    return app.screen


def detail(app: TenureApp) -> str:
    return app.screen_stack[-1].query_one("#detail", Lines).text.replace("\n", " ")


def flashed(app: TenureApp) -> str:
    return app.screen.query_one("#rule", Row).text


def test_a_newcomer_finds_the_three_most_urgent_things_within_four_keys() -> None:
    """At 80×24 the console opens on them, tenant, status and time left in full; two keys more read each reason."""
    fleet = busy_fleet()
    urgent = list(AREAS["due"].rows(fleet))[:3]
    assert all(row.verdict.status is Status.BREACHED for row in urgent)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        shown = due(app).grid.text_shown[1:4]
        for row, text in zip(urgent, shown, strict=True):
            assert re.match(rf"▌? *-(\d+d )?[\d:]+  breached +{row.tenant} ", text)
        for row in urgent:
            assert row.verdict.reason in detail(app)
            assert row.verdict.clause in detail(app)
            await pilot.press("j")

    drive(console(fleet, area="due"), journey)


def test_why_explains_the_row_and_gives_the_command() -> None:
    """w opens it, j scrolls, Y copies the command that prints the same, Esc returns to the row."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        row = due(app).due_row()
        assert row is not None
        await pilot.press("w")
        assert isinstance(app.screen, WhyScreen)
        page = app.screen.query_one("#page", Lines)
        assert page.text.startswith("breached")
        assert "Promise    recovery" in page.text
        assert "→ breached" in page.text
        await pilot.press("Y")
        assert app.clipboard == "tenure why acme-health recovery.orders-db"
        assert "copied: tenure why" in app.screen.query_one("#foot", Row).text
        await pilot.press("escape")
        assert due(app).due_row() == row

    drive(console(busy_fleet(), area="due"), journey)


def test_what_is_no_longer_judged_says_so_where_it_was_explained() -> None:
    """The picture changes while the dialog is open, and the figure with it."""
    fleet = busy_fleet()
    gone = replace(fleet, tenants={name: one for name, one in fleet.tenants.items() if name != "acme-health"})

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("w")
        app.refresh_fleet()
        page = app.screen.query_one("#page", Lines)
        await until(pilot, lambda: "Nothing of that name is judged now" in page.text)

    drive(console(Answers(fleet, gone), area="due"), journey)


def test_acknowledging_records_who_until_when_and_whose_it_is() -> None:
    """The dialog takes a length or an instant; what is recorded bears the bearer's name."""
    reader = Answers(operated())

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(
            "a", *["backspace"] * 2, *typed("2d"), "tab", *typed("night shift"), "tab", *typed("T-9"), "enter"
        )
        await until(pilot, lambda: isinstance(app.screen, DueScreen))
        (word,) = reader.acknowledged
        assert (word.tenant, word.figure, word.by) == ("acme-health", "recovery.orders-db", "olga")
        assert (word.until - word.at, word.assignee, word.note) == (timedelta(days=2), "night shift", "T-9")
        await until(pilot, lambda: "Recorded: acme-health recovery.orders-db" in flashed(app))

    drive(console(reader, area="due"), journey)


def test_what_is_wrong_or_refused_is_said_and_nothing_typed_is_lost() -> None:
    """A word that is no instant points at its line; a refusal is told; Enter tries again; Esc records nothing."""
    reader = Answers(operated())
    reader.refusal = "403 the role viewer may not write\x1b[2J"

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        def said() -> str:
            return app.screen.query_one("#said", Lines).text.replace("\n", " ")

        await settled(pilot)
        await pilot.press("a", *typed("x"), "tab", *typed("olga"), "enter")
        assert "until: '8hx' is no day and no instant" in said()
        assert isinstance(app.screen, AcknowledgeScreen)
        assert app.screen.query_one("#until", Line).entry.has_focus
        assert reader.acknowledged == []
        await pilot.press("backspace", "enter")
        await until(pilot, lambda: "Not recorded: 403 the role viewer may not write␛[2J" in said())
        assert app.screen.query_one("#assignee", Line).value == "olga"
        reader.refusal = None
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DueScreen))
        assert len(reader.acknowledged) == 2

    drive(console(reader, area="due"), journey)


def test_an_acknowledged_row_says_so_and_can_be_taken_back() -> None:
    """A tick before what it is, and below by whom, until when, for whom; an empty "until" withdraws it."""
    reader = Answers(operated())

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed("/bellows"), "enter")
        assert "✓ no restore point · crm" in due(app).grid.text_shown[1]
        assert "✓ olga until 2026-11-23 18:04Z · for night shift · vendor asked, T-12" in detail(app)
        await pilot.press("a", "ctrl+u", "enter")
        await until(pilot, lambda: isinstance(app.screen, DueScreen))
        assert reader.withdrawn == [(ACKNOWLEDGED.tenant, ACKNOWLEDGED.figure)]
        assert f"Taken back: {ACKNOWLEDGED.tenant} {ACKNOWLEDGED.figure}" in flashed(app)

    drive(console(reader, area="due"), journey)


def test_a_viewer_is_told_why_not() -> None:
    """The key says why it is refused; nothing opens. So it does read-only and in a forecast, whatever the role."""

    async def viewer(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("a")
        assert isinstance(app.screen, DueScreen)
        assert "Refused: a viewer reads" in flashed(app)

    async def reading(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("a")
        assert isinstance(app.screen, DueScreen)
        assert "Refused: read-only" in flashed(app)

    async def foreseeing(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("a")
        assert "This is a forecast" in flashed(app)

    drive(console(busy_fleet(), area="due"), viewer)
    drive(console(Answers(operated()), area="due", read_only=True), reading)
    drive(console(forecast_fleet(), area="due"), foreseeing)


def test_what_goes_on_beneath_a_dialog_goes_on() -> None:
    """The clock in the header, and the keys at the bottom are the dialog's until it is closed."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        beneath = due(app)
        await pilot.press("w")
        assert beneath.query_one("#keys", Row).text.split() == ["Esc", "back", "Y", "copy", "the", "command"]
        app._now = lambda: AT + timedelta(seconds=9)
        await until(pilot, lambda: beneath.query_one("#clock", Row).text.startswith("12:04:40Z"))
        await pilot.press("escape")
        assert "acknowledge" in beneath.query_one("#keys", Row).text

    drive(console(busy_fleet(), area="due"), journey)
