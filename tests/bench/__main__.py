"""``python -m tests.bench [NAME…]``: all figures, written to ``docs/benchmarks.md``; or those named, printed."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterable
from typing import Protocol, cast

from tests.bench import figures
from tests.bench.measured import HEAD, Measured, machine
from tests.support.pty import ROOT

REPORT = ROOT / "docs/benchmarks.md"


class Figure(Protocol):
    """A module of ``tests.bench.figures``."""

    @staticmethod
    def measure() -> Iterable[Measured]:
        """Measure, ours and the peer's."""


def names() -> list[str]:
    """The figures there are."""
    return sorted(module.name for module in pkgutil.iter_modules(figures.__path__))


def main(wanted: list[str]) -> int:
    """Measure; the exit code says whether every aim was reached (0) or not (1)."""
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"no such figure: {', '.join(sorted(unknown))}; there are: {', '.join(names())}", file=sys.stderr)  # noqa: T201
        return 2
    rows: list[Measured] = []
    notes: list[str] = []
    print(HEAD)  # noqa: T201
    for name in wanted or names():
        module = importlib.import_module(f"{figures.__name__}.{name}")
        for measured in cast(Figure, module).measure():
            print(measured.row(), flush=True)  # noqa: T201
            rows.append(measured)
        notes.append(f"- `{name}`: {' '.join((inspect.getdoc(module) or '').split())}")
    if not wanted:
        text = ["# Benchmarks", "", "Made by `make bench`; each figure and its peer are measured in the same run.", ""]
        text += [machine(), "", HEAD, *(row.row() for row in rows), "", "## How", "", *notes, ""]
        REPORT.write_text("\n".join(text), encoding="utf-8")
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
