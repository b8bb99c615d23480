"""The actions that fit what is in sight, narrowed as one types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from screens.aim import Aim
from screens.dialogs.base import WIDEST, Dialog
from screens.frame import FrameScreen
from screens.shell import Shell
from screens.text import ACCENT, DIM, both_ends, cut, fit, line
from screens.widgets.form import Entry, Line
from screens.widgets.lines import Lines
from services.model import Confirmation
from services.orders.base import Action

NAME = 21
_SAID = {
    Confirmation.REVERSIBLE: "",
    Confirmation.SEEN: "the tenant notices",
    Confirmation.IRREVERSIBLE: "cannot be undone",
}


class ChooseEntry(Entry):
    """Enter chooses."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "choose")]


class ActionsScreen(Dialog):
    """A list of actions with a line that narrows it. Choosing one does nothing yet: its form or its plan opens."""

    DEFAULT_CSS = """
    ActionsScreen {
        #list { height: auto; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,tab,ctrl+n", "step(1)", "next"),
        Binding("up,shift+tab,ctrl+p", "step(-1)", "last", show=False),
        Binding("pagedown", "step(10)", "page down", show=False),
        Binding("pageup", "step(-10)", "page up", show=False),
    ]

    def __init__(self, shell: Shell, beneath: FrameScreen, actions: Sequence[Action], aim: Aim) -> None:
        super().__init__(shell, beneath)
        self._actions = tuple(actions)
        self._aim = aim
        self._at = 0

    def title_line(self) -> Content:
        return line("actions · ", self._aim.words)

    def body(self) -> Iterable[Widget]:
        yield Line("Action", hint="part of its name or title", entry=ChooseEntry, id="needle")
        yield Lines(id="list", focusable=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_focus(self.query_one(Line).entry)
        self._write()

    @property
    def shown(self) -> list[Action]:
        """Those that have all words that were typed in their name or title."""
        words = self.query_one(Line).entry.value.casefold().split()
        return [it for it in self._actions if all(word in f"{it.name} {it.title}".casefold() for word in words)]

    @on(events.Resize)
    def _write(self) -> None:
        shown = self.shown
        self._at = max(0, min(self._at, len(shown) - 1))
        width = max(min(self.size.width, WIDEST) - 5, 20)
        page = self.query_one("#list", Lines)
        height = max(self.size.height - 6, 1)
        page.styles.max_height = height
        lines = [self._row(it, width, chosen=index == self._at) for index, it in enumerate(shown)]
        page.show(lines or [line(("No action has that in its name or title. Backspace, or Esc.", DIM))])
        top = page.scroll_offset.y
        if self._at < top or self._at >= top + height:
            page.scroll_to(y=self._at if self._at < top else self._at - height + 1, animate=False)

    def _row(self, action: Action, width: int, *, chosen: bool) -> Content:
        said = _SAID[action.confirmation]
        named = line(
            ("▌" if chosen else " ", ACCENT), (fit(action.key or "", 2), f"bold {ACCENT}"), fit(action.name, NAME)
        )
        title = cut(action.title, max(width - named.cell_length - len(said) - 2, 0))
        text = both_ends(line(named, title), line((said, "$status-at-risk")), width)
        if not chosen:
            return text
        return line(text, " " * max(width - text.cell_length, 0)).stylize("on $cursor")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._at = 0
        self._write()

    def action_step(self, step: int) -> None:
        self._at += step
        self._write()

    @on(Input.Submitted)
    def _chosen(self, event: Input.Submitted) -> None:
        event.stop()
        shown = self.shown
        if shown:
            from screens.acting import begin

            action = shown[self._at]
            self.dismiss()
            begin(self.shell, self.beneath, action, self._aim)
