"""The line between the list and what is said about it: a rule, a flash message, or the ``:`` and ``/`` bars."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from screens.text import DIM, ERROR, line
from screens.widgets.row import Piece, Row

FLASH_SECONDS = 6.0


class Bar(StrEnum):
    """Which bar is open, by its prompt."""

    COMMAND = ":"
    FILTER = "/"


class _Entry(Input):
    """The bar's input: no border, no blinking, and Tab takes the suggestion."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "cursor_right", "complete", show=False),
        Binding("escape", "leave", "back", show=False),
    ]

    @dataclass
    class Left(Message):
        """Esc was pressed."""

    def action_leave(self) -> None:
        self.post_message(self.Left())


class CommandLine(Widget):
    """A rule across the screen that becomes an input or carries a message."""

    DEFAULT_CSS = """
    CommandLine {
        height: 1;
        layout: horizontal;
        #prompt { width: 3; display: none; color: $accent; background: $bar; }
        _Entry {
            width: 1fr; height: 1; border: none; padding: 0; display: none; background: $bar;
            &:focus { border: none; background: $bar; }
            & > .input--suggestion { color: $dim; }
        }
        &.-open {
            #prompt, _Entry { display: block; }
            #rule { display: none; }
        }
    }
    """

    @dataclass
    class Changed(Message):
        """The text of the bar changed."""

        bar: Bar
        text: str

    @dataclass
    class Submitted(Message):
        """Enter."""

        bar: Bar
        text: str

    @dataclass
    class Cancelled(Message):
        """Esc: everything as it was before the bar was opened."""

        bar: Bar

    def __init__(self) -> None:
        super().__init__()
        self.bar: Bar | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Row(id="rule")
        yield Row(id="prompt")
        entry = _Entry(select_on_focus=False, compact=True)
        entry.cursor_blink = False
        yield entry

    def on_mount(self) -> None:
        self._rule()

    def on_resize(self) -> None:
        if self._timer is None:
            self._rule()

    @property
    def entry(self) -> Input:
        return self.query_one(_Entry)

    def open(self, bar: Bar, text: str = "", suggester: Suggester | None = None) -> None:
        """Open a bar with ``text`` in it and the cursor at its end."""
        self.bar = bar
        entry = self.entry
        entry.suggester = suggester
        with entry.prevent(Input.Changed):
            entry.value = text
        entry.cursor_position = len(text)
        self.query_one("#prompt", Row).show([Piece(line(f" {bar.value}"))])
        self.add_class("-open")
        self.screen.set_focus(entry)  # at once: what is typed next is meant for it

    def close(self) -> None:
        """Close whichever bar is open."""
        self.bar = None
        self.remove_class("-open")
        self._rule()

    def flash(self, text: str, *, error: bool = False) -> None:
        """Say one line for some seconds; behind an open bar it waits for nothing and is not seen."""
        self._show(line(text, " "), ERROR if error else "$accent")
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(FLASH_SECONDS, self._rule)

    def text_column(self, position: int) -> int:
        """The column of the entry's character at ``position``, counted from this line's left edge."""
        before = Content(self.entry.value[:position]).cell_length
        return self.entry.region.x - self.region.x + before - round(self.entry.scroll_x)

    def _rule(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._show(Content(""), "")

    def _show(self, message: Content, style: str) -> None:
        width = self.size.width
        room = message.truncate(max(width - 4, 0), ellipsis=True)
        before = Content.styled(" ─ " if message else " ", DIM)
        rule = "─" * max(width - before.cell_length - room.cell_length - 1, 0)
        said = room.stylize(style) if style else room
        self.query_one("#rule", Row).show([Piece(Content.assemble(before, said, (rule, DIM), " "))])

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.bar is not None:
            self.post_message(self.Changed(self.bar, event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.bar is not None:
            self.post_message(self.Submitted(self.bar, event.value))

    @on(_Entry.Left)
    def _left(self, event: _Entry.Left) -> None:
        event.stop()
        if self.bar is not None:
            self.post_message(self.Cancelled(self.bar))
