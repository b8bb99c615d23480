"""Processes that several threads start and wait for.

``multiprocessing`` looks at every child whenever one is started, and a child's exit code can be read once: a thread
that waits for its own child then finds nothing, and is told 255 (CPython, ``popen_forkserver.Popen.poll``).
"""

from __future__ import annotations

import threading
import time
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

_ONE_AT_A_TIME = threading.Lock()


def start(process: BaseProcess) -> None:
    """Start it, while no other thread looks at its own."""
    with _ONE_AT_A_TIME:
        process.start()


def exit_code(process: BaseProcess, within_s: float) -> int | None:
    """How a process that was started here has ended; ``None`` if it has not within that time."""
    until = time.monotonic() + within_s
    while True:
        wait([process.sentinel], max(until - time.monotonic(), 0.0))
        with _ONE_AT_A_TIME:
            code = process.exitcode
        if code is not None or time.monotonic() >= until:
            return code
