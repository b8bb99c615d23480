"""The plans of restore tests: what is made, followed, recorded and removed, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from services.orders.base import RefusedError
from services.orders.planning import make_plan
from services.wire.operations import RecoveryTestRecord
from services.wire.orders import NOW as LATER
from services.wire.orders import AwsCall, Confirmation, Plan, RegistryCall
from services.wire.registry import StoreRecord
from tests.services.orders.slot_worlds import DEDICATED, KEY, PUBLIC, asked, calls, known, puts, tenant

HEAD = "arn:aws:rds:eu-central-1"
DATABASE, CLUSTER = f"{HEAD}:{PUBLIC}:db:orders-db", f"{HEAD}:{DEDICATED}:cluster:orders"
BUCKET = "arn:aws:s3:::orders-media"
TEST, COPY = f"test-{KEY[:12]}-1", f"tenure-test-orders-db-{KEY[:12]}"
TAGS = [
    {"Key": "tenure:order", "Value": KEY},
    {"Key": "tenure:restore-test", "Value": TEST},
    {"Key": "tenant", "Value": "acme"},
]
MAKING = re.compile("Restore|Create")


def store(arn: str, kind: str, account: str = PUBLIC) -> JsonValue:
    return {"store": arn, "kind": kind, "account": account, "region": "eu-central-1", "verified": True}


def described(**members: JsonValue) -> dict[str, JsonValue]:
    """A database as RDS tells of it, with continuous backups of a week."""
    return {
        "engine": "postgres",
        "class": "db.m7g.large",
        "storage": 200,
        "subnets": "inner",
        "groups": ["sg-1"],
        "earliest": "2026-09-24T12:00:00Z",
        "latest": "2026-10-01T11:57:00Z",
        "snapshots": [
            {"name": "rds:orders-db-2026-09-30", "at": "2026-09-30T02:00:00Z"},
            {"name": "before-upgrade", "at": "2026-09-12T08:00:00Z"},
            {"name": "a-copy", "at": None},
        ],
        **members,
    }


def seen(arn: str = DATABASE, **members: JsonValue) -> dict[str, JsonValue]:
    """What AWS says of acme."""
    return {
        "stores of acme": [
            store(arn if ":db:" in arn else DATABASE, "rds-instance"),
            store(arn if ":cluster:" in arn else CLUSTER, "rds-cluster", DEDICATED),
            store(BUCKET, "s3-bucket"),
        ],
        f"restorable of {arn}": described(**members),
    }


def plan(arn: str = DATABASE, aws: dict[str, JsonValue] | None = None, state: str = "active", **fields: str) -> Plan:
    world = known([tenant(state=state)], aws=seen(arn) if aws is None else aws)
    return make_plan(world, asked("restore-test", ("acme",), store=arn, **fields))


AURORA: dict[str, Any] = {"engine": "aurora-postgresql", "storage": None}


def test_an_instance_is_restored_followed_and_removed_around_its_record() -> None:
    """The record opens before the first call and ends as soon as the copy is available, before that is deleted."""
    made = plan()
    begun, ended = puts(made)
    restored, followed, deleted = calls(made)
    assert [step.call for step in made.steps] == [begun, restored, followed, ended, deleted]
    assert [(it.operation, it.account, it.region) for it in calls(made)] == [
        ("RestoreDBInstanceToPointInTime", PUBLIC, "eu-central-1"),
        ("DescribeDBInstances", PUBLIC, "eu-central-1"),
        ("DeleteDBInstance", PUBLIC, "eu-central-1"),
    ]
    assert restored.parameters == {
        "TargetDBInstanceIdentifier": COPY,
        "SourceDBInstanceIdentifier": "orders-db",
        "DBInstanceClass": "db.m7g.large",
        "UseLatestRestorableTime": True,
        "Tags": TAGS,
        "DBSubnetGroupName": "inner",
        "VpcSecurityGroupIds": ["sg-1"],
        "PubliclyAccessible": False,
        "DeletionProtection": False,
        "BackupRetentionPeriod": 0,
        "MultiAZ": False,
    }
    assert followed.parameters == {"DBInstanceIdentifier": COPY}
    assert deleted.parameters == {
        "DBInstanceIdentifier": COPY,
        "SkipFinalSnapshot": True,
        "DeleteAutomatedBackups": True,
    }
    assert made.confirmation is Confirmation.REVERSIBLE


def test_what_fails_is_recorded_as_failed_and_what_succeeded_stands() -> None:
    """The first step says what it leaves; the record of a success is never taken back for a copy that stays."""
    made = plan(reference="protocol 12")
    begun, ended = puts(made)
    assert begun.after is not None
    failed = {"started_at": "$1.started_at", "ended_at": LATER, "succeeded": False}
    assert begun.failed == {**begun.after, **failed}
    assert ended.before == {**begun.after, "started_at": "$1.started_at"}
    assert ended.after == {**ended.before, "ended_at": LATER, "succeeded": True}
    assert (begun.after["kind"], begun.after["store"], begun.after["reference"]) == ("restore", DATABASE, "protocol 12")
    undone = [step.undo for step in made.steps if step.call is not ended]
    assert None not in undone
    assert made.steps[3].undo is None


def test_a_cluster_gets_an_instance_once_it_is_there() -> None:
    """RDS restores it without one; the instance is deleted before the cluster."""
    made = plan(CLUSTER, seen(CLUSTER, **AURORA))
    name = f"tenure-test-orders-{KEY[:12]}"
    assert [(it.operation, it.account) for it in calls(made)] == [
        ("RestoreDBClusterToPointInTime", DEDICATED),
        ("DescribeDBClusters", DEDICATED),
        ("CreateDBInstance", DEDICATED),
        ("DescribeDBInstances", DEDICATED),
        ("DeleteDBInstance", DEDICATED),
        ("DeleteDBCluster", DEDICATED),
    ]
    restored, _, created, _, *gone = calls(made)
    assert restored.parameters["Tags"] == created.parameters["Tags"] == TAGS
    assert created.parameters["DBClusterIdentifier"] == restored.parameters["DBClusterIdentifier"] == name
    assert created.parameters["PubliclyAccessible"] is False
    assert [it.parameters.get("DBInstanceIdentifier", it.parameters.get("DBClusterIdentifier")) for it in gone] == [
        f"{name}-1",
        name,
    ]
    assert [type(step.call) for step in made.steps].index(RegistryCall, 1) == 5


@pytest.mark.parametrize(("point", "operation"), [("", "ToPointInTime"), ("before-upgrade", "FromSnapshot")])
def test_a_multi_az_cluster_comes_and_goes_with_its_instances(point: str, operation: str) -> None:
    """The class is given where it is restored; no instance is made or deleted, and three are billed."""
    made = plan(CLUSTER, seen(CLUSTER, **{"engine": "mysql", "class": "db.r6gd.large"}), point=point)
    restored, followed, deleted = calls(made)
    assert [it.operation for it in (restored, followed, deleted)] == [
        f"RestoreDBCluster{operation}",
        "DescribeDBClusters",
        "DeleteDBCluster",
    ]
    members = {"DBClusterInstanceClass": "db.r6gd.large", "PubliclyAccessible": False, "DeletionProtection": False}
    assert restored.parameters.items() >= members.items()
    assert deleted.parameters["DBClusterIdentifier"] == restored.parameters["DBClusterIdentifier"]
    assert "AWS bills three more db.r6gd.large of 200 GiB until it is deleted." in made.warnings
    aurora = calls(plan(CLUSTER, seen(CLUSTER, **AURORA)))[0]
    assert members.keys() & aurora.parameters.keys() == {"DeletionProtection"}


@pytest.mark.parametrize(
    ("arn", "more", "point", "operation", "expected"),
    [
        (DATABASE, {}, "2026-09-30T10:00:00+02:00", "ToPointInTime", {"RestoreTime": "2026-09-30T08:00:00Z"}),
        (DATABASE, {}, "before-upgrade", "FromDBSnapshot", {"DBSnapshotIdentifier": "before-upgrade"}),
        (
            DATABASE,
            {},
            f"{HEAD}:{PUBLIC}:snapshot:rds:orders-db-2026-09-30",
            "FromDBSnapshot",
            {"DBSnapshotIdentifier": "rds:orders-db-2026-09-30"},
        ),
        (
            DATABASE,
            {"latest": None, "earliest": None},
            "",
            "FromDBSnapshot",
            {"DBSnapshotIdentifier": "rds:orders-db-2026-09-30"},
        ),
        (CLUSTER, AURORA, "2026-09-30T08:00:00Z", "ToPointInTime", {"RestoreToTime": "2026-09-30T08:00:00Z"}),
        (
            CLUSTER,
            AURORA,
            "before-upgrade",
            "FromSnapshot",
            {"SnapshotIdentifier": "before-upgrade", "Engine": "aurora-postgresql"},
        ),
    ],
)
def test_the_point_is_the_newest_or_the_one_that_is_named(
    arn: str, more: dict[str, JsonValue], point: str, operation: str, expected: dict[str, JsonValue]
) -> None:
    """A moment, or a snapshot by its name or ARN; without continuous backups the snapshot with the newest data."""
    call = calls(plan(arn, seen(arn, **more), point=point))[0]
    assert call.operation.endswith(operation)
    assert call.parameters.items() >= expected.items()
    assert "UseLatestRestorableTime" not in call.parameters


@pytest.mark.parametrize(
    ("arn", "more", "fields", "where", "why"),
    [
        (BUCKET, {}, {}, "fields.store", "record its test with test-record"),
        (f"{DATABASE}-2", None, {}, "fields.store", "no such store"),
        (DATABASE, {"latest": None, "earliest": None, "snapshots": []}, {}, "fields.store", "nothing to restore"),
        (DATABASE, {"latest": None}, {"point": "2026-09-30T08:00:00Z"}, "fields.point", "backups are off"),
        (DATABASE, {}, {"point": "2026-09-01T08:00:00Z"}, "fields.point", "reach from 2026-09-24T12:00:00Z to"),
        (DATABASE, {}, {"point": "2026-10-01T11:58:00Z"}, "fields.point", "to 2026-10-01T11:57:00Z"),
        (DATABASE, {}, {"point": "2026-10-02T00:00:00Z"}, "fields.point", "has not come yet"),
        (DATABASE, {}, {"point": "2026-09-30T08:00:00"}, "fields.point", "no offset"),
        (DATABASE, {}, {"point": "another-snapshot"}, "fields.point", "no snapshot another-snapshot"),
        (DATABASE, {"class": None}, {}, "fields.store", "does not say"),
        (CLUSTER, {"engine": "docdb"}, {}, "fields.store", "a cluster of docdb is not restored from here"),
    ],
)
def test_what_cannot_be_restored_is_refused_where_it_stands(
    arn: str, more: dict[str, JsonValue] | None, fields: dict[str, str], where: str, why: str
) -> None:
    """With the reason; nothing is planned on what AWS does not say."""
    aws = {"stores of acme": seen()["stores of acme"], f"restorable of {arn}": None} if more is None else None
    with pytest.raises(RefusedError, match=why) as refused:
        plan(arn, aws or seen(arn, **(more or {})), **fields)
    assert refused.value.where == where


@pytest.mark.parametrize("left", ["stores of acme", f"restorable of {DATABASE}"])
def test_without_awss_word_nothing_is_planned(left: str) -> None:
    """Either question."""
    aws = {name: value for name, value in seen().items() if name != left}
    with pytest.raises(RefusedError, match="AWS was not asked"):
        plan(DATABASE, aws)


@pytest.mark.parametrize("state", ["destroying", "destroyed"])
def test_no_copy_is_made_of_data_that_goes(state: str) -> None:
    """While it is destroyed, and after."""
    with pytest.raises(RefusedError, match="no new copy"):
        plan(state=state)


def test_how_far_backups_reach_does_not_change_the_plan() -> None:
    """It moves by itself; another class or security group is another copy."""
    later = seen(latest="2026-10-01T12:02:00Z", earliest="2026-09-24T12:05:00Z", snapshots=[])
    assert plan(DATABASE, later).digest == plan().digest
    assert plan(DATABASE, seen(groups=["sg-2"])).digest != plan().digest


def test_the_plan_says_what_it_costs_and_proves() -> None:
    """The second machine, how long the last one took, and the tier's promise."""
    record = RecoveryTestRecord.model_validate(
        {
            "id": "t-1",
            "tenant": "acme",
            "store": DATABASE,
            "kind": "restore",
            "started_at": "2026-08-01T00:00:00Z",
            "ended_at": "2026-08-01T01:30:00Z",
            "succeeded": True,
        }
    )
    world = known([tenant()], aws=seen())
    tested = replace(world, records={**world.records, RecoveryTestRecord: (record,)})
    made = make_plan(tested, asked("restore-test", ("acme",), store=DATABASE))
    assert made.warnings[0] == "AWS bills a second db.m7g.large of 200 GiB until it is deleted."
    assert "the last recorded one took 1h30m" in made.warnings[1]
    assert "none is recorded" in plan().warnings[1]
    assert "The RTO of its tier is 4h" in made.effects[1]
    assert "as late as they reach" in made.effects[0]


