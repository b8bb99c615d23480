"""From a key to the last byte of the picture that it changes, the 95th percentile over five rounds of a fixed journey
through areas, filter, `why` and a tenant's page, at 80×24: in health, while RDS hangs in `eu-central-1`, and while all
of AWS hangs, one after the other on the same sandbox of 36 tenants. Each round begins with `r`, so that calls are under
way all along. Of Esc 50 ms are the wait for what else it may begin. And how long leaving takes meanwhile."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measured import Measured
from tests.support.journey import JOURNEY
from tests.support.pty import Terminal
from tests.support.sandbox import RunningSandbox, running_sandbox

TENURE = [str(Path(sys.executable).with_name("tenure"))]
ROUNDS = 5
LIMIT_S = 0.1
LEAVE_S = 2.0
FAULTS = (("in health", ()), ("RDS hangs in a region", ("hang:rds:eu-central-1",)), ("all of AWS hangs", ("hang",)))


class Timed(Terminal):
    """Knows when the last bytes came."""

    came = 0.0

    def _read(self, timeout: float) -> bool:
        read = super()._read(timeout)
        if read:
            self.came = time.perf_counter()
        return read


def journey(terminal: Timed) -> list[float]:
    """Seconds that each key of one round took."""
    taken: list[float] = []
    for key, answered in JOURNEY:
        terminal.settle(0.05)
        before = terminal.display
        if answered(before, before):
            raise AssertionError(f"{key!r} is answered before it is pressed:\n{terminal.text}")
        pressed = time.perf_counter()
        terminal.press(key)
        terminal.wait_for(lambda before=before, answered=answered: answered(before, terminal.display))  # type: ignore[misc]
        taken.append(terminal.came - pressed)
    return taken


def under(running: RunningSandbox, faults: tuple[str, ...]) -> tuple[list[float], float]:
    """Seconds of all keys, and of leaving, with these faults in force from the start."""
    running.set_faults(*faults)
    with Timed(TENURE, env=running.environment) as terminal:
        terminal.wait_for("hosted data")
        taken: list[float] = []
        for _ in range(ROUNDS):
            terminal.press("r", "home")
            terminal.settle(0.2)
            taken += journey(terminal)
        terminal.press("r")
        terminal.settle(0.2)
        begun = time.perf_counter()
        terminal.press("ctrl+q")
        terminal.wait_exit()
        return taken, time.perf_counter() - begun


def measure() -> Iterator[Measured]:
    """The keys of each, and the slowest leaving."""
    left = 0.0
    with running_sandbox("--tenants", "36") as running:
        for name, faults in FAULTS:
            taken, leaving = under(running, faults)
            left = max(left, leaving)
            yield Measured(f"key, 95th percentile, {name}", statistics.quantiles(taken, n=20)[-1], "s", LIMIT_S)
    yield Measured("leaving, the slowest of the three", left, "s", LEAVE_S)
