"""Lengths and instants as every surface says them: in a column, in a reason, on a tenant's page."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@lru_cache(maxsize=4096)
def say_length(length: timedelta) -> str:
    """A length in at most two units: ``40s``, ``9m12s``, ``4h10m``, ``3d 04h``; whole ones short: ``5m``, ``24h``.

    Cut, not rounded: what is said has passed in full. Days are said from two days on.
    """
    seconds = int(abs(length.total_seconds()))
    sign = "-" if length < timedelta() and seconds else ""
    return sign + (_whole(seconds) or _two_units(seconds))


def _whole(seconds: int) -> str | None:
    if seconds < _MINUTE:
        return f"{seconds}s"
    if seconds < _HOUR and seconds % _MINUTE == 0:
        return f"{seconds // _MINUTE}m"
    if seconds <= 2 * _DAY and seconds % _HOUR == 0:
        return f"{seconds // _HOUR}h"
    if seconds > 2 * _DAY and seconds % _DAY == 0:
        return f"{seconds // _DAY}d"
    return None


def _two_units(seconds: int) -> str:
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}m{seconds % _MINUTE:02}s"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR}h{seconds % _HOUR // _MINUTE:02}m"
    return f"{seconds // _DAY}d {seconds % _DAY // _HOUR:02}h"


def say_instant(at: datetime) -> str:
    """An instant in UTC as RFC 3339, to the second: ``2026-03-30T22:00:00Z``."""
    return f"{at.isoformat()[:19]}Z"
