"""A read that hangs: r starts it anew, q leaves at once."""

from collections.abc import Callable
from threading import Event
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.widgets import Label

from screens.loading import Loader


def hang(_publish: Callable[[str], None], _cancel: Event) -> str:
    return "done" if Event().wait(30) else "nobody answered"


class Reads(App[None]):
    BINDINGS: ClassVar = [("r", "read", "Read"), ("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        yield Label("press r", markup=False)

    def on_mount(self) -> None:
        self.loader: Loader[str] = Loader(self)

    def action_read(self) -> None:
        self.query_one(Label).update(f"reading {self.loader.start(hang)}")

    def on_loader_loaded(self, message: Loader.Loaded) -> None:
        if message.current:
            self.query_one(Label).update(message.value)


if __name__ == "__main__":
    Reads().run()
