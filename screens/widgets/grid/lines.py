"""A widget made of lines that sends to the terminal only what differs from what it shows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from rich.style import Style
from textual.geometry import Region
from textual.message_pump import MessagePump
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.grid.cells import changed_width


class DiffedLines(Widget):
    """Draws all its lines at every ``redraw``, compares, and refreshes the left parts of lines that have changed.

    Textual's compositor sends a line from the widget's left edge up to the end of what changed; that is why changes
    are measured from the left.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._lines: list[Strip] = []
        self._style_of: dict[str, Style] = {}

    @abstractmethod
    def draw_lines(self) -> list[Strip]:
        """As many strips as the widget is high, each as long as it is wide."""

    def redraw(self) -> None:
        """Draw anew, and have sent what differs."""
        if not self.is_attached:
            return
        if not self._lines:  # never asked for, or forgotten with a style: Textual need not ask again by itself
            self.refresh()
            return
        before, self._lines = self._lines, self.draw_lines()
        if len(before) != len(self._lines):
            self.refresh()
            return
        regions = [
            Region(0, y, width, 1)
            for y, (old, new) in enumerate(zip(before, self._lines, strict=True))
            if (width := changed_width(old, new))
        ]
        if regions:
            self.refresh(*regions)

    def redraw_behind(self) -> None:
        """Redraw when all have been told of what was posted so far: what they then say of it stands in one picture
        with the lines, and not in the next, a sixtieth of a second later."""
        self._follow_up(self, iter(self.ancestors))

    def _follow_up(self, pump: MessagePump, further: Iterator[MessagePump]) -> None:
        """Go from queue to queue as a message does, behind it."""
        above = next(further, None)
        if not pump.call_later(self.redraw if above is None else lambda: self._follow_up(above, further)):
            self.redraw()

    def forget_lines(self) -> None:
        """Have everything drawn and sent again."""
        self._lines = []
        self.refresh()

    def lines_drawn(self) -> list[Strip]:
        """The lines as they are on the screen."""
        if not self._lines:
            self._lines = self.draw_lines()
        return self._lines

    def render_line(self, y: int) -> Strip:
        """A line of the widget, as it was last drawn."""
        lines = self.lines_drawn()
        return lines[y] if y < len(lines) else Strip.blank(self.size.width, self.rich_style)

    def component_style(self, name: str) -> Style:
        """A component class's own style, without what it stands on."""
        style = self._style_of.get(name)
        if style is None:
            style = self._style_of[name] = self.get_component_rich_style(name, partial=True)
        return style

    def notify_style_update(self) -> None:
        """Forget the styles that the stylesheet gave; Textual has all lines rendered again."""
        super().notify_style_update()
        self._style_of.clear()
        self._lines = []
