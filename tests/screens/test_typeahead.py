"""Keys that arrive faster than they are handled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, Label

from console.app import TenureApp
from screens.line.escapes import EscapeParser
from screens.typeahead import PATIENCE_S, TypeAheadApp
from screens.widgets.lines import Lines
from tests.support.console import Answers, console, settled
from tests.support.fleet import fleet
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


# What came with an Esc


class Veil(ModalScreen[None]):
    """A dialog that Esc leaves, and in which ``x`` does what cannot be taken back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave"), Binding("x", "app.note", "do it")]
    AUTO_FOCUS = None

    def action_leave(self) -> None:
        self.dismiss()


def at_once(app: App[Any], text: str) -> None:
    """Hand over what a terminal sent in one read."""
    parser = EscapeParser()
    for message in parser.feed(text):
        app.post_message(message)


def test_what_comes_with_an_esc_is_for_the_list_that_it_leads_to() -> None:
    """Over a dialog ``ESC x`` leaves it, and the list takes the x; a bar that the same keys open takes its word."""

    async def journey(app: Bar, pilot: Pilot[None]) -> None:
        app.push_screen(Veil())
        await pilot.pause()
        at_once(app, "\x1bxx:abc\rx")
        await until(pilot, lambda: len(app.taken) == 4)
        assert app.taken == ["noted", "noted", "abc", "noted"]

    drive(Bar(), journey)


def test_a_dialog_takes_nothing_that_came_with_an_esc() -> None:
    """Of two dialogs ``ESC x`` leaves the upper one alone, whatever came after the x; what is typed then is taken."""

    async def journey(app: Bar, pilot: Pilot[None]) -> None:
        app.push_screen(Veil())
        app.push_screen(Veil())
        await pilot.pause()
        at_once(app, "\x1bxjx")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.pause()
        assert app.taken == []
        at_once(app, "x")
        await until(pilot, lambda: app.taken == ["noted"])

    drive(Bar(), journey)


def test_a_line_takes_nothing_that_came_with_an_esc() -> None:
    """Where Esc leaves the cursor in a line that was there before, the key is no letter of it."""

    async def journey(app: Bar, pilot: Pilot[None]) -> None:
        app.query_one(Input).focus()
        app.push_screen(Veil())
        await pilot.pause()
        at_once(app, "\x1babc")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        await pilot.pause()
        assert app.query_one(Input).value == ""
        at_once(app, "d")
        await until(pilot, lambda: app.query_one(Input).value == "d")

    drive(Bar(), journey)


def test_what_is_said_of_a_paste_outlives_the_change_that_it_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also on a machine so slow that the next key no longer waits for it: the change of the line unsays nothing."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("slash")
        real = app.set_timer

        def impatient(delay: float, callback: Callable[[], Any], **given: Any) -> Timer:
            if delay == PATIENCE_S:
                app.call_next(callback)
            return real(delay, callback, **given)

        monkeypatch.setattr(app, "set_timer", impatient)
        app.post_message(Paste("acme\nrm -rf /\n"))
        await until(pilot, lambda: app.screen.query_one(Input).value == "acme")
        await pilot.pause()
        said = app.screen.query_one("#detail", Lines).text
        assert "Only the first line of what you pasted was taken." in said

    drive(console(Answers(fleet()), area="tenants"), journey)
