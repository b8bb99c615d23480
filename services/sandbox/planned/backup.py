"""AWS Backup: vaults, plans, recovery points, jobs, legal holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.aws.facts import Tags
from services.sandbox.clock import Restorable


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """A backup vault; with ``lock_date`` its lock is in compliance mode, and final from that date."""

    account: str
    region: str
    name: str
    created_at: datetime
    locked: bool = False
    min_retention_days: int | None = None
    max_retention_days: int | None = None
    lock_date: datetime | None = None
    tags: Tags = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:backup:{self.region}:{self.account}:backup-vault:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A backup plan of one rule, and the resources that it is for."""

    account: str
    region: str
    id: str
    name: str
    vault: str
    schedule: str
    created_at: datetime
    retention_days: int
    continuous: bool = False
    tag: tuple[str, str] | None = None
    """It is for the resources that bear it."""

    @property
    def arn(self) -> str:
        return f"arn:aws:backup:{self.region}:{self.account}:backup-plan:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPoint:
    """A recovery point in a vault."""

    account: str
    region: str
    arn: str
    vault: str
    resource: str
    """The ARN of what it is a backup of, which may be gone."""
    resource_type: str
    """``RDS``, ``Aurora``, ``S3``."""
    status: str
    """``COMPLETED``, ``AVAILABLE`` (continuous), ``PARTIAL``, ``EXPIRED``, ``DELETING``, ``STOPPED``, ``CREATING``."""
    created_at: datetime
    completed_at: datetime | None
    status_message: str | None = None
    continuous: Restorable | None = None
    """Up to when a continuous point reaches; ``None`` for a snapshot."""
    plan: str | None = None
    """The id of the plan that made it."""
    retention_days: int | None = None
    size_bytes: int = 0
    source_vault: str | None = None
    """The ARN of the vault that it was copied from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupJob:
    account: str
    region: str
    id: str
    vault: str
    resource: str
    resource_type: str
    state: str
    """``COMPLETED``, ``FAILED``, ``ABORTED``, ``EXPIRED``, ``PARTIAL``, ``RUNNING``, ``CREATED``, …"""
    created_at: datetime
    completed_at: datetime | None
    status_message: str | None = None
    recovery_point: str | None = None
    """The ARN of what it made."""
    plan: str | None = None
    size_bytes: int = 0
    role: str | None = None
    """The ARN of the role that it was started with; ``None``: AWS Backup's own."""
    days: int | None = None
    """For how long what it makes is kept; ``None``: until it is deleted, or a plan says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreJob:
    account: str
    region: str
    id: str
    vault: str
    recovery_point: str
    resource: str
    """The ARN of what the recovery point is of."""
    resource_type: str
    status: str
    """``PENDING``, ``RUNNING``, ``COMPLETED``, ``ABORTED``, ``FAILED``."""
    created_at: datetime
    completed_at: datetime | None
    recovery_point_created_at: datetime
    status_message: str | None = None
    created_resource: str | None = None
    """The ARN of what came of it."""
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyJob:
    account: str
    region: str
    id: str
    source_vault: str
    """ARNs, this one and those that follow."""
    source_point: str
    destination_vault: str
    destination_point: str | None
    resource: str
    resource_type: str
    state: str
    """``CREATED``, ``RUNNING``, ``COMPLETED``, ``FAILED``, ``PARTIAL``."""
    created_at: datetime
    completed_at: datetime | None
    status_message: str | None = None
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """A legal hold of AWS Backup: what is in it cannot be deleted."""

    account: str
    region: str
    id: str
    title: str
    description: str
    created_at: datetime
    resources: tuple[str, ...]
    """ARNs of the resources whose recovery points it holds."""
    cancelled_at: datetime | None = None

    @property
    def arn(self) -> str:
        return f"arn:aws:backup:{self.region}:{self.account}:legal-hold:{self.id}"
