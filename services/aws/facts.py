"""What AWS says of databases and their backups, as the collectors read it: facts, judged by nobody here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

Tags: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DatabaseInstance:
    """An RDS instance (``DescribeDBInstances``), one of a cluster's included."""

    arn: str
    identifier: str
    resource_id: str
    """``DbiResourceId``: what stays when the identifier is used again."""
    account: str
    region: str
    engine: str
    status: str
    created_at: datetime | None
    latest_restorable_time: datetime | None
    backup_retention_days: int
    """0: automated backups are off."""
    multi_az: bool
    zone: str | None
    standby_zone: str | None
    cluster: str | None
    """The cluster's identifier; such an instance is no store of its own."""
    tags: Tags
    maintenance_window: str | None = None
    """``PreferredMaintenanceWindow``, each week, in UTC: ``sun:05:00-sun:05:30``."""


@dataclass(frozen=True, slots=True)
class DatabaseCluster:
    """An RDS or Aurora cluster (``DescribeDBClusters``)."""

    arn: str
    identifier: str
    resource_id: str
    account: str
    region: str
    engine: str
    status: str
    created_at: datetime | None
    latest_restorable_time: datetime | None
    backup_retention_days: int
    multi_az: bool
    members: tuple[str, ...]
    tags: Tags
    writer: str | None = None
    """The member that takes writes."""
    maintenance_window: str | None = None
    """As an instance's."""


@dataclass(frozen=True, slots=True)
class DatabaseSnapshot:
    """A snapshot of an instance (``DescribeDBSnapshots``) or of a cluster (``DescribeDBClusterSnapshots``)."""

    arn: str
    identifier: str
    account: str
    region: str
    of_cluster: bool
    source_identifier: str
    """The instance's or cluster's identifier."""
    source_resource_id: str | None
    snapshot_type: str
    """``automated``, ``manual``, ``shared``, ``public``, ``awsbackup``."""
    status: str
    created_at: datetime | None
    """When this copy was made: says nothing of the data's age."""
    original_created_at: datetime | None
    """When the data was as it is; survives copying. Cluster snapshots have none."""
    copied_from: str | None
    """The ARN of the snapshot that this is a copy of."""
    tags: Tags


@dataclass(frozen=True, slots=True)
class AutomatedBackup:
    """Continuous backups of an instance or a cluster (``DescribeDB[Cluster|Instance]AutomatedBackups``)."""

    arn: str
    account: str
    region: str
    of_cluster: bool
    source_arn: str
    source_resource_id: str
    status: str
    """``active``, ``retained`` (its source is gone), ``creating``."""
    earliest_at: datetime | None
    latest_at: datetime | None
    """The end of ``RestoreWindow``."""


@dataclass(frozen=True, slots=True)
class ResourceTags:
    """What the tagging API knows of a resource (``GetResources``); attributes, never proves absence."""

    arn: str
    account: str
    region: str
    tags: Tags
