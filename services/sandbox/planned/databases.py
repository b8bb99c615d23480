"""RDS: instances, clusters, snapshots, and the maintenance that RDS has pending on them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

from services.aws.facts import Tags
from services.sandbox.clock import Restorable

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_H, BLOCK_H = 22, 8
"""The block of the night, in UTC, out of which a window is drawn."""


def weekly_window(resource_id: str) -> str:
    """The half hour a week in which RDS may work on a database: drawn once, as RDS does where nobody chooses."""
    drawn = zlib.crc32(resource_id.encode())
    starts = (drawn % 7) * 48 + FIRST_H * 2 + drawn // 7 % (BLOCK_H * 2)
    return f"{_half_hour(starts)}-{_half_hour(starts + 1)}"


def _half_hour(number: int) -> str:
    """``tue:22:30``, by its number in the week."""
    day, rest = divmod(number % (7 * 48), 48)
    return f"{DAYS[day]}:{rest // 2:02}:{rest % 2 * 30:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An RDS instance to plant."""

    account: str
    region: str
    identifier: str
    resource_id: str
    engine: str
    engine_version: str
    instance_class: str
    storage_gib: int
    created_at: datetime
    restorable: Restorable | None
    """``None``: nothing to restore to, or a member of a cluster."""
    retention_days: int = 7
    zone: str = "a"
    standby_zone: str | None = None
    """The letters of the availability zones; a standby makes it Multi-AZ."""
    cluster: str | None = None
    tags: Tags = ()
    deleted_at: datetime | None = None
    """Gone: it is not listed, its snapshots and its retained automated backups are."""

    @property
    def arn(self) -> str:
        return f"arn:aws:rds:{self.region}:{self.account}:db:{self.identifier}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster to plant, of Aurora or Multi-AZ; its members are planted as instances that name it."""

    account: str
    region: str
    identifier: str
    resource_id: str
    engine: str
    engine_version: str
    created_at: datetime
    restorable: Restorable | None
    retention_days: int = 7
    tags: Tags = ()
    instance_class: str | None = None
    """Of each member of a Multi-AZ cluster; ``None``: Aurora, whose members have classes of their own."""

    @property
    def arn(self) -> str:
        return f"arn:aws:rds:{self.region}:{self.account}:cluster:{self.identifier}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A snapshot to plant, of an instance or a cluster that is planted (or was deleted)."""

    account: str
    region: str
    identifier: str
    of_cluster: bool
    source: str
    """The identifier of the instance or cluster."""
    snapshot_type: str
    created_at: datetime
    original_created_at: datetime | None
    """Instances only."""
    copied_from: str | None = None
    """The ARN of the snapshot that this one was copied from."""
    tags: Tags = ()

    @property
    def arn(self) -> str:
        kind = "cluster-snapshot" if self.of_cluster else "snapshot"
        return f"arn:aws:rds:{self.region}:{self.account}:{kind}:{self.identifier}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Maintenance that RDS means to carry out on an instance or a cluster."""

    account: str
    region: str
    resource: str
    """The ARN."""
    action: str
    """``system-update``, ``db-upgrade``, ``os-upgrade``, ``ca-certificate-rotation``, …"""
    description: str
    auto_applied_after: datetime | None = None
    """It is carried out in the first maintenance window after this."""
    forced_at: datetime | None = None
    """It is carried out then, whatever the maintenance window."""
    opt_in: str | None = None
    """``immediate``, ``next-maintenance``, ``undo-opt-in``."""
    applied_at: datetime | None = None
    """When it will be carried out, all told."""
