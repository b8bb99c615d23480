"""Nouns of AWS for the tests of the joins, with what a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.aws.collect.base import Place
from services.aws.facts import AutomatedBackup, DatabaseCluster, DatabaseInstance, DatabaseSnapshot, Tags
from services.aws.facts_backup import (
    BackupJob,
    BackupPlan,
    BackupVault,
    JobKind,
    ProtectedResource,
    RecoveryPoint,
    RestoreJob,
)
from services.aws.facts_storage import Bucket, ReplicationRule
from services.model import Observation, Outcome, Source

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = Place("111122223333", "eu-central-1")
THERE = Place("111122223333", "eu-west-1")
OTHER = Place("444455556666", "eu-central-1")
RDS = (
    "DescribeDBInstances",
    "DescribeDBClusters",
    "DescribeDBSnapshots",
    "DescribeDBClusterSnapshots",
    "DescribeDBInstanceAutomatedBackups",
    "DescribeDBClusterAutomatedBackups",
)


OTHERS = {
    "ListRecoveryPointsByBackupVault": "backup",
    "ListBackupJobs": "backup",
    "ListCopyJobs": "backup",
    "ListRestoreJobs": "backup",
    "ListBackupPlans": "backup",
    "ListProtectedResources": "backup",
    "ListBuckets": "s3",
}
"""The other calls whose answers are joined, with their services."""
SERVICES = {"GetResources": "resourcegroupstaggingapi", "DescribeMaintenanceWindows": "ssm", **OTHERS}


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


def instance(name: str, place: Place = HERE, **members: Any) -> DatabaseInstance:
    chosen: dict[str, Any] = {
        "arn": f"arn:aws:rds:{place.region}:{place.account}:db:{name}",
        "identifier": name,
        "resource_id": f"db-{name}-{place.region}",
        "engine": "postgres",
        "status": "available",
        "created_at": ago(days=100),
        "latest_restorable_time": ago(minutes=3),
        "backup_retention_days": 7,
        "multi_az": False,
        "zone": None,
        "standby_zone": None,
        "cluster": None,
        "tags": (),
    }
    return DatabaseInstance(account=place.account, region=place.region, **(chosen | members))


def cluster(name: str, place: Place = HERE, **members: Any) -> DatabaseCluster:
    chosen: dict[str, Any] = {
        "arn": f"arn:aws:rds:{place.region}:{place.account}:cluster:{name}",
        "identifier": name,
        "resource_id": f"cluster-{name}-{place.region}",
        "engine": "aurora-postgresql",
        "status": "available",
        "created_at": ago(days=100),
        "latest_restorable_time": ago(minutes=3),
        "backup_retention_days": 7,
        "multi_az": True,
        "members": (),
        "tags": (),
    }
    return DatabaseCluster(account=place.account, region=place.region, **(chosen | members))


def snapshot(
    name: str, of: DatabaseInstance | DatabaseCluster, place: Place | None = None, **members: Any
) -> DatabaseSnapshot:
    place = place or Place(of.account, of.region)
    of_cluster = isinstance(of, DatabaseCluster)
    kind = "cluster-snapshot" if of_cluster else "snapshot"
    created_at = members.get("created_at", ago(hours=5))
    chosen: dict[str, Any] = {
        "arn": f"arn:aws:rds:{place.region}:{place.account}:{kind}:{name}",
        "identifier": name,
        "of_cluster": of_cluster,
        "source_identifier": of.identifier,
        "source_resource_id": of.resource_id,
        "snapshot_type": "manual",
        "status": "available",
        "created_at": created_at,
        "original_created_at": None if of_cluster else created_at,
        "copied_from": None,
        "tags": (),
    }
    return DatabaseSnapshot(account=place.account, region=place.region, **(chosen | members))


def backup(of: DatabaseInstance | DatabaseCluster, place: Place | None = None, **members: Any) -> AutomatedBackup:
    place = place or Place(of.account, of.region)
    chosen: dict[str, Any] = {
        "arn": f"arn:aws:rds:{place.region}:{place.account}:auto-backup:ab-{of.identifier}",
        "of_cluster": isinstance(of, DatabaseCluster),
        "source_arn": of.arn,
        "source_resource_id": of.resource_id,
        "status": "active",
        "earliest_at": ago(days=7),
        "latest_at": ago(minutes=4),
    }
    return AutomatedBackup(account=place.account, region=place.region, **(chosen | members))


def vault(name: str = "daily", place: Place = HERE) -> BackupVault:
    arn = f"arn:aws:backup:{place.region}:{place.account}:backup-vault:{name}"
    return BackupVault(
        arn,
        name,
        place.account,
        place.region,
        locked=False,
        lock_date=None,
        min_retention_days=None,
        max_retention_days=None,
    )


def recovery_point(name: str, of: Any, place: Place | None = None, **members: Any) -> RecoveryPoint:
    """A snapshot point; ``continuous=True`` makes it a continuous one."""
    place = place or Place(of.account, of.region)
    within = members.pop("vault", None) or vault(place=place)
    kind = "continuous:" if members.pop("continuous", False) else ""
    chosen: dict[str, Any] = {
        "arn": f"arn:aws:backup:{place.region}:{place.account}:recovery-point:{kind}{name}",
        "resource_type": "S3" if isinstance(of, Bucket) else "RDS",
        "status": "COMPLETED",
        "status_message": None,
        "created_at": ago(hours=6),
        "initiated_at": None,
        "copied_from": None,
        "plan": None,
        "keeps_days": None,
    }
    return RecoveryPoint(vault=within, resource=of.arn, **(chosen | members))


def backup_job(name: str, of: Any, state: str = "COMPLETED", **members: Any) -> BackupJob:
    chosen: dict[str, Any] = {
        "kind": JobKind.BACKUP,
        "message": None,
        "created_at": ago(hours=6),
        "completed_at": ago(hours=5),
        "recovery_point": None,
    }
    return BackupJob(id=name, resource=of.arn, state=state, **(chosen | members))


def copy_job(of: RecoveryPoint, to: RecoveryPoint, state: str = "COMPLETED", **members: Any) -> BackupJob:
    chosen: dict[str, Any] = {
        "message": None,
        "created_at": to.created_at,
        "completed_at": to.created_at,
        "recovery_point": to.arn,
        "source_point": of.arn,
        "target": to.vault.arn,
    }
    return BackupJob(f"copy-{to.arn}", JobKind.COPY, of.resource, state=state, **(chosen | members))


def restore_job(name: str, of: Any, status: str = "COMPLETED", **members: Any) -> RestoreJob:
    chosen: dict[str, Any] = {
        "resource": of.arn,
        "recovery_point": None,
        "message": None,
        "validation": None,
        "created_at": ago(days=3, hours=2),
        "completed_at": ago(days=3),
    }
    return RestoreJob(id=name, status=status, **(chosen | members))


def rule(to: str, *, enabled: bool = True, whole: bool = True) -> ReplicationRule:
    """A rule of a bucket's replication to the bucket of that name."""
    return ReplicationRule("r", enabled=enabled, whole=whole, destination=f"arn:aws:s3:::{to}")


