"""``python -m tests.reliability``: the whole matrix of faults, written to ``docs/reliability.md``; or the faults named
(``denied:rds``), printed. The exit code tells whether there was no difference (0) or one (1)."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.reliability.faults import every
from tests.reliability.matrix import Matrix
from tests.reliability.orders.report import put_into, taken_from
from tests.reliability.parts import PARTS, TENANTS, looked, tried
from tests.reliability.report import Run, document
from tests.support.pty import ROOT
from tests.support.sandbox import running_sandbox

REPORT = ROOT / "docs/reliability.md"


def main(wanted: list[str]) -> int:
    """Run, print each difference, and write the document where nothing was named."""
    begun = time.monotonic()
    with (
        ProcessPoolExecutor(PARTS - 1, get_context("spawn")) as others,
        running_sandbox("--tenants", str(TENANTS)) as running,
        Matrix(running) as matrix,
    ):
        specs = wanted or [str(case) for case in every(running.regions)]
        coming = [others.submit(tried, specs[part::PARTS]) for part in range(1, PARTS)]
        judged = list(looked(matrix, specs[::PARTS]))
        judged += [one for part in coming for one in part.result()]
        run = Run(len(set(specs)), tuple(judged), matrix.healthy, tuple(running.regions), time.monotonic() - begun)
    if not wanted:
        orders = taken_from(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else None
        text = document(run)
        REPORT.write_text(text if orders is None else put_into(text, orders), encoding="utf-8")
    print(f"{len(specs)} faults, {len(judged)} looks, {run.differences} differences, {run.took_s:.0f} s")  # noqa: T201
    return 1 if run.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
