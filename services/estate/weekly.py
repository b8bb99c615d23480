"""RDS's own weekly maintenance window: the half hour or more in which it may work on a database without asking.

Source: Amazon RDS User Guide, "Maintaining a DB instance": ``ddd:hh24:mi-ddd:hh24:mi``, in UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_END = r"(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):([0-5]\d)"
_FORM = re.compile(f"{_END}-{_END}", re.IGNORECASE)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One week's window, its end not included."""

    starts_at: datetime
    ends_at: datetime


def opening(window: str | None, instant: datetime) -> Opening | None:
    """The window that is open at an instant, else the next one to open; ``None`` for what is no window."""
    found = _FORM.fullmatch((window or "").strip())
    if found is None:
        return None
    start, end = _into_week(*found.group(1, 2, 3)), _into_week(*found.group(4, 5, 6))
    length = (end - start) % _WEEK
    if not length:
        return None
    midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
    starts_at = midnight - timedelta(days=instant.weekday()) + start
    while starts_at + length > instant:
        starts_at -= _WEEK
    return Opening(starts_at + _WEEK, starts_at + _WEEK + length)


def _into_week(day: str, hour: str, minute: str) -> timedelta:
    """From Monday's midnight."""
    return timedelta(days=_DAYS.index(day.casefold()), hours=int(hour), minutes=int(minute))
