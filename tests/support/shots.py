"""Pictures of the screens, compared with the accepted ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from tests.support.console import settled

Compare = Callable[..., bool]
SMALL, LARGE = (80, 24), (120, 40)


async def drawn(pilot: Pilot[Any]) -> None:
    """Wait until all is drawn: what stands beneath a dialog is drawn some frames after it changes."""
    await pilot.pause()
    for screen in pilot.app.screen_stack:
        screen.refresh()
    await pilot.pause()


def shot(snap_compare: Compare, app: TenureApp, *keys: str, size: tuple[int, int] = SMALL) -> bool:
    """Whether the screen after ``keys`` is the accepted one."""

    async def journey(pilot: object) -> None:
        await settled(pilot)  # type: ignore[arg-type]  # pytest-textual-snapshot leaves it untyped
        await pilot.press(*keys)  # type: ignore[attr-defined]  # as above
        await pilot.pause()  # type: ignore[attr-defined]  # as above

    return snap_compare(app, terminal_size=size, run_before=journey)
