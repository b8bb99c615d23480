"""How the agreement counts time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement import (
    BeyondCalendarError,
    Period,
    PeriodError,
    ZoneError,
    count,
    end_of_day,
    zone,
    zone_names,
)
from services.agreement.periods import add_months, extremes, parse_length, write_length
from tests.services.agreement.zones import FIRST, LAST

ROME = zone("Europe/Rome")
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def utc(text: str) -> datetime:
    """An instant as the agreement's examples write it."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("ended", "period", "over"),
    [
        ("2026-02-28", "P30D", "2026-03-30T22:00:00Z"),
        ("2026-02-28", "P3M", "2026-05-28T22:00:00Z"),
        ("2026-02-28", "P180D", "2026-08-27T22:00:00Z"),
        ("2026-11-30", "P3M", "2027-02-28T23:00:00Z"),
    ],
)
def test_the_worked_examples_come_out(ended: str, period: str, over: str) -> None:
    """The four dates that the agreement works out by hand are the ones that are counted."""
    assert count(Period.parse(period), date.fromisoformat(ended), ROME) == utc(over)


@pytest.mark.unmeasured
def test_months_over_all_dates_keep_the_day_or_take_the_last() -> None:
    """From every date of 2020–2040 a period of months ends on the last date of that month that is not past its day."""
    wide = [date(2020, 1, 1) + timedelta(days=number) for number in range(366 * 30)]
    by_month: dict[int, list[date]] = {}
    for day in wide:
        by_month.setdefault(day.year * 12 + day.month, []).append(day)
    for day in DAYS:
        for months in (0, 1, 2, 3, 6, 11, 12, 13, 48):
            possible = by_month[day.year * 12 + day.month + months]
            assert add_months(day, months) == max(other for other in possible if other.day <= day.day)


@pytest.mark.unmeasured
def test_days_over_all_dates_are_counted_without_the_first() -> None:
    """From every date of 2020–2040 a period of N days ends when N dates after it have passed, one by one."""
    plain = zone("UTC")
    for day in DAYS:
        for number in (0, 1, 30, 180):
            over = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=number + 1)
            assert count(Period(days=number), day, plain) == over


@given(st.dates(date(1900, 1, 1), date(9000, 1, 1)), st.integers(0, 600), st.integers(0, 600))
def test_a_longer_period_never_ends_earlier(day: date, first: int, second: int) -> None:
    """Neither a month more nor a day more of starting date brings an end forward."""
    low, high = sorted((first, second))
    assert add_months(day, low) <= add_months(day, high)
    assert add_months(day, low) <= add_months(day + timedelta(days=1), low)


@given(
    st.integers(0, 20 * 366 * 86400),
    st.integers(0, 10**6),
    st.sampled_from(sorted(zone_names())),
)
def test_elapsed_time_ignores_the_local_clock(since: int, seconds: int, name: str) -> None:
    """A period of hours from an instant is so many seconds later in every zone, through every clock change."""
    instant = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=since)
    period = Period(elapsed=timedelta(seconds=seconds))
    assert count(period, instant, zone(name)) - instant == timedelta(seconds=seconds)
    assert count(period, instant.astimezone(zone(name)), ROME) == instant + timedelta(seconds=seconds)


def test_a_calendar_period_from_an_instant_counts_from_its_local_day() -> None:
    """Half an hour before a UTC midnight it is the next day in Rome, and that day is not counted."""
    instant = utc("2026-03-10T23:30:00Z")
    assert count(Period(days=1), instant, ROME) == end_of_day(date(2026, 3, 12), ROME)
    assert count(Period(days=1), instant, zone("UTC")) == utc("2026-03-12T00:00:00Z")


def test_hours_from_a_day_run_from_its_end() -> None:
    """Elapsed time from a date starts when the date is over."""
    assert count(Period.parse("PT1H"), date(2026, 2, 28), ROME) == utc("2026-03-01T00:00:00Z")
    assert count(Period.parse("PT0S"), date(2026, 2, 28), ROME) == end_of_day(date(2026, 2, 28), ROME)


