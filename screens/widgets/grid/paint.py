"""From a view to the lines on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from rich.style import Style
from textual.strip import Strip

from screens.widgets.grid.arrange import Row
from screens.widgets.grid.cells import fit, strip_of
from screens.widgets.grid.columns import GUTTER, Column, Placed

BAR = "▌"
MARK = "*"
ASCENDING, DESCENDING = "▲", "▼"

CellStyle: TypeAlias = Callable[[Row, str], str | None]
"""Names the component class that a row's cell wears in the column of that key; None for none."""

Live: TypeAlias = Callable[[Row, str], str]
"""The present text of a row's cell in a ticking column."""


def text_of(row: Row, index: int, column: Column, live: Live | None) -> str:
    """What a cell says at present."""
    return live(row, column.key) if column.ticking and live else row.cells[index]


def header(
    columns: Sequence[Column],
    placed: Sequence[Placed],
    width: int,
    style: Style,
    chosen_style: Style,
    *,
    chosen: int | None,
    sorted_by: int | None,
    reverse: bool,
) -> Strip:
    """The heading: the sort column bears an arrow, the chosen one its own style."""
    parts: list[tuple[str, Style]] = []
    x = 0
    for place in placed:
        column = columns[place.index]
        if place.index == sorted_by:
            arrow = DESCENDING if reverse else ASCENDING
            label = fit(column.label, min(len(column.label), place.width - 1)) + arrow
        else:
            label = column.label
        parts.append((" " * (place.x - x), style))
        parts.append((fit(label, place.width, column.align), chosen_style if place.index == chosen else style))
        x = place.x + place.width
    parts.append((" " * (width - x), style))
    return strip_of(parts, width)


def line(
    row: Row,
    columns: Sequence[Column],
    placed: Sequence[Placed],
    width: int,
    style: Style,
    named: Callable[[str], Style],
    *,
    cell_style: CellStyle | None,
    live: Live | None,
    bar: Style | None,
    marked: bool,
) -> Strip:
    """A row's line. ``bar`` is the bar's style where the cursor stands; cells wear their style there, too."""
    parts: list[tuple[str, Style]] = [(BAR, bar) if bar else (" ", style), (MARK if marked else " ", style)]
    x = GUTTER
    for place in placed:
        column = columns[place.index]
        text = fit(text_of(row, place.index, column, live), place.width, column.align)
        parts.append((" " * (place.x - x), style))
        x = place.x + place.width
        name = cell_style(row, column.key) if cell_style else None
        if name is None:
            parts.append((text, style))
            continue
        bare = text.strip(" ")
        before = text.index(bare)
        parts.append((text[:before], style))
        parts.append((bare, style + named(name)))
        parts.append((text[before + len(bare) :], style))
    parts.append((" " * (width - x), style))
    return strip_of((part for part in parts if part[0]), width)


def message(text: str, width: int, style: Style) -> Strip:
    """A line that says why there is no row."""
    return strip_of([(fit(" " * GUTTER + text, width), style)], width)
