"""Nouns of AWS for the tests of the joins, with what a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.aws.collect.base import Place
from services.aws.facts import AutomatedBackup, DatabaseCluster, DatabaseInstance, DatabaseSnapshot, Tags
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


def tagged(tenant: str) -> Tags:
    return (("Name", "x"), ("tenant", tenant))


def seen(operation: str, *records: Any, place: Place = HERE, at: datetime = NOW) -> Observation[Any]:
    outcome = Outcome.SEEN if records else Outcome.EMPTY
    service = "resourcegroupstaggingapi" if operation == "GetResources" else "rds"
    return Observation(Source(service, operation, place.account, place.region), at, outcome, records)


def failed(
    operation: str, outcome: Outcome = Outcome.DENIED, *, place: Place = HERE, at: datetime = NOW
) -> Observation[Any]:
    source = Source("rds", operation, place.account, place.region)
    return Observation(source, at, outcome, error="AccessDenied: not authorized")


def answers(*records: Any, place: Place = HERE, at: datetime = NOW) -> list[Observation[Any]]:
    """All six calls of a place answered, with these records sorted into them."""

    def belongs(record: Any, operation: str) -> bool:
        return (
            operation
            == {
                (DatabaseInstance, False): "DescribeDBInstances",
                (DatabaseCluster, True): "DescribeDBClusters",
                (DatabaseSnapshot, False): "DescribeDBSnapshots",
                (DatabaseSnapshot, True): "DescribeDBClusterSnapshots",
                (AutomatedBackup, False): "DescribeDBInstanceAutomatedBackups",
                (AutomatedBackup, True): "DescribeDBClusterAutomatedBackups",
            }[type(record), getattr(record, "of_cluster", isinstance(record, DatabaseCluster))]
        )

    return [seen(op, *(it for it in records if belongs(it, op)), place=place, at=at) for op in RDS]
