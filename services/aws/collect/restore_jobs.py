"""Restore jobs, those of restore testing included (AWS Backup API reference, ListRestoreJobs)."""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, instant, need, needed_instant, text
from services.aws.facts_backup import RestoreJob


def read(record: Record, _: Place) -> RestoreJob:
    return RestoreJob(
        id=need(record, "RestoreJobId"),
        resource=text(record, "SourceResourceArn"),
        recovery_point=text(record, "RecoveryPointArn"),
        status=text(record, "Status") or "unknown",
        message=text(record, "StatusMessage"),
        validation=text(record, "ValidationStatus"),
        created_at=needed_instant(record, "CreationDate"),
        completed_at=instant(record, "CompletionDate"),
    )


RESTORE_JOBS = Listing("backup", "ListRestoreJobs", "list_restore_jobs", "RestoreJobs", read, "backup:ListRestoreJobs")