def bucket(name: str, place: Place = HERE, **members: Any) -> Bucket:
    """A bucket that keeps versions; ``copied_to`` names the one it is copied to."""
    to = members.pop("copied_to", None)
    chosen: dict[str, Any] = {
        "created_at": ago(days=100),
        "versioning": "Enabled",
        "replication": (rule(to),) if to else (),
        "object_lock": None,
        "lock_days": None,
    }
    return Bucket(f"arn:aws:s3:::{name}", name, place.account, place.region, **(chosen | members))


def tagged(tenant: str) -> Tags:
    return (("Name", "x"), ("tenant", tenant))


def seen(operation: str, *records: Any, place: Place = HERE, at: datetime = NOW) -> Observation[Any]:
    outcome = Outcome.SEEN if records else Outcome.EMPTY
    service = SERVICES.get(operation, "rds")
    return Observation(Source(service, operation, place.account, place.region), at, outcome, records)


def failed(
    operation: str, outcome: Outcome = Outcome.DENIED, *, place: Place = HERE, at: datetime = NOW
) -> Observation[Any]:
    source = Source(SERVICES.get(operation, "rds"), operation, place.account, place.region)
    return Observation(source, at, outcome, error="AccessDenied: not authorized")


def answers(*records: Any, place: Place = HERE, at: datetime = NOW) -> list[Observation[Any]]:
    """All calls of a place answered, with these records sorted into them."""
    sorted_in: dict[str, list[Any]] = {operation: [] for operation in (*RDS, *OTHERS)}
    for record in records:
        sorted_in[_call_of(record)].append(record)
    return [seen(operation, *listed, place=place, at=at) for operation, listed in sorted_in.items()]


def _call_of(record: Any) -> str:
    match record:
        case DatabaseInstance():
            return "DescribeDBInstances"
        case DatabaseCluster():
            return "DescribeDBClusters"
        case DatabaseSnapshot():
            return "DescribeDBClusterSnapshots" if record.of_cluster else "DescribeDBSnapshots"
        case AutomatedBackup():
            prefix = "DescribeDBCluster" if record.of_cluster else "DescribeDBInstance"
            return f"{prefix}AutomatedBackups"
        case BackupJob():
            return "ListBackupJobs" if record.kind is JobKind.BACKUP else "ListCopyJobs"
        case _:
            return {
                RecoveryPoint: "ListRecoveryPointsByBackupVault",
                RestoreJob: "ListRestoreJobs",
                BackupPlan: "ListBackupPlans",
                ProtectedResource: "ListProtectedResources",
                Bucket: "ListBuckets",
            }[type(record)]
