"""When a maintenance window runs next: SSM's schedules, read in the window's zone.

``at(2026-11-22T22:00:00)``, ``rate(7 days)`` and ``cron(minutes hours day-of-month month day-of-week year)``; seconds
may stand before the minutes, as SSM allows. Source: Systems Manager user guide, cron and rate expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

from services.agreement import zone

AHEAD_DAYS = 5 * 366
"""How far to look: a day that does not come in five years never does."""

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")


class ScheduleError(ValueError):
    """The text is no schedule."""


def executions(schedule: str, zone_name: str | None, created_at: datetime, after: datetime) -> Iterator[datetime]:
    """The instants after ``after`` at which a window of that schedule begins, in the window's zone, earliest first.

    A local time that does not exist is that much later, one that exists twice its first. Raises ``ScheduleError``.
    """
    local = zone(zone_name or "UTC")
    name, _, inner = schedule.partition("(")
    inner = inner.removesuffix(")")
    if name == "at":
        try:
            once = datetime.fromisoformat(inner)
        except ValueError:
            raise ScheduleError(f"{schedule} is no schedule") from None
        moments: Iterator[datetime] = iter([once if once.tzinfo else once.replace(tzinfo=local)])
    elif name == "rate":
        moments = _rate(schedule, created_at, after)
    elif name == "cron":
        moments = (moment.replace(tzinfo=local) for moment in _cron(schedule, inner, after.astimezone(local).date()))
    else:
        raise ScheduleError(f"{schedule} is no schedule")
    for moment in moments:
        real = moment.astimezone(UTC)
        if real > after:
            yield real.astimezone(local)


def _rate(schedule: str, created_at: datetime, after: datetime) -> Iterator[datetime]:
    found = _RATE.fullmatch(schedule)
    if not found or int(found[1]) == 0:
        raise ScheduleError(f"{schedule} is no schedule")
    step = timedelta(**{f"{found[2]}s": int(found[1])})
    moment = created_at + step * max(0, (after - created_at) // step)
    while True:
        yield moment
        moment += step


def _cron(schedule: str, inner: str, since: date) -> Iterator[datetime]:
    """Local times, naive, from the day ``since``."""
    parts = inner.split()
    if len(parts) == 7:
        parts = parts[1:]
    if len(parts) != 6:
        raise ScheduleError(f"{schedule} has {len(parts)} fields, not 6")
    minutes, hours = _field(parts[0], 0, 59), _field(parts[1], 0, 23)
    months, years = _field(parts[3], 1, 12, _MONTHS), _field(parts[5], 1970, 2199)
    for ahead in range(AHEAD_DAYS):
        day = since + timedelta(days=ahead)
        if day.year in years and day.month in months and _on(parts[2], parts[4], day):
            for hour, minute in product(sorted(hours), sorted(minutes)):
                yield datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - a wall clock's reading


def _on(of_month: str, of_week: str, day: date) -> bool:
    """Whether both fields let the day through; ``3#2`` is the second Tuesday of a month, ``L`` its last day."""
    if of_month == "L":
        if (day + timedelta(days=1)).month == day.month:
            return False
    elif day.day not in _field(of_month, 1, 31):
        return False
    weekday, _, nth = of_week.partition("#")
    if nth and (day.day - 1) // 7 + 1 != int(nth):
        return False
    return day.isoweekday() % 7 + 1 in _field(weekday, 1, 7, _DAYS)


def _field(text: str, low: int, high: int, names: tuple[str, ...] = ()) -> set[int]:
    def number(word: str) -> int:
        value = names.index(word.upper()) + 1 if word.upper() in names else int(word)
        if not low <= value <= high:
            raise ValueError(word)
        return value

    found: set[int] = set()
    try:
        for part in text.split(","):
            span, _, step = part.partition("/")
            if span in ("*", "?"):
                first, last = low, high
            else:
                start, _, end = span.partition("-")
                first = number(start)
                last = number(end) if end else (high if step else first)
            found.update(range(first, last + 1, int(step or 1)))
    except ValueError:
        raise ScheduleError(f"{text!r} is no field of a schedule") from None
    return found
