"""Local midnight in every zone, on every date of 2020–2040, against an oracle that finds clock changes by looking."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from services.agreement import end_of_day, zone, zone_names
from tests.services.agreement.zones import DAY, FIRST, LAST, SECOND, behaviours, boundary, find_segments, near, segments

_AROUND = 3
"""Days on either side of a clock change whose end may depend on it; a change lies within two days of its midnight."""


def _days_around(instants: list[datetime], around: int = _AROUND) -> set[date]:
    days = {(instant + number * DAY).date() for instant in instants for number in range(-around, around + 1)}
    return {day for day in days if FIRST <= day <= LAST}


def _changes(local: ZoneInfo) -> list[datetime]:
    return [piece.start for piece in segments(local)[1:]]


@pytest.mark.unmeasured
def test_zones_that_are_taken_for_one_do_the_same() -> None:
    """Every zone of the database is told apart or shares a compiled behaviour, and there are as many as one expects."""
    assert 60 < len(behaviours()) < len(zone_names())
    assert sum(len(_changes(local)) for local in behaviours()) > 1000


def test_every_day_near_a_clock_change_ends_at_its_first_later_instant() -> None:
    """In each zone, around each of its clock changes: one second before its end it is still that day or earlier."""
    for local in behaviours():
        pieces = segments(local)
        for day in _days_around(_changes(local)):
            end = end_of_day(day, local)
            assert end == boundary(day, near(day, pieces)), (local.key, day)
            assert (end - SECOND).astimezone(local).date() <= day < end.astimezone(local).date(), (local.key, day)


@pytest.mark.unmeasured
def test_every_other_day_ends_at_midnight_of_its_offset() -> None:
    """All pairs of zone and date that are left: no clock change is near, so they differ by date and offset alone.

    One zone for each pair of date and offset is asked; the others with that offset on that date do the same there.
    """
    asked: set[tuple[date, timedelta]] = set()
    for local in behaviours():
        skipped = _days_around(_changes(local), _AROUND - 1)
        for piece in segments(local):
            day = max(piece.start.date(), FIRST)
            last = min(piece.end.date(), LAST)
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + DAY - piece.offset
            while day <= last:
                if day not in skipped and (day, piece.offset) not in asked:
                    asked.add((day, piece.offset))
                    assert end_of_day.__wrapped__(day, local) == midnight, (local.key, day)
                day += DAY
                midnight += DAY
    assert len({offset for _, offset in asked}) > 35


@pytest.mark.parametrize(
    ("name", "day", "end"),
    [
        ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00Z"),  # the 30th never was
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
        ("America/Toronto", "1919-03-30", "1919-03-31T04:30:00Z"),  # 23:30 became 00:30
        ("America/St_Johns", "2010-11-06", "2010-11-07T02:30:00Z"),  # 00:01 became 23:01: midnight came twice
        ("America/Havana", "2025-03-08", "2025-03-09T05:00:00Z"),  # 00:00 became 01:00
        ("America/Havana", "2025-11-01", "2025-11-02T04:00:00Z"),  # 01:00 became 00:00: midnight came twice
        ("Asia/Beirut", "2024-03-30", "2024-03-30T22:00:00Z"),  # 00:00 became 01:00
        ("Asia/Beirut", "2024-10-26", "2024-10-26T22:00:00Z"),  # 00:00 became 23:00: the day had 25 hours
    ],
)
def test_known_oddities(name: str, day: str, end: str) -> None:
    """Days that were skipped, midnights that did not exist or came twice, as the histories of these zones tell."""
    assert end_of_day(date.fromisoformat(day), zone(name)) == datetime.fromisoformat(end)


@pytest.mark.parametrize(
    "name", ["Pacific/Apia", "America/Toronto", "America/St_Johns", "Asia/Manila", "Pacific/Kwajalein"]
)
def test_odd_histories_agree_with_looking_every_hour(name: str) -> None:
    """Through histories with skipped days and changes at 23:30 and 00:01, every day ends at its first later instant."""
    local = zone(name)
    start, stop = datetime(1840, 1, 1, tzinfo=UTC), datetime(2015, 1, 1, tzinfo=UTC)
    pieces = tuple(find_segments(local, start, stop, 12 * DAY))
    around = {(piece.start + number * DAY).date() for piece in pieces[1:] for number in range(-2, 3)}
    for day in around:
        assert end_of_day(day, local) == boundary(day, near(day, pieces)), day


def test_days_follow_each_other() -> None:
    """A later day never ends earlier, and no end but that of a skipped day falls together with another."""
    local = zone("Pacific/Apia")
    days = [date(2011, 1, 1) + number * DAY for number in range(730)]
    together = [later for earlier, later in pairwise(days) if end_of_day(earlier, local) >= end_of_day(later, local)]
    assert together == [date(2011, 12, 30)]
