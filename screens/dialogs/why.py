"""Why a figure is what it is: the rule, the facts, the arithmetic, and what would change it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from screens.dialogs.base import WIDEST, Dialog
from screens.dialogs.why_page import why_lines
from screens.frame import FrameScreen
from screens.shell import Shell
from screens.text import ACCENT, DIM, line
from screens.widgets.lines import Lines
from screens.widgets.row import Piece, Row
from services.fleet.snapshot import FleetSnapshot
from services.model import Explanation
from services.text import clean
from services.words import say_instant


class WhyScreen(Dialog):
    """The explanation of one figure; it follows the picture while it is open."""

    DEFAULT_CSS = """
    WhyScreen {
        #page { height: auto; }
        #foot { margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,w", "back", "back", show=False),
        Binding("Y", "copy", "copy the command"),
    ]

    def __init__(self, shell: Shell, beneath: FrameScreen, tenant: str | None, figure: str) -> None:
        super().__init__(shell, beneath)
        self._tenant = tenant
        self._figure = figure
        self._copied = False
        self._explained: Explanation | str = ""

    @property
    def command(self) -> str:
        """What prints the same in a shell, where ``-`` stands for no tenant."""
        fleet = self.shell.fleet
        at = [] if fleet.forecast_from is None else ["--at", say_instant(fleet.at)]
        return shlex.join(["tenure", "why", clean(self._tenant or "-"), clean(self._figure), *at])

    def title_line(self) -> Content:
        return line("why · ", self._tenant or "no tenant", " · ", self._figure)

    def body(self) -> Iterable[Widget]:
        yield Lines(id="page")
        yield Row(id="foot")

    def on_mount(self) -> None:
        super().on_mount()
        self.set_focus(self.query_one("#page", Lines))
        self._show_foot()

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        from services.why import NoSuchFigureError, explain  # with the fleet it is loaded

        try:
            self._explained = explain(fleet, self._tenant, self._figure)
        except NoSuchFigureError as error:
            self._explained = f"Nothing of that name is judged now. {error}"
        self._write()

    def ticked(self) -> None:
        self._write()

    @on(events.Resize)
    def _resized(self) -> None:
        self._write()

    def _write(self) -> None:
        width = min(self.size.width, WIDEST) - 5  # border, padding and the scroll bar
        page = self.query_one("#page", Lines)
        page.styles.max_height = max(self.size.height - 6, 1)  # header and keys, border, foot
        if isinstance(self._explained, str):
            shown = line(self._explained).wrap(max(width, 20))
        else:
            shown = why_lines(self._explained, self.shell.now(), width)
        page.show(shown)

    def _show_foot(self) -> None:
        word = ("copied: ", DIM) if self._copied else (" copy: ", DIM)
        key = "" if self._copied else "Y"
        self.query_one("#foot", Row).show([Piece(line((key, f"bold {ACCENT}"), word, self.command))])

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self.command)
        self._copied = True
        self._show_foot()
