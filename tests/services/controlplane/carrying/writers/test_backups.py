"""Backups on demand in the sandbox's AWS: one each, whatever is lost, and followed to their end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.aws.session import AwsSession
from services.controlplane.carrying.writers.backups import newest_on_demand
from services.controlplane.carrying.writers.base import Poll, StaysError
from services.wire.orders import AwsCall
from tests.services.controlplane.carrying.writers.losing import (
    DEDICATED,
    KEY,
    PUBLIC,
    call,
    client_of,
    lose_and_find,
    lost,
    working,
    writer_of,
)
from tests.support.sandbox import RunningSandbox, wait_for

DATABASE = f"arn:aws:rds:eu-central-1:{PUBLIC}:db:wonka-desk-db"
BUCKET = "arn:aws:s3:::cyberdyne-meet-media"
TAGS = [{"Key": "tenure:order", "Value": KEY[:32]}]
SNAPSHOT = call(
    "rds",
    "CreateDBSnapshot",
    DBInstanceIdentifier="wonka-desk-db",
    DBSnapshotIdentifier="tenure-wonka-desk-db-0123456789ab",
    Tags=TAGS,
)
CLUSTER_SNAPSHOT = call(
    "rds",
    "CreateDBClusterSnapshot",
    DEDICATED,
    "eu-west-2",
    DBClusterIdentifier="spacely-voice-core",
    DBClusterSnapshotIdentifier="tenure-spacely-voice-core-0123456789ab",
    Tags=TAGS,
)
JOB = call(
    "backup",
    "StartBackupJob",
    BackupVaultName="suite-daily",
    ResourceArn=DATABASE,
    IamRoleArn=f"arn:aws:iam::{PUBLIC}:role/service-role/AWSBackupDefaultServiceRole",
    Lifecycle={"DeleteAfterDays": 35},
)


@pytest.fixture
def session(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsSession]:
    with working(faulty, monkeypatch) as session:
        yield session


@pytest.mark.parametrize(("of", "noun"), [(SNAPSHOT, "DBSnapshot"), (CLUSTER_SNAPSHOT, "DBClusterSnapshot")])
def test_a_snapshot_is_made_once(session: AwsSession, of: AwsCall, noun: str) -> None:
    """Its answer lost, sent again: one of that name, manual, tagged, available. Nobody undoes it."""
    rds, writer = client_of(session, of), writer_of(of)
    listing = {"DBSnapshot": rds.describe_db_snapshots, "DBClusterSnapshot": rds.describe_db_cluster_snapshots}[noun]
    name = of.parameters[f"{noun}Identifier"]
    assert writer.poll(rds, of, {}) is Poll.FAILED

    def found() -> list[dict[str, Any]]:
        return [it for it in listing(SnapshotType="manual")[f"{noun}s"] if it[f"{noun}Identifier"] == name]

    made = lose_and_find(session, of, lambda: len(found()))
    (snapshot,) = found()
    assert made[f"{noun}Arn"] == snapshot[f"{noun}Arn"]
    assert snapshot["TagList"] == TAGS
    assert writer.poll(rds, of, made) is Poll.DONE
    with pytest.raises(StaysError):
        writer.undo(rds, of, KEY, made)
    assert len(found()) == 1
    getattr(rds, "delete_db_snapshot" if noun == "DBSnapshot" else "delete_db_cluster_snapshot")(
        **{f"{noun}Identifier": name}
    )


def test_a_job_is_started_once_and_followed(session: AwsSession) -> None:
    """The token is the job: its answer lost, sent again, there is one; it runs, and ends with a recovery point."""
    backup, writer = client_of(session, JOB), writer_of(JOB)

    def jobs() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = backup.list_backup_jobs(ByResourceArn=DATABASE)["BackupJobs"]
        return [it for it in found if "CreatedBy" not in it]

    key = f"{KEY}9"  # the sandbox is shared: another test's token is another job
    before = len(jobs())
    with lost(backup, JOB):
        writer.do(backup, JOB, key)
    result = writer.do(backup, JOB, key)
    assert len(jobs()) == before + 1
    assert writer.do(backup, JOB, f"{key}0")["BackupJobId"] != result["BackupJobId"]
    assert wait_for(lambda: writer.poll(backup, JOB, result) is not Poll.RUNNING)
    assert writer.poll(backup, JOB, result) is Poll.DONE
    job = backup.describe_backup_job(BackupJobId=result["BackupJobId"])
    points = backup.list_recovery_points_by_resource(ResourceArn=DATABASE)["RecoveryPoints"]
    assert job["RecoveryPointArn"] in {point["RecoveryPointArn"] for point in points}


def on_demand(session: AwsSession) -> list[dict[str, Any]]:
    """The jobs of the database that no plan made, oldest first."""
    found = client_of(session, JOB).list_backup_jobs(ByResourceArn=DATABASE)["BackupJobs"]
    return sorted((it for it in found if "CreatedBy" not in it), key=lambda it: it["CreationDate"])


def after_all(session: AwsSession, resource: str = DATABASE, **members: Any) -> AwsCall:
    """The call as it is planned now: it knows when the newest job on demand was created."""
    newest = newest_on_demand(client_of(session, JOB).list_backup_jobs(ByResourceArn=resource)["BackupJobs"])
    before = {"newest": None if newest is None else newest.isoformat()}
    return JOB.model_copy(
        update={"parameters": {**JOB.parameters, **members, "ResourceArn": resource, "before": before}}
    )


def test_a_job_whose_answer_is_lost_is_looked_up(session: AwsSession) -> None:
    """Also where AWS has forgotten the token: it is one job, whether it runs or has ended, and no older one."""
    of = after_all(session)
    backup, writer = client_of(session, of), writer_of(of)
    assert writer.find(backup, of, KEY) is None
    before = len(on_demand(session))
    with lost(backup, of):
        writer.do(backup, of, f"{KEY}-a")
    found = writer.find(backup, of, f"{KEY}-b") or writer.do(backup, of, f"{KEY}-b")
    assert len(on_demand(session)) == before + 1
    assert found["BackupJobId"] == on_demand(session)[-1]["BackupJobId"]
    assert wait_for(lambda: writer.poll(backup, of, found) is Poll.DONE)
    again = writer.find(backup, of, f"{KEY}-c")
    assert again is not None
    assert again["BackupJobId"] == found["BackupJobId"]
    assert writer.find(backup, after_all(session), KEY) is None


@pytest.mark.parametrize(
    "change",
    [
        {"Lifecycle": {"DeleteAfterDays": 7}},
        {"BackupVaultName": "suite-copies"},
        {"IamRoleArn": f"arn:aws:iam::{PUBLIC}:role/backups"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_job_that_was_asked_otherwise_is_another(session: AwsSession, change: dict[str, Any]) -> None:
    """Of another vault, role or lifecycle, though it is as new."""
    of = after_all(session)
    backup, writer = client_of(session, of), writer_of(of)
    other = of.model_copy(update={"parameters": {**of.parameters, **change}})
    writer.do(backup, other, f"{KEY}-{next(iter(change))}")
    assert writer.find(backup, of, KEY) is None
    assert writer.find(backup, other, KEY) is not None


def test_a_point_that_tells_its_tags_is_asked(session: AwsSession) -> None:
    """Of a bucket's, AWS Backup's own: the job of another order is not taken for this one's."""
    mine, theirs = ({"RecoveryPointTags": {"tenure:order": key}} for key in (KEY[:32], "f" * 32))
    of = after_all(session, BUCKET, **mine)
    other = of.model_copy(update={"parameters": {**of.parameters, **theirs}})
    backup, writer = client_of(session, of), writer_of(of)
    made = writer.do(backup, other, f"{KEY}-theirs")
    assert wait_for(lambda: writer.poll(backup, of, made) is Poll.DONE)
    assert writer.find(backup, of, KEY) is None
    own = writer.do(backup, of, f"{KEY}-mine")
    assert wait_for(lambda: writer.poll(backup, of, own) is Poll.DONE)
    found = writer.find(backup, of, KEY)
    assert found is not None
    assert found["BackupJobId"] == own["BackupJobId"]


def test_a_job_runs_until_the_clock_has_gone_on(session: AwsSession, faulty: RunningSandbox) -> None:
    """While the sandbox's clock stands, the job is under way."""
    backup, writer = client_of(session, JOB), writer_of(JOB)
    faulty.stand(faulty.now())
    result = writer.do(backup, JOB, f"{KEY}1")
    assert writer.poll(backup, JOB, result) is Poll.RUNNING


@pytest.mark.parametrize(
    ("member", "value"), [("BackupVaultName", "no-vault"), ("ResourceArn", f"{DATABASE}-not-there")]
)
def test_what_is_not_there_is_not_backed_up(session: AwsSession, member: str, value: str) -> None:
    """AWS's own refusal goes through."""
    of = JOB.model_copy(update={"parameters": {**JOB.parameters, member: value}})
    with pytest.raises(ClientError) as refused:
        writer_of(of).do(client_of(session, of), of, f"{KEY}-x")
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
