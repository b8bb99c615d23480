"""The help: the keys that work where one came from, the areas, the filter, and what the status words mean."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from screens.frame import FrameScreen
from screens.keys import working_keys
from screens.shell import Shell
from screens.text import ACCENT, DIM, STRONG, fit, line, status_style
from screens.widgets.lines import Lines
from services.areas import AREAS
from services.fleet.snapshot import FleetSnapshot
from services.model import SEVERITY, Status

MEANINGS = {
    Status.BREACHED: "what was promised is not kept",
    Status.AT_RISK: "kept, and near its end",
    Status.UNKNOWN: "evidence is missing, denied or too old; never counted as good",
    Status.UNPROVEN: "nothing speaks against it, and nothing was ever seen that proves it",
    Status.DUE: "a clock in its normal course",
    Status.OK: "seen, and as promised",
    Status.NOT_APPLICABLE: "nothing is promised here",
}

FILTER = (
    ("acme", "rows that show the word, in any case"),
    ("status=unknown", "the field is exactly that; null asks for an absent one"),
    ("tier=public acme", "both hold"),
    ('"two words"', "a text with spaces"),
)

NAME = 16
"""Cells of the names of areas."""
TWO_COLUMNS = 80
"""Cells from which on the keys stand in two columns."""


class HelpScreen(FrameScreen):
    """One page; any screen can be left for it and is found as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,f1", "back", "back", show=False)]

    def __init__(self, shell: Shell, beneath: FrameScreen) -> None:
        super().__init__(shell)
        self._keys = [
            (names, word) for names, word, binding in working_keys(beneath) if not binding.action.startswith("area(")
        ]
        self._where = beneath.title_of_help

    def body(self) -> Iterable[Widget]:
        yield Lines(id="page")

    def focus_body(self) -> None:
        self.set_focus(self.query_one("#page", Lines))

    def on_mount(self) -> None:
        self.focus_body()

    def fleet_changed(self, fleet: FleetSnapshot) -> None:  # noqa: ARG002 - the help speaks of none
        self.query_one("#page", Lines).show([line(" ", content) for content in self._lines()])

    @on(events.Resize)
    def _resized(self) -> None:
        self.fleet_changed(self.shell.fleet)

    def _lines(self) -> Iterator[Content]:
        yield line(("Help", f"bold {ACCENT}"), (f"  {self._where}", DIM))
        yield Content("")
        yield line(("Keys here", STRONG))
        columns = 2 if self.size.width >= TWO_COLUMNS else 1
        rows = -(-len(self._keys) // columns)
        for index in range(rows):
            yield Content.assemble(*(_key(*key) for key in self._keys[index::rows]))
        yield Content("")
        yield line(("Areas", STRONG))
        for area in AREAS.values():
            for index, said in enumerate(textwrap.wrap(area.help, max(self.size.width - NAME - 6, 20))):
                name = f"{area.key or ' '} :{area.name}" if index == 0 else ""
                yield line("  ", (fit(name, NAME), ACCENT), said)
        yield line("  ", (fit("  :tenant ID", NAME), ACCENT), "One tenant's page.")
        yield Content("")
        yield line(("Filter", STRONG), ("  after / and after an area's name", DIM))
        for example, meaning in FILTER:
            yield line("  ", (fit(example, 18), ACCENT), meaning)
        yield Content("")
        yield line(("Status words", STRONG), ("  worst first", DIM))
        for status in SEVERITY:
            for index, said in enumerate(textwrap.wrap(MEANINGS[status], max(self.size.width - 22, 20))):
                yield line("  ", (fit(status if index == 0 else "", 16), status_style(status)), said)


def _key(key: str, word: str) -> Content:
    return line("  ", (fit(key, 12), ACCENT), fit(word, 24))
