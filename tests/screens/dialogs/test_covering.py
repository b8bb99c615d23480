"""What a dialog leaves to be seen of what stands beneath it."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from screens.dialogs.base import Dialog
from screens.widgets.lines import Lines
from tests.support.console import console, settled, typed
from tests.support.dialogs import operator, page_of, shown, shows
from tests.support.ordering import FakeDesk
from tests.support.pilot import drive, until
from tests.support.shots import Compare, shot

HEIGHTS = range(16, 31)
"""Among them each way in which a box may end in the lines below the list."""


def seen(app: TenureApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def below(app: TenureApp) -> list[str]:
    """The lines about the row under the cursor of the screen beneath."""
    assert isinstance(app.screen, Dialog)
    return [it.strip() for it in app.screen.beneath.query_one("#detail", Lines).text.splitlines()]


FORM = (".", *typed("case-open"), "enter")


@pytest.mark.parametrize("keys", [("w",), (".",), FORM], ids=["why", "menu", "form"])
def test_what_stands_below_the_list_is_whole_or_hidden(keys: tuple[str, ...]) -> None:
    """Under a box of any height no line about the row under the cursor stands without the other."""
    cut: set[int] = set()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("j", "j", "j")
        detail = app.screen.query_one("#detail", Lines)
        assert len(detail.text.splitlines()) > 1
        await pilot.press(*keys)
        await shows(pilot, Dialog)
        for height in HEIGHTS:
            await pilot.resize_terminal(80, height)
            await pilot.pause()
            await pilot.pause()
            if len({line in seen(app) for line in below(app)}) > 1:
                cut.add(height)
        assert cut == set()
        await pilot.resize_terminal(80, 24)
        await pilot.press("escape")
        await until(pilot, lambda: all(line.strip() in seen(app) for line in detail.text.splitlines()))

    drive(console(operator(FakeDesk()), area="due"), journey)


def test_nothing_of_a_dialog_looks_out_behind_the_one_over_it() -> None:
    """Over a tall form a short plan stands alone; the form is there again when one is back from it."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await page_of(app, pilot, "fabrikam")
        await pilot.press("M", *typed("2026-12-02 22:00"), "tab", *typed("90m"), "tab", *typed("Upgrade"))
        assert "slot-schedule · fabrikam" in seen(app)
        await pilot.press("enter")
        await shown(pilot)
        await until(pilot, lambda: "Schedule maintenance · fabrikam" in seen(app))
        assert "slot-schedule · fabrikam" not in seen(app)
        await pilot.press("escape")
        await until(pilot, lambda: "slot-schedule · fabrikam" in seen(app))

    drive(console(operator(FakeDesk()), area="due"), journey)


def test_beside_a_box_no_line_is_left_in_part() -> None:
    """On a terminal wider than a box is, the rows that it covers are covered from edge to edge."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("w")
        await shows(pilot, Dialog)
        await pilot.pause()
        covered = [row for row in seen(app).splitlines() if "│" in row and row.strip("│ ")]
        assert len(covered) > 3
        assert all(row.strip().startswith("│") and row.strip().endswith(("│", "▌", "▐")) for row in covered)

    drive(console(operator(FakeDesk()), area="due"), journey, size=(140, 45))


def test_menu(snap_compare: Compare) -> None:
    """A box that ends amid the lines about the row: they give way, and the notices stay."""
    assert shot(snap_compare, console(operator(FakeDesk()), area="due"), "j", "j", "j", ".")
