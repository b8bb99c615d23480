"""The same 100,000 rows × 10 columns, from one file, in our grid and in VisiData, each in a pseudo-terminal."""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.pty import Terminal

ROWS = 100_000
NAMES = ["acme", "northgate", "contoso", "lumen", "tailspin", "fabrikam", "wingtip", "litware", "proseware", "datum"]
REGIONS = ["eu-central-1", "us-east-1", "me-central-1"]
LOADING = 120.0


def rows() -> Iterator[list[str]]:
    """Made-up stores; always the same."""
    chance = random.Random(2026)  # noqa: S311 - made-up rows
    for number in range(ROWS):
        yield [
            str(chance.randrange(10**6)),
            f"{chance.choice(NAMES)}-{number}",
            chance.choice(["public", "dedicated"]),
            chance.choice(REGIONS),
            chance.choice(["ok", "breached", "unknown"]),
            f"{chance.randrange(86400)}s",
            f"2026-11-{chance.randrange(1, 29):02}",
            f"arn:{chance.randrange(10**9)}",
            chance.choice(NAMES),
            str(chance.randrange(100)),
        ]


def write(path: Path) -> None:
    """The rows and their headings as CSV."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["left", "tenant", "tier", "region", "status", "rpo", "ended", "arn", "reseller", "stores"])
        out.writerows(rows())


@contextmanager
def ours() -> Iterator[Terminal]:
    """Our grid, the rows loaded and the first picture complete."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.csv")
        write(path)
        with Terminal([sys.executable, "-m", "tests.bench.programs.table", str(path)]) as terminal:
            terminal.wait_for(f"{ROWS} of {ROWS}", LOADING)
            terminal.settle(0.5)
            yield terminal


@contextmanager
def visidata() -> Iterator[Terminal]:
    """VisiData without its notices, the rows loaded and the first picture complete."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.csv")
        write(path)
        command = str(Path(sys.executable).with_name("vd"))
        quiet = ["--config=/dev/null", "--motd-url=", "--disp-sidebar=False"]
        with Terminal([command, *quiet, str(path)], env={"HOME": folder}) as terminal:
            terminal.wait_for(f"{ROWS} rows", LOADING)
            terminal.settle(0.5)
            yield terminal


def resident_mb(terminal: Terminal) -> float:
    """Memory that the program holds, in MB."""
    for line in Path(f"/proc/{terminal.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise ValueError("no VmRSS")


def bytes_for(terminal: Terminal, key: str, times: int) -> float:
    """Bytes written for one press of ``key``, the mean of ``times``, each waited for."""
    total = 0
    for _ in range(times):
        start = len(terminal.raw)
        terminal.press(key)
        terminal.wait_for(lambda start=start: len(terminal.raw) > start)  # type: ignore[misc]
        terminal.settle(0.15)
        total += len(terminal.raw) - start
    return total / times
