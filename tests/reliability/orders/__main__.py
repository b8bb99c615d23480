"""``python -m tests.reliability.orders``: the whole matrix of orders, written into ``docs/reliability.md``; with
``--only ACTION`` that action alone, printed. The exit code tells whether all held (0) or not (1)."""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain

from services.orders.actions import ACTIONS
from tests.reliability.orders.cases import served_faults
from tests.reliability.orders.matrix import LANES, Judged, Matrix
from tests.reliability.orders.report import Run, part, progress, put_into
from tests.reliability.orders.stages import Stage, stages
from tests.support.pty import ROOT

AHEAD = 6
"""Orders whose cases are tried at the same time, while the next are being played."""
REPORT = ROOT / "docs/reliability.md"


def main(argv: list[str]) -> int:
    """Run, print each case, and write the document where no action was named."""
    parser = argparse.ArgumentParser(prog="make orders-matrix")
    parser.add_argument("--only", metavar="ACTION", choices=sorted(ACTIONS), help="this action alone")
    parser.add_argument("--seed", type=int, default=1, help="which of two workers goes on, and which moment is chosen")
    parser.add_argument("--lanes", type=int, default=LANES, help="cases at a time")
    wanted = parser.parse_args(argv)
    begun, load = time.monotonic(), os.getloadavg()[0]
    played: list[Stage] = []
    with Matrix(wanted.lanes) as matrix, ThreadPoolExecutor(AHEAD) as ahead:

        def judged_of(stage: Stage, seed: int) -> list[Judged]:
            found = []
            for one in chain(matrix.run(served_faults(stage, seed)), matrix.whole(stage, seed)):
                found.append(one)
                wrong = "".join(f"\n  WRONG {what}" for what in one.wrong)
                print(f"{progress(one.case, one)}{wrong}", flush=True)  # noqa: T201
            return found

        coming: list[Future[list[Judged]]] = []
        for number, stage in enumerate(stages(matrix.folder, matrix.nursery, matrix.stage_lane, wanted.only)):
            played.append(stage)
            coming.append(ahead.submit(judged_of, stage, wanted.seed + number))
        judged = [one for each in coming for one in each.result()]
    run = Run(played, judged, time.monotonic() - begun, (load, os.getloadavg()[0]), wanted.seed)
    if wanted.only is None:
        REPORT.write_text(put_into(REPORT.read_text(encoding="utf-8"), part(run)), encoding="utf-8")
    print(f"{len(judged)} cases of {len(played)} orders, {run.wrong} wrong, {run.took_s:.0f} s")  # noqa: T201
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
