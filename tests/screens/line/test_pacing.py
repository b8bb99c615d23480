"""The application of a line: what Textual would leave out comes all the same."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from textual import _time
from textual.pilot import Pilot

from screens.line.pacing import PacedApp
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
