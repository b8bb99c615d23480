"""Resident memory of the whole process with 100,000 rows × 10 columns loaded, after one filter was made and cleared
(ours) and as loaded (VisiData)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.hundred_thousand import LOADING, ROWS, ours, resident_mb, visidata
from tests.bench.measured import Measured


def measure() -> Iterator[Measured]:
    """Memory of the whole process."""
    with ours() as grid:
        grid.press("N")
        grid.wait_for("for [n].", LOADING)
        grid.press("!")
        grid.wait_for(f"{ROWS} of {ROWS} by None for [].", LOADING)
        mine = resident_mb(grid)
    with visidata() as peer:
        theirs = resident_mb(peer)
    yield Measured("memory, 100,000 rows", mine, "MB", 1.2, theirs, "VisiData")
