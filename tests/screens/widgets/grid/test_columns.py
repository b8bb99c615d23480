"""Which columns stand where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.grid.columns import GUTTER, Column, last_scroll, place

COLUMNS = st.lists(
    st.builds(
        Column,
        key=st.just("key"),
        label=st.just("LABEL"),
        width=st.none() | st.integers(1, 20),
        flexible=st.booleans(),
        priority=st.integers(0, 3),
        pinned=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(COLUMNS, st.lists(st.integers(0, 40), min_size=8, max_size=8), st.integers(3, 120), st.integers(0, 9))
def test_columns_never_overlap_nor_leave_the_line(
    columns: list[Column], contents: list[int], width: int, scroll: int
) -> None:
    """Left to right, a gap between two, nothing past the right edge, no column twice."""
    placed = place(columns, contents, width, scroll=scroll)
    end = GUTTER - 2
    for column in placed:
        assert column.x == end + 2
        assert column.width > 0
        end = column.x + column.width
    assert end <= max(width, GUTTER)
    assert len({column.index for column in placed}) == len(placed)


@given(COLUMNS, st.lists(st.integers(0, 40), min_size=8, max_size=8), st.integers(30, 120))
def test_scrolling_reaches_every_column(columns: list[Column], contents: list[int], width: int) -> None:
    """Between no scroll and the furthest, every column that is not pinned is seen, from its beginning at least."""
    last = last_scroll(columns, contents, width)
    seen = {column.index for scroll in range(last + 1) for column in place(columns, contents, width, scroll=scroll)}
    loose = {index for index, column in enumerate(columns) if not column.pinned}
    pinned = sum(columns[index].natural(contents[index]) + 2 for index in range(len(columns)) if index not in loose)
    if pinned + 2 + max((columns[i].natural(contents[i]) for i in loose), default=0) <= width - GUTTER:
        assert loose <= seen


def test_the_least_important_goes_first() -> None:
    """As the line gets shorter the highest priority number leaves, of equals the rightmost."""
    columns = [
        Column(key, key, width=10, priority=priority) for key, priority in [("a", 0), ("b", 2), ("c", 1), ("d", 2)]
    ]

    def shown(width: int) -> str:
        return "".join(columns[placed.index].key for placed in place(columns, [0] * 4, width))

    assert [shown(width) for width in (48, 47, 36, 35, 24, 23, 5)] == ["abcd", "abc", "abc", "ac", "ac", "a", "a"]
    assert last_scroll(columns, [0] * 4, 48) == 0
    assert last_scroll(columns, [0] * 4, 47) == 1


def test_flexible_columns_take_the_rest() -> None:
    """What the others leave is shared out to the last cell."""
    columns = [Column("a", "A", flexible=True), Column("b", "B", width=5), Column("c", "C", flexible=True)]
    assert [placed.width for placed in place(columns, [0] * 3, 40)] == [14, 5, 15]


def test_pinned_columns_stay_when_scrolled() -> None:
    """Scrolling takes out the columns after the pinned ones."""
    columns = [Column(key, key, width=8, pinned=key == "a") for key in "abcdef"]
    assert [columns[placed.index].key for placed in place(columns, [0] * 6, 32, scroll=2)] == ["a", "d", "e"]
    assert last_scroll(columns, [0] * 6, 32) == 3


def test_what_is_flexible_has_what_it_wants_before_columns_of_little_importance_come() -> None:
    """An extra column waits until the flexible one is as wide as it wants, or as its contents; others do not wait."""

    def shown(priority: int, content: int, width: int) -> list[tuple[int, int]]:
        columns = [
            Column("a", "a", width=10, pinned=True),
            Column("b", "b", min_width=10, flexible=True, wanted=30, priority=2),
            Column("c", "c", width=10, priority=priority),
        ]
        return [(placed.index, placed.width) for placed in place(columns, [10, content, 10], width)]

    assert shown(5, 40, 55) == [(0, 10), (1, 41)]
    assert shown(5, 40, 56) == [(0, 10), (1, 30), (2, 10)]
    assert shown(5, 12, 40) == [(0, 10), (1, 14), (2, 10)]
    assert shown(4, 40, 40) == [(0, 10), (1, 14), (2, 10)]
