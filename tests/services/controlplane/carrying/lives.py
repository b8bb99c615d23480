"""Workers' lives for tests: a database with an order and a folder as its AWS, which outlive whoever works on them."""

from __future__ import annotations

import functools
import multiprocessing
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from pathlib import Path
from sqlite3 import connect

from services.controlplane.audit import read_entries
from services.controlplane.chaining import read_head
from services.controlplane.problems import encode
from services.wire.chain import Fault, verify
from services.wire.operations import AuditRecord
from services.wire.orders import Step
from tests.services.controlplane.carrying.hands import NAME, Bench, bench, making, opened, renaming
from tests.services.controlplane.carrying.killed import work
from tests.support.born import exit_code, start

LONGEST_S = 120
DEAD_S = 3600.0
"""Later, a worker counts as dead that has been heard of now."""
GOOD = (renaming(1, "New", before="Northwind"), making(2), making(3, "two"))


@functools.cache
def processes() -> ForkServerContext:
    """Processes that are born with everything loaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dbos", "tests.services.controlplane.carrying.killed"])
    return context


@dataclass
class Death:
    """An order, and how two lives on it ended."""

    folder: Path
    steps: Sequence[Step] = field(repr=False)
    refused: str | None = None
    like: Death | None = field(default=None, repr=False)
    """Another, whose database this one begins with: to make one anew takes as long as half a life."""
    code: int | None = None
    next: int | None = None

    def __post_init__(self) -> None:
        self.aws.mkdir(parents=True)
        if self.like is None:
            self.one: Bench = bench(self.folder, *self.steps)
            return
        with closing(connect(self.like.folder / NAME)) as there, closing(connect(self.folder / NAME)) as here:
            there.backup(here)
        self.one = opened(self.folder)

    @property
    def aws(self) -> Path:
        return self.folder / "aws"


def run(death: Death, *, fatal: int, name: str = "w-1", later_s: float = 0.0, program: str = "") -> int:
    """The exit code of one worker's life."""
    given = (death.one.url, str(death.aws), name, fatal, later_s, death.refused, program)
    process = processes().Process(target=work, args=given)
    start(process)
    code = exit_code(process, LONGEST_S)
    assert code is not None, "the worker hangs"
    return code


def log_of(death: Death) -> list[str]:
    """What was done in its AWS."""
    path = death.aws / "log"
    return path.read_text().splitlines() if path.exists() else []


def entries_of(one: Bench) -> list[AuditRecord]:
    """The whole audit log."""
    with one.database.read() as connection:
        return [AuditRecord.model_validate_json(encode(item)) for item in read_entries(connection, None, None, 500)[0]]


def faults_of(one: Bench) -> list[Fault]:
    """What is wrong with the log's chain."""
    with one.database.read() as connection:
        head = read_head(connection)
    return verify(entries_of(one), head)
