"""Sorting and filtering, against the naive way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from screens.widgets.grid.arrange import Arranger, Predicate, Request, Row, View, merged

WORDS = st.sampled_from(["acme", "Acme", "zürich", "", "b", "ab", "ABC", "日本"])
VALUES = st.none() | st.integers(0, 3)
ROWS = st.lists(st.tuples(WORDS, WORDS, VALUES), max_size=30).map(
    lambda rows: tuple(Row(number, (first, second), value) for number, (first, second, value) in enumerate(rows))
)
NEEDLES = st.sampled_from(["", "a", "ab", "abc", "AB", "ü", "日", "nothing"])


def item(row: Row, column: str) -> Any:
    """Sorts by the item, which may be None."""
    return row.item


def odd(row: Row) -> bool:
    """A predicate."""
    return bool(row.item and row.item % 2)


def naive(rows: Sequence[Row], needle: str, predicate: Predicate | None, reverse: bool) -> list[Any]:
    """The keys that should be shown, worked out in the plainest way: insertion, one row after the other."""
    shown: list[Row] = []
    for row in rows:
        if any(needle.lower() in cell.lower() for cell in row.cells) and (predicate is None or predicate(row)):
            place = len(shown)
            while place and before(row, shown[place - 1], reverse):
                place -= 1
            shown.insert(place, row)
    return [row.key for row in shown]


def before(row: Row, other: Row, reverse: bool) -> bool:
    """Whether ``row`` must stand before ``other``, which was given earlier."""
    if row.item is None or other.item is None:
        return row.item is not None and other.item is None
    return bool(row.item > other.item if reverse else row.item < other.item)


def keys(view: View | None) -> list[Any]:
    """The keys shown."""
    assert view is not None
    return [view.row(position).key for position in range(len(view))]


class Session(RuleBasedStateMachine):
    """One arranger asked anything in any order: whatever it kept of the last answer, the next one is right."""

    def __init__(self) -> None:
        super().__init__()
        self.arranger = Arranger(item)
        self.rows: tuple[Row, ...] = ()
        self.needle = ""
        self.predicate: Predicate | None = None
        self.column: int | None = None
        self.reverse = False

    def request(self) -> Request:
        """What is asked for now."""
        return Request(self.rows, self.column, "first", self.reverse, self.needle, self.predicate)

    def check(self) -> None:
        """Ask, and compare with the naive way."""
        if self.column is None:
            unsorted = [row._replace(item=0) for row in self.rows]
            wanted = {row.key for row in self.rows if self.predicate is None or self.predicate(row)}
            right = [key for key in naive(unsorted, self.needle, None, reverse=False) if key in wanted]
        else:
            right = naive(self.rows, self.needle, self.predicate, self.reverse)
        assert keys(self.arranger.arrange(self.request())) == right

    @rule(rows=ROWS)
    def other_rows(self, rows: tuple[Row, ...]) -> None:
        """The rows are replaced."""
        self.rows = rows
        self.check()

    @rule(needle=NEEDLES, predicate=st.sampled_from([None, odd]))
    def other_filter(self, needle: str, predicate: Predicate | None) -> None:
        """The filter changes."""
        self.needle, self.predicate = needle, predicate
        self.check()

    @rule(column=st.sampled_from([None, 0]), reverse=st.booleans())
    def other_sort(self, column: int | None, reverse: bool) -> None:
        """The sort changes."""
        self.column, self.reverse = column, reverse
        self.check()

    @rule(rows=ROWS, needle=NEEDLES, column=st.sampled_from([None, 0]), looks=st.integers(0, 3))
    def given_up(self, rows: tuple[Row, ...], needle: str, column: int | None, looks: int) -> None:
        """A request is overtaken, sooner or later; the one after it is answered rightly."""
        overtaken: Callable[[], bool] = iter([False] * looks + [True] * 9).__next__
        self.arranger.arrange(Request(rows, column, "first", needle=needle, predicate=odd), overtaken)
        self.check()


TestSession = Session.TestCase


def test_rows_without_a_value_stand_last_in_both_directions() -> None:
    """None is last, sorted up and sorted down, and equal rows keep their order in both."""
    rows = [Row(key, (key,), value) for key, value in [("a", None), ("b", 2), ("c", 1), ("d", 2), ("e", None)]]
    arranger = Arranger(item)
    assert keys(arranger.arrange(Request(rows, 0))) == ["c", "b", "d", "a", "e"]
    assert keys(arranger.arrange(Request(rows, 0, reverse=True))) == ["b", "d", "c", "a", "e"]


def test_a_longer_needle_only_looks_at_what_is_left() -> None:
    """Typing on narrows: rows that the shorter needle ruled out are not looked at again."""
    looked: list[Any] = []

    def predicate(row: Row) -> bool:
        looked.append(row.key)
        return True

    rows = [Row(number, (text,)) for number, text in enumerate(["alpha", "alps", "beta", "gamma"])]
    arranger = Arranger()
    assert keys(arranger.arrange(Request(rows, needle="al", predicate=predicate))) == [0, 1]
    looked.clear()
    assert keys(arranger.arrange(Request(rows, needle="alp", predicate=predicate))) == [0, 1]
    assert looked == [0, 1]
    arranger.arrange(Request(rows, needle="a"))
    assert keys(arranger.arrange(Request(rows, needle="bet"))) == [2]


@given(ROWS, ROWS, st.sets(st.integers(0, 40)))
def test_merging_equals_a_dictionary(rows: tuple[Row, ...], changed: tuple[Row, ...], removed: set[int]) -> None:
    """A delta does what it would do to a dictionary in order of insertion."""
    positions: dict[Any, int] = {row.key: index for index, row in enumerate(rows)}
    wanted = {row.key: row for row in rows} | {row.key: row for row in changed}
    left = [row for key, row in wanted.items() if key not in removed]
    assert list(merged(rows, positions, changed, removed)) == left


@given(ROWS, st.integers(-2, 40))
def test_finding_a_row(rows: tuple[Row, ...], near: int) -> None:
    """A shown key is found wherever the search starts; one that is not shown is not."""
    view = Arranger(item).arrange(Request(rows, 0, predicate=odd))
    shown = keys(view)
    assert view is not None
    for row in rows:
        assert view.find(row.key, near) == (shown.index(row.key) if row.key in shown else None)
