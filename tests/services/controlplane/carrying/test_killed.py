"""A worker killed with SIGKILL at every moment of an order: the next one brings it to the same end, nothing twice."""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from services.controlplane.audit import read_entries
from services.controlplane.chaining import read_head
from services.controlplane.problems import encode
from services.wire.chain import Fault, verify
from services.wire.operations import AuditRecord
from services.wire.orders import OrderState, Step
from tests.services.controlplane.carrying.hands import KEY, Bench, bench, making, renaming
from tests.services.controlplane.carrying.killed import work
from tests.services.controlplane.carrying.test_crew import name_of

pytestmark = pytest.mark.unmeasured
MOST_MOMENTS = 60
DEAD_S = 3600.0


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that are born with everything loaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dbos", "tests.services.controlplane.carrying.killed"])
    return context


def run(
    processes: ForkServerContext,
    one: Bench,
    folder: Path,
    *,
    fatal: int,
    name: str = "w-1",
    later_s: float = 0.0,
    refused: str | None = None,
) -> int:
    """The exit code of one worker's life."""
    process = processes.Process(target=work, args=(one.url, str(folder), name, fatal, later_s, refused))
    process.start()
    process.join(60)
    assert process.exitcode is not None, "the worker hangs"
    return process.exitcode


def laid(folder: Path, *steps: Step) -> Bench:
    folder.mkdir()
    (folder / "aws").mkdir()
    return bench(folder, *steps)


def log_of(folder: Path) -> list[str]:
    path = folder / "aws" / "log"
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


GOOD = (renaming(1, "New", before="Northwind"), making(2), making(3, "two"))


@pytest.mark.parametrize(("successor", "later_s"), [("w-1", 0.0), ("w-2", DEAD_S)], ids=["restarted", "another worker"])
def test_killed_at_any_moment_an_order_is_brought_to_its_end_once(
    processes: ForkServerContext, tmp_path: Path, successor: str, later_s: float
) -> None:
    """Until a worker lives through it all: after each death the order is done, each thing was made exactly once."""
    deaths = 0
    for fatal in range(1, MOST_MOMENTS):
        folder = tmp_path / str(fatal)
        one = laid(folder, *GOOD)
        code = run(processes, one, folder / "aws", fatal=fatal)
        if code == 0:
            one.database.close()
            break
        assert code == -signal.SIGKILL
        deaths += 1
        assert run(processes, one, folder / "aws", fatal=0, name=successor, later_s=later_s) == 0
        assert one.order().state is OrderState.DONE, fatal
        assert name_of(one) == "New"
        assert Counter(log_of(folder)) == {f"do {KEY}-2": 1, f"do {KEY}-3": 1}, fatal
        assert faults_of(one) == []
        one.database.close()
    else:
        pytest.fail("no worker lived through it")
    assert deaths > 10


def test_killed_while_it_undoes_nothing_is_left_and_nothing_undone_twice(
    processes: ForkServerContext, tmp_path: Path
) -> None:
    """The last step is refused; killed at any moment of that, the order ends undone."""
    for fatal in range(1, MOST_MOMENTS):
        folder = tmp_path / str(fatal)
        one = laid(folder, *GOOD)
        code = run(processes, one, folder / "aws", fatal=fatal, refused="two")
        if code == 0:
            one.database.close()
            break
        assert run(processes, one, folder / "aws", fatal=0, refused="two") == 0
        assert one.order().state is OrderState.UNDONE, fatal
        assert name_of(one) == "Northwind"
        assert Counter(log_of(folder)) in ({}, {f"do {KEY}-2": 1, f"undo {KEY}-2": 1}), fatal
        one.database.close()
    else:
        pytest.fail("no worker lived through it")


def test_every_act_of_a_killed_worker_stands_in_the_audit_log_once(
    processes: ForkServerContext, tmp_path: Path
) -> None:
    """Begun and done of each step, however often it was begun anew."""
    folder = tmp_path / "one"
    one = laid(folder, *GOOD)
    assert run(processes, one, folder / "aws", fatal=12) == -signal.SIGKILL
    assert run(processes, one, folder / "aws", fatal=0) == 0
    said = Counter((entry.outcome, entry.note) for entry in entries_of(one) if entry.order == KEY)
    one.database.close()
    assert set(said.values()) == {1}
    assert ("done", "thing one made") in said
