"""The matrix above the list of tenants."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from screens.area import AreaScreen
from screens.widgets.heat import Heat
from screens.widgets.row import Row
from tests.support.console import console, settled, typed
from tests.support.fleet import fleet
from tests.support.pilot import drive


def screen(app: TenureApp) -> AreaScreen:
    assert isinstance(app.screen, AreaScreen)
    return app.screen


def test_a_cell_narrows_the_list() -> None:
    """Arrows choose a cell, Enter puts its filter in force and goes to the list, ``m`` returns, Esc closes."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("m")
        heat = app.screen.query_one(Heat)
        assert heat.has_focus
        assert heat.at == ("eu-central-1", "public")  # of the tenant under the list's cursor
        await pilot.press("right")
        assert heat.at == ("eu-central-1", "dedicated")
        await pilot.press("left")
        await pilot.press("enter")
        assert screen(app).filter_text == "tier=public region=eu-central-1"
        assert screen(app).grid.shown == 11
        assert screen(app).grid.has_focus
        assert "1·1·0/11" in heat.text
        await pilot.press("m")
        assert heat.has_focus
        await pilot.press("escape")
        assert not heat.display
        assert screen(app).filter_text == "tier=public region=eu-central-1"
        await pilot.press("escape")
        assert screen(app).filter_text == ""

    drive(console(fleet()), journey)


def test_an_empty_cell_says_so() -> None:
    """Enter where no tenant is leaves the list as it was."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("m", "up", "enter")
        assert screen(app).filter_text == ""
        assert "No public tenant in ap-southeast-2." in app.screen.query_one("#rule", Row).text

    drive(console(fleet()), journey)


def test_the_cursor_stays_on_its_cell() -> None:
    """Another picture with further regions leaves the cursor where it was."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("m", "j", "j")
        heat = app.screen.query_one(Heat)
        assert heat.at == ("me-central-1", "public")
        await pilot.press(*typed("/nobody"), "escape", "r")
        assert heat.at == ("me-central-1", "public")
        assert heat.has_focus

    drive(console(fleet()), journey)
