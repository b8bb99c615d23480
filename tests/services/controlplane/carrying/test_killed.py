"""A worker killed with SIGKILL at every moment of an order: the next one brings it to the same end, nothing twice.

Each death has a database and an AWS of its own, so that many are died at once: a life waits more than it works.
"""

from __future__ import annotations

import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.wire.orders import OrderState
from tests.services.controlplane.carrying.hands import KEY
from tests.services.controlplane.carrying.lives import DEAD_S, GOOD, Death, entries_of, faults_of, log_of, run
from tests.services.controlplane.carrying.test_crew import name_of

pytestmark = [pytest.mark.unmeasured, pytest.mark.processes]
AT_ONCE = 8
LIVED_THROUGH = 2
"""Moments at most that one life has and another has not: looks for orders, by how long it takes."""


def deaths(folder: Path, successor: str = "w-1", later_s: float = 0.0, refused: str | None = None) -> list[Death]:
    """A death at each moment of a life in health, and what the successor came to."""
    born = Death(folder / "born", GOOD)
    assert run(born, fatal=1) == -signal.SIGKILL
    healthy = Death(folder / "0", GOOD, refused, born)
    assert run(healthy, fatal=0) == 0
    count = int((healthy.aws / "moments").read_text())
    healthy.one.database.close()

    def die(fatal: int) -> Death:
        death = Death(folder / str(fatal), GOOD, refused, born)
        death.code = run(death, fatal=fatal)
        death.next = run(death, fatal=0, name=successor, later_s=later_s)
        return death

    with ThreadPoolExecutor(AT_ONCE) as pool:
        died = list(pool.map(die, range(1, count + 1)))
    born.one.database.close()
    assert {death.code for death in died} <= {-signal.SIGKILL, 0}
    assert sum(death.code != 0 for death in died) >= count - LIVED_THROUGH > 10
    return died


@pytest.mark.parametrize(("successor", "later_s"), [("w-1", 0.0), ("w-2", DEAD_S)], ids=["restarted", "another worker"])
def test_killed_at_any_moment_an_order_is_brought_to_its_end_once(
    tmp_path: Path, successor: str, later_s: float
) -> None:
    """After each death the order is done, each thing was made exactly once, and every act stands in the audit log
    once, however often it was begun anew."""
    for death in deaths(tmp_path, successor, later_s):
        assert death.next == 0
        assert death.one.order().state is OrderState.DONE, death
        assert name_of(death.one) == "New"
        assert Counter(log_of(death)) == {f"do {KEY}-2": 1, f"do {KEY}-3": 1}, death
        assert faults_of(death.one) == []
        said = Counter((entry.outcome, entry.note) for entry in entries_of(death.one) if entry.order == KEY)
        assert set(said.values()) == {1}, death
        assert ("done", "thing one made") in said
        death.one.database.close()


@pytest.mark.parametrize(("successor", "later_s"), [("w-1", 0.0), ("w-2", DEAD_S)], ids=["restarted", "another worker"])
def test_killed_while_it_undoes_nothing_is_left_and_nothing_undone_twice(
    tmp_path: Path, successor: str, later_s: float
) -> None:
    """The last step is refused; killed at any moment of that, the order ends undone, whoever goes on."""
    for death in deaths(tmp_path, successor, later_s, refused="two"):
        assert death.next == 0
        assert death.one.order().state is OrderState.UNDONE, death
        assert name_of(death.one) == "Northwind"
        assert Counter(log_of(death)) in ({}, {f"do {KEY}-2": 1, f"undo {KEY}-2": 1}), death
        assert faults_of(death.one) == []
        death.one.database.close()
