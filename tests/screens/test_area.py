"""What the keys of an area do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from screens.area import AreaScreen
from screens.help import HelpScreen
from screens.tenant import TenantScreen
from screens.widgets.area_grid import AreaGrid
from screens.widgets.command_line import CommandLine
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from services.model import Status
from tests.support.console import Answers, Watch, console, settled, typed
from tests.support.fleet import AT, fleet, healthy_fleet, large_fleet, tenant, view
from tests.support.pilot import drive, until


def screen(app: TenureApp) -> AreaScreen:
    assert isinstance(app.screen, AreaScreen)
    return app.screen


def grid(app: TenureApp) -> AreaGrid:
    return screen(app).grid


def said(app: TenureApp, where: str) -> str:
    """The text of a row or of lines."""
    widget = app.screen.query_one(where)
    assert isinstance(widget, Row | Lines)
    return widget.text


def rule(app: TenureApp) -> str:
    return app.screen.query_one("#rule", Row).text


def test_the_filter_is_live_and_escape_restores_what_was() -> None:
    """Each key narrows the list; Esc brings back the filter that was in force, Enter keeps the new one."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed("/contoso"))
        assert grid(app).shown == 2
        await pilot.press("escape")
        assert (grid(app).shown, screen(app).filter_text) == (20, "")
        await pilot.press(*typed("/tier=dedicated"), "enter")
        assert (grid(app).shown, screen(app).filter_text) == (3, "tier=dedicated")
        assert app.focused is grid(app)
        await pilot.press("slash", *typed(" acme"), "escape")
        assert screen(app).filter_text == "tier=dedicated"
        await pilot.press("escape")
        assert screen(app).filter_text == ""

    drive(console(fleet()), journey)


def test_a_wrong_filter_points_at_its_character_and_keeps_the_view() -> None:
    """The caret stands under the wrong character, the old rows stay, and Enter neither closes nor loses the text."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed("/tier=dedicated"), "enter", "slash", *typed(" x=y"), "enter")
        entry = app.screen.query_one(CommandLine).entry
        assert entry.value == "tier=dedicated x=y"
        detail = app.screen.query_one("#detail", Lines)
        caret = detail.region.x + detail.styles.padding.left + detail.text.index("^")
        assert caret == entry.region.x + entry.value.index("x=y")
        assert "no field 'x'" in detail.text
        assert {row.item.row.view.tenant.tier for row in grid(app).rows_shown()} == {"dedicated"}
        assert grid(app).shown == 3
        await pilot.press("escape")
        assert (screen(app).filter_text, grid(app).shown) == ("tier=dedicated", 3)

    drive(console(fleet()), journey)


def test_only_what_is_not_ok() -> None:
    """``!`` hides ok and not-applicable alone: unknown stays; again, or Esc, shows all."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("exclamation_mark")
        shown = {row.item.row.verdict.status for row in grid(app).rows_shown()}
        assert shown == {Status.BREACHED, Status.AT_RISK, Status.UNKNOWN}
        await pilot.press("exclamation_mark")
        assert grid(app).shown == grid(app).total
        await pilot.press("exclamation_mark", "escape")
        assert grid(app).shown == grid(app).total

    drive(console(fleet(), area="recovery"), journey)


def test_commands_open_areas_with_filters() -> None:
    """``:name FILTER`` opens an area narrowed; an area left and opened again is as it was; ``-`` goes back."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed("/acme"), "enter", *typed(":recovery status=breached"), "enter")
        await until(pilot, lambda: screen(app).area.name == "recovery" and grid(app).shown == 2)
        await pilot.press("minus")
        assert (screen(app).area.name, screen(app).filter_text) == ("tenants", "acme")
        await pilot.press("3")
        assert (screen(app).area.name, screen(app).filter_text) == ("recovery", "status=breached")
        await pilot.press(*typed(":sou"), "tab", "enter")
        assert screen(app).area.name == "sources"

    drive(console(fleet()), journey)


def test_a_wrong_command_keeps_its_text() -> None:
    """Unknown commands, wrong filters and unknown tenants are said with a caret; Esc leaves the bar."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        for text, complaint in (
            ("nonsense", "no command nonsense"),
            ("recovery teir=x", "no field 'teir'"),
            ("tenant nobody", "no tenant nobody"),
            ("refresh now", "refresh takes nothing"),
        ):
            await pilot.press("colon", *typed(text), "enter")
            assert complaint in said(app, "#detail")
            assert app.screen.query_one(CommandLine).entry.value == text
            await pilot.press("escape")
        assert screen(app).area.name == "tenants"
        assert app.focused is grid(app)

    drive(console(fleet()), journey)


