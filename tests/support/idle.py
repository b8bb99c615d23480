"""When a Textual app under a Pilot is at rest, told by its event loop.

Textual's own ``wait_for_idle`` sleeps 20 ms at a time until the process has burnt less than a millisecond, twice for
each key; on a busy machine that is most of a test's time, and it still may end too early. Here the loop is asked.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import textual.app
import textual.pilot

FRAME_S = 1 / 50
"""A change is painted by a timer within so many seconds: a timer that is due later is none of a key's doing."""
SAMPLE_S = 0.002
BUSY = 0.2
"""The share of a sample that other threads may have computed and yet be called at rest."""


async def wait_for_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Return when nothing is left to be called, no timer is due within a frame, and no other thread computes.

    Takes what Textual's function takes: ``min_sleep`` is of no use here, ``max_sleep`` seconds are the longest wait.
    """
    loop: Any = asyncio.get_running_loop()
    deadline = loop.time() + max_sleep
    while (now := loop.time()) < deadline:
        due = min((timer.when() for timer in loop._scheduled if not timer.cancelled()), default=deadline)
        if loop._ready:
            await asyncio.sleep(0)
        elif due - now < FRAME_S:
            await asyncio.sleep(max(due - now, 0))
        else:
            elsewhere = time.process_time() - time.thread_time()
            await asyncio.sleep(SAMPLE_S)
            if time.process_time() - time.thread_time() - elsewhere < SAMPLE_S * BUSY and not loop._ready:
                return


def install() -> None:
    """Let every Pilot of this process wait in this way."""
    for module in (textual.app, textual.pilot):
        module.wait_for_idle = wait_for_idle  # type: ignore[attr-defined]  # imported there, not exported