def test_an_instant_without_a_zone_is_refused() -> None:
    """A naive instant would be read in the machine's own zone, so it is an error."""
    with pytest.raises(PeriodError, match="has no zone"):
        count(Period(days=1), datetime(2026, 1, 1), ROME)  # noqa: DTZ001 - the mistake that is looked for


@pytest.mark.parametrize(
    ("period", "since"),
    [
        ("P1D", date.max),
        ("P0D", date.max),
        ("P1M", date.max),
        ("P100Y", date.max),
        ("PT24H", date.max),
        ("PT24H", datetime.max.replace(tzinfo=UTC)),
        ("P1D", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_beyond_the_calendar_is_said(period: str, since: date) -> None:
    """An end after the year 9999 is an error of its own and not an overflow."""
    with pytest.raises(BeyondCalendarError, match="beyond the calendar"):
        count(Period.parse(period), since, zone("America/Los_Angeles"))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("P30D", Period(days=30)),
        ("P2W", Period(days=14)),
        ("P3M", Period(months=3)),
        ("P1Y6M", Period(months=18)),
        ("PT24H", Period(elapsed=timedelta(days=1))),
        ("PT1H30M5S", Period(elapsed=timedelta(seconds=5405))),
        ("PT0S", Period(elapsed=timedelta())),
        ("P0D", Period()),
    ],
)
def test_durations_are_read(text: str, period: Period) -> None:
    """ISO 8601 durations become months, days or elapsed time, and what is written of them is read back the same."""
    assert Period.parse(text) == period
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "30D",
        "P30",
        "p30d",
        "P-3D",
        "P1.5D",
        "P1MT1H",
        "P1M1D",
        "P1DT1H",
        "P1D ",
        "PT1H\n",
        "P１D",
        "P1D1M",
        "P9999Y",
        "P999999D",
        "PT9999999H",
        "P1DT",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    """What mixes calendar and clock, is no duration, or is longer than a century is refused with what to write."""
    with pytest.raises(PeriodError, match="write"):
        Period.parse(text)


def test_no_period_is_negative() -> None:
    """A period that runs backwards cannot be made."""
    with pytest.raises(PeriodError, match="never negative"):
        Period(days=-1)


@given(st.integers(0, 36525 * 86400))
def test_lengths_are_read_as_they_are_written(seconds: int) -> None:
    """A length survives being written and read."""
    assert parse_length(write_length(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["P1M", "P1Y", "P101Y", "P99999D", "1h", "PT99999999S9"])
def test_lengths_without_measure_are_refused(text: str) -> None:
    """Months have no length, and nothing is longer than a century."""
    with pytest.raises(PeriodError, match="write"):
        parse_length(text)


@pytest.mark.parametrize("text", ["P1M", "P2M", "P3M", "P6M", "P12M", "P14M", "P10D", "P0D"])
def test_extremes_bound_every_period(text: str) -> None:
    """No period from a date of 2020–2040 is shorter or longer than its extremes, and both are reached."""
    period = Period.parse(text)
    plain = zone("UTC")
    lengths = {count(period, day, plain) - end_of_day(day, plain) for day in DAYS}
    assert (min(lengths), max(lengths)) == extremes(period)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("Europe/Roma", "Europe/Rome"),
        ("europe/rome", "Europe/Rome"),
        ("localtime", "Europe/Rome"),
        ("right/Europe/Paris", "Europe/Paris"),
        ("../../etc/passwd", "Europe/Rome"),
        ("", "Europe/Rome"),
        ("\ud800\x1b[2J", "Europe/Rome"),
    ],
)
def test_an_unknown_zone_is_an_error_with_a_suggestion(name: str, nearest: str) -> None:
    """Only names of the pinned database are zones; the message names the nearest one and no control character."""
    with pytest.raises(ZoneError, match=nearest) as caught:
        zone(name)
    assert str(caught.value).isprintable()
