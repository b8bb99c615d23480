"""Text cut and padded to cells, by Textual's own measure; lines of cells and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Literal

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

ELLIPSIS = "…"


def guard(text: str) -> str:
    """``text`` with nothing that a terminal would obey, whatever the caller forgot.

    Callers give clean text, which passes at the cost of one look. What Python calls unprintable (controls, bidi and
    zero-width characters, surrogates) becomes ``�``; the ideographic space stays.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\u3000" else "\N{REPLACEMENT CHARACTER}" for char in text)


def cell_width(text: str) -> int:
    """Cells that ``text`` takes."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """``text`` in exactly ``width`` cells: padded, or cut with ``…``; a wide character is never split."""
    text = guard(text)
    size = cell_width(text)
    if size <= width:
        return text + " " * (width - size) if align == "left" else " " * (width - size) + text
    if width <= 0:
        return ""
    return set_cell_size(text, width - 1) + ELLIPSIS


def strip_of(parts: Iterable[tuple[str, Style]], width: int) -> Strip:
    """A strip of ``width`` cells; neighbours of one style become one segment, which a terminal is told once."""
    segments: list[Segment] = []
    run: list[str] = []
    current: Style | None = None
    for text, style in parts:
        if style is not current and style != current:
            if run:
                segments.append(Segment("".join(run), current))
            run, current = [], style
        run.append(text)
    if run:
        segments.append(Segment("".join(run), current))
    return Strip(segments, width)


def changed_width(old: Strip, new: Strip) -> int:
    """How many cells from the left have to be sent to turn ``old`` into ``new``: 0 if they are alike.

    Both have the same cell length.
    """
    before, after = list(old), list(new)
    width = new.cell_length
    while before and after and before[-1] == after[-1]:
        width -= after[-1].cell_length
        before.pop()
        after.pop()
    if before and after and before[-1].style == after[-1].style:
        text = after[-1].text
        pairs = zip(reversed(before[-1].text), reversed(text), strict=False)
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        width -= cell_len(text[len(text) - alike :])
    return width if before or after else 0
