"""How the grid behaves under a pilot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import Any, ClassVar

import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from screens.widgets.grid import Column, Grid, Row
from tests.support.pilot import drive, until

COLUMNS = [
    Column("status", "STATUS", width=9),
    Column("name", "NAME", min_width=6, max_width=20, pinned=True),
    Column("rpo", "RPO", width=6, align="right", priority=2),
    Column("note", "NOTE", flexible=True, min_width=10, priority=1),
]


class Coloured(Grid):
    """A grid with a style of its own."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"status--breached", "status--dim"}
    PLAIN_UNDER_CURSOR: ClassVar[frozenset[str]] = frozenset({"status--dim"})
    DEFAULT_CSS = """
    Coloured > .status--breached { color: red; text-style: italic; }
    Coloured > .status--dim { color: grey; }
    """


class Fleet(App[None]):
    """A grid, and what it told."""

    def __init__(self, rows: Sequence[Row], **options: Any) -> None:
        super().__init__()
        self.rows = rows
        self.grid = Coloured(COLUMNS, empty="nothing here", **options)
        self.told: list[tuple[str, Any]] = []

    def compose(self) -> ComposeResult:
        """The grid alone."""
        yield self.grid

    def on_mount(self) -> None:
        """Give it rows."""
        self.grid.set_rows(self.rows)
        self.grid.focus()

    def on_grid_row_highlighted(self, message: Grid.RowHighlighted) -> None:
        """Note it."""
        self.told.append(("highlighted", message.key))

    def on_grid_row_selected(self, message: Grid.RowSelected) -> None:
        """Note it."""
        self.told.append(("selected", message.key))


def rows(count: int) -> list[Row]:
    """Rows k0, k1 … with RPO falling; every fifth has none and is unknown."""
    return [
        Row(
            f"k{n}",
            ("unknown", f"name {n:03}", "—", "") if n % 5 == 0 else ("ok", f"name {n:03}", f"{count - n}m", "x"),
        )
        for n in range(count)
    ]


def rpo(row: Row, column: str) -> Any:
    """Sorts RPO as a number, the rest as text."""
    if column == "rpo":
        return None if row.cells[2] == "—" else int(row.cells[2][:-1])
    return row.cells[[one.key for one in COLUMNS].index(column)]


def run(
    given: Sequence[Row],
    journey: Callable[[Fleet, Pilot[None]], Any],
    size: tuple[int, int] = (60, 12),
    **options: Any,
) -> None:
    """Drive a fleet of rows."""
    drive(Fleet(given, sort_key=rpo, **options), journey, size=size)


def lines(grid: Grid) -> list[str]:
    """The rows in sight by their names."""
    return [line[13:21] for line in grid.text_shown[1:] if line]


def test_shows_its_rows_under_their_headings() -> None:
    """Columns line up, numbers stand at the right, the cursor's line has the bar."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        assert app.grid.text_shown[:4] == [
            "  STATUS     NAME         RPO  NOTE",
            "▌ unknown    name 000       —",
            "  ok         name 001      2m  x",
            "  ok         name 002      1m  x",
        ]
        assert (app.grid.shown, app.grid.total) == (3, 3)
        assert app.told == [("highlighted", "k0")]

    run(rows(3), journey)


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        (["down", "down"], "k2"),
        (["j", "j", "k"], "k1"),
        (["G"], "k99"),
        (["end", "home"], "k0"),
        (["pagedown"], "k10"),
        (["ctrl+f", "ctrl+f", "ctrl+b"], "k10"),
        (["ctrl+d", "ctrl+d", "ctrl+u"], "k5"),
        (["up"], "k0"),
        (["G", "down"], "k99"),
    ],
)
def test_keys_move_the_cursor(keys: list[str], key: str) -> None:
    """Every movement key goes where an operator's fingers expect it, and the row is in sight."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        assert app.grid.cursor == key
        assert any(line.startswith("▌") and f"name {int(key[1:]):03}" in line for line in app.grid.text_shown)

    run(rows(100), journey)


def test_enter_chooses_the_row() -> None:
    """Enter tells which row was chosen; with no row it tells nothing."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        await pilot.press("down", "enter")
        assert app.told[-2:] == [("highlighted", "k1"), ("selected", "k1")]
        app.grid.set_rows([])
        await pilot.press("enter")
        assert app.told[-1] == ("highlighted", None)
        assert app.grid.text_shown[1] == "  nothing here"

    run(rows(3), journey)


def test_the_cursor_stays_on_its_row() -> None:
    """Through refreshes in another order, sorts and filters; gone, it stays near by."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        grid = app.grid
        grid.cursor = "k42"
        grid.set_rows(list(reversed(rows(100))))
        assert grid.cursor == "k42"
        grid.sort("rpo", reverse=True)
        assert grid.cursor == "k42"
        grid.filter("name 04")
        assert (grid.cursor, grid.shown) == ("k42", 10)
        grid.filter()
        assert (grid.cursor, grid.shown) == ("k42", 100)
        assert any(line.startswith("▌") and "name 042" in line for line in grid.text_shown)
        grid.sort(None)
        grid.set_rows(row for row in rows(100) if row.key != "k42")
        assert grid.cursor in {"k41", "k43", "k58"}
        assert any(line.startswith("▌") for line in grid.text_shown)

    run(rows(100), journey)


