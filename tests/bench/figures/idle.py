"""Bytes written in five seconds in which nothing changes and no clock is shown, with 100,000 rows."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.hundred_thousand import ours
from tests.bench.measured import Measured


def measure() -> Iterator[Measured]:
    """Bytes a second."""
    with ours() as grid:
        yield Measured("bytes a second when idle", len(grid.watch(5)) / 5, "B", 0)
