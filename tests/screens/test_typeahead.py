"""Keys that arrive faster than they are handled."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, Label

from screens.typeahead import TypeAheadApp
from tests.support.pilot import drive, until


class Bar(TypeAheadApp[None]):
    """A bar that ``:`` opens and Enter closes, and the words that it took."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("colon", "open", "open"), Binding("x", "note", "note")]
    AUTO_FOCUS = None

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []

    def compose(self) -> ComposeResult:
        yield Label("list")
        yield Input()

    def action_open(self) -> None:
        self.query_one(Input).focus()

    def action_note(self) -> None:
        self.taken.append("noted")

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        self.taken.append(event.value)
        event.input.value = ""
        self.screen.set_focus(None)


def burst(app: App[Any], text: str) -> None:
    """Hand over the keys as a driver does that found them in one read."""
    for char in text:
        app.post_message(Key({":": "colon", "\r": "enter"}.get(char, char), char))


def test_a_burst_means_what_was_typed() -> None:
    """Words go to the bar that their ``:`` opens, and what follows Enter goes to the list again."""

    async def journey(app: Bar, pilot: Pilot[None]) -> None:
        burst(app, ":abc\r:xyz\rx:last\rxx")
        await until(pilot, lambda: len(app.taken) == 6)
        assert app.taken == ["abc", "xyz", "noted", "last", "noted", "noted"]

    drive(Bar(), journey)


def test_a_widget_that_goes_away_holds_nobody_up() -> None:
    """The keys behind one whose widget is removed while it handles it are still handled."""

    class Vanishing(Bar):
        async def action_open(self) -> None:  # type: ignore[override]  # removal is awaited
            self.query_one(Input).focus()
            await self.query_one(Input).remove()

    async def journey(app: Vanishing, pilot: Pilot[None]) -> None:
        burst(app, ":xx")
        await until(pilot, lambda: app.taken == ["noted", "noted"])

    drive(Vanishing(), journey)
