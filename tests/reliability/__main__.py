"""``python -m tests.reliability``: the whole matrix of faults, written to ``docs/reliability.md``; or the faults named
(``denied:rds``), printed. The exit code tells whether there was no difference (0) or one (1)."""

from __future__ import annotations

import sys
import time

from services.sandbox.fault_spec import parse_fault
from tests.reliability.faults import Case, every
from tests.reliability.matrix import Judged, Matrix
from tests.reliability.orders.report import put_into, taken_from
from tests.reliability.report import Run, document
from tests.support.pty import ROOT
from tests.support.sandbox import running_sandbox

REPORT = ROOT / "docs/reliability.md"
TENANTS = 36
SHOWN = 8
"""Differences of one look that are printed; all are counted."""


def main(wanted: list[str]) -> int:
    """Run, print each difference, and write the document where nothing was named."""
    begun = time.monotonic()
    judged: list[Judged] = []
    with running_sandbox("--tenants", str(TENANTS)) as running, Matrix(running) as matrix:
        cases = [Case(parse_fault(spec)) for spec in wanted] or list(every(running.regions))
        for one in matrix.run(cases):
            judged.append(one)
            print(f"{one.case or ''!s:44} {one.how:6} {dict(one.found.counts)}", flush=True)  # noqa: T201
            for difference in one.found.differences[:SHOWN]:
                print(f"  {difference}", flush=True)  # noqa: T201
        run = Run(
            len({str(case) for case in cases}),
            tuple(judged),
            matrix.healthy,
            tuple(running.regions),
            time.monotonic() - begun,
        )
    if not wanted:
        orders = taken_from(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else None
        text = document(run)
        REPORT.write_text(text if orders is None else put_into(text, orders), encoding="utf-8")
    print(f"{len(cases)} faults, {len(judged)} looks, {run.differences} differences, {run.took_s:.0f} s")  # noqa: T201
    return 1 if run.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
