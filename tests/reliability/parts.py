"""Part of the faults, each printed as it was judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from services.sandbox.fault_spec import parse_fault
from tests.reliability.faults import Case
from tests.reliability.matrix import Judged, Matrix
from tests.support.sandbox import running_sandbox

TENANTS: Final = 36
PARTS: Final = 2
"""Sandboxes that are broken at the same time, each by a process: one look waits more than it works."""
SHOWN: Final = 8
"""Differences of one look that are printed; all are counted."""


def tried(specs: Sequence[str]) -> list[Judged]:
    """Part of the faults, on a sandbox of their own."""
    with running_sandbox("--tenants", str(TENANTS)) as running, Matrix(running) as matrix:
        return list(looked(matrix, specs))


def looked(matrix: Matrix, specs: Iterable[str]) -> Iterator[Judged]:
    """Judges, and prints: what is said of calls first, from which the rest may follow."""
    for one in matrix.run(Case(parse_fault(spec)) for spec in specs):
        print(f"{one.case or ''!s:44} {one.how:6} {dict(one.found.counts)}", flush=True)  # noqa: T201
        for difference in sorted(one.found.differences, key=lambda said: said.startswith("("))[:SHOWN]:
            print(f"  {difference}", flush=True)  # noqa: T201
        yield one
