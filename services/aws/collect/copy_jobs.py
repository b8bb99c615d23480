"""Copy jobs of the last 30 days: what a copied recovery point was copied from (AWS Backup API reference, ListCopyJobs).

They are listed where the copied point lies, not where the copy does.
"""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, instant, need, text
from services.aws.facts_backup import BackupJob, JobKind


def read(record: Record, _: Place) -> BackupJob:
    return BackupJob(
        id=need(record, "CopyJobId"),
        kind=JobKind.COPY,
        resource=need(record, "ResourceArn"),
        state=text(record, "State") or "unknown",
        message=text(record, "StatusMessage"),
        created_at=instant(record, "CreationDate"),
        completed_at=instant(record, "CompletionDate"),
        recovery_point=text(record, "DestinationRecoveryPointArn"),
        source_point=text(record, "SourceRecoveryPointArn"),
        target=text(record, "DestinationBackupVaultArn"),
    )


COPY_JOBS = Listing("backup", "ListCopyJobs", "list_copy_jobs", "CopyJobs", read, "backup:ListCopyJobs")
