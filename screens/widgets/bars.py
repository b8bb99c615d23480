"""Shares and courses drawn in a line: a bar of ten cells, a sparkline with a cell a day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from textual.content import Content

from screens.text import DIM, line
from services.model import Status, Verdict

FULL, EMPTY, UNKNOWN = "█", "░", "·"
LEVELS = "▁▂▃▄▅▆▇█"


def share(verdict: Verdict) -> float | None:
    """The figure's share of its target; ``None`` where nothing may be said of it now."""
    if verdict.value is None or not verdict.target or verdict.status in (Status.UNKNOWN, Status.UNPROVEN):
        return None
    return verdict.value / verdict.target


def bar_text(part: float | None, width: int = 10) -> str:
    """A bar that is full at 1 and never longer; the least share is one cell. ``None``: nothing may be said."""
    if part is None:
        return UNKNOWN * width
    full = filled(part, width)
    return FULL * full + EMPTY * (width - full)


def filled(part: float, width: int) -> int:
    """The full cells of a bar."""
    return min(max(round(part * width), 1 if part > 0 else 0), width)


def bar(part: float | None, style: str, width: int = 10) -> Content:
    """The bar in a status' style, what is left of it dim."""
    text = bar_text(part, width)
    full = text.rstrip(EMPTY + UNKNOWN)
    return line((full, style), (text[len(full) :], DIM))


def sparkline(values: Sequence[timedelta | None], target: timedelta, within: str, over: str) -> Content:
    """A cell a value, the target at the height of the fourth of eight levels; what exceeds it wears ``over``.

    Where nothing is known a dim dot stands: never a low bar.
    """
    parts: list[tuple[str, str]] = []
    for value in values:
        if value is None:
            parts.append((UNKNOWN, DIM))
            continue
        level = round(value / target * 4) - 1 if target else len(LEVELS) - 1
        level = min(max(level, 4 if value > target else 0), len(LEVELS) - 1 if value > target else 3)
        parts.append((LEVELS[level], over if value > target else within))
    return line(*parts)