def test_a_row_that_goes_leaves_the_cursor_on_the_next() -> None:
    """The row under the cursor is taken out: the one that moves up has it."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        app.grid.cursor = "k4"
        app.grid.update_rows([], removed=["k4"])
        assert app.grid.cursor == "k5"
        app.grid.filter("name 00")
        app.grid.cursor = "k9"
        app.grid.filter("name 001")
        assert app.grid.cursor == "k1"

    run(rows(20), journey)


def test_a_delta_changes_adds_and_removes() -> None:
    """Changed rows are drawn, new ones join at the end, removed ones go, twice in a row."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        for text in ("first", "second"):
            app.grid.update_rows(
                [Row("k1", ("ok", text, "1m", "")), Row(text, ("ok", text + " new", "1m", ""))], ["k0"]
            )
            assert [row.cells[1] for row in app.grid.rows_shown()][:2] == [text, "name 002"]
        assert [row.key for row in app.grid.rows_shown()] == ["k1", "k2", "first", "second"]

    run(rows(3), journey)


def test_sorts_by_the_chosen_column() -> None:
    """shift+arrows choose among the columns in sight, o sorts, o again turns round; what has no value stands last."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        await pilot.press("shift+right", "shift+right")
        assert app.grid.chosen_column == "rpo"
        await pilot.press("o")
        assert app.grid.sorted_by == ("rpo", False)
        assert "RPO▲" in app.grid.text_shown[0]
        shown = [row.cells[2] for row in app.grid.rows_shown()]
        assert shown == ["1m", "2m", "3m", "4m", "6m", "7m", "8m", "9m", "—", "—"]
        await pilot.press("o")
        assert "RPO▼" in app.grid.text_shown[0]
        shown = [row.cells[2] for row in app.grid.rows_shown()]
        assert shown == ["9m", "8m", "7m", "6m", "4m", "3m", "2m", "1m", "—", "—"]

    run(rows(10), journey)


def test_narrow_terminals_lose_columns_by_priority_and_scroll_to_them() -> None:
    """The least important go first; the right arrow reaches them past the pinned name; a wider terminal has all."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        def shown() -> tuple[str, ...]:
            return app.grid.columns_shown

        assert shown() == ("status", "name")
        assert app.grid.columns_hidden
        await pilot.press("right")
        assert shown() == ("name", "rpo", "note")
        await pilot.press("right", "right", "right")
        assert shown()[-1] == "note"
        await pilot.press("left", "left", "left")
        assert shown() == ("status", "name")
        await pilot.resize_terminal(60, 12)
        assert len(shown()) == 4
        await pilot.press("right")
        assert len(shown()) == 4

    run(rows(10), journey, size=(26, 12))


def test_resizing_keeps_the_cursor_in_sight() -> None:
    """A lower terminal still shows the cursor's line, a higher one shows no emptiness below the last row."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        await pilot.press("pagedown", "j", "j")
        await pilot.resize_terminal(60, 5)
        assert any(line.startswith("▌") for line in app.grid.text_shown)
        await pilot.press("G")
        await pilot.resize_terminal(60, 20)
        assert len([line for line in app.grid.text_shown[1:] if line]) == 19
        assert app.grid.text_shown[-1].startswith("▌")

    run(rows(100), journey)


def test_hostile_and_wide_text_neither_acts_nor_breaks_the_columns() -> None:
    """Markup is text, controls are replaced, CJK and emoji keep the columns aligned."""
    names = ["[@click=app.quit]x[/]", "[/foo]", "\x1b[31mred", "日本語株式会社とても長い名前", "👩 team", "e\u0301" * 4]
    given = [Row(name, ("ok", name, "5m", "note")) for name in names]

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        shown = app.grid.text_shown
        assert "�[31mred" in shown[3]
        assert "[@click=app.quit]x[…" in shown[1] or "[@click=app.quit]x[/]" in shown[1]
        assert {strip.cell_length for strip in app.grid.lines_drawn()} == {60}
        for y in range(1, 7):
            strip = app.grid.lines_drawn()[y]
            assert strip.crop(35, 41).text.strip() == "5m", strip.text
        await pilot.click(offset=(15, 1))
        await pilot.click(offset=(15, 2))
        assert app.is_running
        assert app.grid.cursor == "[/foo]"

    run(given, journey)


def test_a_key_is_drawn_after_the_styles_were_told_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coming back to a screen tells its widgets their styles, and Textual need not ask for lines that it still has."""
    drawn: list[object] = []
    draw = Coloured.draw_lines

    def counted(grid: Grid) -> list[Strip]:
        drawn.append(grid.cursor)
        return draw(grid)

    monkeypatch.setattr(Coloured, "draw_lines", counted)

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        app.grid.notify_style_update()
        drawn.clear()
        await pilot.press("down")
        await pilot.pause()
        assert drawn[-1:] == [app.rows[1].key]

    run(rows(5), journey)


