"""100,000 rows × 10 columns sorted as text by the second column, from the key press to the sorted picture. Both show
the same file; VisiData sorts by the column under its cursor with `[`, and is done when its status line counts the
rows again."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.hundred_thousand import LOADING, ROWS, ours, rows, visidata
from tests.bench.measured import Measured, seconds


def measure() -> Iterator[Measured]:
    """The time of one sort."""
    with ours() as grid:
        grid.press("shift+right")
        grid.settle(0.2)

        def sort_ours() -> None:
            grid.press("o")
            grid.wait_for("by ('tenant', False)", LOADING)

        mine = seconds(sort_ours)
    first = min(row[1] for row in rows())
    with visidata() as peer:
        peer.press("l")
        peer.settle(0.2)

        def sort_peer() -> None:
            peer.press("[")
            peer.wait_for(lambda: first in peer.text and f"{ROWS} rows" in peer.display[-1], LOADING)

        theirs = seconds(sort_peer)
    yield Measured("sort, 100,000 rows", mine, "s", 0.25, theirs, "VisiData")
