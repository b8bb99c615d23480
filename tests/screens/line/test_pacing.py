"""The application of a line: what Textual would leave out comes all the same."""

from __future__ import annotations

from typing import Any

import pytest
from textual import _time
from textual.pilot import Pilot

from screens.line.pacing import PacedApp
from tests.support.pilot import drive, until


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
