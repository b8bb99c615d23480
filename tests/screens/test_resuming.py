"""Credentials end and are good again: everything that was on the screen is what it was."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from screens.area import AreaScreen
from screens.dialogs.acknowledge import AcknowledgeScreen
from screens.dialogs.sign_in import SignInScreen
from screens.dialogs.why import WhyScreen
from screens.due import DueScreen
from screens.frame import FrameScreen
from screens.tenant import TenantScreen
from screens.widgets.command_line import Bar, CommandLine
from screens.widgets.form import CodeEntry, Line
from screens.widgets.header import Header
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from services.model import Renewal
from tests.support.console import console, settled, typed
from tests.support.pilot import drive, until
from tests.support.signing import RIGHT, Signs


def area(app: TenureApp) -> AreaScreen:
    return next(screen for screen in reversed(app.screen_stack) if isinstance(screen, AreaScreen))


def frame(app: TenureApp) -> FrameScreen:
    return next(screen for screen in reversed(app.screen_stack) if isinstance(screen, FrameScreen))


def top(app: TenureApp) -> type[object]:
    """What kind of screen is in sight."""
    return type(app.screen)


def header(app: TenureApp) -> str:
    return " ".join(row.text for row in frame(app).query_one(Header).query(Row))


def flashed(app: TenureApp) -> str:
    return frame(app).query_one("#rule", Row).text


async def freeze(app: TenureApp, pilot: Pilot[Any], reader: Signs) -> None:
    """The credentials end while the console stands open."""
    reader.end()
    await until(pilot, lambda: app.fleet.frozen is not None and "FROZEN" in header(app))


async def sign_in(app: TenureApp, pilot: Pilot[Any], reader: Signs, key: str) -> None:
    """Open the dialog with ``key``, approve the code in the browser, and wait for the facts that follow."""
    beneath = app.screen
    await pilot.press(key)
    assert isinstance(app.screen, SignInScreen)
    asked = reader.asked
    reader.approved.set()
    await until(pilot, lambda: app.screen is beneath and app.fleet.frozen is None and reader.asked == asked + 1)
    await pilot.pause()
    assert "FROZEN" not in header(app)


def test_area_cursor_filter_and_sort_are_found_again() -> None:
    """In the third area opened, filtered, sorted the other way round, the cursor on some row."""
    reader = Signs(at_first=False)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("3", *typed("/status=ok"), "enter", "shift+right", "shift+right", "o", "o", "j", "j")
        grid = area(app).grid
        assert grid.cursor_row is not None
        before = (area(app).area.name, grid.cursor_row.key, area(app).filter_text, grid.sorted_by, grid.text_shown)
        assert before[2] == "status=ok"
        assert before[3] is not None
        await freeze(app, pilot, reader)
        await sign_in(app, pilot, reader, "S")
        assert area(app).grid.has_focus
        row = grid.cursor_row
        assert (area(app).area.name, row.key, area(app).filter_text, grid.sorted_by, grid.text_shown) == before

    drive(console(reader, area="due"), journey)


def test_a_half_typed_form_is_given_back() -> None:
    """It can be typed in and not sent while frozen; the sign-in stands over it, and then it is sent."""
    reader = Signs(at_first=False)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("a", "tab", *typed("Sam S"), "tab", *typed("T-9 hal"))
        form = app.screen
        assert isinstance(form, AcknowledgeScreen)
        await freeze(app, pilot, reader)
        await pilot.press(*typed("f"), "enter")
        assert "F2 signs in." in form.query_one("#said", Lines).text
        assert reader.acknowledged == []
        assert "F2 sign in" in frame(app).query_one("#keys", Row).text
        await sign_in(app, pilot, reader, "f2")
        assert [line.value for line in form.query(Line)] == ["8h", "Sam S", "T-9 half"]
        assert form.query_one("#note", Line).entry.has_focus
        assert "Nothing is written" not in form.query_one("#said", Lines).text
        assert "next field" in frame(app).query_one("#keys", Row).text
        await pilot.press(*typed(" done"), "enter")
        await until(pilot, lambda: bool(reader.acknowledged))
        assert (reader.acknowledged[0].assignee, reader.acknowledged[0].note) == ("Sam S", "T-9 half done")

    drive(console(reader, area="due"), journey)


@pytest.mark.parametrize(("opened", "bar"), [(":reco", Bar.COMMAND), ("/bell", Bar.FILTER)])
def test_an_open_bar_is_given_back(opened: str, bar: Bar) -> None:
    """With its text, its cursor and its focus; what is typed next continues it."""
    reader = Signs(at_first=False)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed(opened), "left")
        await freeze(app, pilot, reader)
        await sign_in(app, pilot, reader, "f2")
        line = area(app).query_one(CommandLine)
        assert (line.bar, line.entry.value, line.entry.cursor_position) == (bar, opened[1:], len(opened) - 2)
        assert line.entry.has_focus
        await pilot.press("S")
        assert line.entry.value == f"{opened[1:-1]}S{opened[-1]}"

    drive(console(reader, area="due"), journey)


def test_a_page_and_an_explanation_over_it_are_given_back() -> None:
    """A tenant's page with the cursor on a figure, and the explanation of that figure scrolled."""
    reader = Signs(at_first=False)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed(":tenant acme-health"), "enter", "j", "w", "j")
        why, page = app.screen, frame(app)
        assert isinstance(why, WhyScreen)
        assert isinstance(page, TenantScreen)
        before = (page.page.cursor, why.query_one("#page", Lines).scroll_offset.y, why.title_line().plain)
        await freeze(app, pilot, reader)
        await sign_in(app, pilot, reader, "f2")
        assert (page.page.cursor, why.query_one("#page", Lines).scroll_offset.y, why.title_line().plain) == before
        assert app.screen_stack[-2:] == [page, why]

    drive(console(reader, area="due"), journey)


