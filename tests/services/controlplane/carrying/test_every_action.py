"""Each action over the registry on a real database: planned from it, written, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from services.controlplane.carrying.registry_steps import StepFailedError, take_back, write
from services.controlplane.known import known_of
from services.controlplane.store import Database, load_registry
from services.orders.planning import make_plan
from services.orders.world import COLLECTIONS, Known
from services.wire.orders import Asked, Plan, RegistryCall
from services.wire.registry import Record, StoreRecord, SubscriptionRecord, TenantRecord
from tests.services.orders.catalogue import EXAMPLES, NAMES, Example
from tests.services.orders.worlds import KEY, calls, carried_out
from tests.support.postgres import DATABASES, url_of
from tests.support.registry import party

every = pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
FIRST = (TenantRecord, SubscriptionRecord, StoreRecord)


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return url_of(request, request.param, tmp_path)


def asked(example: Example) -> Asked:
    return Asked(key=KEY, action=example.action, tenants=("acme",), fields=example.fields)


def opened(url: str, example: Example) -> Database:
    """A database that holds what the example knows, and nothing else."""
    records = example.given.records
    first = [tuple(records.get(kind, ())) for kind in FIRST]
    rest = [record for kind, them in records.items() if kind not in FIRST for record in them]
    load_registry(url, [party("northwind")], *first, operations=rest)  # type: ignore[arg-type]
    return Database(url)


@pytest.fixture
def database(url: str, example: Example) -> Iterator[Database]:
    found = opened(url, example)
    yield found
    found.close()


def told(database: Database, example: Example) -> Known:
    """What the server knows by its own reading."""
    with database.read() as connection:
        known = known_of(connection, asked(example), example.given.policy, example.given.now)
    return Known(known.policy, known.now, known.records, example.given.aws)


def flat(known: Known) -> dict[tuple[str, str], Record]:
    return {
        (COLLECTIONS[kind], record.id): record  # type: ignore[attr-defined]
        for kind, records in known.records.items()
        for record in records
    }


def written(database: Database, plan: Plan, example: Example) -> list[tuple[RegistryCall, JsonValue]]:
    """Each step as it was left, a transaction each."""
    left = []
    for call in calls(plan):
        with database.write() as connection:
            left.append((call, write(connection, call, example.given.now)))
    return left


@every
def test_what_was_planned_can_be_written_and_taken_back(database: Database, example: Example) -> None:
    """The plan of the database's rows is the plan of the values; its steps leave what they say, and undone in reverse
    order nothing of them."""
    before = told(database, example)
    plan = make_plan(before, asked(example))
    assert plan.digest == example.plan().digest
    left = written(database, plan, example)
    assert flat(told(database, example)) == flat(carried_out(example.given, plan))
    for call, record in reversed(left):
        with database.write() as connection:
            take_back(connection, call, record)
    assert flat(told(database, example)) == flat(before)


@every
def test_a_step_is_written_once(database: Database, example: Example) -> None:
    """Carried out again onto what it left, each step finds another record than the plan's."""
    plan = make_plan(told(database, example), asked(example))
    written(database, plan, example)
    for call in calls(plan):
        with database.write() as connection, pytest.raises(StepFailedError):
            write(connection, call, example.given.now)
