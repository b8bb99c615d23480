"""The plans of backups on demand: the one call, and what is refused."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from services.orders.base import RefusedError
from services.orders.planning import make_plan
from services.wire.orders import AwsCall, Plan
from tests.services.orders.slot_worlds import DEDICATED, KEY, PUBLIC, asked, calls, known, tenant

DATABASE = f"arn:aws:rds:eu-central-1:{PUBLIC}:db:orders-db"
CLUSTER = f"arn:aws:rds:eu-central-1:{DEDICATED}:cluster:orders"
BUCKET = "arn:aws:s3:::orders-media"
NEWEST = "2026-09-30T08:00:00.123000+00:00"
"""When the newest backup job on demand was created."""


def store(arn: str, kind: str, account: str = PUBLIC, at: str = "2026-10-01T11:00:00Z") -> JsonValue:
    place: dict[str, JsonValue] = {"account": account, "region": "eu-central-1"}
    return {"store": arn, "kind": kind, **place, "restore_point_at": at, "verified": True}


def seen(at: str = "2026-10-01T11:00:00Z") -> dict[str, JsonValue]:
    """What AWS shows of acme."""
    return {
        "stores of acme": [
            store(DATABASE, "rds-instance", at=at),
            store(CLUSTER, "rds-cluster", DEDICATED, at),
            store(BUCKET, "s3-bucket", at=at),
        ],
        **{f"jobs of {arn}": {"newest": NEWEST} for arn in (DATABASE, CLUSTER, BUCKET)},
    }


def plan(state: str = "active", aws: dict[str, JsonValue] | None = None, /, **fields: str) -> Plan:
    given = known([tenant(state=state)], aws=seen() if aws is None else aws)
    return make_plan(given, asked("backup-start", ("acme",), **fields))


def only(made: Plan) -> AwsCall:
    (call,) = calls(made)
    (step,) = made.steps
    assert step.undo is None
    return call


@pytest.mark.parametrize(
    ("arn", "operation", "noun", "kind", "account"),
    [
        (DATABASE, "CreateDBSnapshot", "DBInstance", "DBSnapshot", PUBLIC),
        (CLUSTER, "CreateDBClusterSnapshot", "DBCluster", "DBClusterSnapshot", DEDICATED),
    ],
)
def test_a_snapshot_is_named_after_the_order(arn: str, operation: str, noun: str, kind: str, account: str) -> None:
    """Of an instance or a cluster, where AWS shows it; it bears the order's tag."""
    call = only(plan(store=arn, method="snapshot"))
    assert (call.service, call.operation, call.account, call.region) == ("rds", operation, account, "eu-central-1")
    name = arn.rpartition(":")[2]
    assert call.parameters == {
        f"{noun}Identifier": name,
        f"{kind}Identifier": f"tenure-{name}-{KEY[:12]}",
        "Tags": [{"Key": "tenure:order", "Value": KEY}],
    }


@pytest.mark.parametrize("arn", [DATABASE, CLUSTER, BUCKET])
def test_a_backup_job_goes_into_a_vault(arn: str) -> None:
    """Of any store, with AWS Backup's own role and no end where none is given."""
    call = only(plan(store=arn, method="backup", vault="daily"))
    account = DEDICATED if arn == CLUSTER else PUBLIC
    assert (call.service, call.operation, call.account, call.region) == (
        "backup",
        "StartBackupJob",
        account,
        "eu-central-1",
    )
    assert call.parameters == {
        "BackupVaultName": "daily",
        "ResourceArn": arn,
        "IamRoleArn": f"arn:aws:iam::{account}:role/service-role/AWSBackupDefaultServiceRole",
        "RecoveryPointTags": {"tenure:order": KEY},
        "before": {"newest": NEWEST},
    }


def test_a_backup_is_kept_for_some_days_by_a_role() -> None:
    """Where these are given; the plan says when it goes."""
    role = f"arn:aws:iam::{PUBLIC}:role/backups"
    made = plan(store=DATABASE, method="backup", vault="daily", keep="35", role=role)
    assert only(made).parameters["Lifecycle"] == {"DeleteAfterDays": 35}
    assert only(made).parameters["IamRoleArn"] == role
    assert made.effects == ("AWS Backup deletes it after 35 days.",)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"store": BUCKET, "method": "snapshot"}, "fields.method"),
        ({"store": f"{DATABASE}-2", "method": "snapshot"}, "fields.store"),
        ({"store": DATABASE, "method": "copy"}, "fields.method"),
        ({"store": DATABASE, "method": "snapshot", "vault": "daily"}, "fields.vault"),
        ({"store": DATABASE, "method": "snapshot", "keep": "35"}, "fields.keep"),
        ({"store": DATABASE, "method": "backup"}, "fields.vault"),
        ({"store": DATABASE, "method": "backup", "vault": "no such name"}, "fields.vault"),
        ({"store": DATABASE, "method": "backup", "vault": "daily", "keep": "0"}, "fields.keep"),
        ({"store": DATABASE, "method": "backup", "vault": "daily", "keep": "P35D"}, "fields.keep"),
        ({"store": DATABASE, "method": "backup", "vault": "daily", "role": "admin"}, "fields.role"),
    ],
)
def test_what_cannot_be_backed_up_so_is_refused_where_it_stands(fields: dict[str, str], where: str) -> None:
    """A bucket has no snapshots, a snapshot no vault, and what AWS shows as nobody's store is none."""
    with pytest.raises(RefusedError) as refused:
        plan(**fields)
    assert refused.value.where == where


@pytest.mark.parametrize("state", ["destroying", "destroyed"])
def test_no_copy_is_made_of_data_that_goes(state: str) -> None:
    """While it is destroyed, and after."""
    with pytest.raises(RefusedError, match="no new copy"):
        plan(state, store=DATABASE, method="snapshot")


def test_what_is_made_after_the_end_is_due_for_destruction() -> None:
    """Which is said."""
    assert "due for destruction" in plan("grace", store=DATABASE, method="snapshot").warnings[0]
    assert plan(store=DATABASE, method="snapshot").warnings == ()


def test_without_awss_word_nothing_is_planned() -> None:
    """Which stores there are is not guessed."""
    with pytest.raises(RefusedError, match="AWS was not asked"):
        plan("active", {}, store=DATABASE, method="snapshot")


def test_a_job_that_somebody_starts_meanwhile_is_another_plan() -> None:
    """By the newest one that there was the job is known again; what AWS does not say is not guessed."""
    fields = {"store": DATABASE, "method": "backup", "vault": "daily"}
    none: dict[str, JsonValue] = {**seen(), f"jobs of {DATABASE}": {"newest": None}}
    assert plan("active", none, **fields).digest != plan(**fields).digest
    assert only(plan("active", none, **fields)).parameters["before"] == {"newest": None}
    for silent in ({**seen(), f"jobs of {DATABASE}": None}, {"stores of acme": seen()["stores of acme"]}):
        with pytest.raises(RefusedError, match="AWS"):
            plan("active", silent, **fields)


def test_a_restore_point_that_moves_does_not_change_the_plan() -> None:
    """Nor who is backed up."""
    fields = {"store": DATABASE, "method": "snapshot"}
    assert plan(**fields).digest == plan("active", seen("2026-10-01T11:55:00Z"), **fields).digest
