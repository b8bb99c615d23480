"""Say that an item of the due list is seen: until when, whose it is, and what others should know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from screens.dialogs.base import WIDEST, Dialog
from screens.frame import FrameScreen
from screens.frozen import SIGN_IN_TYPING, not_written
from screens.loading import Loader
from screens.shell import Shell
from screens.text import DIM, ERROR, line, status_style
from screens.widgets.form import Line
from screens.widgets.lines import Lines
from services.fleet.snapshot import FleetSnapshot
from services.instants import InstantError, read_ahead
from services.model import Acknowledgement, Verdict
from services.words import say_instant

DEFAULT = "8h"
"""A shift."""
USUAL = "All see it beside the item until then. It changes no verdict."


class AcknowledgeScreen(Dialog):
    """Three lines to fill in. What is wrong, or refused, is said below them, and nothing typed is lost."""

    DEFAULT_CSS = """
    AcknowledgeScreen {
        #item, #said { height: auto; max-height: 3; margin-bottom: 1; }
        #said { margin: 1 0 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,down", "field(1)", "next field"),
        Binding("shift+tab,up", "field(-1)", "last field", show=False),
    ]

    def __init__(
        self,
        shell: Shell,
        beneath: FrameScreen,
        tenant: str | None,
        verdict: Verdict,
        present: Acknowledgement | None,
    ) -> None:
        """``present``: the acknowledgement that holds; recording puts another in its place."""
        super().__init__(shell, beneath)
        self._tenant = tenant
        self._verdict = verdict
        self._present = present
        self._withdrawn = False
        self._stopped = False
        """Whether it stands there that nothing is written while credentials have ended."""
        self._writer: Loader[str | None] = Loader(self, "acknowledge")

    def title_line(self) -> Content:
        return line("acknowledge · ", self._tenant or "no tenant", " · ", self._verdict.figure)

    def body(self) -> Iterable[Widget]:
        present = self._present
        yield Lines(id="item", focusable=False)
        until = say_instant(present.until) if present else DEFAULT
        hint = "8h, 7d, a day; empty takes it back" if present else "8h, 7d, 2026-12-24, an instant"
        yield Line("Until", until, hint, id="until")
        yield Line("Assignee", (present.assignee or "") if present else "", "whose it is; may be empty", id="assignee")
        yield Line("Note", (present.note or "") if present else "", id="note")
        yield Lines(id="said", focusable=False)

    def on_mount(self) -> None:
        super().on_mount()
        verdict = self._verdict
        said = line((verdict.status, status_style(verdict.status)), "  ", verdict.reason)
        self.query_one("#item", Lines).show([said])
        self._say(USUAL, DIM)
        self._focus(0)

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        if self._stopped and fleet.frozen is None:
            self._stopped = False
            self._say(USUAL, DIM)

    def _say(self, text: str, style: str) -> None:
        width = min(self.size.width, WIDEST) - 5
        self.query_one("#said", Lines).show(line((text, style)).wrap(max(width, 20)))

    # Keys

    def _focus(self, index: int) -> None:
        lines = list(self.query(Line))
        self.set_focus(lines[index % len(lines)].entry)

    def action_field(self, step: int) -> None:
        lines = list(self.query(Line))
        at = next((index for index, one in enumerate(lines) if one.entry.has_focus), 0)
        self._focus(at + step)

    def action_back(self) -> None:
        self._writer.cancel()
        super().action_back()

    @on(Input.Submitted)
    def _record(self, event: Input.Submitted) -> None:
        event.stop()
        if self._writer.running:
            return
        stopped = not_written(self.shell.fleet, self.shell.now(), SIGN_IN_TYPING)
        self._stopped = stopped is not None
        if stopped is not None:
            self._say(stopped, ERROR)
            return
        tenant, figure = self._tenant, self._verdict.figure
        self._withdrawn = self._present is not None and not self._value("until")
        if self._withdrawn:
            self._say("Taking it back …", DIM)
            self._writer.start(lambda _publish, _cancel: self.shell.withdraw(tenant, figure))
            return
        now = self.shell.now()
        user = self.shell.fleet.identity.user
        try:
            until = read_ahead(self._value("until"), self.shell.fleet.default_zone, now)
        except InstantError as error:
            self._say(f"until: {error}", ERROR)
            self._focus(0)
            return
        if user is None:
            self._say("The internal API has not said who you are; :sources shows why.", ERROR)
            return
        assignee, note = self._value("assignee") or None, self._value("note") or None
        word = Acknowledgement(tenant, figure, user, now, until, assignee, note)
        self._say("Recording …", DIM)
        self._writer.start(lambda _publish, _cancel: self.shell.acknowledge(word))

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Line).value

    # What came of it

    @on(Loader.Loaded)
    def _answered(self, event: Loader.Loaded) -> None:
        event.stop()
        if not event.current:
            return
        if event.value is None:
            self.dismiss()
            done = "Taken back" if self._withdrawn else "Recorded"
            self.shell.flash(f"{done}: {self._tenant or 'no tenant'} {self._verdict.figure}")
        else:
            self._not_done(event.value)

    @on(Loader.Failed)
    def _failed(self, event: Loader.Failed) -> None:
        event.stop()
        if event.current:
            self._not_done(f"{type(event.error).__name__}: {event.error}")

    def _not_done(self, why: str) -> None:
        self._say(f"Not {'taken back' if self._withdrawn else 'recorded'}: {why}", ERROR)
