"""From starting the process to the first picture in a pseudo-terminal, the console beside the least application that
Textual allows; each the median of nine, in turns. The console's picture is its whole frame; no answer is
awaited."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.measured import Measured
from tests.support.pty import Terminal

TENURE = [str(Path(sys.executable).with_name("tenure"))]
MINIMAL = [sys.executable, "-m", "tests.bench.programs.minimal"]
NOBODY = {"TENURE_API_URL": "http://127.0.0.1:9", "TENURE_API_TOKEN": "none", "AWS_EC2_METADATA_DISABLED": "true"}
TIMES = 9


def painted(argv: Sequence[str], mark: bytes) -> float:
    """Seconds until the mark is written."""
    start = time.perf_counter()
    with Terminal(argv, env=NOBODY) as terminal:
        terminal.wait_for(lambda: mark in terminal.raw)
        return time.perf_counter() - start


def measure() -> Iterator[Measured]:
    """The time to the first picture."""
    ours: list[float] = []
    floor: list[float] = []
    for _ in range(TIMES):
        floor.append(painted(MINIMAL, b"ready"))
        ours.append(painted(TENURE, b"Due"))
    yield Measured(
        "first paint of the console",
        statistics.median(ours),
        "s",
        1.5,
        statistics.median(floor),
        "minimal Textual app",
    )
