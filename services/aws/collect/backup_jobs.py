"""Backup jobs of the last 30 days (AWS Backup API reference, ListBackupJobs)."""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, instant, need, text
from services.aws.facts_backup import BackupJob, JobKind


def read(record: Record, _: Place) -> BackupJob:
    return BackupJob(
        id=need(record, "BackupJobId"),
        kind=JobKind.BACKUP,
        resource=need(record, "ResourceArn"),
        state=text(record, "State") or "unknown",
        message=text(record, "StatusMessage"),
        created_at=instant(record, "CreationDate"),
        completed_at=instant(record, "CompletionDate"),
        recovery_point=text(record, "RecoveryPointArn"),
    )


BACKUP_JOBS = Listing("backup", "ListBackupJobs", "list_backup_jobs", "BackupJobs", read, "backup:ListBackupJobs")
