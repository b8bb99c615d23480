"""Backup plans that are not deleted (AWS Backup API reference, ListBackupPlans)."""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, instant, need, text
from services.aws.facts_backup import BackupPlan


def read(record: Record, _: Place) -> BackupPlan:
    return BackupPlan(
        id=need(record, "BackupPlanId"),
        arn=need(record, "BackupPlanArn"),
        name=text(record, "BackupPlanName") or "",
        last_run_at=instant(record, "LastExecutionDate"),
    )


BACKUP_PLANS = Listing(
    "backup", "ListBackupPlans", "list_backup_plans", "BackupPlansList", read, "backup:ListBackupPlans"
)
