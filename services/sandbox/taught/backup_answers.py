"""What AWS Backup says of each thing, in the members of its API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from services.sandbox.planned.backup import BackupJob, CopyJob, LegalHold, Plan, RecoveryPoint, RestoreJob, Vault

Answer: TypeAlias = dict[str, Any]


def _role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/service-role/AWSBackupDefaultServiceRole"


def _vault_arn(account: str, region: str, name: str) -> str:
    return f"arn:aws:backup:{region}:{account}:backup-vault:{name}"


def _key(account: str, region: str) -> str:
    return f"arn:aws:kms:{region}:{account}:alias/aws/backup"


def _said(answer: Mapping[str, Any]) -> Answer:
    """Without the members that have nothing to say: AWS leaves them out."""
    return {name: value for name, value in answer.items() if value is not None}


def vault(moto: Any, planted: Vault | None, points: Iterable[RecoveryPoint]) -> Answer:
    """A vault of moto's, dated by what was planted."""
    lock = planted.lock_date if planted else moto.lock_date
    account, region = moto.backup_vault_arn.split(":")[4], moto.backup_vault_arn.split(":")[3]
    return _said(
        {
            "BackupVaultName": moto.backup_vault_name,
            "BackupVaultArn": moto.backup_vault_arn,
            "VaultType": "BACKUP_VAULT",
            "VaultState": "AVAILABLE",
            "CreationDate": planted.created_at if planted else moto.creation_date,
            "EncryptionKeyArn": moto.encryption_key_arn or _key(account, region),
            "NumberOfRecoveryPoints": sum(one.vault == moto.backup_vault_name for one in points),
            "Locked": moto.locked,
            "MinRetentionDays": moto.min_retention_days,
            "MaxRetentionDays": moto.max_retention_days,
            "LockDate": lock,
        }
    )


def point(one: RecoveryPoint) -> Answer:
    ends = one.created_at + timedelta(days=one.retention_days) if one.retention_days else None
    creator = None
    if one.plan:
        creator = {
            "BackupPlanId": one.plan,
            "BackupPlanArn": f"arn:aws:backup:{one.region}:{one.account}:backup-plan:{one.plan}",
        }
    return _said(
        {
            "RecoveryPointArn": one.arn,
            "BackupVaultName": one.vault,
            "BackupVaultArn": _vault_arn(one.account, one.region, one.vault),
            "SourceBackupVaultArn": one.source_vault,
            "ResourceArn": one.resource,
            "ResourceType": one.resource_type,
            "ResourceName": one.resource.rpartition(":")[2],
            "CreatedBy": creator,
            "IamRoleArn": _role(one.account),
            "Status": one.status,
            "StatusMessage": one.status_message,
            "CreationDate": one.created_at,
            "InitiationDate": one.created_at,
            "CompletionDate": one.completed_at,
            "BackupSizeInBytes": one.size_bytes,
            "CalculatedLifecycle": {"DeleteAt": ends} if ends and not one.continuous else None,
            "Lifecycle": {"DeleteAfterDays": one.retention_days} if one.retention_days else None,
            "EncryptionKeyArn": _key(one.account, one.region),
            "IsEncrypted": True,
            "IsParent": False,
            "VaultType": "BACKUP_VAULT",
        }
    )


def point_of_resource(one: RecoveryPoint) -> Answer:
    return _said(
        {
            "RecoveryPointArn": one.arn,
            "CreationDate": one.created_at,
            "Status": one.status,
            "StatusMessage": one.status_message,
            "EncryptionKeyArn": _key(one.account, one.region),
            "BackupSizeBytes": one.size_bytes,
            "BackupVaultName": one.vault,
            "IsParent": False,
            "ResourceName": one.resource.rpartition(":")[2],
            "VaultType": "BACKUP_VAULT",
        }
    )


def held_point(one: RecoveryPoint) -> Answer:
    return {
        "RecoveryPointArn": one.arn,
        "ResourceArn": one.resource,
        "ResourceType": one.resource_type,
        "BackupVaultName": one.vault,
    }


def protected(points: Iterable[RecoveryPoint], now: datetime) -> list[Answer]:
    """Every resource with a usable recovery point, and when it was last backed up: continuous ones just now."""
    newest: dict[str, tuple[datetime, RecoveryPoint]] = {}
    for one in points:
        if one.status not in ("COMPLETED", "AVAILABLE") or one.source_vault:
            continue
        at = one.continuous.read(now) if one.continuous else one.created_at
        if one.resource not in newest or at > newest[one.resource][0]:
            newest[one.resource] = (at, one)
    return [
        {
            "ResourceArn": resource,
            "ResourceType": one.resource_type,
            "LastBackupTime": at,
            "ResourceName": resource.rpartition(":")[2],
            "LastBackupVaultArn": _vault_arn(one.account, one.region, one.vault),
            "LastRecoveryPointArn": one.arn,
        }
        for resource, (at, one) in newest.items()
    ]