def test_the_mouse() -> None:
    """A click moves the cursor, a double click chooses, a heading sorts, the wheel scrolls."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        await pilot.click(offset=(4, 3))
        assert app.grid.cursor == "k2"
        await pilot.click(offset=(4, 4), times=2)
        assert ("selected", "k3") in app.told
        await pilot.click(offset=(14, 0))
        assert app.grid.sorted_by == ("name", False)
        app.grid.cursor = "k0"
        await pilot._post_mouse_events([_wheel()], offset=(5, 5))
        await pilot.pause()
        assert lines(app.grid)[0] == "name 003"
        assert app.grid.cursor == "k3"

    run(rows(100), journey)


def _wheel() -> Any:
    from textual import events

    return events.MouseScrollDown


def test_marks_are_shown_and_stay() -> None:
    """Marked keys bear a star, through a refresh and a filter."""

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        app.grid.marks = {"k1", "k3"}
        app.grid.set_rows(reversed(rows(5)))
        app.grid.filter("name")
        assert [line[1] for line in app.grid.text_shown[1:6]] == [" ", "*", " ", "*", " "]

    run(rows(5), journey)


def test_cells_wear_their_style_on_the_cursor_s_line_too() -> None:
    """A named component class colours the text of a cell; under the cursor it stands on the cursor's background, but
    for those that would be hard to read there."""

    def style(row: Row, column: str) -> str | None:
        return {"status": "status--breached", "name": "status--dim"}.get(column)

    def worn(grid: Grid, text: str) -> Style:
        (found,) = [segment.style for segment in grid.lines_drawn()[2] if text in segment.text]
        assert found is not None
        return found

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        status, name, note = (worn(app.grid, text) for text in ("ok", "name 001", "x"))
        assert len({status.color, name.color, note.color}) == 3
        await pilot.press("down")
        under, name, note = (worn(app.grid, text) for text in ("ok", "name 001", "x"))
        assert (under.color, under.italic) == (status.color, True)
        assert under.bgcolor == note.bgcolor != status.bgcolor
        assert name is note

    run(rows(3), journey, cell_style=style)


def test_the_old_view_stays_until_the_new_one_is_there() -> None:
    """While many rows are sorted elsewhere, the old picture stands and keys work; what is overtaken never shows."""
    release = Event()

    def slow(row: Row, column: str) -> Any:
        release.wait()
        return -int(row.cells[1][5:]) if column == "name" else 0

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.grid.settled)
        app.grid.sort("name")
        await pilot.press("down", "down")
        assert (app.grid.settled, app.grid.sorted_by) == (False, None)
        assert (app.grid.cursor, lines(app.grid)[0]) == ("k2", "name 000")
        app.grid.sort("status")
        app.grid.filter("name 10")
        release.set()
        await until(pilot, lambda: app.grid.settled)
        assert app.grid.sorted_by == ("status", False)
        assert (lines(app.grid)[0], app.grid.shown) == ("name 100", 110)

    drive(Fleet(rows(1200), sort_key=slow), journey, size=(60, 12))


def test_who_is_told_of_a_view_speaks_before_it_is_drawn() -> None:
    """Even the application, which is told last: what it says then stands in one picture with the rows."""
    drawn: list[list[str]] = []

    class Telling(Fleet):
        def on_grid_view_changed(self) -> None:
            if self.grid.sorted_by == ("name", True):
                drawn.append(lines(self.grid))

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.grid.settled)
        app.grid.sort("name", reverse=True)
        await until(pilot, lambda: lines(app.grid)[-1] == "name 000")  # where the cursor stays

    drive(Telling(rows(1200)), journey, size=(60, 12))
    assert [shown[0] for shown in drawn] == ["name 000"]


def test_a_callable_that_fails_is_not_silent() -> None:
    """An error in a predicate ends the application with its traceback, from the thread as well."""

    def wrong(row: Row) -> bool:
        raise ValueError("wrong predicate")

    async def journey(app: Fleet, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.grid.settled)
        app.grid.filter(predicate=wrong)
        await until(pilot, lambda: not app.is_running)

    with pytest.raises(ValueError, match="wrong predicate"):
        run(rows(1200), journey)
