"""Where the cursor is and which part of the view is seen: plain arithmetic, apart from any widget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Viewport:
    """A cursor among ``count`` rows, and a window of ``height`` lines that always holds it.

    ``position`` and ``top`` count from 0; with no rows both are 0.
    """

    count: int = 0
    height: int = 1
    position: int = 0
    top: int = 0

    @property
    def last_top(self) -> int:
        """The top of the last full window."""
        return max(self.count - self.height, 0)

    def move_to(self, position: int) -> None:
        """Put the cursor there, or as near as there are rows.

        At an edge the window jumps by half its height: a terminal has to be sent the whole window for one line's
        scroll, so a held key then writes a tenth of the bytes.
        """
        self.position = max(0, min(position, self.count - 1))
        if not self.top <= self.position < self.top + self.height:
            self.top = self.position - self.height // 2
        self.top = max(0, min(self.top, self.last_top))

    def page(self, pages: float) -> None:
        """Move the window, and the cursor with it, by so many heights less the line that is kept for context."""
        step = round(pages * max(self.height - 1, 1)) or (1 if pages > 0 else -1)
        top = max(0, min(self.top + step, self.last_top))
        self.top = top
        self.move_to(self.position + step)

    def scroll(self, lines: int) -> None:
        """Move the window alone; the cursor is taken along only where it would be left outside."""
        self.top = max(0, min(self.top + lines, self.last_top))
        self.position = max(self.top, min(self.position, self.top + self.height - 1, self.count - 1))

    def resize(self, height: int) -> None:
        """Give the window another height; the cursor stays in it."""
        self.height = max(height, 1)
        if self.position >= self.top + self.height:
            self.top = self.position - self.height + 1
        self.top = max(0, min(self.top, self.last_top))

    def replace(self, count: int, position: int | None) -> None:
        """Stand among other rows: at ``position``, on the same line of the window where that can be; else nearby."""
        line = self.position - self.top
        self.count = count
        self.position = max(0, min(self.position if position is None else position, count - 1))
        self.top = max(0, min(self.position - line, self.last_top))
