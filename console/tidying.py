"""Collecting garbage while nobody types.

With the thresholds that suit a large fleet (``console.main.COLLECTED_AFTER``) Python's collector hardly ever looks at
what has lived for a while: screens that were left and AWS clients whose credentials have ended, which refer to
themselves, would stay. Here all of it is looked through now and then, as seldom as it takes long.
"""

from __future__ import annotations

import gc
import time
from typing import Final

EVERY_S: Final = 60.0
IDLE_S: Final = 2.0
"""Without a key for so long somebody reads, or is gone."""
LATEST_S: Final = 120.0
"""Whoever types without a break waits for it once, so long after it was due."""
SHARE: Final = 200.0
"""So many times as long as it took the next one waits at least: a two-hundredth of the time at most."""


class Tidying:
    """When to collect, and doing it."""

    def __init__(self, now: float | None = None) -> None:
        self._due = (time.monotonic() if now is None else now) + EVERY_S

    def tidy(self, idle_s: float, now: float | None = None) -> bool:
        """Collect if it is due; blocks meanwhile. ``idle_s``: since the last key. Whether it did."""
        at = time.monotonic() if now is None else now
        if at < self._due or (idle_s < IDLE_S and at < self._due + LATEST_S):
            return False
        begun = time.perf_counter()
        gc.collect()
        self._due = at + max(EVERY_S, SHARE * (time.perf_counter() - begun))
        return True
