"""A fixed journey through the console, from home back to home: each key, and what the screen shows when it is answered.

It needs a fleet in which one tenant's name has ``glo`` in it, and a terminal of 80×24.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

Answered: TypeAlias = Callable[[list[str], list[str]], bool]
"""From the lines of the screen, before the key and now, whether it is answered."""

CURSOR: Final = "▌"


def _moved(before: list[str], now: list[str]) -> bool:
    """The cursor is on another line; answers that come in may sort its row anew, and it goes with its row."""
    return _cursor(now) not in (None, _cursor(before))


def _cursor(lines: list[str]) -> int | None:
    return next((at for at, line in enumerate(lines) if line.startswith(CURSOR)), None)


def _titled(title: str) -> Answered:
    return lambda _, now: now[1].startswith(f" {title}  ")


def _shows(text: str) -> Answered:
    return lambda _, now: any(text in line for line in now)


def _hides(text: str) -> Answered:
    return lambda _, now: not any(text in line for line in now)


JOURNEY: Final[tuple[tuple[str, Answered], ...]] = (
    ("j", _moved),
    ("j", _moved),
    ("k", _moved),
    ("w", _shows("─ why ·")),
    ("escape", _hides("─ why ·")),
    ("end", _moved),
    ("home", _moved),
    ("enter", _shows("  reseller ")),
    ("q", _titled("Due")),
    ("2", _titled("Tenants")),
    ("j", _moved),
    ("k", _moved),
    ("/", _shows("⏎ keep")),
    ("g", _shows(" / g")),
    ("l", _shows(" / gl")),
    ("o", _shows(" 1 of ")),
    ("escape", _hides(" 1 of ")),
    ("3", _titled("Recovery")),
    ("j", _moved),
    ("w", _shows("─ why ·")),
    ("q", _hides("─ why ·")),
    ("k", _moved),
    ("5", _titled("Exports")),
    ("j", _moved),
    ("k", _moved),
    (":", _shows("⏎ go")),
    ("d", _shows(" : d")),
    ("escape", _hides("⏎ go")),
    ("4", _titled("Retention")),
    ("j", _moved),
    ("k", _moved),
    ("1", _titled("Due")),
)
"""Each key and how it is known to be answered; what is waited for does not hold before the key is pressed."""