def test_of_a_shared_store_it_says_what_else_is_in_it() -> None:
    """The registry maps a part of it to the tenant."""
    world = known([tenant()], aws=seen())
    shared = StoreRecord(id="m-1", tenant="acme", store=DATABASE, part="s_acme")
    whole = StoreRecord(id="m-1", tenant="acme", store=DATABASE)
    for mapped, said in ((shared, 1), (whole, 0)):
        given_ = replace(world, records={**world.records, StoreRecord: (mapped,)})
        made = make_plan(given_, asked("restore-test", ("acme",), store=DATABASE))
        assert sum("It is shared" in line for line in made.warnings) == said


NAMES = st.from_regex(r"[a-z](-?[a-z0-9]){0,62}", fullmatch=True).filter(lambda name: len(name) <= 63)


@given(
    name=NAMES,
    cluster=st.booleans(),
    continuous=st.booleans(),
    subnets=st.none() | st.just("inner"),
    groups=st.lists(st.sampled_from(["sg-1", "sg-2"]), unique=True),
)
def test_only_what_the_order_made_is_removed(
    name: str, *, cluster: bool, continuous: bool, subnets: str | None, groups: list[str]
) -> None:
    """Whatever is restored: its copy has a name that RDS takes, stays where the store is, bears the order's tag, is not
    public, and everything that is made, and nothing else, is deleted, in reverse."""
    arn = f"{HEAD}:{DEDICATED}:cluster:{name}" if cluster else f"{HEAD}:{PUBLIC}:db:{name}"
    members: dict[str, Any] = {"subnets": subnets, "groups": groups, **(AURORA if cluster else {})}
    members |= {} if continuous else {"latest": None, "earliest": None}
    made = calls(plan(arn, seen(arn, **members)))
    making = [call for call in made if MAKING.match(call.operation)]
    places = {(call.account, call.region) for call in made}
    assert places == {(DEDICATED if cluster else PUBLIC, "eu-central-1")}
    for call in making:
        assert call.parameters["Tags"] == TAGS
        assert call.parameters.get("PubliclyAccessible", False) is False
        assert re.fullmatch(r"[a-z](-?[a-z0-9])*", _named(call))
        assert len(_named(call)) <= 63
        assert _named(call) != name
    assert [_named(call) for call in made if call.operation.startswith("Delete")] == [_named(it) for it in making][::-1]


def _named(call: AwsCall) -> str:
    """The identifier of what a call makes or deletes."""
    own = "DBCluster" if "DBCluster" in call.operation else "DBInstance"
    return str(call.parameters.get(f"Target{own}Identifier") or call.parameters[f"{own}Identifier"])
