"""Lengths as every surface says them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.words import say_length

LENGTHS = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9999))
UNIT_S = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def read_length(text: str) -> int:
    """The seconds that a length's words say."""
    return sum(int(number) * UNIT_S[unit] for number, unit in re.findall(r"(\d+)([dhms])", text))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0s"),
        (40, "40s"),
        (300, "5m"),
        (552, "9m12s"),
        (602, "10m02s"),
        (7200, "2h"),
        (7260, "2h01m"),
        (15000, "4h10m"),
        (86400, "24h"),
        (2 * 86400, "48h"),
        (90 * 86400, "90d"),
        (3 * 86400 + 4 * 3600, "3d 04h"),
        (-552, "-9m12s"),
    ],
)
def test_lengths_have_their_forms(seconds: int, told: str) -> None:
    """A length takes the form that the sketches of the screens use."""
    assert say_length(timedelta(seconds=seconds)) == told


@given(LENGTHS)
def test_a_length_is_cut_never_stretched(value: timedelta) -> None:
    """What a length's words say has passed in full, and misses less than one of the last unit shown."""
    told = say_length(value)
    unit = UNIT_S[told[-1]]
    assert 0 <= value.total_seconds() - read_length(told) < unit
    assert len(told) <= 9


@given(LENGTHS)
def test_a_length_that_is_not_whole_shows_its_second_unit_in_two_digits(value: timedelta) -> None:
    """The second unit never changes the width of a length."""
    assert re.fullmatch(r"\d+s|\d+m|\d+h|\d+d|\d{1,2}m\d\ds|\d{1,2}h\d\dm|\d+d \d\dh", say_length(value))
