"""A lifecycle drawn to scale: marks with their labels, what holds between them, and where now is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from screens.text import ACCENT, DIM, fit, line
from services.text import clean


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant on the line."""

    at: datetime
    label: str
    after: str = ""
    """What holds from here to the next mark."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period beside the others, drawn on a line of its own."""

    starts_at: datetime
    ends_at: datetime
    label: str


def timeline(
    marks: Sequence[Mark],
    now: datetime,
    width: int,
    said: str = "",
    style: str = ACCENT,
    stretches: Sequence[Stretch] = (),
) -> list[Content]:
    """Four lines: labels, the line, what holds, and now with ``said`` beside it; after the third one a stretch.

    The line runs from the first mark to the last, or to ``now`` where that lies outside. What has passed is heavy,
    what is to come is light.
    """
    if len(marks) < 2 or width < 20:
        return []
    marks = sorted(marks, key=lambda mark: mark.at)
    first, last = min(marks[0].at, now), max(marks[-1].at, now)
    span = (last - first).total_seconds() or 1.0

    def cell(at: datetime) -> int:
        return round((at - first).total_seconds() / span * (width - 1))

    def within(at: datetime) -> int:
        return cell(min(max(at, first), last))

    here = cell(now)
    ends = [cell(mark.at) for mark in marks]
    return [
        line(_labels(marks, ends, width)),
        _rail(ends, here, width, style),
        line((_captions(marks, ends, width), DIM)),
        *(_stretch(within(one.starts_at), within(one.ends_at), one.label, width) for one in stretches),
        _now(here, width, said, style),
    ]


def _labels(marks: Sequence[Mark], cells: Sequence[int], width: int) -> str:
    """The labels, each beginning at its mark where there is room, none over another, the last within the line."""
    labels = [clean(mark.label) for mark in marks]
    starts: list[int] = []
    earliest = 0
    for label, at in zip(labels, cells, strict=True):
        starts.append(max(at, earliest))
        earliest = starts[-1] + cell_len(label) + 2
    limit = width
    for index in range(len(labels) - 1, -1, -1):
        starts[index] = max(min(starts[index], limit - cell_len(labels[index])), 0)
        limit = starts[index] - 2
    drawn = ""
    for label, start in zip(labels, starts, strict=True):
        room = start - cell_len(drawn)
        if room < 0 or (drawn and room < 1):
            continue
        drawn += " " * room + label
    return clean(drawn, limit=width)


def _rail(cells: Sequence[int], here: int, width: int, style: str) -> Content:
    rail = []
    for at in range(width):
        if at == here:
            rail.append("●")
        elif at in cells:
            rail.append("├" if at == cells[0] else "┤" if at == cells[-1] else "┼")
        else:
            rail.append("━" if at < here else "─")
    drawn = "".join(rail)
    return line(drawn[:here], (drawn[here], f"bold {style}"), (drawn[here + 1 :], DIM))


def _stretch(start: int, end: int, label: str, width: int) -> Content:
    """A period between its ends, its label after it, or before it where there is more room."""
    drawn = f"├{'─' * (end - start - 1)}┤" if end > start else "┼"
    after, before = width - end - 2, start - 1
    text = clean(label, limit=max(after, before, 0))
    if after >= cell_len(text):
        return line(" " * start, drawn, (f" {text}", DIM))
    return line((fit(text, start - 1, right=True), DIM), " ", drawn)


def _captions(marks: Sequence[Mark], cells: Sequence[int], width: int) -> str:
    drawn = ""
    bounds = [*cells[1:], width]
    for mark, start, end in zip(marks, cells, bounds, strict=True):
        start += 1  # noqa: PLW2901 - the mark itself stays free
        caption = clean(mark.after, limit=max(end - start - 1, 0))
        if cell_len(caption) < cell_len(mark.after) and cell_len(caption) < 6:
            continue
        drawn += " " * max(start - cell_len(drawn), 0) + caption
    return drawn


def _now(here: int, width: int, said: str, style: str) -> Content:
    text = clean(f"now  {said}".rstrip(), limit=width - 2)
    length = cell_len(text)
    if here + 2 + length <= width:
        return line(" " * here, ("▲", f"bold {style}"), " ", (text, style))
    return line(" " * max(here - 1 - length, 0), (text, style), " ", ("▲", f"bold {style}"))
