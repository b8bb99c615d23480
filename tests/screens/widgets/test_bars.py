"""Bars and sparklines."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.bars import EMPTY, FULL, LEVELS, bar_text, sparkline

TARGET = timedelta(hours=24)
lengths = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=400))


def test_a_bar_is_full_at_the_target_and_never_longer() -> None:
    """Ten cells are the whole, a little is one cell, nothing none, and what is not known no bar."""
    assert [bar_text(share).count(FULL) for share in (0, 0.001, 0.5, 1, 40)] == [0, 1, 5, 10, 10]
    assert bar_text(None) == "·" * 10


@given(share=st.floats(0, 100), width=st.integers(1, 60))
def test_a_bar_is_as_wide_as_it_may_be(share: float, width: int) -> None:
    """Full and empty cells together are always the width."""
    drawn = bar_text(share, width)
    assert len(drawn) == width
    assert set(drawn) <= {FULL, EMPTY}


@given(values=st.lists(st.none() | lengths, max_size=40))
def test_what_exceeds_the_target_stands_above_all_that_does_not(values: list[timedelta | None]) -> None:
    """A cell a value: dots for the unknown, the lower half for what keeps the target, the upper for what does not."""
    drawn = sparkline(values, TARGET, "$dim", "bold").plain
    assert len(drawn) == len(values)
    for value, cell in zip(values, drawn, strict=True):
        if value is None:
            assert cell == "·"
        else:
            assert (LEVELS.index(cell) >= 4) is (value > TARGET)
