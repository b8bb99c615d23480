"""What a process takes up, looked at again and again, and whether that grows."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WARM: Final = 0.25
"""The share of the samples that count as warming up: what is imported, compiled and cached once."""
RSS_SLACK: Final = 0.10
RSS_SLACK_MB: Final = 12.0
"""The resident set may differ by so much between two thirds of a run without having grown: an allocator keeps what it
once had, and what is read lies at other addresses each time."""
COUNT_SLACK: Final = 6
"""The same for threads and open files: how many calls happen to be under way."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a process."""

    at_s: float
    rss_mb: float
    threads: int
    files: int

    def line(self) -> str:
        return f"{self.at_s / 60:7.1f} min  {self.rss_mb:7.1f} MB  {self.threads:4} threads  {self.files:4} files"


def look(pid: int, at_s: float) -> Sample:
    """How the process stands. Raises ``OSError`` where it is gone."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    return Sample(at_s, int(fields["VmRSS"].split()[0]) / 1024, int(fields["Threads"]), files)


def grown(samples: Sequence[Sample]) -> list[str]:
    """What grew over the run: the middle of its last third against that of its first, once it was warm. Pure."""
    warm = samples[int(len(samples) * WARM) :]
    third = len(warm) // 3
    if third < 3:
        return ["too few looks to tell"]
    found: list[str] = []

    def middles(of: Callable[[Sample], float]) -> tuple[float, float]:
        return statistics.median(map(of, warm[:third])), statistics.median(map(of, warm[-third:]))

    first, last = middles(lambda it: it.rss_mb)
    if last - first > max(RSS_SLACK * first, RSS_SLACK_MB):
        found.append(f"memory grew from {first:.1f} to {last:.1f} MB")
    for name, (first, last) in (
        ("threads", middles(lambda it: it.threads)),
        ("open files", middles(lambda it: it.files)),
    ):
        if last - first > COUNT_SLACK:
            found.append(f"{name} grew from {first:g} to {last:g}")
    return found
