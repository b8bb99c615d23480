"""What AWS Backup says of its vaults, recovery points and jobs, as the collectors read it: facts, judged by nobody
here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class BackupVault:
    """A vault (``ListBackupVaults``)."""

    arn: str
    name: str
    account: str
    region: str
    locked: bool
    """Whether it has a vault lock."""
    lock_date: datetime | None
    """When the lock becomes immutable (compliance mode); ``None``: it can be taken off (governance mode)."""
    min_retention_days: int | None
    max_retention_days: int | None


@dataclass(frozen=True, slots=True)
class RecoveryPoint:
    """A recovery point in a vault (``ListRecoveryPointsByBackupVault``); its resource may lie elsewhere."""

    arn: str
    vault: BackupVault
    resource: str
    """``ResourceArn``: what it was taken of, whatever account and region it now lies in."""
    resource_type: str
    status: str
    """``COMPLETED``, ``AVAILABLE``, ``PARTIAL``, ``EXPIRED``, …"""
    status_message: str | None
    created_at: datetime | None
    """When this point was made: of a copy, when it was copied."""
    initiated_at: datetime | None
    copied_from: str | None
    """ARN of the vault that it was copied from."""
    plan: str | None
    """The id of the backup plan that made it."""
    keeps_days: int | None
    """Its lifecycle's ``DeleteAfterDays``: how far a continuous point reaches back."""

    @property
    def continuous(self) -> bool:
        """Whether it is one that moves with its resource: AWS Backup says so in the ARN alone."""
        return ":recovery-point:continuous:" in self.arn

    @property
    def account(self) -> str:
        return self.vault.account

    @property
    def region(self) -> str:
        return self.vault.region


class JobKind(StrEnum):
    BACKUP = "backup job"
    COPY = "copy job"


@dataclass(frozen=True, slots=True)
class BackupJob:
    """A backup job (``ListBackupJobs``) or a copy job (``ListCopyJobs``); both lists reach back 30 days."""

    id: str
    kind: JobKind
    resource: str
    state: str
    message: str | None
    created_at: datetime | None
    completed_at: datetime | None
    recovery_point: str | None
    """What it made."""
    source_point: str | None = None
    """What a copy job copied."""
    target: str | None = None
    """The vault that a copy job copies to."""


@dataclass(frozen=True, slots=True)
class RestoreJob:
    """A restore job (``ListRestoreJobs``)."""

    id: str
    resource: str | None
    """The resource that was backed up; older jobs tell the recovery point alone."""
    recovery_point: str | None
    status: str
    """``PENDING``, ``RUNNING``, ``COMPLETED``, ``ABORTED``, ``FAILED``."""
    message: str | None
    validation: str | None
    """Of a restore test: ``SUCCESSFUL``, ``FAILED``, ``TIMED_OUT``, ``VALIDATING``."""
    created_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """A backup plan (``ListBackupPlans``), not deleted."""

    id: str
    arn: str
    name: str
    last_run_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProtectedResource:
    """When AWS Backup last backed a resource up (``ListProtectedResources``)."""

    arn: str
    last_backup_at: datetime | None
    last_point: str | None


@dataclass(frozen=True, slots=True)
class BackupLegalHold:
    """A legal hold of AWS Backup (``ListLegalHolds``, ``GetLegalHold``): what it covers cannot be deleted."""

    id: str
    arn: str
    title: str
    description: str
    status: str
    """``CREATING``, ``ACTIVE``, ``CANCELING``, ``CANCELED``."""
    created_at: datetime | None
    cancelled_at: datetime | None
    retained_until: datetime | None
    """Until when its record is kept, not what it holds."""
    vaults: tuple[str, ...]
    """Names of the vaults it covers; none with no resources: all points of the dates."""
    resources: tuple[str, ...]
    """ARNs of the resources whose points it covers."""
    from_at: datetime | None
    to_at: datetime | None
    account: str
    region: str

    @property
    def stands(self) -> bool:
        """Whether it holds: until its cancelling is done."""
        return self.status != "CANCELED"


CONTINUOUS_REACH = timedelta(days=35)
"""AWS Backup's point-in-time recovery reaches back so far at most (Developer Guide, "Continuous backups")."""
