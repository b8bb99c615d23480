"""DBOS alone: so many workflows of one empty step, as many at once as Tenure's worker carries out, on the database of
that URL; prints the seconds."""

from __future__ import annotations

import logging
import sys
from concurrent.futures import ThreadPoolExecutor

from dbos import DBOS

from services.controlplane.carrying.worker import AT_ONCE
from tests.bench.measured import seconds


def main(url: str, count: int) -> None:
    logging.getLogger("dbos").setLevel(logging.WARNING)
    DBOS(config={"name": "empty", "system_database_url": url, "log_level": "WARNING"})

    def nothing() -> None:
        """The step."""

    @DBOS.workflow(name="one_empty_step")
    def one() -> None:
        DBOS.run_step({"name": "nothing"}, nothing)

    DBOS.launch()
    one()  # what is made once is made
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sys.stdout.write(f"{seconds(lambda: list(pool.map(lambda _: one(), range(count))))}\n")
    DBOS.destroy()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
