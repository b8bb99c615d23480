"""A grid on a terminal, for tests that look at the bytes: ``python -m tests.screens.widgets.grid.program [ROWS]``."""

from __future__ import annotations

import sys
from typing import ClassVar

from textual.app import App, ComposeResult

from screens.widgets.grid import Column, Grid, Row

HOSTILE = {
    3: "\x1b]0;owned\x07\x1b[31mred",
    4: "[@click=app.quit]x[/]",
    5: "[/foo] \x9b31m\x7f\t\n.",
    6: "\u202eevil\u202c ze\u200bro",
    7: "日本語株式会社東京本社営業部",
    8: "👩\u200d🚀 e\u0301é",
}
"""Names by row number."""


class Program(App[None]):
    """Rows of a countdown, a name and more columns than fit."""

    BINDINGS: ClassVar = [("e", "equal"), ("t", "tick"), ("c", "change")]

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.seconds = 3600

    def compose(self) -> ComposeResult:
        """The grid alone."""
        columns = [
            Column("left", "LEFT", width=9, align="right", ticking=True, pinned=True),
            Column("name", "NAME", min_width=8, max_width=24),
            *(Column(f"c{number}", f"COL {number}", priority=number) for number in range(1, 9)),
        ]
        yield Grid(columns, live=self.left, sort_key=self.value)

    def on_mount(self) -> None:
        """Give it rows."""
        self.action_equal()
        self.query_one(Grid).focus()

    def left(self, row: Row, column: str) -> str:
        """The countdown of a row."""
        return f"{self.seconds - row.item}s"

    def value(self, row: Row, column: str) -> int | str | None:
        """Rows sort by number in the first column, by text in the others; the hostile one has no number."""
        if column == "left":
            return None if row.key == "row 3" else int(row.item)
        return row.cells[1 if column == "name" else int(column[1:]) + 1]

    def rows(self) -> list[Row]:
        """New rows of the same content at every call."""
        names = [HOSTILE.get(number, f"name {number * 7919 % self.count}") for number in range(self.count)]
        return [
            Row(f"row {number}", ("", name, *(f"r{number} c{column}" for column in range(8))), number)
            for number, name in enumerate(names)
        ]

    def action_equal(self) -> None:
        """Set rows whose content is what it was."""
        self.query_one(Grid).set_rows(self.rows())

    def action_tick(self) -> None:
        """A second passes."""
        self.seconds -= 1
        self.query_one(Grid).tick()

    def action_change(self) -> None:
        """The second row changes its name."""
        row = self.rows()[1]
        self.query_one(Grid).update_rows([row._replace(cells=(row.cells[0], "renamed", *row.cells[2:]))])


if __name__ == "__main__":
    Program(int(sys.argv[1]) if len(sys.argv) > 1 else 100).run()
