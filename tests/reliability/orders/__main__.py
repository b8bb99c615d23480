"""``python -m tests.reliability.orders``: the whole matrix of orders, written into ``docs/reliability.md``; with
``--only ACTION`` that action alone, with ``--tenant ID`` what is played on that tenant, with ``--part N`` one case in
N, printed. The exit code tells whether all held (0) or not (1).

With ``--journal FILE`` each case is written down there as it ends, and is not tried again by the next run that is
given the same file: a run that was broken off goes on.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from services.orders.actions import ACTIONS
from tests.journeys.table import TABLE
from tests.reliability.orders.cases import Case
from tests.reliability.orders.matrix import LANES, Matrix
from tests.reliability.orders.report import Counted, Run, part, progress, put_into
from tests.reliability.orders.stages import Stage, stages
from tests.support.pty import ROOT

REPORT = ROOT / "docs/reliability.md"
AHEAD = 6
"""Orders whose cases are tried at the same time, while the next are being played."""


class Journal:
    """What has been counted; with a file, also before. Thread-safe."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        lines = path.read_text(encoding="utf-8").splitlines() if path is not None and path.exists() else []
        self.kept = {one.name: one for one in map(Counted.read, lines)}

    def add(self, one: Counted) -> None:
        with self._lock:
            self.kept[one.name] = one
            print(progress(one), flush=True)  # noqa: T201
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(one.line() + "\n")


def main(argv: list[str]) -> int:
    """Run, print each case, and write the document where no action was named."""
    parser = argparse.ArgumentParser(prog="make orders-matrix")
    parser.add_argument("--only", metavar="ACTION", choices=sorted(ACTIONS), help="this action alone")
    parser.add_argument("--tenant", choices=sorted({it.tenant for it in TABLE}), help="as it is played on that one")
    parser.add_argument("--part", type=int, default=1, metavar="N", help="of the cases one in N, by seed and name")
    parser.add_argument("--seed", type=int, default=1, help="which of two workers goes on, and which moment is chosen")
    parser.add_argument("--lanes", type=int, default=LANES, help="cases at a time")
    parser.add_argument("--journal", type=Path, metavar="FILE", help="go on with what was counted there")
    wanted = parser.parse_args(argv)
    begun, load = time.monotonic(), os.getloadavg()[0]
    journal = Journal(wanted.journal)
    played: list[Stage] = []
    with Matrix(wanted.lanes) as matrix, ThreadPoolExecutor(AHEAD) as ahead:

        def tried(stage: Stage, number: int) -> None:
            known = set(journal.kept)

            def is_due(case: Case) -> bool:
                name = f"{number} {case}"
                return name not in known and zlib.crc32(f"{wanted.seed} {name}".encode()) % wanted.part == 0

            for one in matrix.whole(stage, wanted.seed + number, is_due):
                journal.add(Counted.of(f"{number} {one.case}", one))

        coming = []
        for number, stage in enumerate(
            stages(matrix.folder, matrix.nursery, matrix.stage_lane, wanted.only, wanted.tenant)
        ):
            played.append(stage)
            coming.append(ahead.submit(tried, stage, number))
        for each in coming:
            each.result()
    judged = list(journal.kept.values())
    run = Run(played, judged, time.monotonic() - begun, (load, os.getloadavg()[0]), wanted.seed)
    if (wanted.only, wanted.tenant, wanted.part) == (None, None, 1):
        REPORT.write_text(put_into(REPORT.read_text(encoding="utf-8"), part(run)), encoding="utf-8")
    print(f"{len(judged)} cases of {len(played)} orders, {run.wrong} wrong, {run.took_s:.0f} s")  # noqa: T201
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
