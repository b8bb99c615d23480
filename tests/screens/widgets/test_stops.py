"""A page with a cursor that goes from stop to stop."""

from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from screens.widgets.stops import Stops
from tests.support.pilot import drive


class Page(App[None]):
    """Forty lines; every tenth from the third on is a stop."""

    def compose(self) -> ComposeResult:
        yield Stops(id="page")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"cursor": "#303030"}

    def on_mount(self) -> None:
        self.show("")
        self.stops.focus()

    def show(self, start: str) -> None:
        lines = [Content(f"line {number}") for number in range(40)]
        self.stops.show_page(lines, [str(n) if n % 10 == 3 else None for n in range(40)], start)

    @property
    def stops(self) -> Stops:
        return self.query_one(Stops)


def test_the_cursor_goes_from_stop_to_stop_and_the_page_follows() -> None:
    """j and k step, past the last stop the page scrolls on, g and G go to the ends, a page key to what it shows."""

    async def journey(app: Page, pilot: Pilot[Any]) -> None:
        def bar() -> list[int]:
            return [index for index, text in enumerate(app.stops.text.split("\n")) if text.startswith("▌")]

        assert (app.stops.cursor, bar()) == ("3", [3])
        await pilot.press("j", "j")
        assert (app.stops.cursor, bar(), app.stops.scroll_offset.y) == ("23", [23], 14)
        await pilot.press("j", "j")
        assert (app.stops.cursor, app.stops.scroll_offset.y) == ("33", 25)
        await pilot.press("k", "G")
        assert (app.stops.cursor, app.stops.scroll_offset.y) == ("33", 30)
        await pilot.press("g", "k")
        assert (app.stops.cursor, app.stops.scroll_offset.y) == ("3", 0)
        await pilot.press("pagedown")
        assert (app.stops.cursor, app.stops.scroll_offset.y) == ("13", 10)

    drive(Page(), journey, size=(40, 10))


def test_the_cursor_survives_a_redrawing_and_starts_where_it_is_told() -> None:
    """Its stop is found by its key; a page without stops has no cursor and scrolls."""

    async def journey(app: Page, pilot: Pilot[Any]) -> None:
        app.stops.cursor = None
        app.show("13")
        at = [app.stops.cursor]
        app.show("33")
        at.append(app.stops.cursor)
        app.stops.show_page([Content("x")] * 40, [None] * 40, None)
        at.append(app.stops.cursor)
        await pilot.press("j")
        assert at == ["13", "13", None]
        assert app.stops.scroll_offset.y == 1

    drive(Page(), journey, size=(40, 10))


def test_the_line_under_the_cursor_is_not_cut_beside_the_scroll_bar() -> None:
    """It is coloured to the edge of what scrolls, and ends in no ellipsis."""

    async def journey(app: Page, _pilot: Pilot[Any]) -> None:
        shown = app.stops.render_line(3).text
        assert shown == "▌line 3".ljust(app.stops.scrollable_content_region.width)
        assert len(shown) == app.stops.size.width - 1

    drive(Page(), journey, size=(40, 10))
