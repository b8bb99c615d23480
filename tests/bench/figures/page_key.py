"""From a page key in 100,000 rows to the last byte of the new page, beside from any key to the changed line in the
least application that Textual allows; medians of thirty."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice

from tests.bench.hundred_thousand import ours, rows
from tests.bench.measured import Measured, median_seconds
from tests.support.pty import Terminal


def answered(terminal: Terminal, key: str, marks: Iterator[str]) -> None:
    """Press, and wait for the bytes of the next mark."""
    start, mark = len(terminal.raw), next(marks).encode()
    terminal.press(key)
    terminal.wait_for(lambda: mark in terminal.raw[start:])


def measure() -> Iterator[Measured]:
    """The time of one key."""
    with ours() as grid:
        height = len(grid.display) - 2  # less the heading and the line of counts
        bottoms = (row[0] for row in islice(rows(), 2 * (height - 1), None, height - 1))
        mine = median_seconds(lambda: answered(grid, "pagedown", bottoms), 30)
    with Terminal([sys.executable, "-m", "tests.bench.programs.minimal"]) as minimal:
        minimal.wait_for("ready")
        minimal.settle(0.3)
        counts = (f"key {count}." for count in range(1, 100))
        floor = median_seconds(lambda: answered(minimal, "x", counts), 30)
    yield Measured("page key, 100,000 rows", mine, "s", 5, floor, "minimal Textual app's key")
