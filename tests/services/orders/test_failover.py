"""The plans of failover tests: recorded, made, recorded as done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import JsonValue

from services.orders.base import RefusedError
from services.orders.planning import make_plan
from services.wire.operations import SlotRecord
from services.wire.orders import NOW as LATER
from services.wire.orders import Confirmation, Plan
from tests.services.orders.slot_worlds import DEDICATED, KEY, NOW, PUBLIC, asked, calls, known, puts, slot, tenant

DATABASE = f"arn:aws:rds:eu-central-1:{PUBLIC}:db:orders-db"
CLUSTER = f"arn:aws:rds:eu-central-1:{DEDICATED}:cluster:orders"
BUCKET = "arn:aws:s3:::orders-media"


def store(arn: str, kind: str, account: str = PUBLIC) -> JsonValue:
    return {"store": arn, "kind": kind, "account": account, "region": "eu-central-1", "verified": True}


def seen(**primary: JsonValue) -> dict[str, JsonValue]:
    """What AWS says: acme's stores, where the databases run."""
    there: dict[str, JsonValue] = {"primary": "eu-central-1a", "standbys": ["eu-central-1b"], **primary}
    return {
        "stores of acme": [
            store(DATABASE, "rds-instance"),
            store(CLUSTER, "rds-cluster", DEDICATED),
            store(BUCKET, "s3-bucket"),
        ],
        f"primary of {DATABASE}": there,
        f"primary of {CLUSTER}": {"primary": "orders-a", "standbys": ["orders-b"]},
        f"primary of {BUCKET}": None,
    }


def plan(
    arn: str, aws: dict[str, JsonValue] | None = None, slots: tuple[SlotRecord, ...] = (), state: str = "active"
) -> Plan:
    given = known([tenant(state=state)], slots, aws=seen() if aws is None else aws)
    return make_plan(given, asked("failover-test", ("acme",), store=arn))


@pytest.mark.parametrize(
    ("arn", "operation", "parameters"),
    [
        (
            DATABASE,
            "RebootDBInstance",
            {"DBInstanceIdentifier": "orders-db", "ForceFailover": True, "before": {"primary": "eu-central-1a"}},
        ),
        (CLUSTER, "FailoverDBCluster", {"DBClusterIdentifier": "orders", "before": {"primary": "orders-a"}}),
    ],
)
def test_the_test_is_recorded_around_the_one_call(arn: str, operation: str, parameters: dict[str, JsonValue]) -> None:
    """Begun before it, ended and succeeded after it; the tenant notices, so its id is typed; nobody undoes it."""
    made = plan(arn)
    begun, ended = puts(made)
    (call,) = calls(made)
    assert [step.call for step in made.steps] == [begun, call, ended]
    assert (call.service, call.operation, call.parameters) == ("rds", operation, parameters)
    assert (begun.after or {}) | {"started_at": "$1.started_at"} == ended.before
    assert (begun.after or {})["started_at"] == LATER
    assert {name: (ended.after or {})[name] for name in ("ended_at", "succeeded", "store", "kind", "reference")} == {
        "ended_at": LATER,
        "succeeded": True,
        "store": arn,
        "kind": "failover",
        "reference": KEY,
    }
    assert made.confirmation is Confirmation.SEEN
    assert made.steps[1].undo is None


@pytest.mark.parametrize(
    ("arn", "aws", "why"),
    [
        (BUCKET, seen(), "no standby to fail over to"),
        (f"{DATABASE}-2", seen(), "no such store"),
        (DATABASE, seen(standbys=[]), "it would only stop"),
        (DATABASE, seen(primary=None), "does not say where"),
        (DATABASE, {"stores of acme": seen()["stores of acme"]}, "AWS was not asked"),
    ],
)
def test_what_has_no_standby_is_not_failed_over(arn: str, aws: dict[str, JsonValue], why: str) -> None:
    """Nor what is not the tenant's, or of which AWS does not say where it runs."""
    with pytest.raises(RefusedError, match=why):
        plan(arn, aws)


def test_outside_a_slot_it_is_downtime() -> None:
    """Which is said; a slot that runs and was entered before it began takes it out."""
    assert "counts as downtime" in plan(DATABASE).warnings[0]
    running = slot((NOW - timedelta(hours=1)).isoformat())
    assert plan(DATABASE, slots=(running,)).warnings == ()
    late = slot((NOW - timedelta(hours=1)).isoformat(), scheduled_at=NOW)
    assert "counts as downtime" in plan(DATABASE, slots=(late,)).warnings[0]
