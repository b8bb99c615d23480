"""Counting into cells."""

from __future__ import annotations

from screens.widgets.heat import count
from services.model import Status


def test_cells_count_and_know_their_worst() -> None:
    """Each (row, column) has its counts, their sum, and the worst status that occurs; others are absent."""
    cells = count(
        [
            ("us", "public", Status.OK),
            ("us", "public", Status.UNKNOWN),
            ("us", "public", Status.UNKNOWN),
            ("eu", "dedicated", Status.OK),
        ]
    )
    assert set(cells) == {("us", "public"), ("eu", "dedicated")}
    assert (cells["us", "public"].total, cells["us", "public"].counts[Status.UNKNOWN]) == (3, 2)
    assert cells["us", "public"].worst is Status.UNKNOWN
    assert cells["eu", "dedicated"].worst is Status.OK
