"""Columns of a grid, and which of them stand where on a line of a given width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

GUTTER = 2
"""Cells at the left of every line: the cursor's bar and the mark."""
EXTRA = 5
"""The priority number from which on a column is shown only where what is flexible has the cells that it wants."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    ``width`` fixes it, in cells; without it the column is as wide as its contents, between ``min_width`` and
    ``max_width``. A ``flexible`` column takes what the others leave. Where the line is too short for all, the columns
    with the highest ``priority`` number go first, of equals the rightmost; horizontal scrolling reaches them, past
    which ``pinned`` columns stay.

    A ``ticking`` column's texts come from the grid's ``live`` callable at each ``tick``. It belongs at the left: all
    that stands left of a changed cell is sent to the terminal again.
    """

    key: str
    label: str
    width: int | None = None
    min_width: int = 3
    max_width: int = 60
    flexible: bool = False
    align: Literal["left", "right"] = "left"
    priority: int = 0
    pinned: bool = False
    ticking: bool = False
    wanted: int = 0
    """Cells that a flexible column takes, if its contents fill them, before columns of priority ``EXTRA`` or more."""

    @property
    def least(self) -> int:
        """The fewest cells that the column is worth showing in."""
        return self.width if self.width is not None else self.min_width

    def natural(self, content: int) -> int:
        """The cells it asks for when its widest text, heading included, takes ``content``."""
        if self.width is not None:
            return self.width
        return max(self.min_width, min(content, self.max_width))


@dataclass(frozen=True, slots=True)
class Placed:
    """A column on the line: its index among all, where it starts, how wide it is."""

    index: int
    x: int
    width: int


def place(
    columns: Sequence[Column], contents: Sequence[int], width: int, *, scroll: int = 0, gap: int = 2
) -> tuple[Placed, ...]:
    """The columns to show on a line of ``width`` cells, left to right.

    ``contents`` has the widest text of each. With ``scroll`` 0 the columns are chosen by priority. With more, all
    columns are there in their order, of those that are not pinned one more is out at the left at each step, and what
    does not fit is cut at the right edge.
    """
    room = width - GUTTER
    chosen = _chosen(columns, contents, room, gap)
    if scroll > 0:
        pinned = [index for index, column in enumerate(columns) if column.pinned]
        chosen = [*pinned, *_loose(columns)[_first_out(columns, chosen) + scroll - 1 :]]
    return _side_by_side(columns, contents, chosen, room, gap)


def last_scroll(columns: Sequence[Column], contents: Sequence[int], width: int, *, gap: int = 2) -> int:
    """The furthest that it makes sense to scroll: where the last column is wholly seen; 0 where all fit."""
    room = width - GUTTER
    chosen = _chosen(columns, contents, room, gap)
    if len(chosen) == len(columns):
        return 0
    room -= sum(_asked(columns, contents, i) + gap for i, column in enumerate(columns) if column.pinned)
    loose = _loose(columns)
    shown = 0
    for index in reversed(loose):
        room -= _asked(columns, contents, index) + (gap if shown else 0)
        if room < 0:
            break
        shown += 1
    return max(len(loose) - max(shown, 1) - _first_out(columns, chosen) + 1, 0)


def _loose(columns: Sequence[Column]) -> list[int]:
    return [index for index, column in enumerate(columns) if not column.pinned]


def _first_out(columns: Sequence[Column], chosen: Sequence[int]) -> int:
    """How many columns the first step to the right takes out: one, unless that one has not been seen yet."""
    return int(set(_loose(columns)[:1]) <= set(chosen))


def _asked(columns: Sequence[Column], contents: Sequence[int], index: int) -> int:
    return columns[index].natural(contents[index])


def _needed(columns: Sequence[Column], contents: Sequence[int], index: int) -> int:
    """What a column must have to be chosen: a flexible one its least, any other what it asks for."""
    column = columns[index]
    return column.least if column.flexible else _asked(columns, contents, index)


def _wanted(columns: Sequence[Column], contents: Sequence[int], index: int) -> int:
    """What a column has before those of little importance are chosen."""
    wanted = min(columns[index].wanted, contents[index]) if columns[index].flexible else 0
    return max(_needed(columns, contents, index), wanted)


def _chosen(columns: Sequence[Column], contents: Sequence[int], room: int, gap: int) -> list[int]:
    """Indices of the columns that fit, the least important left out; at least one stays.

    A flexible column that was left out comes back where what the others leave is enough for it.
    """

    def fits(indices: Sequence[int], needed: Callable[[Sequence[Column], Sequence[int], int], int] = _needed) -> bool:
        return sum(needed(columns, contents, index) for index in indices) + gap * (len(indices) - 1) <= room

    chosen = list(range(len(columns)))
    while len(chosen) > 1:
        last = max(chosen, key=lambda index: (columns[index].priority, index))
        if fits(chosen, _wanted if columns[last].priority >= EXTRA else _needed):
            break
        chosen.remove(last)
    for index, column in enumerate(columns):
        if column.flexible and index not in chosen and fits(more := sorted([*chosen, index])):
            chosen = more
    return chosen


def _side_by_side(
    columns: Sequence[Column], contents: Sequence[int], indices: Sequence[int], room: int, gap: int
) -> tuple[Placed, ...]:
    widths = {index: _needed(columns, contents, index) for index in indices}
    flexible = [index for index in indices if columns[index].flexible]
    spare = room - sum(widths.values()) - gap * (len(indices) - 1)
    for count, index in enumerate(flexible):
        share = max(spare, 0) // (len(flexible) - count)
        widths[index] += share
        spare -= share
    placed = []
    x = GUTTER
    for index in indices:
        width = min(widths[index], GUTTER + room - x)
        if width <= 0:
            break
        placed.append(Placed(index, x, width))
        x += width + gap
    return tuple(placed)
