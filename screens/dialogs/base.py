"""A box over a screen, which goes on beneath; the keys at the bottom are the dialog's while it is open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget

from screens.covering import cover
from screens.frame import FrameScreen
from screens.messages import FleetChanged, Ticked
from screens.shell import Shell
from services.fleet.snapshot import FleetSnapshot

WIDEST = 120
"""Cells of the box, at most."""


class Box(Vertical):
    """The box of a dialog, as tall as what stands in it."""

    class Sized(Message):
        """It has another size."""

    def on_resize(self) -> None:
        self.post_message(self.Sized())


class Dialog(ModalScreen[None]):
    """A dialog of Tenure. Subclasses give the title and what stands in the box."""

    DEFAULT_CSS = f"""
    Dialog {{
        background: transparent;
        align: center middle;
        & > #strip {{
            height: auto;
            max-height: 100%;
            margin: 1 0;
            align: center top;
            background: $background;
        }}
        #box {{
            width: 100%;
            max-width: {WIDEST};
            height: auto;
            max-height: 100%;
            padding: 0 1;
            border: round $dim;
            border-title-color: $accent;
            border-title-style: bold;
            background: $background;
        }}
        &.-behind > #strip {{ offset-y: -1000; }}
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
        with Vertical(id="strip"), Box(id="box"):  # beside the box no line is left of which it covers the middle
            yield from self.body()

    @property
    def box(self) -> Box:
        return self.query_one("#box", Box)

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
        self.box.border_title = self.title_line()
        self.fleet_changed(self.shell.fleet)
        self.beneath.show_keys()

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        self.beneath.show_keys()  # those of a dialog that stood over this one are gone
        self.remove_class("-behind")
        self._veil_beneath()

    @on(events.ScreenSuspend)
    def _suspended(self) -> None:
        """Another dialog stands over this one: nothing of this one looks out behind it.

        It is moved away, for what is made invisible loses the focus.
        """
        self.add_class("-behind")

    @on(events.Resize)
    @on(Box.Sized)
    def _veil_beneath(self) -> None:
        """See ``cover``, once both the box and what is beneath it stand where they will."""
        if self.is_current:
            self.call_after_refresh(self.beneath.call_later, cover, self.beneath, self.box)

    @on(FleetChanged)
    def _fleet_changed(self, event: FleetChanged) -> None:
        self.fleet_changed(event.fleet)

    @on(Ticked)
    def _ticked(self) -> None:
        self.ticked()
        self._veil_beneath()  # what stands below the list may have another height now

    def action_back(self) -> None:
        self.dismiss()

    def action_sign_in(self) -> None:
        self.beneath.sign_in()
