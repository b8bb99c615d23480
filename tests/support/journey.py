"""A fixed journey through the console, from home back to home: each key, and what the screen shows when it is answered.

It needs a fleet in which one tenant's name has ``glo`` in it, and a terminal of 80×24.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

Answered: TypeAlias = Callable[[list[str]], bool]
"""From the lines of the screen, whether the key is answered."""

CURSOR: Final = "▌"
_FIRST: Final = 3
"""The line of the first row of a list."""


def _at(row: int) -> Answered:
    return lambda lines: lines[_FIRST + row].startswith(CURSOR)


def _titled(title: str) -> Answered:
    return lambda lines: lines[1].startswith(f" {title}  ")


def _shows(text: str) -> Answered:
    return lambda lines: any(text in line for line in lines)


def _hides(text: str) -> Answered:
    return lambda lines: not any(text in line for line in lines)


JOURNEY: Final[tuple[tuple[str, Answered], ...]] = (
    ("j", _at(1)),
    ("j", _at(2)),
    ("k", _at(1)),
    ("w", _shows("─ why ·")),
    ("escape", _hides("─ why ·")),
    ("end", lambda lines: not any(line.startswith(CURSOR) for line in lines[_FIRST : _FIRST + 3])),
    ("home", _at(0)),
    ("enter", _shows(" customer ")),
    ("q", _titled("Due")),
    ("2", _titled("Tenants")),
    ("j", _at(1)),
    ("k", _at(0)),
    ("/", _shows("⏎ keep")),
    ("g", _shows(" / g")),
    ("l", _shows(" / gl")),
    ("o", _shows(" 1 of ")),
    ("escape", _hides(" 1 of ")),
    ("3", _titled("Recovery")),
    ("j", _at(1)),
    ("w", _shows("─ why ·")),
    ("q", _hides("─ why ·")),
    ("k", _at(0)),
    ("5", _titled("Exports")),
    ("j", _at(1)),
    ("k", _at(0)),
    (":", _shows("⏎ go")),
    ("d", _shows(" : d")),
    ("escape", _hides("⏎ go")),
    ("4", _titled("Retention")),
    ("j", _at(1)),
    ("k", _at(0)),
    ("1", _titled("Due")),
)
"""Each key and how it is known to be answered; what is waited for does not hold before the key is pressed."""
