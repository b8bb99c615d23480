"""The least that Textual can do: one line that counts keys."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static


class Minimal(App[None]):
    """A line of text."""

    keys = 0

    def compose(self) -> ComposeResult:
        """The line alone."""
        yield Static("ready")

    def on_key(self, event: events.Key) -> None:
        """Count it."""
        self.keys += 1
        self.query_one(Static).update(f"key {self.keys}.")


if __name__ == "__main__":
    Minimal().run()
