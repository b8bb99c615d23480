"""A line of a form: what is asked, where it is typed, and what may be typed there."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from screens.text import DIM, STRONG, fit, line
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


class Line(Widget):
    """A labelled input, with a hint at its right."""

    DEFAULT_CSS = """
    Line {
        height: 1;
        layout: horizontal;
        .label { width: 11; }
        .hint { width: 36; }
        Entry {
            width: 1fr; height: 1; border: none; padding: 0; background: $bar;
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
        id: str,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._entry = entry
        self._label = label
        self._hint = hint
        self._value = value

    def compose(self) -> ComposeResult:
        yield Row(classes="label")
        entry = self._entry(self._value, select_on_focus=False, compact=True)
        entry.cursor_blink = False
        yield entry
        if self._hint:
            yield Row(classes="hint")

    def on_mount(self) -> None:
        self.query_one(".label", Row).show([Piece(line((fit(self._label, LABEL), STRONG)))])
        if self._hint:
            self.query_one(".hint", Row).show([Piece(line((f" {self._hint}", DIM)))])

    @property
    def entry(self) -> Entry:
        return self.query_one(Entry)

    @property
    def value(self) -> str:
        """What stands in it, without blanks around."""
        return self.entry.value.strip()
