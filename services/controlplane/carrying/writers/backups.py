"""Backups on demand: manual snapshots of RDS, jobs of AWS Backup (RDS API reference, CreateDBSnapshot and
CreateDBClusterSnapshot; AWS Backup API reference, StartBackupJob). Each is followed until AWS says how it ended.

What was made stays: nobody deletes a backup because a later step failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from services.controlplane.carrying.writers.base import Poll, Result, Writer, kept, sent
from services.controlplane.carrying.writers.named import Named
from services.wire.orders import AwsCall


class _Snapshot(Named):
    """A manual snapshot."""

    describe: ClassVar[str]
    """The method of a client that describes it."""

    def there(self, client: Any, call: AwsCall, key: str) -> Mapping[str, Any] | None:
        del key
        return self._snapshot(client, call)

    def poll(self, client: Any, call: AwsCall, result: Mapping[str, Any]) -> Poll:
        del result
        found = self._snapshot(client, call)
        return Poll.FAILED if found is None else _SNAPSHOT_STATES.get(found["Status"], Poll.FAILED)

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
    """A job of AWS Backup.

    A job bears neither its token nor a tag. It is known by what was asked of it, and by being newer than every job on
    demand of that store that there was when it was planned: the call's ``before``. Only a recovery point that AWS
    Backup manages wholly can be asked for its tags, RDS's cannot (API reference, ListTags); where it can, they decide.
    """

    service: ClassVar[str] = "backup"
    operation: ClassVar[str] = "StartBackupJob"
    actions: ClassVar[tuple[str, ...]] = (
        "backup:DescribeBackupJob",
        "backup:ListBackupJobs",
        "backup:ListTags",
        "backup:StartBackupJob",
        "backup:TagResource",
        "iam:PassRole",
    )

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        """The oldest one, where there are several: what else was started since came after it, or is as good."""
        del key
        wanted = sent(call)
        pages = client.get_paginator("list_backup_jobs").paginate(
            ByResourceArn=wanted["ResourceArn"], ByBackupVaultName=wanted["BackupVaultName"]
        )
        jobs = [job for page in pages for job in page["BackupJobs"] if _as_asked(job, call)]
        for job in sorted(jobs, key=lambda it: (it["CreationDate"], it["BackupJobId"])):
            if _may_be(client, job, wanted):
                return kept(job, "BackupJobId", "RecoveryPointArn")
        return None

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        return kept(client.start_backup_job(**sent(call), IdempotencyToken=key), "BackupJobId", "RecoveryPointArn")

    def poll(self, client: Any, call: AwsCall, result: Mapping[str, Any]) -> Poll:
        del call
        job = client.describe_backup_job(BackupJobId=result["BackupJobId"])
        return _JOB_STATES.get(job["State"], Poll.RUNNING)


def newest_on_demand(jobs: Iterable[Mapping[str, Any]]) -> datetime | None:
    """When the newest of these jobs was created that no backup plan made; ``None``: there is none."""
    return max((job["CreationDate"] for job in jobs if not _planned(job)), default=None)


def _planned(job: Mapping[str, Any]) -> bool:
    return bool(job.get("CreatedBy", {}).get("BackupPlanId"))


def _as_asked(job: Mapping[str, Any], call: AwsCall) -> bool:
    """Whether a job is on demand, newer than what there was, and of that role and lifecycle as far as it tells."""
    before = call.parameters.get("before")
    newest = before.get("newest") if isinstance(before, dict) else None
    if _planned(job) or (newest is not None and job["CreationDate"] <= datetime.fromisoformat(str(newest))):
        return False
    wanted = sent(call)
    told = job.get("RecoveryPointLifecycle", wanted.get("Lifecycle") or {})
    days = (wanted.get("Lifecycle") or {}).get("DeleteAfterDays")
    return (job.get("IamRoleArn"), told.get("DeleteAfterDays")) == (wanted["IamRoleArn"], days)


def _may_be(client: Any, job: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether nothing speaks against it: the tags of its recovery point, where they can be read."""
    point, tags = job.get("RecoveryPointArn", ""), wanted.get("RecoveryPointTags") or {}
    if not point.startswith("arn:aws") or point.split(":")[2] != "backup":
        return True
    found = client.list_tags(ResourceArn=point)["Tags"]
    return all(found.get(name) == value for name, value in tags.items())


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
