"""A page of lines with a cursor that goes from one line that can be asked about to the next."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from screens.text import line
from screens.widgets.lines import Lines


class Stops(Lines):
    """Lines, some of which are stops: the cursor stands on one of them, by its key, through every redrawing.

    Each line gives up its first cell to the cursor's bar. Where there is no further stop the page scrolls.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", "next line", show=False),
        Binding("k,up", "step(-1)", "last line", show=False),
        Binding("g,home", "end(-1)", "first line", show=False),
        Binding("G,end", "end(1)", "last line", show=False),
        Binding("ctrl+f,pagedown", "turn(1.0)", "page down", show=False),
        Binding("ctrl+b,pageup", "turn(-1.0)", "page up", show=False),
        Binding("ctrl+d", "turn(0.5)", "half a page down", show=False),
        Binding("ctrl+u", "turn(-0.5)", "half a page up", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor stands on another stop."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._page: Sequence[Content] = ()
        self._keys: Sequence[Hashable | None] = ()
        self.cursor: Hashable | None = None

    def show_page(self, lines: Sequence[Content], keys: Sequence[Hashable | None], start: Hashable | None) -> None:
        """Show these lines; ``keys`` has one for each stop and ``None`` elsewhere.

        The cursor stays where it is; where it is nowhere, or its stop is gone, it goes to ``start``.
        """
        self._page, self._keys = lines, keys
        if self.cursor is None or self.cursor not in keys:
            self.cursor = start if start in keys else next((key for key in keys if key is not None), None)
        self._draw()

    def _draw(self) -> None:
        at = self._at
        self.show(
            [self._chosen(content) if index == at else line(" ", content) for index, content in enumerate(self._page)]
        )

    def _chosen(self, content: Content) -> Content:
        """The line under the cursor, to the right edge."""
        rest = " " * max(self.scrollable_content_region.width - 1 - content.cell_length, 0)
        return line(("▌", "$accent"), content, rest).stylize("on $cursor")

    @property
    def _at(self) -> int | None:
        """The line that the cursor stands on."""
        return next((index for index, key in enumerate(self._keys) if key is not None and key == self.cursor), None)

    def _go(self, index: int) -> None:
        self.cursor = self._keys[index]
        top, height = self.scroll_offset.y, self.size.height
        if index < top:
            self.scroll_to(y=index, animate=False)
        elif index >= top + height:
            self.scroll_to(y=index - height + 1, animate=False)
        self._draw()
        self.post_message(self.Moved())

    def action_step(self, step: int) -> None:
        stops = self._stops()
        at = self._at
        further = [index for index in stops if at is None or (index - at) * step > 0]
        if further:
            self._go(further[0] if step > 0 else further[-1])
        else:
            self.scroll_relative(y=step, animate=False)

    def action_end(self, side: int) -> None:
        stops = self._stops()
        if stops:
            self._go(stops[-1 if side > 0 else 0])
        self.scroll_to(y=self.virtual_size.height if side > 0 else 0, animate=False)

    def action_turn(self, pages: float) -> None:
        """Turn the page; the cursor goes to the first stop in sight."""
        height = self.size.height
        last = max(len(self._page) - height, 0)
        top = min(max(self.scroll_offset.y + round(height * pages), 0), last)
        self.scroll_to(y=top, animate=False)
        seen = [index for index in self._stops() if top <= index < top + height]
        if seen and (self._at is None or self._at not in seen):
            self._go(seen[0])

    def _stops(self) -> list[int]:
        return [index for index, key in enumerate(self._keys) if key is not None]
