"""RDS's weekly window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.estate.weekly import Opening, opening

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ends = st.tuples(st.sampled_from(DAYS), st.integers(0, 23), st.integers(0, 59))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds have none


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "now", "found"),
    [
        ("wed:06:38-wed:07:08", at(22, 3), (at(25, 6, 38), at(25, 7, 8))),
        ("wed:06:38-wed:07:08", at(25, 6, 38), (at(25, 6, 38), at(25, 7, 8))),
        ("wed:06:38-wed:07:08", at(25, 7, 7), (at(25, 6, 38), at(25, 7, 8))),
        ("Sun:23:30-Mon:00:30", at(23, 0), (at(22, 23, 30), at(23, 0, 30))),
        ("sun:23:30-mon:00:30", at(23, 0, 30), (at(29, 23, 30), at(30, 0, 30))),
    ],
)
def test_the_window_that_is_open_or_the_next(window: str, now: datetime, found: tuple[datetime, datetime]) -> None:
    """Before it, at its first minute, in its last, over the week's end, and at its end, which is outside."""
    assert opening(window, now) == Opening(*found)


@pytest.mark.parametrize("window", [None, "", "daily", "wed:24:00-wed:25:00", "wed:06:00-wed:06:00", "wed:06:00"])
def test_what_is_no_window_is_none(window: str | None) -> None:
    """Nothing is guessed from what AWS would not take."""
    assert opening(window, at(22, 3)) is None


@given(start=ends, end=ends, now=instants)
def test_it_is_the_first_that_has_not_ended(
    start: tuple[str, int, int], end: tuple[str, int, int], now: datetime
) -> None:
    """On its day and minute, shorter than a week, not over, and the one a week before is."""
    found = opening("{}:{:02}:{:02}-{}:{:02}:{:02}".format(*start, *end), now)
    if start == end:
        assert found is None
        return
    assert found is not None
    for instant, (day, hour, minute) in ((found.starts_at, start), (found.ends_at, end)):
        assert (DAYS[instant.weekday()], instant.hour, instant.minute, instant.second) == (day, hour, minute, 0)
    assert timedelta(0) < found.ends_at - found.starts_at < timedelta(days=7)
    assert found.ends_at - timedelta(days=7) <= now < found.ends_at
