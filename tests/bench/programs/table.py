"""The grid on the rows of a CSV file: ``python -m tests.bench.programs.table FILE``; typed letters filter."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from textual import events, on
from textual.app import App, ComposeResult
from textual.widgets import Static

from screens.widgets.grid import Column, Grid, Row


class Filtered(Grid):
    """Types what it does not know as a key into a filter."""

    needle = ""

    def on_key(self, event: events.Key) -> None:
        """A capital letter extends the needle, ``!`` empties it."""
        if event.character is not None and (event.character.isupper() or event.character == "!"):
            event.prevent_default()
            event.stop()
            self.needle = "" if event.character == "!" else self.needle + event.character.lower()
            self.filter(self.needle)


class Table(App[None]):
    """The grid, and a line with its counts."""

    CSS = "Static { width: 100%; height: 1; }"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def compose(self) -> ComposeResult:
        """The columns are those of the file's first line."""
        with self.path.open(newline="") as file:
            heads = next(csv.reader(file))
        yield Filtered([Column(head, head, max_width=12, priority=number) for number, head in enumerate(heads)])
        yield Static("loading", markup=False)

    def on_mount(self) -> None:
        """Give the grid the file's rows."""
        with self.path.open(newline="") as file:
            reader = csv.reader(file)
            next(reader)
            self.query_one(Filtered).set_rows(Row(number, tuple(cells)) for number, cells in enumerate(reader))
        self.query_one(Filtered).focus()

    @on(Grid.ViewChanged)
    def tell(self) -> None:
        """Say how many rows are shown, of how many, and how they are sorted."""
        grid = self.query_one(Filtered)
        said = f"{grid.shown} of {grid.total} by {grid.sorted_by} for [{grid.needle}]."
        self.query_one(Static).update(said, layout=False)  # one line as wide as the screen, as the console's are


if __name__ == "__main__":
    Table(Path(sys.argv[1])).run()
