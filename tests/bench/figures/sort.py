"""100,000 rows × 10 columns sorted as text by the second column, from the key press to the sorted picture. Both show
the same file; VisiData sorts by the column under its cursor with `[`, and is done when its status line counts the
rows again. The median of five, each of a program that was just started."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from tests.bench.hundred_thousand import LOADING, ROWS, ours, rows, visidata
from tests.bench.measured import Measured, seconds

TIMES = 5


def measure() -> Iterator[Measured]:
    """The time of one sort."""
    first = min(row[1] for row in rows())
    mine = statistics.median(sorted_by_us() for _ in range(TIMES))
    theirs = statistics.median(sorted_by_visidata(first) for _ in range(TIMES))
    yield Measured("sort, 100,000 rows", mine, "s", 0.25, theirs, "VisiData")


def sorted_by_us() -> float:
    """Seconds, of rows that were never sorted before."""
    with ours() as grid:
        grid.press("shift+right")
        grid.settle(0.2)

        def sort() -> None:
            grid.press("o")
            grid.wait_for("by ('tenant', False)", LOADING)

        return seconds(sort)


def sorted_by_visidata(first: str) -> float:
    """The same; ``first`` is what then stands on top."""
    with visidata() as peer:
        peer.press("l")
        peer.settle(0.2)

        def sort() -> None:
            peer.press("[")
            peer.wait_for(lambda: first in peer.text and f"{ROWS} rows" in peer.display[-1], LOADING)

        return seconds(sort)
