"""The worst gap of the past, as a whole and day by day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement import daily_gaps, worst_gap
from services.model import RestorePoint
from tests.services.agreement.nouns import NOW, point
from tests.services.agreement.records import DAY, HOUR

LONG = timedelta(days=35)
AGES = st.lists(st.timedeltas(timedelta(0), timedelta(days=60)), min_size=1, max_size=12)


def continuous(since: timedelta, until: timedelta) -> RestorePoint:
    """Every moment from ``since`` ago to ``until`` ago can be restored."""
    return RestorePoint("backup-recovery-point", NOW - until, "arn", since=NOW - since)


@pytest.mark.parametrize(
    ("points", "gap"),
    [
        ([], None),
        ([point(None)], None),
        ([point(timedelta(0))], timedelta(0)),
        ([point(HOUR)], HOUR),
        ([point(HOUR), point(3 * HOUR), point(10 * HOUR)], 7 * HOUR),
        ([point(HOUR), point(4 * DAY), point(40 * DAY)], 36 * DAY),
        ([continuous(34 * DAY, HOUR)], HOUR),
        ([continuous(9 * DAY, 5 * DAY), continuous(4 * DAY, HOUR)], DAY),
        ([continuous(9 * DAY, HOUR), point(5 * DAY)], HOUR),
        ([point(-HOUR)], None),
        ([continuous(2 * DAY, -HOUR)], timedelta(0)),
        ([point(50 * DAY)], 50 * DAY),
    ],
)
def test_the_worst_gap(points: list[RestorePoint], gap: timedelta | None) -> None:
    """The longest time that would have been lost at any moment of the window; none where nothing can be told."""
    assert worst_gap(points, NOW - 400 * DAY, NOW, LONG) == gap


def test_a_gap_that_was_over_before_the_window_does_not_count() -> None:
    """What was long ago is not of the trailing days."""
    points = [point(timedelta(0)), point(40 * DAY), point(90 * DAY), continuous(39 * DAY, timedelta(0))]
    assert worst_gap(points, None, NOW, LONG) == timedelta(0)


def test_day_by_day() -> None:
    """The oldest day first; none before the oldest point; a gap shows on each day that it reaches into."""
    points = [point(HOUR), point(30 * HOUR), point(3 * DAY)]
    found = daily_gaps(points, None, NOW, 5)
    assert found == (None, timedelta(0), DAY, 42 * HOUR, 29 * HOUR)
    assert daily_gaps([], None, NOW, 3) == (None, None, None)
    assert len(daily_gaps(points, None, NOW)) == 35


def test_nothing_is_older_than_the_store() -> None:
    """A continuous point that claims more than the store's age begins with the store."""
    assert daily_gaps([continuous(9 * DAY, HOUR)], NOW - 2 * DAY, NOW, 4) == (None, timedelta(0), timedelta(0), HOUR)


@given(ages=AGES)
def test_the_days_together_are_the_whole(ages: list[timedelta]) -> None:
    """The worst of the days is the worst of the window, and no gap exceeds the age of the oldest point."""
    points = [point(age) for age in ages]
    days = [gap for gap in daily_gaps(points, None, NOW) if gap is not None]
    assert max(days) == worst_gap(points, None, NOW, LONG)
    assert max(days) <= max(ages)
    assert days[-1] >= min(ages)
