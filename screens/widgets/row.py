"""One line of the frame: pieces at its left and right end; where it is too narrow the least important give way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from screens.text import joined


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a row; 1 is kept longest."""

    text: Content
    rank: int = 1


class Row(Widget):
    """A line that is written again only when its text has changed."""

    DEFAULT_CSS = """
    Row {
        width: 1fr;
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """
    ALLOW_SELECT = False

    def __init__(
        self,
        *,
        right_separator: str = "  ",
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._right_separator = right_separator
        self._left: tuple[Piece, ...] = ()
        self._right: tuple[Piece, ...] = ()

    def show(self, left: Sequence[Piece] = (), right: Sequence[Piece] = ()) -> None:
        """Show these pieces; empty ones take no room."""
        new_left = tuple(piece for piece in left if piece.text)
        new_right = tuple(piece for piece in right if piece.text)
        if _same(new_left, self._left) and _same(new_right, self._right):
            return
        self._left, self._right = new_left, new_right
        self.refresh()

    @property
    def text(self) -> str:
        """What it shows, as plain text."""
        return self.render().plain

    def render(self) -> Content:
        return drawn(self._left, self._right, self.size.width, self._right_separator)


def drawn(left: Sequence[Piece], right: Sequence[Piece], width: int, right_separator: str = "  ") -> Content:
    """A line of ``width`` cells: pieces go by rank, the highest first, until the rest fits; rank 1 is cut at last."""
    left, right = list(left), list(right)
    while True:
        first, last = _joined(left, "  "), _joined(right, right_separator)
        needed = first.cell_length + last.cell_length + (2 if first and last else 0)
        most = max((piece.rank for piece in (*left, *right)), default=1)
        if needed <= width or most == 1:
            break
        end = right if any(piece.rank == most for piece in right) else left
        end.remove(next(piece for piece in reversed(end) if piece.rank == most))
    gap = width - first.cell_length - last.cell_length
    if gap < 1 and last:
        room = max(width - last.cell_length - 1, 0)
        first, gap = first.truncate(room, ellipsis=True), 1
    return Content.assemble(first, " " * max(gap, 0), last)


def _joined(pieces: Sequence[Piece], separator: str) -> Content:
    return joined((piece.text for piece in pieces), separator)


def _same(one: Sequence[Piece], other: Sequence[Piece]) -> bool:
    return len(one) == len(other) and all(
        a.rank == b.rank and a.text.is_same(b.text) for a, b in zip(one, other, strict=True)
    )
