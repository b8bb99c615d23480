"""Records of AWS Backup and of SSM as boto3 gives them, and the facts that are to be read from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.aws.collect.backup_jobs import BACKUP_JOBS
from services.aws.collect.backup_plans import BACKUP_PLANS
from services.aws.collect.base import Listing
from services.aws.collect.copy_jobs import COPY_JOBS
from services.aws.collect.maintenance_windows import MAINTENANCE_WINDOWS
from services.aws.collect.protected_resources import PROTECTED_RESOURCES
from services.aws.collect.restore_jobs import RESTORE_JOBS
from services.aws.facts_backup import BackupJob, BackupPlan, JobKind, ProtectedResource, RestoreJob
from services.aws.facts_maintenance import MaintenanceWindow
from tests.services.aws.collect.records_rds import HERE, NOON, NOON_UTC

BACKUP: list[Listing[Any]] = [
    BACKUP_JOBS,
    COPY_JOBS,
    RESTORE_JOBS,
    BACKUP_PLANS,
    PROTECTED_RESOURCES,
    MAINTENANCE_WINDOWS,
]

FULL: dict[str, dict[str, Any]] = {
    "ListBackupJobs": {
        "BackupJobId": "job-1",
        "ResourceArn": "arn:i",
        "State": "FAILED",
        "StatusMessage": "no space",
        "CreationDate": NOON,
        "CompletionDate": NOON,
        "RecoveryPointArn": "arn:p",
    },
    "ListCopyJobs": {
        "CopyJobId": "copy-1",
        "ResourceArn": "arn:i",
        "State": "COMPLETED",
        "StatusMessage": "done",
        "CreationDate": NOON,
        "CompletionDate": NOON,
        "DestinationRecoveryPointArn": "arn:copy",
        "SourceRecoveryPointArn": "arn:p",
        "DestinationBackupVaultArn": "arn:v",
    },
    "ListRestoreJobs": {
        "RestoreJobId": "restore-1",
        "SourceResourceArn": "arn:i",
        "RecoveryPointArn": "arn:p",
        "Status": "COMPLETED",
        "StatusMessage": "done",
        "ValidationStatus": "SUCCESSFUL",
        "CreationDate": NOON,
        "CompletionDate": NOON,
    },
    "ListBackupPlans": {
        "BackupPlanId": "plan-1",
        "BackupPlanArn": "arn:plan",
        "BackupPlanName": "daily",
        "LastExecutionDate": NOON,
    },
    "ListProtectedResources": {"ResourceArn": "arn:i", "LastBackupTime": NOON, "LastRecoveryPointArn": "arn:p"},
    "DescribeMaintenanceWindows": {
        "WindowId": "mw-1",
        "Name": "tenure-slot-1",
        "Description": "minor version",
        "Enabled": True,
        "Schedule": "at(2026-11-23T13:00:00)",
        "ScheduleTimezone": "Europe/Rome",
        "Duration": 3,
        "Cutoff": 1,
        "NextExecutionTime": "2026-11-23T13:00+01:00",
        "EndDate": "2026-11-23T12:00:00Z",
    },
}

WANTED: dict[str, object] = {
    "ListBackupJobs": BackupJob(
        id="job-1",
        kind=JobKind.BACKUP,
        resource="arn:i",
        state="FAILED",
        message="no space",
        created_at=NOON_UTC,
        completed_at=NOON_UTC,
        recovery_point="arn:p",
    ),
    "ListCopyJobs": BackupJob(
        id="copy-1",
        kind=JobKind.COPY,
        resource="arn:i",
        state="COMPLETED",
        message="done",
        created_at=NOON_UTC,
        completed_at=NOON_UTC,
        recovery_point="arn:copy",
        source_point="arn:p",
        target="arn:v",
    ),
    "ListRestoreJobs": RestoreJob(
        id="restore-1",
        resource="arn:i",
        recovery_point="arn:p",
        status="COMPLETED",
        message="done",
        validation="SUCCESSFUL",
        created_at=NOON_UTC,
        completed_at=NOON_UTC,
    ),
    "ListBackupPlans": BackupPlan(id="plan-1", arn="arn:plan", name="daily", last_run_at=NOON_UTC),
    "ListProtectedResources": ProtectedResource("arn:i", NOON_UTC, "arn:p"),
    "DescribeMaintenanceWindows": MaintenanceWindow(
        id="mw-1",
        name="tenure-slot-1",
        account=HERE.account,
        region=HERE.region,
        description="minor version",
        enabled=True,
        schedule="at(2026-11-23T13:00:00)",
        zone="Europe/Rome",
        duration=timedelta(hours=3),
        cutoff=timedelta(hours=1),
        next_at=NOON_UTC,
        ends_on=NOON_UTC,
    ),
}

NEEDED: dict[str, set[str]] = {
    "ListBackupJobs": {"BackupJobId", "ResourceArn"},
    "ListCopyJobs": {"CopyJobId", "ResourceArn"},
    "ListRestoreJobs": {"RestoreJobId", "CreationDate"},
    "ListBackupPlans": {"BackupPlanId", "BackupPlanArn"},
    "ListProtectedResources": {"ResourceArn"},
    "DescribeMaintenanceWindows": {"WindowId", "Name"},
}
