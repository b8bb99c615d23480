"""The grid: the keys it takes, and the mouse."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from screens.widgets.grid.base import GridBase
from screens.widgets.grid.columns import last_scroll


class Grid(GridBase, can_focus=True):
    """Rows and columns with a cursor, of which only the lines in sight are ever drawn.

    The caller gives rows of clean text (``set_rows``), and answers per row what cells alone do not tell: ``sort_key``,
    ``cell_style`` (names of component classes, of a subclass's own as well) and ``live`` (texts of ticking columns).
    ``sort_key`` and predicates are also called from another thread, so they may only look at the row they are given.
    After every change the lines in sight are drawn anew and compared; what is alike is not sent to the terminal.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("g,home", "top", "First", show=False),
        Binding("G,end", "bottom", "Last", show=False),
        Binding("pageup,ctrl+b", "page(-1.0)", "Page up", show=False),
        Binding("pagedown,ctrl+f", "page(1.0)", "Page down", show=False),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False),
        Binding("left", "shift(-1)", "Columns left", show=False),
        Binding("right", "shift(1)", "Columns right", show=False),
        Binding("shift+left", "choose(-1)", "Sort column left", show=False),
        Binding("shift+right", "choose(1)", "Sort column right", show=False),
        Binding("o", "sort", "Sort", show=False),
        Binding("enter", "select", "Open", show=False),
    ]

    def action_move(self, lines: int) -> None:
        """Move the cursor by lines."""
        self._go(lambda: self._viewport.move_to(self._viewport.position + lines))

    def action_page(self, pages: float) -> None:
        """Move the cursor and the window by heights of the window."""
        self._go(lambda: self._viewport.page(pages))

    def action_top(self) -> None:
        """Move the cursor to the first row."""
        self._go(lambda: self._viewport.move_to(0))

    def action_bottom(self) -> None:
        """Move the cursor to the last row."""
        self._go(lambda: self._viewport.move_to(self.shown - 1))

    def action_shift(self, columns: int) -> None:
        """Scroll sideways by columns, if some are out of sight."""
        last = last_scroll(self._columns, self._contents, self.size.width)
        self._shift = max(0, min(self._shift + columns, last))
        self._placed = None
        self.redraw()

    def action_choose(self, step: int) -> None:
        """Choose the sort column among those in sight."""
        indices = [placed.index for placed in self._places()]
        at = indices.index(self._chosen) + step if self._chosen in indices else 0
        self._chosen = indices[max(0, min(at, len(indices) - 1))]
        self.redraw()

    def action_sort(self) -> None:
        """Sort by the chosen column; where the rows are sorted by it already, the other way round."""
        again = self._request.column == self._chosen
        self.sort(self.chosen_column, reverse=again and not self._request.reverse)

    def action_select(self) -> None:
        """Say that the row under the cursor was chosen."""
        if self._cursor is not None:
            self.post_message(self.RowSelected(self, self._cursor))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row clicked, choose it on a double click; a heading becomes the sort column."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        if offset.y == 0:
            for placed in self._places():
                if placed.x <= offset.x < placed.x + placed.width:
                    self._chosen = placed.index
                    self.action_sort()
            return
        position = self._viewport.top + offset.y - 1
        if position < self.shown:
            self._go(lambda: self._viewport.move_to(position))
            if event.chain == 2:
                self.action_select()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll by three lines."""
        event.stop()
        self._go(lambda: self._viewport.scroll(3))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll by three lines."""
        event.stop()
        self._go(lambda: self._viewport.scroll(-3))
