"""One source, whole, over the list of sources; from here, too, it is asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from screens.dialogs.base import WIDEST, Dialog
from screens.dialogs.source_lines import source_lines
from screens.frame import FrameScreen
from screens.shell import Shell
from screens.text import line
from screens.widgets.lines import Lines
from services.areas.sources import SOURCES, SourceRow
from services.fleet.snapshot import FleetSnapshot
from services.model import Source


class SourceScreen(Dialog):
    """Everything known of one call; it follows the picture while it is open."""

    DEFAULT_CSS = "SourceScreen #page { height: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter", "back", "back", show=False),
        Binding("R", "ask_again", "ask again"),
    ]

    def __init__(self, shell: Shell, beneath: FrameScreen, row: SourceRow, ask_again: Callable[[Source], None]) -> None:
        super().__init__(shell, beneath)
        self._row = row
        self._ask_again = ask_again

    def title_line(self) -> Content:
        return line("source · ", self._row.source.name)

    def body(self) -> Iterable[Widget]:
        yield Lines(id="page")

    def on_mount(self) -> None:
        super().on_mount()
        self.set_focus(self.query_one("#page", Lines))

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        key = SOURCES.row_key(self._row)
        self._row = next((row for row in SOURCES.rows(fleet) if SOURCES.row_key(row) == key), self._row)
        self._write()

    def ticked(self) -> None:
        self._write()

    @on(events.Resize)
    def _resized(self) -> None:
        self._write()

    def _write(self) -> None:
        page = self.query_one("#page", Lines)
        page.styles.max_height = max(self.size.height - 4, 1)  # header and keys, border
        page.show(source_lines(self._row, self.shell.now(), min(self.size.width, WIDEST) - 5))

    def action_ask_again(self) -> None:
        self._ask_again(self._row.source)
