"""How the grid looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.widgets.grid.program import Program

SnapCompare = Callable[..., bool]


async def _settled(pilot: Pilot[Any]) -> None:
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_grid(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    """Headings, the cursor's line, wide and hostile text, columns by width."""
    assert snap_compare(Program(100), terminal_size=size, press=["down", "down"], run_before=_settled)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_scrolled_and_sorted(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    """Scrolled right past the pinned countdown, sorted by a column in reverse, the chosen heading underlined."""
    keys = ["right", "right", "shift+right", "shift+right", "o", "o"]
    assert snap_compare(Program(100), terminal_size=size, press=keys, run_before=_settled)
