"""Backups on demand: manual snapshots of RDS, jobs of AWS Backup (RDS API reference, CreateDBSnapshot and
CreateDBClusterSnapshot; AWS Backup API reference, StartBackupJob). Each is followed until AWS says how it ended.

What was made stays: nobody deletes a backup because a later step failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from services.controlplane.carrying.writers.base import Poll, Result, Writer, kept, sent
from services.wire.orders import AwsCall


class _Snapshot(Writer):
    """A manual snapshot. Its name is the order's: by it, it is found."""

    service: ClassVar[str] = "rds"
    noun: ClassVar[str]
    """As RDS calls it: its members begin with it."""
    create: ClassVar[str]
    describe: ClassVar[str]
    """Methods of a client."""

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        del key
        found = self._snapshot(client, call)
        return None if found is None else self._kept(found)

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        try:
            answer = getattr(client, self.create)(**sent(call))
        except getattr(client.exceptions, f"{self.noun}AlreadyExistsFault"):
            found = self.find(client, call, key)
            if found is None:
                raise
            return found
        return {**kept(answer), **self._kept(answer[self.noun])}

    def poll(self, client: Any, call: AwsCall, result: Mapping[str, Any]) -> Poll:
        del result
        found = self._snapshot(client, call)
        return Poll.FAILED if found is None else _SNAPSHOT_STATES.get(found["Status"], Poll.FAILED)

    def _kept(self, snapshot: Mapping[str, Any]) -> Result:
        return kept(snapshot, f"{self.noun}Identifier", f"{self.noun}Arn")

    def _snapshot(self, client: Any, call: AwsCall) -> Mapping[str, Any] | None:
        name = f"{self.noun}Identifier"
        try:
            found = getattr(client, self.describe)(**{name: call.parameters[name]})[f"{self.noun}s"]
        except getattr(client.exceptions, f"{self.noun}NotFoundFault"):
            return None
        return found[0] if found else None


class CreateSnapshot(_Snapshot):
    """Of an instance."""

    operation: ClassVar[str] = "CreateDBSnapshot"
    actions: ClassVar[tuple[str, ...]] = ("rds:AddTagsToResource", "rds:CreateDBSnapshot", "rds:DescribeDBSnapshots")
    noun: ClassVar[str] = "DBSnapshot"
    create: ClassVar[str] = "create_db_snapshot"
    describe: ClassVar[str] = "describe_db_snapshots"


class CreateClusterSnapshot(_Snapshot):
    """Of a cluster."""

    operation: ClassVar[str] = "CreateDBClusterSnapshot"
    actions: ClassVar[tuple[str, ...]] = (
        "rds:AddTagsToResource",
        "rds:CreateDBClusterSnapshot",
        "rds:DescribeDBClusterSnapshots",
    )
    noun: ClassVar[str] = "DBClusterSnapshot"
    create: ClassVar[str] = "create_db_cluster_snapshot"
    describe: ClassVar[str] = "describe_db_cluster_snapshots"


class StartBackupJob(Writer):
    """A job of AWS Backup. Nothing in a job tells whose it is: its token, sent again, answers with the same job."""

    service: ClassVar[str] = "backup"
    operation: ClassVar[str] = "StartBackupJob"
    actions: ClassVar[tuple[str, ...]] = (
        "backup:DescribeBackupJob",
        "backup:StartBackupJob",
        "backup:TagResource",
        "iam:PassRole",
    )
    tells: ClassVar[bool] = False

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        del client, call, key
        return None

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        return kept(client.start_backup_job(**sent(call), IdempotencyToken=key), "BackupJobId", "RecoveryPointArn")

    def poll(self, client: Any, call: AwsCall, result: Mapping[str, Any]) -> Poll:
        del call
        job = client.describe_backup_job(BackupJobId=result["BackupJobId"])
        return _JOB_STATES.get(job["State"], Poll.RUNNING)


_JOB_STATES: Mapping[str, Poll] = {
    "COMPLETED": Poll.DONE,
    "ABORTED": Poll.FAILED,
    "EXPIRED": Poll.FAILED,
    "FAILED": Poll.FAILED,
    "PARTIAL": Poll.FAILED,
}
"""Those in which a job ends; in any other it goes on."""


_SNAPSHOT_STATES: Mapping[str, Poll] = {
    "available": Poll.DONE,
    "creating": Poll.RUNNING,
    "pending": Poll.RUNNING,
}


WRITERS: tuple[Writer, ...] = (CreateSnapshot(), CreateClusterSnapshot(), StartBackupJob())
