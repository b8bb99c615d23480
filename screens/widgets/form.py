"""A line of a form: what is asked, where it is typed, and what may be typed there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input

from screens.text import DIM, ERROR, STRONG, fit, line
from screens.widgets.row import Piece, Row

LABEL = 11


class Entry(Input):
    """An input without border and blinking; Enter is for the whole form."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "record")]


class CodeEntry(Entry):
    """Takes the six digits of a code, and shows how many there are."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "sign in")]

    def __init__(self, value: str = "", **given: Any) -> None:
        super().__init__(value, password=True, restrict=r"[0-9]*", max_length=6, **given)


class TypedEntry(Entry):
    """Takes what is typed, and no paste: neither the terminal's nor the console's own."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "confirm")]

    @dataclass
    class Refused(Message):
        """Something was pasted, and not taken."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.post_message(self.Refused())

    def action_paste(self) -> None:
        self.post_message(self.Refused())


class Line(Widget):
    """A labelled input, with a hint at its right."""

    DEFAULT_CSS = """
    Line {
        height: 1;
        layout: horizontal;
        .label { width: 11; }
        .hint { width: 5fr; }
        Entry {
            width: 4fr; height: 1; border: none; padding: 0; background: $bar;
            &:focus { border: none; background: $cursor; }
        }
    }
    """

    def __init__(
        self,
        label: str,
        value: str = "",
        hint: str = "",
        *,
        entry: type[Entry] = Entry,
        choices: Sequence[str] = (),
        id: str,  # noqa: A002 - Textual's name
    ) -> None:
        """``choices``: what the right arrow completes to."""
        super().__init__(id=id)
        self._entry = entry
        self._choices = choices
        self._label = label
        self._hint = hint
        self._value = value
        self._wrong = ""

    def compose(self) -> ComposeResult:
        yield Row(classes="label")
        suggester = SuggestFromList(self._choices) if self._choices else None
        entry = self._entry(self._value, select_on_focus=False, compact=True, suggester=suggester)
        entry.cursor_blink = False
        yield entry
        yield Row(classes="hint")

    def on_mount(self) -> None:
        self.query_one(".label", Row).show([Piece(line((fit(self._label, LABEL), STRONG)))])
        self._show_hint()

    @property
    def choices(self) -> Sequence[str]:
        """What may stand in it, where that is known."""
        return self._choices

    @property
    def hint(self) -> str:
        """What may be typed; settable."""
        return self._hint

    @hint.setter
    def hint(self, hint: str) -> None:
        self._hint = hint
        if self.is_mounted:
            self._show_hint()

    @property
    def wrong(self) -> str:
        """What is wrong with it, said in place of the hint; empty: nothing. Settable."""
        return self._wrong

    @wrong.setter
    def wrong(self, wrong: str) -> None:
        self._wrong = wrong
        self._show_hint()

    def _show_hint(self) -> None:
        said = self._wrong or self._hint
        row = self.query_one(".hint", Row)
        row.display = bool(said)
        row.show([Piece(line((f" {said}", ERROR if self._wrong else DIM)))])

    @property
    def entry(self) -> Entry:
        return self.query_one(Entry)

    @property
    def value(self) -> str:
        """What stands in it, without blanks around."""
        return self.entry.value.strip()
