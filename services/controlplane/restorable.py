"""What RDS can bring a database back from, asked with the worker's role (RDS API reference: DescribeDBInstances,
DescribeDBClusters, DescribeDB[Cluster]Snapshots, Describe[DBInstance|DBCluster]AutomatedBackups)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic import JsonValue

from services.aws.errors import outcome_of
from services.controlplane.known import UnansweredError

if TYPE_CHECKING:
    from services.aws.session import Clients

RESTORABLE: Final = "restorable of "
AWS_BACKUP: Final = "awsbackup"


def restorable(store: str, clients: Clients) -> JsonValue:
    """A ``services.orders.restorable.Restorable``; ``None``: no database. Raises ``UnansweredError``."""
    from services.estate.arns import parse

    arn = parse(store)
    if arn is None or arn.service != "rds" or not arn.account or not arn.region or arn.kind not in ("db", "cluster"):
        return None
    try:
        rds: Any = clients.client("rds", arn.account, arn.region)
        return _instance(rds, arn.name) if arn.kind == "db" else _cluster(rds, arn.name)
    except Exception as error:  # whatever botocore raises: told as the lack of an answer
        raise UnansweredError(f"rds of {arn.account} {arn.region}: {outcome_of(error)[1]}") from error


def _instance(rds: Any, name: str) -> JsonValue:
    found = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    backups = _all(rds, "describe_db_instance_automated_backups", "DBInstanceAutomatedBackups", name)
    snapshots = [
        {"name": it["DBSnapshotIdentifier"], "at": _taken(it)}
        for it in _snapshots(rds, "describe_db_snapshots", "DBSnapshots", name)
        if it.get("Status") == "available"
    ]
    subnets = found.get("DBSubnetGroup", {}).get("DBSubnetGroupName")
    return {
        **_described(found, backups),
        "class": found["DBInstanceClass"],
        "storage": found.get("AllocatedStorage"),
        "subnets": subnets,
        "snapshots": snapshots,
    }


def _cluster(rds: Any, name: str) -> JsonValue:
    found = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
    backups = _all(rds, "describe_db_cluster_automated_backups", "DBClusterAutomatedBackups", name)
    snapshots = [
        {
            "name": it["DBClusterSnapshotIdentifier"],
            "at": None if it.get("SourceDBClusterSnapshotArn") else _said(it.get("SnapshotCreateTime")),
        }
        for it in _snapshots(rds, "describe_db_cluster_snapshots", "DBClusterSnapshots", name)
        if it.get("Status") == "available"
    ]
    members = found.get("DBClusterMembers", ())
    writer = next((it for it in members if it.get("IsClusterWriter")), None)
    if writer is None:
        return None
    instance = rds.describe_db_instances(DBInstanceIdentifier=writer["DBInstanceIdentifier"])["DBInstances"][0]
    return {
        **_described(found, backups),
        "class": instance["DBInstanceClass"],
        "subnets": found.get("DBSubnetGroup"),
        "snapshots": snapshots,
    }


def _described(found: Mapping[str, Any], backups: list[Any]) -> dict[str, JsonValue]:
    on = bool(found.get("BackupRetentionPeriod"))
    starts = [it["RestoreWindow"]["EarliestTime"] for it in backups if it.get("RestoreWindow", {}).get("EarliestTime")]
    earliest = found.get("EarliestRestorableTime") or min(starts, default=None)
    return {
        "engine": found["Engine"],
        "groups": sorted(it["VpcSecurityGroupId"] for it in found.get("VpcSecurityGroups", ())),
        "earliest": _said(earliest) if on else None,
        "latest": _said(found.get("LatestRestorableTime")) if on else None,
    }


def _snapshots(rds: Any, operation: str, member: str, name: str) -> list[Any]:
    """RDS's own, and those that AWS Backup made, which are promised to whoever asks for that type alone."""
    found = [*_all(rds, operation, member, name), *_all(rds, operation, member, name, SnapshotType=AWS_BACKUP)]
    by_name = {it[f"{member.removesuffix('s')}Identifier"]: it for it in found}
    return list(by_name.values())


def _all(rds: Any, operation: str, member: str, name: str, **more: str) -> list[Any]:
    noun = "DBCluster" if "Cluster" in member else "DBInstance"
    pages = rds.get_paginator(operation).paginate(**{f"{noun}Identifier": name}, **more)
    return [item for page in pages for item in page[member]]


def _taken(snapshot: Mapping[str, Any]) -> str | None:
    """Its original time survives copying; without it only one that RDS took by itself is as old as it is."""
    own = snapshot.get("SnapshotType") == "automated" and not snapshot.get("SourceDBSnapshotIdentifier")
    return _said(snapshot.get("OriginalSnapshotCreateTime") or (snapshot.get("SnapshotCreateTime") if own else None))


def _said(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
