"""A value as a person reads it: short, in forms of fixed shape, so that nothing jumps when it ticks.

Text from outside is passed on as it came; whoever puts it on a screen or into a table sanitizes it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import floor
from typing import TypeVar

from services.areas.base import Field, Kind, Value
from services.words import say_length

RowT = TypeVar("RowT")

ABSENT = "—"
"""What stands for an absent value. Never zero, never an empty word."""

TICKING = frozenset({Kind.COUNTDOWN, Kind.AGE, Kind.LEFT})
"""The kinds whose words change with the time alone."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MANY = 100
"""Days from which on a countdown leaves the minutes out, so that it stays within ten cells."""


def countdown(ends_at: datetime, now: datetime) -> str:
    """The time left: ``0:41:10``, ``1d 19:55``, ``299d 00h``; passed: ``-0:04:12``, ``-2d 13:04``.

    ``0:00:00`` is shown in the last second before ``ends_at`` alone and at it; a moment later it is ``-0:00:01``.
    """
    left = floor((ends_at - now).total_seconds())
    sign = "-" if left < 0 else ""
    days, rest = divmod(abs(left), _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, seconds = divmod(rest, _MINUTE)
    if days >= _MANY:
        return f"{sign}{days}d {hours:02}h"
    return f"{sign}{days}d {hours:02}:{minutes:02}" if days else f"{sign}{hours}:{minutes:02}:{seconds:02}"


def age(then: datetime, now: datetime) -> str:
    """The time since, in one unit: ``40s``, ``2m``, ``14h``, ``3d``; ``0s`` for what a clock ahead of ours reports."""
    seconds = max(int((now - then).total_seconds()), 0)
    for unit, word in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m")):
        if seconds >= unit:
            return f"{seconds // unit}{word}"
    return f"{seconds}s"


def instant(value: datetime) -> str:
    """An instant in UTC, to the second: ``2026-11-23 12:04:31Z``."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"


def words(kind: Kind, value: Value, now: datetime) -> str:
    """What a value of a kind looks like at ``now``; ``—`` for an absent one."""
    if value is None or value == ():
        return ABSENT
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(value)
        case timedelta():
            return say_length(value)
        case datetime():
            if kind is Kind.COUNTDOWN:
                return countdown(value, now)
            return age(value, now) if kind is Kind.AGE else instant(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def shown(field: Field[RowT], row: RowT, now: datetime) -> str:
    """The cell of a row as a person reads it, not sanitized."""
    text = words(field.kind, field.get(row), now)
    return f"({text})" if field.aside is not None and field.aside(row) and text != ABSENT else text
