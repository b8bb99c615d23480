"""Lengths and instants in the words of a reason, which names ends and never what is left: it holds until it changes."""

from __future__ import annotations

from datetime import datetime, timedelta

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def say_length(length: timedelta) -> str:
    """The two largest units: ``9m12s``, ``4h10m``, ``24h``, ``2d5h``, ``0s``; a day is said from two days on."""
    seconds = int(abs(length).total_seconds())
    sign = "-" if length < timedelta() and seconds else ""
    units = _UNITS if seconds >= 2 * 86400 else _UNITS[1:]
    parts: list[str] = []
    for size, unit in units:
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number}{unit}")
        elif parts:
            break
    return sign + ("".join(parts[:2]) or "0s")


def say_instant(at: datetime) -> str:
    """An instant in UTC as RFC 3339, to the second: ``2026-03-30T22:00:00Z``."""
    return f"{at.isoformat()[:19]}Z"
