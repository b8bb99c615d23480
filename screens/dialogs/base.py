"""A box over a screen, which goes on beneath; the keys at the bottom are the dialog's while it is open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from screens.frame import FrameScreen
from screens.messages import FleetChanged, Ticked
from screens.shell import Shell
from services.fleet.snapshot import FleetSnapshot

WIDEST = 120
"""Cells of the box, at most."""


class Dialog(ModalScreen[None]):
    """A dialog of Tenure. Subclasses give the title and what stands in the box."""

    DEFAULT_CSS = f"""
    Dialog {{
        background: transparent;
        align: center middle;
        & > #box {{
            width: 100%;
            max-width: {WIDEST};
            height: auto;
            max-height: 100%;
            margin: 1 0;
            padding: 0 1;
            border: round $dim;
            border-title-color: $accent;
            border-title-style: bold;
            background: $background;
        }}
    }}
    """
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back"),
        Binding("f2", "sign_in", "sign in"),
    ]

    def __init__(self, shell: Shell, beneath: FrameScreen) -> None:
        super().__init__()
        self.shell = shell
        self.beneath = beneath

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield from self.body()

    def body(self) -> Iterable[Widget]:
        """What stands in the box."""
        raise NotImplementedError

    def title_line(self) -> Content:
        """What stands in the border."""
        raise NotImplementedError

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        """Draw ``fleet``."""

    def ticked(self) -> None:
        """A second has passed: write what changed."""

    def on_mount(self) -> None:
        self.query_one("#box").border_title = self.title_line()
        self.fleet_changed(self.shell.fleet)
        self.beneath.show_keys()

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        self.beneath.show_keys()  # those of a dialog that stood over this one are gone

    @on(FleetChanged)
    def _fleet_changed(self, event: FleetChanged) -> None:
        self.fleet_changed(event.fleet)

    @on(Ticked)
    def _ticked(self) -> None:
        self.ticked()

    def action_back(self) -> None:
        self.dismiss()

    def action_sign_in(self) -> None:
        self.beneath.sign_in()
