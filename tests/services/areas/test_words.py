"""A value as a person reads it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.areas.base import Kind
from services.areas.words import ABSENT, age, countdown, instant, words

NOW = datetime(2026, 11, 23, 12, 4, 31, tzinfo=UTC)

SIGNED = st.timedeltas(min_value=timedelta(days=-9999), max_value=timedelta(days=9999))


def read_countdown(text: str) -> int:
    """The seconds that a countdown says, its sign included."""
    match = re.fullmatch(r"(-?)(?:(\d+)d )?(\d+)(?::(\d\d)(?::(\d\d))?|h)", text)
    assert match, text
    sign, days, first, second, third = match.groups()
    if days:
        return (-1 if sign else 1) * (int(days) * 86400 + int(first) * 3600 + int(second or 0) * 60)
    assert third is not None, text
    return (-1 if sign else 1) * (int(first) * 3600 + int(second) * 60 + int(third))


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (timedelta(minutes=41, seconds=10), "0:41:10"),
        (timedelta(days=1, hours=19, minutes=55, seconds=59), "1d 19:55"),
        (timedelta(hours=23, minutes=59, seconds=59), "23:59:59"),
        (timedelta(), "0:00:00"),
        (timedelta(milliseconds=300), "0:00:00"),
        (timedelta(milliseconds=-300), "-0:00:01"),
        (timedelta(minutes=-4, seconds=-12), "-0:04:12"),
        (timedelta(days=-2, hours=-13, minutes=-4), "-2d 13:04"),
        (timedelta(days=99, hours=23, minutes=59), "99d 23:59"),
        (timedelta(days=100, minutes=59), "100d 00h"),
        (timedelta(days=-299, hours=-4), "-299d 04h"),
    ],
)
def test_countdowns_have_their_forms(left: timedelta, told: str) -> None:
    """A countdown takes the form that the sketches use, and carries a sign from the moment it has passed."""
    assert countdown(NOW + left, NOW) == told


@given(SIGNED)
def test_a_countdown_reads_back(left: timedelta) -> None:
    """To the second within a day, to the minute or the hour beyond, and never on the wrong side of the end."""
    told = countdown(NOW + left, NOW)
    off = abs(left.total_seconds() - read_countdown(told))
    assert off < (3600 + 1 if told.endswith("h") else 60 + 1 if "d" in told else 1)
    assert told.startswith("-") == (left < timedelta())


@given(st.integers(min_value=-200_000, max_value=200_000))
def test_a_countdown_never_gains(seconds: int) -> None:
    """A second later a countdown says the same or less."""
    ends_at = NOW + timedelta(seconds=seconds)
    later = read_countdown(countdown(ends_at, NOW + timedelta(seconds=1)))
    assert later <= read_countdown(countdown(ends_at, NOW))


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (timedelta(seconds=40), "40s"),
        (timedelta(seconds=119), "1m"),
        (timedelta(minutes=14), "14m"),
        (timedelta(hours=47), "1d"),
        (timedelta(days=12), "12d"),
        (timedelta(seconds=-3), "0s"),
    ],
)
def test_ages_have_one_unit(since: timedelta, told: str) -> None:
    """An age is one unit, and never negative where another clock runs ahead of ours."""
    assert age(NOW - since, NOW) == told


def test_instants_are_told_in_utc() -> None:
    """An instant is told to the second and says that it is UTC."""
    assert instant(NOW) == "2026-11-23 12:04:31Z"


@pytest.mark.parametrize("kind", list(Kind))
def test_absent_is_a_dash_for_every_kind(kind: Kind) -> None:
    """An absent value is never told as zero or as nothing."""
    assert words(kind, None, NOW) == ABSENT
    assert words(kind, (), NOW) == ABSENT


def test_zero_is_not_absent() -> None:
    """A real zero is told as one."""
    assert words(Kind.NUMBER, 0, NOW) == "0"
    assert words(Kind.LENGTH, timedelta(), NOW) == "0s"


def test_the_kind_decides_how_an_instant_is_told() -> None:
    """The same instant is an age, a countdown or a time, as its field's kind says; a day stays a day."""
    then = NOW - timedelta(minutes=2)
    told = [words(kind, then, NOW) for kind in (Kind.AGE, Kind.COUNTDOWN, Kind.INSTANT)]
    assert told == ["2m", "-0:02:00", "2026-11-23 12:02:31Z"]
    assert words(Kind.DAY, date(2026, 11, 30), NOW) == "2026-11-30"
    assert words(Kind.TEXTS, ("a", "b"), NOW) == "a, b"
