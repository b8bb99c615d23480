"""One key of a filter over all columns of 100,000 rows, from the key press to the filtered picture: the mean of the
five keys of `north`. VisiData has no filter as one types; its
way to the same picture is `g|` with the word, Enter, and `"` for the sheet of the selected rows; measured is from
Enter to that sheet, without the typing."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.hundred_thousand import LOADING, ours, visidata
from tests.bench.measured import Measured, seconds

WORD = "north"


def measure() -> Iterator[Measured]:
    """The time of one key."""
    with ours() as grid:

        def type_word() -> None:
            for end in range(1, len(WORD) + 1):
                grid.press(WORD[end - 1].upper())
                grid.wait_for(f"for [{WORD[:end]}].", LOADING)

        mine = seconds(type_word) / len(WORD)
        shown = grid.display[-1].split()[0]
    with visidata() as peer:
        peer.press("g", "|")
        peer.wait_for("select regex")
        peer.press(*WORD)
        peer.settle(0.3)

        def select() -> None:
            peer.press("enter")
            peer.wait_for(f"•{shown}", LOADING)
            peer.press('"')
            peer.wait_for(f"{shown} rows", LOADING)

        theirs = seconds(select)
    yield Measured("filter key, 100,000 rows", mine, "s", 0.12, theirs, "VisiData")
