"""A table of a hundred thousand rows: sort with shift+arrows and o, leave with ctrl+q."""

from textual.app import App, ComposeResult

from screens.widgets.grid import Column, Grid, Row


class Numbers(App[None]):
    def compose(self) -> ComposeResult:
        yield Grid([Column("n", "N", align="right"), Column("square", "SQUARE"), Column("hex", "HEX", flexible=True)])

    def on_mount(self) -> None:
        self.query_one(Grid).set_rows(Row(n, (str(n), str(n * n), hex(n))) for n in range(100_000))


if __name__ == "__main__":
    Numbers().run()
