"""The application of a line: what Textual would leave out comes all the same."""

from __future__ import annotations

import asyncio
import re
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from rich.console import RenderableType
from textual import _time
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from screens.line.pacing import PacedApp
from screens.line.pacing import _regions as regions_of
from tests.support.pilot import drive, until
from tests.support.pty import Terminal

_LINE_DRAWN = re.compile(rb"\x1b\[(\d+);1H")


def test_a_single_call_comes_however_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where more time than its delay passes while the timer starts: a stopped process, or a busy machine."""
    came: list[str] = []
    clock = _time.get_time
    late = iter(range(1, 1_000_000))

    async def journey(app: PacedApp[None], pilot: Pilot[Any]) -> None:
        monkeypatch.setattr(_time, "get_time", lambda: clock() + next(late))  # each look a second later
        app.set_timer(1 / 120, lambda: came.append("ours"))
        await until(pilot, lambda: bool(came))
        monkeypatch.setattr(_time, "get_time", clock)

    drive(PacedApp[None](), journey)
    assert came == ["ours"]


@pytest.mark.processes
def test_the_first_picture_is_whole() -> None:
    """Textual makes it in a batch and drops it: pieces of the next one would come, and the whole after a timer."""
    with Terminal([sys.executable, "-m", "tests.support.console"]) as terminal:
        terminal.wait_for("? help")
        drawn = [int(number) for number in _LINE_DRAWN.findall(bytes(terminal.raw))]
    assert drawn[:24] == list(range(1, 25))


class Word(Widget):
    """One line."""

    DEFAULT_CSS = "Word { height: 1; }"

    def render(self) -> str:
        return "word"


class Full:
    """A line that has room when it is told to."""

    full = False
    waiting = False

    def picture(self) -> AbstractContextManager[None]:
        return nullcontext()


class Watched(PacedApp[None]):
    """It notes which of its screen's lines were drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Full()
        self.drawn: set[int] = set()

    @property
    def _line(self) -> Any:
        return self.line

    def compose(self) -> ComposeResult:
        yield Word(id="first")
        yield Word(id="second")

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if renderable is not None and not self.line.full:
            self.drawn |= {y for region in regions_of(renderable, screen) for y in region.line_range}
        super()._display(screen, renderable)


def test_what_changes_while_a_picture_waits_is_drawn_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A widget that asks to be drawn just before the line has room again is not forgotten with what was owed."""

    async def journey(app: Watched, pilot: Pilot[Any]) -> None:
        await pilot.pause()
        app.line.full = True
        app.query_one("#first").refresh()
        await until(pilot, lambda: bool(app._owed))
        timer = app.screen._update_timer
        timer.pause()
        monkeypatch.setattr(timer, "resume", lambda: None)  # the screen's own turn does not come yet
        app.query_one("#second").refresh()
        for _ in range(100):  # pilot's pause would wait for the screen's turn
            await asyncio.sleep(0)
        assert app.screen._dirty_widgets
        app.drawn.clear()
        app.line.full = False
        app._draw_owed()
        monkeypatch.undo()
        timer.resume()
        assert app.drawn == {0, 1}

    drive(Watched(), journey)
