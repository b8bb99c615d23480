"""A matrix of counts: a row a region, a column a tier; the cell under the cursor is a filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from screens.text import DIM, fit, line, status_style
from services.model import Status, worst

COUNTED = (Status.BREACHED, Status.AT_RISK, Status.UNKNOWN)
LEGEND = "breached·at-risk·unknown/all"
ROWS = 8
"""Lines of the matrix at most, its heading included; the rest scrolls."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How many there are of each status."""

    counts: Mapping[Status, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def worst(self) -> Status:
        return worst(status for status, count in self.counts.items() if count)


def count(things: Iterable[tuple[str, str, Status]]) -> dict[tuple[str, str], Cell]:
    """Count ``(row, column, status)`` triples into cells."""
    counts: dict[tuple[str, str], dict[Status, int]] = {}
    for row, column, status in things:
        cell = counts.setdefault((row, column), {})
        cell[status] = cell.get(status, 0) + 1
    return {key: Cell(cell) for key, cell in counts.items()}


class Heat(ScrollView, can_focus=True):
    """The matrix. It shows what it is given and says which cell was chosen."""

    DEFAULT_CSS = f"""
    Heat {{
        height: auto;
        max-height: {ROWS};
        scrollbar-size: 1 1;
        overflow-x: hidden;
        padding: 0 1;
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "narrow to the cell"),
        Binding("up,k", "move(-1, 0)", "up", show=False),
        Binding("down,j", "move(1, 0)", "down", show=False),
        Binding("left,h", "move(0, -1)", "left", show=False),
        Binding("right,l", "move(0, 1)", "right", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """Enter on a cell; ``total`` things are in it."""

        row: str
        column: str
        total: int

    @dataclass
    class Moved(Message):
        """The cursor stands elsewhere."""

        row: str
        column: str

    def __init__(self) -> None:
        super().__init__()
        self._cells: Mapping[tuple[str, str], Cell] = {}
        self._rows: tuple[str, ...] = ()
        self._columns: tuple[str, ...] = ()
        self._cursor = (0, 0)

    def show(self, cells: Mapping[tuple[str, str], Cell], columns: Sequence[str] = ()) -> None:
        """Show these cells, rows by name, columns in the order given, others after; the cursor stays on its cell."""
        if cells == self._cells:
            return
        at = self.at
        self._cells = cells
        self._rows = tuple(sorted({row for row, _ in cells}))
        there = {column for _, column in cells}
        self._columns = (*(name for name in columns if name in there), *sorted(there.difference(columns)))
        if at is not None and at[0] in self._rows and at[1] in self._columns:
            self._cursor = (self._rows.index(at[0]), self._columns.index(at[1]))
        else:
            self._cursor = (0, 0)
        self.virtual_size = Size(0, len(self._rows) + 1)
        self.refresh(layout=True)

    @property
    def at(self) -> tuple[str, str] | None:
        """Row and column under the cursor."""
        if not self._rows:
            return None
        return self._rows[self._cursor[0]], self._columns[self._cursor[1]]

    def point_at(self, row: str, column: str) -> None:
        """Put the cursor on a cell, if it is there."""
        if row in self._rows and column in self._columns:
            self._cursor = (self._rows.index(row), self._columns.index(column))
            self.refresh()

    @property
    def text(self) -> str:
        """All of it, as plain text."""
        return "\n".join(self._line(y).plain.rstrip() for y in range(len(self._rows) + 1))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        y += self.scroll_offset.y
        if y > len(self._rows) or not width:
            return Strip.blank(width, self.rich_style)
        content = self._line(y).truncate(width, ellipsis=True)
        strips = Visual.to_strips(self, content, width, 1, self.visual_style)
        return strips[0].adjust_cell_length(width, self.rich_style)

    def _line(self, y: int) -> Content:
        name_width = max((len(row) for row in self._rows), default=0) + 2
        widths = [max(self._cell_width(column), len(column)) for column in self._columns]
        if y == 0:
            names = [(fit(column, width + 3), DIM) for column, width in zip(self._columns, widths, strict=True)]
            return line(" " * name_width, *names, (LEGEND, DIM))
        row = self._rows[y - 1]
        parts = [Content(" " if y - 1 != self._cursor[0] else "▌"), line(fit(row, name_width - 1))]
        for index, (column, width) in enumerate(zip(self._columns, widths, strict=True)):
            text, style = self._cell(row, column)
            under = self.has_focus and (y - 1, index) == self._cursor
            parts.append(line((fit(text, width), f"{style} reverse".strip() if under else style), "   "))
        return Content.assemble(*parts)

    def _digits(self, column: str) -> tuple[int, ...]:
        cells = [cell for (_, name), cell in self._cells.items() if name == column]
        counts = [max((len(str(cell.counts.get(status, 0))) for cell in cells), default=1) for status in COUNTED]
        return (*counts, max((len(str(cell.total)) for cell in cells), default=1))

    def _cell_width(self, column: str) -> int:
        return sum(self._digits(column)) + len(COUNTED)

    def _cell(self, row: str, column: str) -> tuple[str, str]:
        cell = self._cells.get((row, column))
        if cell is None:
            return "—".center(self._cell_width(column)), DIM
        *digits, total = self._digits(column)
        counts = "·".join(
            str(cell.counts.get(status, 0)).rjust(size) for status, size in zip(COUNTED, digits, strict=True)
        )
        return f"{counts}/{str(cell.total).rjust(total)}", status_style(cell.worst)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_choose(self) -> None:
        if self.at is not None:
            cell = self._cells.get(self.at)
            self.post_message(self.Chosen(*self.at, cell.total if cell else 0))

    def action_move(self, down: int, right: int) -> None:
        if not self._rows:
            return
        row = min(max(self._cursor[0] + down, 0), len(self._rows) - 1)
        column = min(max(self._cursor[1] + right, 0), len(self._columns) - 1)
        if (row, column) == self._cursor:
            return
        before, self._cursor = self._cursor, (row, column)
        self.refresh_lines(before[0] + 1)
        self.refresh_lines(row + 1)
        top = self.scroll_offset.y
        if row + 1 >= top + self.size.height:
            self.scroll_to(y=row + 2 - self.size.height, animate=False)
        elif row < top:
            self.scroll_to(y=row, animate=False)
        self.post_message(self.Moved(*(self.at or ("", ""))))