def test_enter_opens_the_tenant_and_q_comes_back_to_the_same_row() -> None:
    """From a store's row Enter goes to its tenant; ``q`` and Esc return; a row without a tenant says so."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("j", "enter")
        assert isinstance(app.screen, TenantScreen)
        assert app.screen.tenant == "bellows"
        await pilot.press("q")
        assert [row.item.row.tenant for row in grid(app).rows_shown() if row.key == grid(app).cursor] == ["bellows"]
        await pilot.press(*typed("/left-behind"), "enter", "enter")
        assert "Nothing more is known" in rule(app)
        await pilot.press(*typed(":tenant fabrikam"), "enter", "question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, TenantScreen)
        await pilot.press("2")
        assert screen(app).area.name == "tenants"

    drive(console(fleet(), area="recovery"), journey)


def test_help_lists_the_keys_of_where_one_was() -> None:
    """The matrix's key is listed from the tenants and not from the sources; nothing of Textual's own is."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("question_mark")
        page = said(app, "#page")
        assert "matrix" in page
        assert "focus next" not in page
        assert ":recovery" in page
        assert ":maintenance  " in page
        await pilot.press("q", *typed(":sources"), "enter", "question_mark")
        assert "matrix" not in said(app, "#page")

    drive(console(fleet()), journey)


def test_help_is_whole_on_a_narrow_terminal() -> None:
    """No word of a key is cut: where two columns have no room there is one."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("question_mark")
        keys = said(app, "#page").split("Areas")[0]
        assert "copy the command line" in keys
        assert max(len(row.rstrip()) for row in keys.splitlines()) < 50

    drive(console(fleet()), journey, size=(60, 20))


def test_an_answer_longer_than_the_line_below_the_bar_is_wrapped() -> None:
    """What to write instead stands there to its end."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("colon", *typed("as-of nonsense"), "enter")
        assert "or a length: 8h, 7d" in said(app, "#detail").replace("\n", " ")
        assert app.screen.query_one("#detail", Lines).size.height == 3

    drive(console(fleet()), journey)


def test_the_cursor_keeps_its_row_once_moved_and_the_top_until_then() -> None:
    """Rows that become urgent push an untouched cursor's row down, not out of sight; a moved cursor keeps its row."""
    calm = healthy_fleet()
    owner = tenant("zulu")
    worse = replace(calm, tenants={**calm.tenants, **fleet().tenants, "zulu": view(owner)})

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert grid(app).cursor == "adatum"
        await pilot.press("r")
        await until(pilot, lambda: len(app.fleet.tenants) > 3)
        await pilot.pause()
        assert grid(app).cursor == "northgate"
        await pilot.press("G", "r")
        await until(pilot, lambda: len(app.fleet.tenants) == 3)
        await pilot.pause()
        assert grid(app).cursor == "contoso-de"
        await pilot.press("r")
        await until(pilot, lambda: len(app.fleet.tenants) > 3)
        await pilot.pause()
        assert grid(app).cursor == "contoso-de"

    drive(console(Answers(calm, worse, calm, worse)), journey)


def test_countdowns_and_ages_tick() -> None:
    """With the clock a second further the countdown, the header's time and the ages are; nothing was asked anew."""
    watch = Watch(AT)
    reader = Answers(fleet())

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert any("10:55:29" in line for line in grid(app).text_shown)
        watch.at = AT + timedelta(seconds=1)
        await until(pilot, lambda: any("10:55:28" in line for line in grid(app).text_shown))
        await until(pilot, lambda: app.screen.query_one("#clock", Row).text.startswith("12:04:32Z"))
        assert reader.asked == 1

    drive(console(reader, now=watch), journey)


def test_a_large_fleet_is_drawn_off_the_event_loop() -> None:
    """Rows of more tenants than are made at once arrive by message, filters work on them, the count is right."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await until(pilot, lambda: grid(app).total == 2500)
        await pilot.press(*typed("/tenant-002499"), "enter")
        await until(pilot, lambda: grid(app).shown == 1)
        assert "1 of 2500" in said(app, "#title")

    drive(console(large_fleet(2500)), journey)


def test_nothing_from_outside_is_markup() -> None:
    """A name that is Textual markup is shown letter for letter, and neither opens nor quits anything."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed(":tenant hostile-1"), "enter")
        assert "[@click=app.quit]quit[/] [bold]b[/bold] [/foo]" in said(app, "#page")
        app.flash("\x1b]0;x\x07[/foo]")
        await pilot.pause()
        assert "␛]0;x␇[/foo]" in rule(app)

    drive(console(fleet()), journey)
