"""Bytes written to a terminal of 80×24 in 256 colours for one page down, the mean of ten."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.hundred_thousand import bytes_for, ours, visidata
from tests.bench.measured import Measured


def measure() -> Iterator[Measured]:
    """Bytes a page."""
    with ours() as grid:
        mine = bytes_for(grid, "pagedown", 10)
    with visidata() as peer:
        theirs = bytes_for(peer, "pagedown", 10)
    yield Measured("bytes a page key", mine, "B", 2, theirs, "VisiData")
