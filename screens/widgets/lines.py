"""Lines of text that scroll; a line that is the same as before is not written again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual


class Lines(ScrollView, can_focus=True):
    """A page of prepared lines, cut at the right edge."""

    DEFAULT_CSS = """
    Lines {
        height: 1fr;
        scrollbar-size: 1 1;
        overflow-x: hidden;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "down", show=False),
        Binding("k,up", "scroll_up", "up", show=False),
        Binding("g,home", "scroll_home", "top", show=False),
        Binding("G,end", "scroll_end", "bottom", show=False),
        Binding("ctrl+f,pagedown", "page_down", "page down", show=False),
        Binding("ctrl+b,pageup", "page_up", "page up", show=False),
        Binding("ctrl+d", "half('1')", "half a page down", show=False),
        Binding("ctrl+u", "half('-1')", "half a page up", show=False),
    ]

    def __init__(self, *, id: str | None = None, focusable: bool = True) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.can_focus = focusable
        self._lines: tuple[Content, ...] = ()
        self._veiled = False

    @property
    def veiled(self) -> bool:
        """Whether it keeps its place and shows nothing in it."""
        return self._veiled

    @veiled.setter
    def veiled(self, veiled: bool) -> None:
        if veiled is not self._veiled:
            self._veiled = veiled
            self.refresh()

    def show(self, lines: Sequence[Content]) -> None:
        """Show these lines; the scroll position stays."""
        before, self._lines = self._lines, tuple(lines)
        if len(before) != len(self._lines):
            self.virtual_size = Size(0, len(self._lines))
            self.refresh(layout=self.styles.height is not None and self.styles.is_auto_height)
            return
        top = self.scroll_offset.y
        for y in range(top, min(top + self.size.height, len(before))):
            changed = _changed_cells(before[y], self._lines[y])
            if changed is not None:
                self.refresh(Region(changed[0], y - top, changed[1] - changed[0], 1))

    @property
    def text(self) -> str:
        """All of it, as plain text."""
        return "\n".join(content.plain for content in self._lines)

    def render_line(self, y: int) -> Strip:
        y += self.scroll_offset.y
        width = self.scrollable_content_region.width
        if y >= len(self._lines) or not width or self._veiled:
            return Strip.blank(width, self.rich_style)
        content = self._lines[y].truncate(width, ellipsis=True)
        strips = Visual.to_strips(self, content, width, 1, self.visual_style)
        return strips[0].adjust_cell_length(width, self.rich_style) if strips else Strip.blank(width, self.rich_style)

    def action_half(self, sign: str) -> None:
        self.scroll_relative(y=int(sign) * max(self.size.height // 2, 1), animate=False)


def _changed_cells(one: Content, other: Content) -> tuple[int, int] | None:
    """From which cell to before which cell two lines differ; all of it where more than digits changed."""
    if one.is_same(other):
        return None
    width = max(one.cell_length, other.cell_length)
    if one.spans != other.spans or not (one.plain.isascii() and other.plain.isascii()) or len(one) != len(other):
        return 0, width
    differing = [at for at, (a, b) in enumerate(zip(one.plain, other.plain, strict=True)) if a != b]
    return differing[0], differing[-1] + 1
