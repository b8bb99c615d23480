"""Bytes written to a terminal of 80×24 in 256 colours for `j` at the bottom edge, the mean of forty lines scrolled."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.hundred_thousand import bytes_for, ours, visidata
from tests.bench.measured import Measured


def measure() -> Iterator[Measured]:
    """Bytes a scrolled line."""
    with ours() as grid:
        bytes_for(grid, "j", 22)
        mine = bytes_for(grid, "j", 40)
    with visidata() as peer:
        bytes_for(peer, "j", 22)
        theirs = bytes_for(peer, "j", 40)
    yield Measured("bytes a scrolled line", mine, "B", 5, theirs, "VisiData")
