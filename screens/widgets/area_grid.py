"""The grid in this application's colours."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from screens.widgets.grid import Grid
from services.model import Status


class AreaGrid(Grid):
    """A grid whose cells may wear the colour of a status."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "open"),
        Binding("o", "sort", "sort"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"area--absent", *(f"area--{status.value}" for status in Status)}
    DEFAULT_CSS = (
        """
    AreaGrid {
        & > .grid--header { color: $dim; text-style: none; }
        & > .grid--chosen { color: $dim; text-style: underline; }
        & > .grid--cursor { background: $cursor; color: $foreground; text-style: none; }
        &:focus > .grid--cursor { background: $cursor; color: $foreground; text-style: bold; }
        & > .grid--bar { color: $accent; }
        & > .area--absent { color: $dim; }
    """
        + "\n".join(
            f"& > .area--{status.value} {{ color: $status-{status.value};"
            f"{' text-style: bold;' if status is Status.BREACHED else ''} }}"
            for status in Status
        )
        + "}"
    )

    touched = False
    """Whether a key was pressed here: until then the cursor stays at the top, where the most urgent row is."""

    def on_key(self, _event: events.Key) -> None:
        self.touched = True

    def stay_at_top(self) -> None:
        """While nobody has moved the cursor, keep it on the first row, whichever that has become."""
        if not self.touched:
            self.action_top()
