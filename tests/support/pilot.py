"""Textual's Pilot for synchronous tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from textual.app import App
from textual.pilot import Pilot

AppT = TypeVar("AppT", bound="App[Any]")
DEADLINE = 20.0
"""Seconds a condition may take to hold; generous, since tests share the machine."""


def drive(
    app: AppT, journey: Callable[[AppT, Pilot[Any]], Awaitable[None]], *, size: tuple[int, int] = (80, 24)
) -> None:
    """Run ``app`` without a terminal and let ``journey`` press its keys."""

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await journey(app, pilot)

    asyncio.run(run())


async def until(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Let messages be handled until ``condition`` holds; TimeoutError if it does not in time."""
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await pilot.pause()
