"""A restore test as the worker carries it out in the sandbox's AWS, with every call of it broken in every way.

Whatever happens, no copy is left that the order does not name, a success stands, and a failure is recorded as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from pydantic import JsonValue
from sqlalchemy import update

from services.aws.session import AwsSession
from services.controlplane.carrying.crew import Crew
from services.controlplane.carrying.judging import judge_error
from services.controlplane.carrying.worker import Worker
from services.controlplane.carrying.writers import WRITERS
from services.controlplane.collection import COLLECTIONS
from services.controlplane.order_book import add_order, read_order
from services.controlplane.order_tables import orders
from services.controlplane.registry import read_one
from services.controlplane.restorable import restorable
from services.controlplane.store import Database
from services.orders.planning import make_plan
from services.wire.operations import RecoveryTestRecord
from services.wire.orders import OrderRecord, Plan, StepState
from tests.services.controlplane.carrying.hands import OLGA, Plainly
from tests.services.controlplane.carrying.writers.losing import DEDICATED, PUBLIC, working
from tests.services.orders.slot_worlds import KEY, asked, calls, known, tenant
from tests.support.registry import small_registry
from tests.support.sandbox import RunningSandbox

INSTANCE = f"arn:aws:rds:eu-central-1:{PUBLIC}:db:initrode-pbx-db"
CLUSTER = f"arn:aws:rds:eu-west-2:{DEDICATED}:cluster:spacely-voice-core"
STEP = timedelta(seconds=4)
"""How far the clocks go on in every wait: further than a restore takes in the sandbox."""
(TESTS,) = (it for it in COLLECTIONS if it.record is RecoveryTestRecord)
OPERATIONS = {
    INSTANCE: ("RestoreDBInstanceToPointInTime", "DescribeDBInstances", "DeleteDBInstance"),
    CLUSTER: (
        "RestoreDBClusterToPointInTime",
        "DescribeDBClusters",
        "CreateDBInstance",
        "DescribeDBInstances",
        "DeleteDBInstance",
        "DeleteDBCluster",
    ),
}
MADE_BY = ("RestoreDBInstanceToPointInTime", "RestoreDBClusterToPointInTime", "CreateDBInstance")


class KilledError(BaseException):
    """The worker is no more, in the middle of a call."""


@dataclass
class Line(Plainly):
    """The way to AWS, which may break; and the clock that goes on while one waits."""

    sandbox: RunningSandbox
    session: AwsSession
    at: datetime
    plan: Plan
    strikes: dict[str, list[str]] = field(default_factory=dict)
    """What the next calls of an operation end in: ``throttled``, ``lost``, ``killed``, ``broken``."""
    denied: set[str] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)
    """How often AWS has carried out an operation."""
    slept: list[float] = field(default_factory=list)
    watched: set[tuple[str, str, str]] = field(default_factory=set)

    def client(self, service: str, account: str, region: str) -> Any:
        client: Any = self.session.client(service, account, region)
        if (service, account, region) not in self.watched:
            self.watched.add((service, account, region))
            client.meta.events.register(f"before-call.{service}", self._before)
            client.meta.events.register(f"after-call.{service}", self._after)
        return client

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += STEP
        self.sandbox.stand(self.at)

    def _before(self, model: Any, **_: Any) -> None:
        if model.name in self.denied:
            raise _said("AccessDenied", 403, model.name)
        if self.strikes.get(model.name, [])[:1] == ["throttled"]:
            self.strikes[model.name].pop(0)
            raise _said("Throttling", 400, model.name)

    def _after(self, model: Any, parsed: dict[str, Any], http_response: Any, **_: Any) -> None:
        if http_response.status_code >= 300:
            return
        self.done[model.name] += 1
        strike = self.strikes.get(model.name, [])
        if not strike:
            return
        kind = strike.pop(0)
        if kind == "lost":
            raise ReadTimeoutError(endpoint_url="the sandbox")
        if kind == "killed":
            raise KilledError
        for found in (*parsed.get("DBInstances", ()), *parsed.get("DBClusters", ())):
            found["DBInstanceStatus" if "DBInstanceStatus" in found else "Status"] = kind


def _said(code: str, status: int, operation: str) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, operation)


@dataclass
class Bench:
    """One accepted order, and a worker for it."""

    database: Database
    line: Line
    url: str

    def carry(self) -> OrderRecord:
        """Carried out, begun anew as often as the worker is killed; as it ended."""
        crew = Crew("w-1", self.database, lambda: self.line.at, self.line, WRITERS, judge_error)
        with self.database.write() as connection:
            connection.execute(update(orders).values(worker="w-1"))
        while True:
            try:
                Worker(crew, self.url)._steps(self.line, KEY)
            except KilledError:
                continue
            with self.database.read() as connection:
                order = read_order(connection, KEY)
            assert order is not None
            return order

    @property
    def test(self) -> RecoveryTestRecord | None:
        """The record of it."""
        with self.database.read() as connection:
            found = read_one(connection, TESTS, f"test-{KEY[:12]}-1")
        return None if found is None else RecoveryTestRecord.model_validate(dict(found))

    def copies(self) -> list[str]:
        """What stands in AWS under the names of copies."""
        self.line.denied.clear()
        self.line.strikes.clear()
        found: list[str] = []
        for account, region in ((PUBLIC, "eu-central-1"), (DEDICATED, "eu-west-2")):
            rds = self.line.client("rds", account, region)
            found += [it["DBInstanceIdentifier"] for it in rds.describe_db_instances()["DBInstances"]]
            found += [it["DBClusterIdentifier"] for it in rds.describe_db_clusters()["DBClusters"]]
        return sorted(name for name in found if name.startswith("tenure-test-"))


@pytest.fixture
def session(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsSession]:
    with working(faulty, monkeypatch) as session:
        yield session


@pytest.fixture
def store() -> str:
    return INSTANCE


@pytest.fixture
def bench(store: str, session: AwsSession, faulty: RunningSandbox, tmp_path: Path) -> Iterator[Bench]:
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    small_registry().load(url)
    database = Database(url)
    at = faulty.now()
    faulty.stand(at)
    account, region = (PUBLIC, "eu-central-1") if store == INSTANCE else (DEDICATED, "eu-west-2")
    kind = "rds-instance" if store == INSTANCE else "rds-cluster"
    seen: JsonValue = {"store": store, "kind": kind, "account": account, "region": region, "verified": True}
    aws: dict[str, JsonValue] = {"stores of acme": [seen], f"restorable of {store}": restorable(store, session)}
    world = known([tenant()], now=at, aws=aws)
    plan = make_plan(world, asked("restore-test", ("acme",), store=store))
    with database.write() as connection:
        add_order(connection, plan, OLGA, at, origin="here", ticket=None, reason=None)
    made = Bench(database, Line(faulty, session, at, plan), url)
    yield made
    for name in made.copies():
        rds = made.line.client("rds", account, region)
        if name.endswith("-1") or store == INSTANCE:
            rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
    if store == CLUSTER:
        for name in made.copies():
            rds = made.line.client("rds", account, region)
            rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
    database.close()


EACH = [(store, operation) for store, operations in OPERATIONS.items() for operation in operations]


@pytest.mark.parametrize("strikes", [["lost"], ["throttled", "killed"]])
@pytest.mark.parametrize(("store", "operation"), EACH, ids=lambda it: it.rpartition(":")[2])
def test_whatever_passes_by_it_is_one_copy_and_it_goes(bench: Bench, operation: str, strikes: Sequence[str]) -> None:
    """The answer lost, the call throttled, the worker killed right after it: done in the end, and each thing once."""
    bench.line.strikes[operation] = list(strikes)
    order = bench.carry()
    assert (order.state, order.failure, bench.line.strikes[operation]) == ("done", None, [])
    made = {name: bench.line.done[name] for name in MADE_BY if name in {it.operation for it in calls(order.plan)}}
    assert made == dict.fromkeys(made, 1)
    assert bench.test is not None
    assert bench.test.succeeded is True
    assert bench.test.ended_at is not None
    assert bench.test.ended_at - bench.test.started_at >= STEP
    assert bench.copies() == []


@pytest.mark.parametrize(
    ("store", "denied", "state", "recorded", "left"),
    [
        (INSTANCE, {"RestoreDBInstanceToPointInTime"}, "undone", None, []),
        (CLUSTER, {"RestoreDBClusterToPointInTime"}, "undone", None, []),
        (CLUSTER, {"CreateDBInstance"}, "undone", False, []),
        (INSTANCE, {"DeleteDBInstance"}, "half-done", True, ["initrode-pbx-db"]),
        (CLUSTER, {"DeleteDBInstance"}, "half-done", True, ["spacely-voice-core", "spacely-voice-core-1"]),
        (CLUSTER, {"DeleteDBCluster"}, "half-done", True, ["spacely-voice-core"]),
        (CLUSTER, {"CreateDBInstance", "DeleteDBCluster"}, "half-done", False, ["spacely-voice-core"]),
    ],
    ids=lambda it: "+".join(sorted(it)) if isinstance(it, set) else None,
)
def test_what_is_refused_says_what_is_left(
    bench: Bench, denied: set[str], state: str, recorded: bool | None, left: Sequence[str]
) -> None:
    """Where nothing was restored no test took place; what could not be made usable failed; a success stands whatever
    becomes of the copy, which the order names where it stays."""
    bench.line.denied = set(denied)
    order = bench.carry()
    assert order.state == state
    assert order.failure is not None
    assert "AccessDenied" in order.failure
    assert (None if bench.test is None else bench.test.succeeded) == recorded
    copies = bench.copies()
    assert copies == [f"tenure-test-{_with_key(name)}" for name in left]
    for name in copies:
        assert name in order.failure.partition("; left: ")[2]


def _with_key(name: str) -> str:
    """An instance of a copied cluster has its number at the end."""
    return f"{name[:-2]}-{KEY[:12]}-1" if name.endswith("-1") else f"{name}-{KEY[:12]}"


@pytest.mark.parametrize(
    ("store", "operation"),
    [(INSTANCE, "DescribeDBInstances"), (CLUSTER, "DescribeDBClusters"), (CLUSTER, "DescribeDBInstances")],
    ids=lambda it: it.rpartition(":")[2],
)
def test_a_restore_that_fails_is_a_test_that_failed(bench: Bench, operation: str) -> None:
    """RDS says so while it is followed: the order says how, the copy goes, and the record has both its instants."""
    bench.line.strikes[operation] = ["creating", "creating", *["incompatible-restore"] * 20]
    order = bench.carry()
    assert order.state == "undone"
    assert order.failure is not None
    assert "incompatible-restore" in order.failure
    assert bench.test is not None
    assert (bench.test.succeeded, bench.test.ended_at) == (False, bench.line.at)
    assert bench.copies() == []
    assert order.steps[-1].state is StepState.PENDING


def test_a_copy_that_somebody_deletes_is_a_test_that_failed(bench: Bench) -> None:
    """It is gone before it was available; nothing of it is looked for in vain."""
    name = str(calls(bench.line.plan)[0].parameters["TargetDBInstanceIdentifier"])
    slept = bench.line.sleep

    def deleting(seconds: float) -> None:
        slept(seconds)
        if len(bench.line.slept) == 1:
            rds = bench.line.client("rds", PUBLIC, "eu-central-1")
            rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)

    bench.line.sleep = deleting  # type: ignore[method-assign]
    order = bench.carry()
    assert order.state == "undone"
    assert f"{name} is gone" in (order.failure or "")
    assert bench.test is not None
    assert bench.test.succeeded is False
