"""The grid's rows, their arrangement, its cursor and its lines: everything but keys and mouse."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, TypeAlias

from rich.style import Style
from textual import events, on
from textual.strip import Strip

from screens.widgets.grid import messages, paint
from screens.widgets.grid.arrange import EMPTY, Arranger, Predicate, Request, Row, SortKey, View, merged
from screens.widgets.grid.arranging import Answer, ArrangingThread
from screens.widgets.grid.cells import cell_width
from screens.widgets.grid.columns import Column, Placed, place
from screens.widgets.grid.lines import DiffedLines
from screens.widgets.grid.viewport import Viewport

AT_ONCE = 1000
"""So many rows are arranged within the call; more go to a thread, and the old view stays until the new one is ready."""
SAMPLE = 1000
"""So many rows, evenly spread, tell how wide the columns are that have no width of their own."""


class GridBase(DiffedLines):
    """See ``Grid``."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header",
        "grid--chosen",
        "grid--cursor",
        "grid--bar",
        "grid--marked",
        "grid--empty",
    }
    PLAIN_UNDER_CURSOR: ClassVar[frozenset[str]] = frozenset()
    """The cells' classes that are hard to read on the cursor's background: there they give way to its own style."""
    DEFAULT_CSS = """
    GridBase {
        height: 1fr;
        width: 1fr;
        & > .grid--header { text-style: bold; color: $text-muted; }
        & > .grid--chosen { text-style: bold underline; }
        & > .grid--cursor { background: $surface-lighten-2; text-style: bold; }
        & > .grid--bar { color: $accent; }
        & > .grid--marked { text-style: italic; }
        & > .grid--empty { color: $text-muted; }
        &:focus > .grid--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """

    RowHighlighted: TypeAlias = messages.RowHighlighted
    RowSelected: TypeAlias = messages.RowSelected
    ViewChanged: TypeAlias = messages.ViewChanged

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        sort_key: SortKey | None = None,
        cell_style: paint.CellStyle | None = None,
        live: paint.Live | None = None,
        empty: str = "",
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - as every widget of Textual's calls it
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._columns = tuple(columns)
        self._cell_style = cell_style
        self._live = live
        self._empty = empty
        self._rows: Sequence[Row] = ()
        self._positions: dict[Hashable, int] | None = None
        self._request = Request(())
        self._view: View = EMPTY
        self._viewport = Viewport()
        self._cursor: Hashable | None = None
        self._marks: frozenset[Hashable] = frozenset()
        self._chosen = 0
        self._shift = 0
        self._contents: list[int] = []
        self._placed: tuple[Placed, ...] | None = None
        self._arranger = Arranger(sort_key)
        self._thread = ArrangingThread(sort_key, self.post_message)
        self._measure()

    # -- what it is given

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show other rows; the cursor stays on its row's key. Keys are unique."""
        self._rows = tuple(rows)
        self._positions = None
        self._measure()
        self._ask()

    def update_rows(self, changed: Iterable[Row], removed: Iterable[Hashable] = ()) -> None:
        """Replace the rows of the same keys, append those of new ones, take out the ``removed``."""
        if self._positions is None:
            self._positions = {row.key: index for index, row in enumerate(self._rows)}
        rows = merged(self._rows, self._positions, changed, removed)
        if len(rows) < len(self._positions):
            self._positions = None
        self._rows = rows
        self._measure()
        self._ask()

    def filter(self, needle: str = "", predicate: Predicate | None = None) -> None:
        """Show only rows in whose text ``needle`` occurs, whatever the case, and for which ``predicate`` holds."""
        if (needle, predicate) != (self._request.needle, self._request.predicate):
            self._ask(needle=needle, predicate=predicate)

    def sort(self, column: str | None, *, reverse: bool = False) -> None:
        """Sort by the column of that key, or not at all (None). Rows that have no value there stand last."""
        index = None if column is None else self._index(column)
        if index is not None:
            self._chosen = index
        if (index, reverse) != (self._request.column, self._request.reverse):
            self._ask(column=index, column_key=column or "", reverse=reverse)
        self.redraw()

    def tick(self) -> None:
        """Time has passed: draw the ticking columns of the lines in sight."""
        self.redraw()

    # -- what it tells

    @property
    def total(self) -> int:
        """Rows in all."""
        return len(self._rows)

    @property
    def shown(self) -> int:
        """Rows that the filter leaves."""
        return len(self._view)

    @property
    def settled(self) -> bool:
        """Whether what is shown is what was last asked for."""
        return self._view.request.generation == self._request.generation

    @property
    def sorted_by(self) -> tuple[str, bool] | None:
        """Key of the column that the view is sorted by, and whether in reverse."""
        request = self._view.request
        return None if request.column is None else (request.column_key, request.reverse)

    @property
    def cursor(self) -> Hashable | None:
        """Key of the row under the cursor; settable where that row is shown."""
        return self._cursor

    @cursor.setter
    def cursor(self, key: Hashable) -> None:
        position = self._view.find(key, self._viewport.position)
        if position is None:
            raise KeyError(key)
        self._go(lambda: self._viewport.move_to(position))

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor."""
        return self._view.row(self._viewport.position) if len(self._view) else None

    @property
    def chosen_column(self) -> str:
        """Key of the column that ``o`` sorts by."""
        return self._columns[self._chosen].key

    @property
    def columns_shown(self) -> tuple[str, ...]:
        """Keys of the columns in sight, left to right."""
        return tuple(self._columns[placed.index].key for placed in self._places())

    @property
    def columns_hidden(self) -> bool:
        """Whether some column is out of sight."""
        return len(self._places()) < len(self._columns)

    @property
    def marks(self) -> frozenset[Hashable]:
        """Keys of the marked rows; they stay through refreshes, sorts and filters."""
        return self._marks

    @marks.setter
    def marks(self, keys: Iterable[Hashable]) -> None:
        self._marks = frozenset(keys)
        self.redraw()

    def rows_shown(self) -> Iterable[Row]:
        """The rows that the filter leaves, in the order shown."""
        return map(self._view.row, range(len(self._view)))

    @property
    def text_shown(self) -> list[str]:
        """The lines in sight, the heading first, as they stand on the screen."""
        return [strip.text.rstrip() for strip in self.lines_drawn()]

    # -- within

    def _index(self, key: str) -> int:
        for index, column in enumerate(self._columns):
            if column.key == key:
                return index
        raise KeyError(key)

    def _measure(self) -> None:
        sample = self._rows[:: max(len(self._rows) // SAMPLE, 1)]
        self._contents = [
            max((cell_width(paint.text_of(row, index, column, self._live)) for row in sample), default=0)
            if column.width is None and not column.flexible
            else 0
            for index, column in enumerate(self._columns)
        ]
        for index, column in enumerate(self._columns):
            self._contents[index] = max(self._contents[index], cell_width(column.label) + 1)  # 1: the sort's arrow
        self._placed = None

    def _ask(self, **changes: Any) -> None:
        """Have the rows arranged, within this call or on the thread."""
        self._request = replace(self._request, rows=self._rows, generation=self._request.generation + 1, **changes)
        if len(self._rows) > AT_ONCE:
            self._thread.ask(self._request)
            return
        view = self._arranger.arrange(self._request)
        if view is not None:
            self._show(view)

    @on(Answer)
    def _on_answer(self, message: Answer) -> None:
        """Take over what the thread found; what is not the answer to the last request is dropped."""
        message.stop()
        if message.error is not None:
            raise message.error
        if message.view is not None and message.generation == self._request.generation:
            self._take(message.view)
            self.redraw_behind()

    def _show(self, view: View) -> None:
        """Put another view in place of the present one, and draw it."""
        self._take(view)
        self.redraw()

    def _take(self, view: View) -> None:
        """Put another view in place of the present one, and tell."""
        near, known = self._viewport.position, self._view.order
        index = known[near] if 0 <= near < len(known) else None
        position = None if self._cursor is None else view.find(self._cursor, near, index)
        self._view = view
        self._viewport.replace(len(view), position)
        self._follow()
        self.post_message(self.ViewChanged(self))

    def _go(self, move: Callable[[], None]) -> None:
        """Move cursor or window."""
        move()
        self._follow()
        self.redraw()

    def _follow(self) -> None:
        """Note on which row the cursor stands, and tell if it is another one."""
        row = self.cursor_row
        key = None if row is None else row.key
        if key != self._cursor:
            self._cursor = key
            self.post_message(self.RowHighlighted(self, key))

    # -- drawing

    def _places(self) -> tuple[Placed, ...]:
        if self._placed is None:
            self._placed = place(self._columns, self._contents, self.size.width, scroll=self._shift)
        return self._placed

    def draw_lines(self) -> list[Strip]:
        """All lines in sight, heading first."""
        width, height = self.size
        base = self.rich_style
        request = self._view.request
        lines = [
            paint.header(
                self._columns,
                self._places(),
                width,
                base + self.component_style("grid--header"),
                base + self.component_style("grid--header") + self.component_style("grid--chosen"),
                chosen=self._chosen if self.has_focus else None,
                sorted_by=request.column,
                reverse=request.reverse,
            )
        ]
        if not len(self._view) and height > 1:
            lines.append(paint.message(self._empty, width, base + self.component_style("grid--empty")))
        top = self._viewport.top
        bottom = min(top + self._viewport.height, len(self._view))
        lines.extend(self._line(position, width, base) for position in range(top, bottom))
        lines.extend(Strip.blank(width, base) for _ in range(height - len(lines)))
        return lines[:height]

    def _line(self, position: int, width: int, base: Style) -> Strip:
        row = self._view.row(position)
        marked = row.key in self._marks
        style, bar = base, None
        if marked:
            style += self.component_style("grid--marked")
        if position == self._viewport.position:
            style += self.component_style("grid--cursor")
            bar = style + self.component_style("grid--bar")
        return paint.line(
            row,
            self._columns,
            self._places(),
            width,
            style,
            self.component_style,
            cell_style=self._cell_style if bar is None else self._under_cursor,
            live=self._live,
            bar=bar,
            marked=marked,
        )

    def _under_cursor(self, row: Row, column: str) -> str | None:
        name = self._cell_style(row, column) if self._cell_style else None
        return None if name in self.PLAIN_UNDER_CURSOR else name

    def on_resize(self, event: events.Resize) -> None:
        """Fit columns and window to the new size."""
        self._placed = None
        self._shift = 0
        self._viewport.resize(event.size.height - 1)
        self.forget_lines()

    def on_unmount(self) -> None:
        """Let the thread end."""
        self._thread.stop()
