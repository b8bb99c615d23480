"""The grid in this application's colours."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.messages import Flashed
from screens.widgets.grid import Grid
from screens.widgets.grid.paint import text_of
from services.model import Status


class AreaGrid(Grid):
    """A grid whose cells may wear the colour of a status."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "open"),
        Binding("o", "sort", "sort"),
        Binding("c", "copy_cell", "copy the chosen cell", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"area--absent", *(f"area--{status.value}" for status in Status)}
    PLAIN_UNDER_CURSOR: ClassVar[frozenset[str]] = frozenset({"area--absent", f"area--{Status.NOT_APPLICABLE}"})
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

    follows_top = True
    """Until the cursor is moved it stays on the first row, the most urgent, whichever that becomes; ``g`` makes it
    do so again."""

    def action_copy_cell(self) -> None:
        """Copy what the row under the cursor says in the chosen column."""
        row = self.cursor_row
        at = [column.key for column in self._columns].index(self.chosen_column)
        text = text_of(row, at, self._columns[at], self._live).strip() if row else ""
        if text:
            self.app.copy_to_clipboard(text)
        self.screen.post_message(Flashed(f"Copied: {text}" if text else "There is nothing to copy here.", error=False))

    def action_move(self, lines: int) -> None:
        self.follows_top = False
        super().action_move(lines)

    def action_page(self, pages: float) -> None:
        self.follows_top = False
        super().action_page(pages)

    def action_bottom(self) -> None:
        self.follows_top = False
        super().action_bottom()

    def action_top(self) -> None:
        self.follows_top = True
        super().action_top()

    def stay_at_top(self) -> None:
        """Go where the first row is, if the cursor follows it."""
        if self.follows_top:
            super().action_top()
