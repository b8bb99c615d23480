"""Zones told apart by what they do, and an oracle of local midnight that shares no code with the one under test.

``behaviours`` reads the compiled time zone files (RFC 9636) and keeps one zone of those that do the same from 2020
to 2040. ``segments`` finds a zone's offsets by looking at every UTC day and halving where two differ.
``boundary`` takes the first instant whose local date is later, from these segments alone.
"""

from __future__ import annotations

import pkgutil
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from services.agreement import zone, zone_names

FIRST, LAST = date(2020, 1, 1), date(2040, 12, 31)
_MARGIN = timedelta(days=400)
"""On either side, so that clocks which start or end near the bounds are covered."""
START = datetime.combine(FIRST, time(), UTC) - _MARGIN
STOP = datetime.combine(LAST, time(), UTC) + _MARGIN
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Segment:
    """``[start, end)`` in UTC, in which the local clock is ``offset`` ahead."""

    start: datetime
    end: datetime
    offset: timedelta


def _signature(name: str) -> tuple[object, ...]:
    """Everything of a compiled zone file that can matter between ``START`` and ``STOP``."""
    data = pkgutil.get_data("tzdata", f"zoneinfo/{name}") or b""
    header = struct.Struct(">4s1s15x6l")
    _, _, isut, isstd, leap, times, types, chars = header.unpack_from(data)
    second = header.size + times * 5 + types * 6 + chars + leap * 8 + isstd + isut
    _, _, isut, isstd, leap, times, types, chars = header.unpack_from(data, second)
    at = second + header.size
    instants = struct.unpack_from(f">{times}q", data, at)
    kinds = struct.unpack_from(f">{times}B", data, at + times * 8)
    infos = [struct.unpack_from(">lBB", data, at + times * 9 + 6 * index)[0] for index in range(types)]
    footer = data[at + times * 9 + types * 6 + chars + leap * 12 + isstd + isut :]
    low, high = int(START.timestamp()), int(STOP.timestamp())
    before = [infos[kind] for instant, kind in zip(instants, kinds, strict=True) if instant <= low]
    within = [(instant, infos[kind]) for instant, kind in zip(instants, kinds, strict=True) if low < instant <= high]
    return (before[-1] if before else infos[0], tuple(within), footer, max(instants, default=low) >= high)


@cache
def behaviours() -> tuple[ZoneInfo, ...]:
    """One zone for each distinct behaviour in the years that are looked at."""
    found: dict[tuple[object, ...], str] = {}
    for name in sorted(zone_names()):
        found.setdefault(_signature(name), name)
    return tuple(map(zone, found.values()))


@cache
def segments(local: ZoneInfo) -> tuple[Segment, ...]:
    """The offsets of a zone from ``START`` to ``STOP``, found by looking."""
    return tuple(find_segments(local, START, STOP, DAY))


def find_segments(local: ZoneInfo, start: datetime, stop: datetime, step: timedelta) -> Iterator[Segment]:
    """Looks every ``step`` for another offset than the one before, and halves where it finds one."""
    begun, seen = start, start
    offset = _offset(start, local)
    while seen < stop:
        later = min(seen + step, stop)
        if _offset(later, local) != offset:
            low, high = seen, later
            while high - low > SECOND:
                middle = low + (high - low) // SECOND // 2 * SECOND
                low, high = (middle, high) if _offset(middle, local) == offset else (low, middle)
            yield Segment(begun, high, offset)
            begun, offset = high, _offset(high, local)
            seen = high
        else:
            seen = later
    yield Segment(begun, stop, offset)


def _offset(instant: datetime, local: ZoneInfo) -> timedelta:
    return instant.astimezone(local).utcoffset() or timedelta()


def boundary(day: date, pieces: tuple[Segment, ...]) -> datetime:
    """The first instant whose local date is later than ``day``."""
    midnight = datetime.combine(day, time(), UTC) + DAY
    candidates = [max(piece.start, midnight - piece.offset) for piece in pieces if midnight - piece.offset < piece.end]
    return min(candidates)


def near(day: date, pieces: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """The segments within three days of a day's end: enough for ``boundary``."""
    low = datetime.combine(day, time(), UTC) - 2 * DAY
    first = bisect_right(pieces, low, key=lambda piece: piece.end)
    last = bisect_left(pieces, low + 6 * DAY, key=lambda piece: piece.start)
    return pieces[first:last]
