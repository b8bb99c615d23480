"""An upgrade with work in flight: what one program's worker began when it was killed, the next program's ends.

Another version of the workflow, other steps under the same version, an action or a call that the new program does not
know, and a database of the revision before, brought up to date while an order is running.
"""

from __future__ import annotations

import signal
import sqlite3
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, update

from services.controlplane.carrying.outcome import Tried
from services.controlplane.order_tables import orders
from services.controlplane.schema import FOLDER, REVISION, revision_of
from services.controlplane.store import Database
from services.orders.actions import ACTIONS
from services.wire.orders import OrderState, StepState
from tests.services.controlplane.before_orders import BEFORE_ORDERS
from tests.services.controlplane.carrying.hands import KEY, LostError, bench, making, opened, plan_of, renaming
from tests.services.controlplane.carrying.lives import DEAD_S, GOOD, Death, faults_of, log_of, run
from tests.services.controlplane.carrying.test_crew import name_of

pytestmark = [pytest.mark.unmeasured, pytest.mark.processes]
FATAL = (9, 14, 19, 24)
"""Moments of the old program's worker, from its first step to its last."""
WITH_ORDERS = "0003"
"""The revision with which orders came."""


@pytest.mark.parametrize("program", ["older", "other steps"])
@pytest.mark.parametrize("refused", [None, "two"], ids=["done", "undone"])
def test_the_next_program_ends_what_the_one_before_has_begun(tmp_path: Path, program: str, refused: str | None) -> None:
    """Killed in the middle of it, also of its undoing; on the restart of the same worker by the new program, and by
    another worker of it, each thing was made once at most, and the order ends as it would have."""
    born = Death(tmp_path / "born", GOOD)
    assert run(born, fatal=1) == -signal.SIGKILL

    def die(fatal: int) -> Death:
        death = Death(tmp_path / str(fatal), GOOD, refused, born)
        death.code = run(death, fatal=fatal, program=program)
        other = fatal % 2
        death.next = run(death, fatal=0, name="w-2" if other else "w-1", later_s=DEAD_S if other else 0.0)
        return death

    with ThreadPoolExecutor(len(FATAL)) as pool:
        died = list(pool.map(die, FATAL))
    born.one.database.close()
    for death in died:
        assert (death.code, death.next) == (-signal.SIGKILL, 0)
        assert death.one.order().state is (OrderState.UNDONE if refused else OrderState.DONE), death
        assert max(Counter(log_of(death)).values(), default=1) == 1, death
        assert name_of(death.one) == ("Northwind" if refused else "New")
        assert faults_of(death.one) == []
        death.one.database.close()


def test_an_action_that_the_new_program_does_not_know_is_carried_out_as_planned(tmp_path: Path) -> None:
    """The plan holds every call: the action's name leads to nothing."""
    assert plan_of(*GOOD).asked.action not in ACTIONS
    one = bench(tmp_path, *GOOD)
    assert one.carry() == OrderState.DONE
    one.database.close()


@pytest.mark.parametrize("attempts", [0, 1])
def test_a_call_that_the_new_program_does_not_know_is_not_said_to_be_undone(tmp_path: Path, attempts: int) -> None:
    """The old one may have carried it out before it was killed: then nobody can look, and the order says so."""
    one = bench(tmp_path, renaming(1, "New", before="Northwind"), making(2))
    if attempts:
        with one.database.write() as connection:
            connection.execute(update(orders).values(worker="w-1"))
        assert one.crew.begin(KEY) == (2, None)
        assert one.crew.step(KEY, 1, False)[0] == Tried.DONE  # noqa: FBT003
        one.aws.after = [LostError("silent")]
        assert one.crew.step(KEY, 2, False)[0] == Tried.AGAIN  # noqa: FBT003
    ended = one.carry(crew=replace(one.crew, writers={}))
    states = [step.state for step in one.order().steps]
    assert name_of(one) == "Northwind"
    one.database.close()
    assert states == [StepState.UNDONE, StepState.STUCK if attempts else StepState.FAILED]
    assert ended == (OrderState.HALF_DONE if attempts else OrderState.UNDONE)


def put(connection: sqlite3.Connection, table: str, record: Mapping[str, object]) -> None:
    """Whatever columns the table has by then."""
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    kept = {name: value for name, value in record.items() if name in there}
    names = ", ".join(f'"{name}"' for name in kept)
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(kept))})",  # noqa: S608 - our own names
        list(kept.values()),
    )


def test_an_order_that_runs_while_the_database_is_brought_up_to_date_is_ended(tmp_path: Path) -> None:
    """Of the first revision that had orders: one with a step behind it, of a worker that is gone. The new program
    opens the database, and its worker of that name carries out what is left, once."""
    folder = tmp_path / "old"
    folder.mkdir()
    path = folder / "orders.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for statement in filter(str.strip, BEFORE_ORDERS["sqlite"].split(";")):
            connection.exec_driver_sql(statement)
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, WITH_ORDERS)
    engine.dispose()
    at = "2026-11-23 12:00:00.000000"
    with closing(sqlite3.connect(path)) as plain, plain:
        put(plain, "parties", {"id": "northwind", "kind": "customer", "name": "New"})
        plan = plan_of(*GOOD).model_dump_json()
        order = {"id": KEY, "plan": plan, "state": "running", "author": "olga", "role": "operator", "worker": "w-1"}
        put(plain, "orders", {**order, "created_at": at})
        put(plain, "order_tenants", {"order": KEY, "tenant": "acme"})
        written = '{"id": "northwind", "kind": "customer", "name": "New"}'
        done = {"order": KEY, "number": 1, "state": "done", "attempts": 1, "result": written}
        put(plain, "order_steps", done)
        for number in (2, 3):
            put(plain, "order_steps", {"order": KEY, "number": number, "state": "pending", "attempts": 0})
    with closing(Database(f"sqlite:///{path}")) as database, database.read() as connection:
        assert revision_of(connection) == REVISION
    one = opened(folder)
    assert one.order().state is OrderState.RUNNING
    assert one.carry() == OrderState.DONE
    assert (name_of(one), one.aws.calls) == ("New", [f"do {KEY}-2", f"do {KEY}-3"])
    assert faults_of(one) == []
    one.database.close()
