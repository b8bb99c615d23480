"""Slots as a calendar strip: a line a scope, some cells a day, the next two weeks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.cells import cell_len
from textual.content import Content

from screens.text import ACCENT, DIM, STRONG, fit, line, status_style
from services.model import Status, worst

DAYS = 14
DAY = timedelta(days=1)
NAMES = 20
"""Cells that the names of scopes may take."""
_SHAPES = {Status.BREACHED: "×", Status.AT_RISK: "×", Status.UNKNOWN: "?", Status.UNPROVEN: "?"}
"""A planned slot is a block; one that is not well has a shape of its own."""


@dataclass(frozen=True, slots=True)
class Span:
    """A slot."""

    starts_at: datetime
    ends_at: datetime
    status: Status


@dataclass(frozen=True, slots=True)
class Lane:
    """A scope with its slots."""

    name: str
    spans: tuple[Span, ...]


def within(lanes: Sequence[Lane], now: datetime) -> list[Lane]:
    """The lanes that have a slot in the strip, with those alone; the soonest first."""
    first = _midnight(now)
    kept = [
        Lane(
            lane.name,
            tuple(span for span in lane.spans if span.ends_at > first and span.starts_at < first + DAYS * DAY),
        )
        for lane in lanes
    ]
    return sorted((lane for lane in kept if lane.spans), key=lambda lane: (lane.spans[0].starts_at, lane.name))


def calendar(
    lanes: Sequence[Lane],
    now: datetime,
    width: int,
    lines: int,
    *,
    chosen: str | None = None,
    nothing: Content | None = None,
) -> list[Content]:
    """At most ``lines`` lines: the days, then a line a lane that has slots in them; ``chosen`` is a lane's name.

    Days are those of UTC, from the one that ``now`` is in. What does not fit is counted. ``nothing`` is said where
    there is no slot.
    """
    shown = within(lanes, now)
    names = max(min(max((cell_len(lane.name) for lane in shown), default=0), NAMES), len("2026-11 UTC")) + 1
    names = min(names, max(width - DAYS, 0))
    cells = max((width - names) // DAYS, 1)
    drawn = [line((fit(f"{now:%Y-%m} UTC", names), DIM), _days(now, cells))]
    if not shown:
        return [*drawn, nothing or line((f"no slot in the next {DAYS} days", DIM))]
    room = lines - 1 if len(shown) <= lines - 1 else lines - 2
    for lane in shown[:room]:
        name = (fit(lane.name, names - 1), STRONG if lane.name == chosen else "")
        drawn.append(line(name, " ", _lane(lane, now, cells)))
    if len(shown) > room:
        drawn.append(line((f"{len(shown) - room} more scopes have slots in these days", DIM)))
    return drawn


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _days(now: datetime, cells: int) -> Content:
    """A heading a day: its initial and number where there is room, its number where there is less."""
    parts = []
    for number in range(DAYS):
        day = _midnight(now) + number * DAY
        said = f"{day:%a}"[: 1 if cells < 5 else 2] + str(day.day) if cells > 3 else str(day.day)
        parts.append((fit(said, cells), ACCENT if number == 0 else STRONG if day.weekday() < 5 else DIM))
    return line(*parts)


def _lane(lane: Lane, now: datetime, cells: int) -> Content:
    first = _midnight(now)
    total = DAYS * cells

    def cell(at: datetime) -> int:
        return int((at - first) / DAY * cells)

    here = cell(now)
    parts: list[tuple[str, str]] = []
    for index in range(total):
        since, until = first + index * DAY / cells, first + (index + 1) * DAY / cells
        spans = [span for span in lane.spans if span.starts_at < until and span.ends_at > since]
        if spans:
            status = worst(span.status for span in spans)
            parts.append((_SHAPES.get(status, "█"), status_style(status)))
        elif index == here:
            parts.append(("│", ACCENT))
        else:
            parts.append(("·" if index % cells == 0 else " ", DIM))
    return line(*parts)