def test_giving_up_gives_it_back_too() -> None:
    """Esc in the sign-in leaves the form as it was, with the keys of the form."""
    reader = Signs(Renewal.MFA, at_first=False)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("a", "tab", *typed("Sam"))
        form = app.screen
        await freeze(app, pilot, reader)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.focused, CodeEntry))
        await pilot.press(*typed(RIGHT[:3]), "escape")
        assert app.screen is form
        assert form.query_one("#assignee", Line).value == "Sam"
        assert form.query_one("#assignee", Line).entry.has_focus
        assert "next field" in frame(app).query_one("#keys", Row).text

    drive(console(reader, area="due"), journey)


def test_frozen_everything_can_be_read_and_nothing_written() -> None:
    """Filter, sort, other areas, why, a page, another day and the copy work; acknowledging says why it does not."""
    reader = Signs()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert "FROZEN" in header(app)
        assert "CREDS EXPIRED" in header(app)
        assert "S sign in" in frame(app).query_one("#keys", Row).text
        await pilot.press("a")
        assert top(app) is DueScreen
        assert "Nothing is written: AWS credentials ended. S signs in." in flashed(app)
        await pilot.press(*typed("/bellows"), "enter", "shift+right", "o")
        assert 0 < area(app).grid.shown < area(app).grid.total
        await pilot.press("Y")
        assert app.clipboard == "tenure due bellows"
        await pilot.press("w")
        assert top(app) is WhyScreen
        await pilot.press("escape", "escape", "4")
        assert area(app).area.name == "retention"
        await pilot.press(*typed(":as-of 7d"), "enter")
        await until(pilot, lambda: app.fleet.forecast_from is not None)
        assert "FROZEN" in header(app)
        await pilot.press(*typed(":as-of off"), "enter", *typed(":tenant litware"), "enter")
        assert top(app) is TenantScreen
        assert reader.asked == 1

    drive(console(reader, area="due"), journey)
