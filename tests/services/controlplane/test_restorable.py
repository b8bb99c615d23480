"""What AWS is asked before a restore test or a backup job is planned, on the sandbox: answered whole, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.aws.session import AwsSession
from services.controlplane.asking import asker
from services.controlplane.known import UnansweredError
from services.controlplane.restorable import restorable
from services.orders.restorable import Restorable
from services.orders.world import Known
from services.sandbox.backups import VAULT
from services.wire.registry import Record, TenantRecord
from tests.services.controlplane.carrying.writers.losing import DEDICATED, PUBLIC, working
from tests.services.orders.slot_worlds import known, tenant
from tests.support.sandbox import AT, RunningSandbox

HEAD = f"arn:aws:rds:eu-central-1:{PUBLIC}:db"
HEALTHY, OFF = f"{HEAD}:initrode-pbx-db", f"{HEAD}:wonka-desk-db"
CLUSTER = f"arn:aws:rds:eu-west-2:{DEDICATED}:cluster:spacely-voice-core"
BUCKET = "arn:aws:s3:::cyberdyne-meet-media"
EVERY = [HEALTHY, CLUSTER]


@pytest.fixture
def session(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsSession]:
    with working(faulty, monkeypatch) as session:
        yield session


def ask(question: str, session: AwsSession, given: Known | None = None) -> Any:
    return asker(session, threading.Event())(question, given or known([tenant()]))


def described(session: AwsSession, store: str) -> Restorable:
    return Restorable.model_validate(ask(f"restorable of {store}", session))


@pytest.mark.parametrize("store", EVERY, ids=["instance", "cluster"])
def test_a_database_with_continuous_backups(session: AwsSession, faulty: RunningSandbox, store: str) -> None:
    """How far they reach, both ends; where and as what it runs; the two nights' snapshots."""
    found = described(session, store)
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest < found.latest <= faulty.now()
    assert found.latest > faulty.now() - timedelta(minutes=10)
    assert found.instance_class.startswith("db.")
    assert found.groups == ("sg-0a1b2c3d4e5f60718",)
    assert (found.storage is None) is (store == CLUSTER)
    assert len(found.snapshots) == 2
    assert all(it.at is not None and it.at < faulty.now() for it in found.snapshots)


def test_without_automated_backups_nothing_is_within_reach(session: AwsSession) -> None:
    """Its snapshots are all that there is; this one has none of RDS's own."""
    found = described(session, OFF)
    assert (found.earliest, found.latest) == (None, None)


@pytest.mark.parametrize(
    ("store", "ages"),
    [
        ("db:initech-desk-db", {"initech-desk-db-copy": 40}),
        ("cluster:hooli-meet-db", {"hooli-meet-db-first": 40, "hooli-meet-db-copy": None}),
    ],
)
def test_a_copied_snapshot_is_as_old_as_its_data(session: AwsSession, store: str, ages: dict[str, int | None]) -> None:
    """Not as the copy, which was made two hours ago: of an instance's that is told, of a cluster's it is not."""
    found = described(session, f"arn:aws:rds:us-east-1:{PUBLIC}:{store}").snapshots
    assert {it.name: None if it.at is None else (AT - it.at).days for it in found} == ages


class Rds:
    """RDS, that tells what AWS Backup made only when it is asked for that."""

    def describe_db_instances(self, **_: str) -> dict[str, Any]:
        found = {"DBInstanceClass": "db.m7g.large", "Engine": "postgres", "BackupRetentionPeriod": 0}
        return {"DBInstances": [{**found, "AllocatedStorage": 20, "DBSubnetGroup": {"DBSubnetGroupName": "inner"}}]}

    def get_paginator(self, operation: str) -> Rds:
        self.operation = operation
        return self

    def paginate(self, SnapshotType: str = "", **_: str) -> list[dict[str, Any]]:  # noqa: N803 - as boto3 has it
        if self.operation != "describe_db_snapshots":
            return [{"DBInstanceAutomatedBackups": []}]
        at, more = datetime(2026, 11, 1, tzinfo=UTC), {"Status": "available", "SnapshotType": SnapshotType or "manual"}
        made = {"DBSnapshotIdentifier": "awsbackup:job-1", "OriginalSnapshotCreateTime": at, **more}
        own = {"DBSnapshotIdentifier": "own", "OriginalSnapshotCreateTime": at, **more}
        creating = {**own, "DBSnapshotIdentifier": "half", "Status": "creating"}
        return [{"DBSnapshots": [made] if SnapshotType == "awsbackup" else [own, creating]}]

    def client(self, *_: str) -> Any:
        return self


def test_what_aws_backup_made_is_a_snapshot_too() -> None:
    """Beside RDS's own; one that is not complete is none."""
    found = Restorable.model_validate(restorable(HEALTHY, Rds()))
    assert [it.name for it in found.snapshots] == ["own", "awsbackup:job-1"]
    assert (found.latest, found.storage, found.subnets) == (None, 20, "inner")


@pytest.mark.parametrize("store", [BUCKET, f"{HEAD}-subgrp:x", "arn:aws:dynamodb:eu-central-1:111122223333:table/x"])
def test_what_is_no_database_has_nothing_of_the_kind(session: AwsSession, store: str) -> None:
    """AWS is not even asked."""
    assert ask(f"restorable of {store}", session) is None


@pytest.mark.parametrize("question", [f"restorable of {HEALTHY}", f"restorable of {CLUSTER}", f"jobs of {HEALTHY}"])
@pytest.mark.parametrize("kind", ["denied", "down", "throttle"])
def test_no_answer_is_none(session: AwsSession, faulty: RunningSandbox, question: str, kind: str) -> None:
    """Refused, broken or throttled: it says which call of which place."""
    faulty.set_faults(f"{kind}:rds", f"{kind}:backup")
    with pytest.raises(UnansweredError, match=r"(rds|backup ListBackupJobs) of [0-9]{12} [a-z]+-[a-z]+-[0-9]"):
        ask(question, session)


def test_a_database_that_is_not_there_is_no_answer(session: AwsSession) -> None:
    """RDS knows no such name."""
    with pytest.raises(UnansweredError, match="not found"):
        ask(f"restorable of {HEAD}:no-such-db", session)


@pytest.mark.parametrize("store", [HEALTHY, BUCKET], ids=["database", "bucket"])
def test_the_newest_job_on_demand(session: AwsSession, store: str) -> None:
    """Those that a plan makes every night do not count; a bucket is looked for where its tenant is."""
    records: dict[type[Record], Any] = {TenantRecord: (tenant(region="eu-central-1", account=PUBLIC),)}
    given = Known(known([tenant()]).policy, known([tenant()]).now, records)
    backup: Any = session.client("backup", PUBLIC, "eu-central-1")
    before = ask(f"jobs of {store}", session, given)["newest"]
    role = f"arn:aws:iam::{PUBLIC}:role/service-role/AWSBackupDefaultServiceRole"
    made = backup.start_backup_job(BackupVaultName=VAULT, ResourceArn=store, IamRoleArn=role)
    newest = datetime.fromisoformat(ask(f"jobs of {store}", session, given)["newest"])
    assert newest == made["CreationDate"]
    assert newest.utcoffset() == timedelta()
    assert before is None or datetime.fromisoformat(before).astimezone(UTC) < newest
