"""One line of pieces."""

from __future__ import annotations

import pytest

from screens.text import line
from screens.widgets.row import Piece, drawn


def text(width: int) -> str:
    left = [Piece(line("area")), Piece(line("detail"), 3), Piece(line("filter"), 2)]
    right = [Piece(line("old"), 5), Piece(line("state"), 4)]
    return drawn(left, right, width, " · ").plain


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (34, "area  detail  filter   old · state"),
        (33, "area  detail  filter  old · state"),
        (32, "area  detail  filter       state"),
        (26, "area  detail  filter      "),
        (20, "area  detail  filter"),
        (19, "area  filter       "),
        (5, "area "),
    ],
)
def test_the_least_important_goes_first(width: int, shown: str) -> None:
    """As the line shortens pieces go by rank, whichever end they stand at; the first of rank 1 stays."""
    assert text(width) == shown