def backup_job(job: BackupJob) -> Answer:
    done = {"COMPLETED": "100.0", "RUNNING": "40.0"}.get(job.state, "0.0")
    creator = None
    if job.plan:
        creator = {
            "BackupPlanId": job.plan,
            "BackupPlanArn": f"arn:aws:backup:{job.region}:{job.account}:backup-plan:{job.plan}",
        }
    return _said(
        {
            "AccountId": job.account,
            "BackupJobId": job.id,
            "BackupVaultName": job.vault,
            "BackupVaultArn": _vault_arn(job.account, job.region, job.vault),
            "RecoveryPointArn": job.recovery_point,
            "ResourceArn": job.resource,
            "ResourceType": job.resource_type,
            "ResourceName": job.resource.rpartition(":")[2],
            "CreatedBy": creator,
            "CreationDate": job.created_at,
            "InitiationDate": job.created_at,
            "CompletionDate": job.completed_at,
            "StartBy": job.created_at + timedelta(hours=1),
            "State": job.state,
            "StatusMessage": job.status_message,
            "MessageCategory": "Success" if job.state == "COMPLETED" else None,
            "PercentDone": done,
            "BackupSizeInBytes": job.size_bytes,
            "IamRoleArn": job.role or _role(job.account),
            "RecoveryPointLifecycle": {"DeleteAfterDays": job.days} if job.days else None,
            "IsParent": False,
        }
    )


def restore_job(job: RestoreJob) -> Answer:
    done = {"COMPLETED": "100.00%", "RUNNING": "40.00%"}.get(job.status, "0.00%")
    return _said(
        {
            "AccountId": job.account,
            "RestoreJobId": job.id,
            "RecoveryPointArn": job.recovery_point,
            "RecoveryPointCreationDate": job.recovery_point_created_at,
            "SourceResourceArn": job.resource,
            "BackupVaultArn": _vault_arn(job.account, job.region, job.vault),
            "CreationDate": job.created_at,
            "CompletionDate": job.completed_at,
            "Status": job.status,
            "StatusMessage": job.status_message,
            "PercentDone": done,
            "BackupSizeInBytes": job.size_bytes,
            "IamRoleArn": _role(job.account),
            "CreatedResourceArn": job.created_resource,
            "ResourceType": job.resource_type,
            "IsParent": False,
        }
    )


def copy_job(job: CopyJob) -> Answer:
    return _said(
        {
            "AccountId": job.account,
            "CopyJobId": job.id,
            "SourceBackupVaultArn": job.source_vault,
            "SourceRecoveryPointArn": job.source_point,
            "DestinationBackupVaultArn": job.destination_vault,
            "DestinationRecoveryPointArn": job.destination_point,
            "ResourceArn": job.resource,
            "ResourceType": job.resource_type,
            "ResourceName": job.resource.rpartition(":")[2],
            "CreationDate": job.created_at,
            "CompletionDate": job.completed_at,
            "State": job.state,
            "StatusMessage": job.status_message,
            "BackupSizeInBytes": job.size_bytes,
            "IamRoleArn": _role(job.account),
            "IsParent": False,
        }
    )


def plan(one: Plan) -> Answer:
    return {
        "BackupPlanId": one.id,
        "BackupPlanArn": one.arn,
        "BackupPlanName": one.name,
        "CreationDate": one.created_at,
        "VersionId": one.id.replace("-", ""),
    }


def whole_plan(one: Plan) -> Answer:
    rule = {
        "RuleName": one.name,
        "RuleId": one.id,
        "TargetBackupVaultName": one.vault,
        "ScheduleExpression": one.schedule,
        "ScheduleExpressionTimezone": "Etc/UTC",
        "StartWindowMinutes": 60,
        "CompletionWindowMinutes": 360,
        "Lifecycle": {"DeleteAfterDays": one.retention_days},
        "EnableContinuousBackup": one.continuous,
    }
    answer = plan(one)
    name = answer.pop("BackupPlanName")
    return {**answer, "BackupPlan": {"BackupPlanName": name, "Rules": [rule]}}


def moto_plan(one: Any) -> Answer:
    """A plan that somebody made through the API; moto dates in seconds."""
    answer = dict(one.to_list_dict())
    answer["CreationDate"] = datetime.fromtimestamp(answer["CreationDate"], UTC)
    return answer


def selection(one: Plan) -> Answer:
    return {
        "SelectionId": one.id,
        "SelectionName": f"{one.name}-selection",
        "BackupPlanId": one.id,
        "CreationDate": one.created_at,
        "IamRoleArn": _role(one.account),
    }


def selection_document(one: Plan) -> Answer:
    chosen: Answer = {"SelectionName": f"{one.name}-selection", "IamRoleArn": _role(one.account)}
    if one.tag:
        key, value = one.tag
        chosen["ListOfTags"] = [{"ConditionType": "STRINGEQUALS", "ConditionKey": key, "ConditionValue": value}]
    else:
        chosen["Resources"] = ["*"]
    return {"SelectionId": one.id, "BackupPlanId": one.id, "CreationDate": one.created_at, "BackupSelection": chosen}


def legal_hold(hold: LegalHold) -> Answer:
    return _said(
        {
            "Title": hold.title,
            "Status": "CANCELED" if hold.cancelled_at else "ACTIVE",
            "Description": hold.description,
            "LegalHoldId": hold.id,
            "LegalHoldArn": hold.arn,
            "CreationDate": hold.created_at,
            "CancellationDate": hold.cancelled_at,
        }
    )
