"""Which rows are shown, in which order: sorting and filtering, apart from any widget."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

CHUNK = 8192
"""Rows between two looks at whether the answer is still wanted."""


class Row(NamedTuple):
    """A row: an identity that lasts through refreshes, the clean text of each cell, and what the row is made of.

    ``item`` is the caller's own; ``sort_key``, predicates and style callables find it there.
    """

    key: Hashable
    cells: tuple[str, ...]
    item: Any = None


SortKey: TypeAlias = Callable[[Row, str], Any]
"""The value that a row sorts by in the column of that key, comparable within the column; None sorts last."""

Predicate: TypeAlias = Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be shown."""

    rows: Sequence[Row]
    column: int | None = None
    """Index of the column to sort by; None keeps the order in which the rows were given."""
    column_key: str = ""
    reverse: bool = False
    needle: str = ""
    """Shown are the rows in whose text it occurs, whatever the case."""
    predicate: Predicate | None = None
    generation: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """An answer: positions in ``request.rows``, in the order to be shown."""

    request: Request
    order: Sequence[int]

    def __len__(self) -> int:
        return len(self.order)

    def row(self, position: int) -> Row:
        """The row at a position of the view."""
        return self.request.rows[self.order[position]]

    def find(self, key: Hashable, near: int = 0, index: int | None = None) -> int | None:
        """The position of the row with that key, looked for at ``near`` first; None if it is not shown.

        ``index``: its place in ``request.rows``, where the caller knows it; a wrong one only costs time.
        """
        if 0 <= near < len(self.order) and self.row(near).key == key:
            return near
        rows = self.request.rows
        if index is not None and index < len(rows) and rows[index].key == key:
            try:
                return self.order.index(index)
            except ValueError:
                return None
        for position, index in enumerate(self.order):
            if rows[index].key == key:
                return position
        return None


EMPTY = View(Request(()), ())


def sort_order(rows: Sequence[Row], request: Request, sort_key: SortKey | None) -> Sequence[int]:
    """Positions of ``rows`` in the order asked for: stable in both directions, rows without a value last in both."""
    if request.column is None:
        return range(len(rows))
    if sort_key is None:
        column = request.column
        texts = [cells[column] for _, cells, _ in rows]
        return array("I", sorted(range(len(rows)), key=texts.__getitem__, reverse=request.reverse))
    values = [sort_key(row, request.column_key) for row in rows]
    without = [index for index, value in enumerate(values) if value is None] if None in values else []
    order = [index for index, value in enumerate(values) if value is not None] if without else list(range(len(rows)))
    order.sort(key=values.__getitem__, reverse=request.reverse)
    return array("I", order + without)


def merged(
    rows: Sequence[Row], positions: dict[Hashable, int], changed: Iterable[Row], removed: Iterable[Hashable]
) -> tuple[Row, ...]:
    """``rows`` with those of ``changed`` in the place of the same key or at the end, and without the ``removed``.

    ``positions`` has the place of each key, and is kept up; if any row was removed it is out of date afterwards.
    """
    found: list[Row | None] = list(rows)
    for row in changed:
        index = positions.setdefault(row.key, len(found))
        if index == len(found):
            found.append(row)
        else:
            found[index] = row
    for key in removed:
        if key in positions:
            found[positions[key]] = None
    return tuple(row for row in found if row is not None)


def search_text(row: Row) -> str:
    """What a needle is looked for in: the row's cells, lower-cased, apart from one another.

    Made anew at every look: that takes half a microsecond, keeping it would take a sixth of a view's memory.
    """
    return "\n".join(row.cells).lower()


@dataclass(slots=True)
class Arranger:
    """Answers one request after the other, and keeps of the last what the next can build on.

    A sort is not repeated while rows, column and direction stay; a needle that extends the last one only looks
    through what that one left. One thread at a time may use it.
    """

    sort_key: SortKey | None = None
    _last: View = EMPTY
    _order: Sequence[int] = ()

    def arrange(self, request: Request, superseded: Callable[[], bool] = lambda: False) -> View | None:
        """The view that ``request`` asks for; None when ``superseded`` became true meanwhile."""
        last = self._last.request
        same_rows = request.rows is last.rows
        same_sort = (request.column, request.reverse) == (last.column, last.reverse)
        if not (same_rows and same_sort):
            order = sort_order(request.rows, request, self.sort_key)
            if superseded():
                return None
            self._order = order
        narrower = (
            same_rows
            and same_sort
            and request.predicate is last.predicate
            and last.needle.lower() in request.needle.lower()
        )
        shown = self._filtered(request, self._last.order if narrower else self._order, superseded)
        if shown is None:
            if not (same_rows and same_sort):
                # The new order is kept; what the last filter left belongs to the old one.
                self._last = View(
                    Request(request.rows, request.column, request.column_key, request.reverse), self._order
                )
            return None
        self._last = View(request, shown)
        return self._last

    def _filtered(
        self, request: Request, candidates: Sequence[int], superseded: Callable[[], bool]
    ) -> Sequence[int] | None:
        needle, predicate, rows = request.needle.lower(), request.predicate, request.rows
        if not needle and predicate is None:
            return self._order
        shown = array("I")
        for start in range(0, len(candidates), CHUNK):
            if superseded():
                return None
            chunk = candidates[start : start + CHUNK]
            if needle:
                chunk = [index for index in chunk if needle in search_text(rows[index])]
            if predicate is not None:
                chunk = [index for index in chunk if predicate(rows[index])]
            shown.extend(chunk)
        return shown
