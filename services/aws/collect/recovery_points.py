"""Recovery points of AWS Backup, vault by vault.

Source: AWS Backup API reference, ListBackupVaults and ListRecoveryPointsByBackupVault. Points are read of the place's
own vaults; what they were taken of may lie in another account or region.
"""

from __future__ import annotations

from functools import partial

from services.aws.collect.base import Asking, Chain, Place, Record, instant, need, read_all, text, whole
from services.aws.facts_backup import BackupVault, RecoveryPoint


def read_vault(record: Record, place: Place) -> BackupVault:
    return BackupVault(
        arn=need(record, "BackupVaultArn"),
        name=need(record, "BackupVaultName"),
        account=place.account,
        region=place.region,
        locked=bool(record.get("Locked")),
        lock_date=instant(record, "LockDate"),
        min_retention_days=whole(record, "MinRetentionDays"),
        max_retention_days=whole(record, "MaxRetentionDays"),
    )


def read_point(record: Record, vault: BackupVault) -> RecoveryPoint:
    own = text(record, "BackupVaultArn") or vault.arn
    source = text(record, "SourceBackupVaultArn")
    return RecoveryPoint(
        arn=need(record, "RecoveryPointArn"),
        vault=vault,
        resource=need(record, "ResourceArn"),
        resource_type=text(record, "ResourceType") or "unknown",
        status=text(record, "Status") or "unknown",
        status_message=text(record, "StatusMessage"),
        created_at=instant(record, "CreationDate"),
        initiated_at=instant(record, "InitiationDate"),
        copied_from=source if source != own else None,
        plan=text(record.get("CreatedBy") or {}, "BackupPlanId"),
        keeps_days=whole(record.get("Lifecycle") or {}, "DeleteAfterDays"),
    )


def _of(vault: BackupVault, record: Record, _: Place) -> RecoveryPoint:
    return read_point(record, vault)


def ask(asking: Asking) -> tuple[RecoveryPoint, ...]:
    vaults = read_all(asking.list("list_backup_vaults", "BackupVaultList"), read_vault, asking.place, "BackupVaultList")
    found: list[RecoveryPoint] = []
    for vault in vaults:
        records = asking.list("list_recovery_points_by_backup_vault", "RecoveryPoints", BackupVaultName=vault.name)
        found += read_all(records, partial(_of, vault), asking.place, "RecoveryPoints")
    return tuple(found)


RECOVERY_POINTS = Chain(
    "backup",
    "ListRecoveryPointsByBackupVault",
    ask,
    ("backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault"),
)
