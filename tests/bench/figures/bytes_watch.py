"""Bytes over the line for five minutes of watching `due` at 80×24: the console in a pseudo-terminal, its clock moved on
by a second three hundred times, no source answering anew. Beside it the least that these pictures need: of each second
the characters that changed and a cursor movement (CUP) to each run of them, without any colour."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby

from tests.bench.measured import Measured
from tests.support.pty import Terminal

SECONDS = 300
F5 = "\x1b[15~"


def measure() -> Iterator[Measured]:
    """Bytes in five minutes."""
    with Terminal([sys.executable, "-m", "tests.bench.programs.watch"]) as terminal:
        terminal.wait_for("? help")
        terminal.settle(0.5)
        ours = least = 0
        for _ in range(SECONDS):
            shown, before = list(terminal.screen.display), len(terminal.raw)
            terminal.send(F5)
            terminal.wait_for(lambda before=before: len(terminal.raw) > before)  # type: ignore[misc]
            terminal.settle(0.03)
            ours += len(terminal.raw) - before
            least += changes(shown, terminal.screen.display)
    yield Measured("bytes of five minutes of `due`", ours, "B", 12, least, "changed characters alone")


def changes(before: list[str], after: list[str]) -> int:
    """Bytes of the characters that changed, each run of them behind a movement of the cursor."""
    total = 0
    for y, (old, new) in enumerate(zip(before, after, strict=True), start=1):
        differing = [x for x, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
        for _, run in groupby(enumerate(differing), lambda pair: pair[1] - pair[0]):
            columns = [x for _, x in run]
            written = "".join(new[x] for x in columns)
            total += len(f"\x1b[{y};{columns[0] + 1}H") + len(written.encode())
    return total
