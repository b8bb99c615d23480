"""What a figure is, and how it is written down."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity of ours beside a peer's, in one unit; smaller is better.

    ``limit`` is the ratio that is aimed at; without a peer it is the quantity itself.
    """

    what: str
    ours: float
    unit: str
    limit: float
    peer: float | None = None
    peer_name: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of the peer's."""
        return None if not self.peer else self.ours / self.peer

    @property
    def met(self) -> bool:
        """Whether the aim is reached."""
        return (self.ours if self.ratio is None else self.ratio) <= self.limit

    def row(self) -> str:
        """A row of the table."""
        peer = "—" if self.peer is None else f"{quantity(self.peer, self.unit)} ({self.peer_name})"
        ratio = "—" if self.ratio is None else f"{self.ratio:.2g}×"
        aim = f"≤ {quantity(self.limit, self.unit)}" if self.ratio is None else f"≤ {self.limit:g}×"
        cells = [self.what, quantity(self.ours, self.unit), peer, ratio, aim, "yes" if self.met else "no"]
        return f"| {' | '.join(cells)} |"


HEAD = "| figure | ours | peer | ratio | target | met |\n|---|---|---|---|---|---|"


def quantity(value: float, unit: str) -> str:
    """A number with its unit, to three digits: ``0.0123 s`` as ``12.3 ms``."""
    if unit == "s" and 0 < value < 1:
        value, unit = value * 1000, "ms"
    return f"{value:,.0f} {unit}" if value >= 100 or value == int(value) else f"{value:.3g} {unit}"


def seconds(action: Callable[[], object]) -> float:
    """How long ``action`` takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def median_seconds(action: Callable[[], object], times: int) -> float:
    """The median of so many goes."""
    return statistics.median(seconds(action) for _ in range(times))


def machine() -> str:
    """What the figures depend on, and nothing that names the machine."""
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("textual", "rich", "visidata", "boto3", "awscli", "moto")
    )
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}; {packages}"
    )
