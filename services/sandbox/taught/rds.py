"""RDS: restorable times per database, dated snapshots, automated backups of instances and clusters, pages.

Read from the API reference of 2014-10-31 (DescribeDBInstances, DescribeDBClusters, DescribeDBSnapshots,
DescribeDBClusterSnapshots, DescribeDBInstanceAutomatedBackups, DescribeDBClusterAutomatedBackups).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.rds import models
from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue
from moto.rds.models import DBCluster, DBInstance, DBInstanceClustered
from moto.rds.responses import RDSResponse

from services.now import Now
from services.sandbox.clock import Restorable
from services.sandbox.taught.paging import page

RESTORABLE = "tenure_restorable"
"""The attribute of a planted database that holds its ``Restorable``, or ``None`` for nothing to restore to."""
GONE = "tenure_gone"
"""The attribute of a backend that lists deleted instances whose automated backups are retained."""
DELETED_AT = "tenure_deleted_at"


def teach(now: Now) -> None:
    """Change moto's RDS in this process; ``now`` is the sandbox's clock."""

    def latest(database: Any) -> datetime | None:
        if isinstance(database, DBInstanceClustered) or not database.backup_retention_period:
            return None
        deleted_at: datetime | None = getattr(database, DELETED_AT, None)
        restorable = getattr(database, RESTORABLE, Restorable())
        return None if restorable is None else restorable.read(deleted_at or now())

    def window(database: Any) -> dict[str, datetime | None]:
        end = latest(database)
        asked = getattr(database, DELETED_AT, None) or now()
        earliest = max(
            _aware(database.created), asked.replace(microsecond=0) - timedelta(days=database.backup_retention_period)
        )
        return {"EarliestTime": earliest, "LatestTime": end}

    def earliest(cluster: Any) -> datetime | None:
        return window(cluster)["EarliestTime"] if latest(cluster) else None

    def instance_backups(self: RDSResponse) -> ActionResult:
        databases = [db for db in self.backend.databases.values() if not isinstance(db, DBInstanceClustered)]
        found = [
            _instance_backup(database, window(database))
            for database in (*databases, *getattr(self.backend, GONE, ()))
            if latest(database)
        ]
        wanted = {
            "DBInstanceIdentifier": self.params.get("DBInstanceIdentifier"),
            "DbiResourceId": self.params.get("DbiResourceId"),
            "DBInstanceAutomatedBackupsArn": self.params.get("DBInstanceAutomatedBackupsArn"),
        }
        names = {"status": "Status", "db-instance-id": "DBInstanceIdentifier", "dbi-resource-id": "DbiResourceId"}
        return _answer(self, "DBInstanceAutomatedBackups", _chosen(self, found, wanted, names), "DbiResourceId")

    def cluster_backups(self: RDSResponse) -> ActionResult:
        found = [_cluster_backup(each, window(each)) for each in self.backend.clusters.values() if latest(each)]
        wanted = {
            "DBClusterIdentifier": self.params.get("DBClusterIdentifier"),
            "DbClusterResourceId": self.params.get("DbClusterResourceId"),
        }
        names = {
            "status": "Status",
            "db-cluster-id": "DBClusterIdentifier",
            "db-cluster-resource-id": "DbClusterResourceId",
        }
        return _answer(self, "DBClusterAutomatedBackups", _chosen(self, found, wanted, names), "DbClusterResourceId")

    def utcnow() -> datetime:
        return now().replace(tzinfo=None)

    taught: list[tuple[Any, str, Any]] = [
        (DBInstance, "latest_restorable_time", property(latest)),
        (DBCluster, "latest_restorable_time", property(latest)),
        (DBCluster, "earliest_restorable_time", property(earliest, lambda _self, _value: None)),
        (RDSResponse, "describe_db_instances", describe_db_instances),
        (RDSResponse, "describe_db_clusters", describe_db_clusters),
        (RDSResponse, "describe_db_snapshots", describe_db_snapshots),
        (RDSResponse, "reboot_db_instance", reboot_db_instance),
        (RDSResponse, "describe_db_cluster_snapshots", describe_db_cluster_snapshots),
        (RDSResponse, "describe_db_instance_automated_backups", instance_backups),
        (RDSResponse, "describe_db_cluster_automated_backups", cluster_backups),
        (models, "utcnow", utcnow),
    ]
    for owner, name, value in taught:
        setattr(owner, name, value)


def describe_db_instances(self: RDSResponse) -> ActionResult:
    found = self.backend.describe_db_instances(self.params.get("DBInstanceIdentifier"), filters=_filters(self))
    return _answer(self, "DBInstances", found, "db_instance_identifier")


def describe_db_clusters(self: RDSResponse) -> ActionResult:
    found = self.backend.describe_db_clusters(
        db_cluster_identifier=self.params.get("DBClusterIdentifier"), filters=_filters(self)
    )
    return _answer(self, "DBClusters", found, "db_cluster_identifier")


def reboot_db_instance(self: RDSResponse) -> ActionResult:
    """With ``ForceFailover`` the instance runs in its other zone afterwards; without another it is refused."""
    instance: Any = self.backend.reboot_db_instance(self.params["DBInstanceIdentifier"])
    if self.params.get("ForceFailover"):
        other = getattr(instance, "secondary_availability_zone", None)
        if not other:
            raise InvalidParameterCombination("ForceFailover cannot be specified since the instance is not Multi-AZ")
        instance.availability_zone, instance.secondary_availability_zone = other, instance.availability_zone
    return ActionResult({"DBInstance": instance})


def describe_db_snapshots(self: RDSResponse) -> ActionResult:
    params = self.params
    found = self.backend.describe_db_snapshots(
        params.get("DBInstanceIdentifier"),
        params.get("DBSnapshotIdentifier"),
        params.get("SnapshotType"),
        _filters(self),
    )
    if resource := params.get("DbiResourceId"):
        found = [snapshot for snapshot in found if snapshot.dbi_resource_id == resource]
    return _answer(self, "DBSnapshots", found, "db_snapshot_identifier")


def describe_db_cluster_snapshots(self: RDSResponse) -> ActionResult:
    params = self.params
    found = self.backend.describe_db_cluster_snapshots(
        params.get("DBClusterIdentifier"),
        params.get("DBClusterSnapshotIdentifier"),
        params.get("SnapshotType"),
        _filters(self),
    )
    if resource := params.get("DbClusterResourceId"):
        found = [snapshot for snapshot in found if getattr(snapshot, "db_cluster_resource_id", None) == resource]
    return _answer(self, "DBClusterSnapshots", found, "db_cluster_snapshot_identifier")


def _filters(response: RDSResponse) -> dict[str, list[str]]:
    return {each["Name"]: each["Values"] for each in response.params.get("Filters", [])}


def _answer(response: RDSResponse, member: str, found: Iterable[Any], key: str) -> ActionResult:
    def name(item: Any) -> str:
        value: str = item[key] if isinstance(item, dict) else getattr(item, key)
        return value

    items, marker = page(found, name, response.params)
    return ActionResult({member: items, "Marker": marker})


def _chosen(
    response: RDSResponse, found: list[dict[str, Any]], wanted: dict[str, str | None], names: dict[str, str]
) -> list[dict[str, Any]]:
    """Those that every given parameter and every filter lets through."""
    filters = [({value.lower()}, member) for member, value in wanted.items() if value]
    for name, values in _filters(response).items():
        if name not in names:
            raise InvalidParameterValue(f"Unrecognized filter name: {name}")
        filters.append(({value.lower() for value in values}, names[name]))
    return [item for item in found if all(str(item[member]).lower() in values for values, member in filters)]


def _aware(instant: datetime) -> datetime:
    """What moto dates itself is in UTC and does not say so."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _instance_backup(database: Any, window: dict[str, datetime | None]) -> dict[str, Any]:
    tail = database.dbi_resource_id.removeprefix("db-").lower()
    return {
        "DBInstanceArn": database.arn,
        "DbiResourceId": database.dbi_resource_id,
        "Region": database.region,
        "DBInstanceIdentifier": database.db_instance_identifier,
        "RestoreWindow": window,
        "AllocatedStorage": database.allocated_storage,
        "Status": "retained" if hasattr(database, DELETED_AT) else "active",
        "Port": database.port,
        "AvailabilityZone": database.availability_zone,
        "InstanceCreateTime": database.created,
        "MasterUsername": database.master_username,
        "Engine": database.engine,
        "EngineVersion": database.engine_version,
        "LicenseModel": database.license_model,
        "OptionGroupName": database.option_group_name,
        "Encrypted": database.storage_encrypted,
        "StorageType": database.storage_type,
        "KmsKeyId": database.kms_key_id,
        "IAMDatabaseAuthenticationEnabled": database.iam_database_authentication_enabled,
        "BackupRetentionPeriod": database.backup_retention_period,
        "PreferredBackupWindow": database.preferred_backup_window,
        "DBInstanceAutomatedBackupsArn": f"arn:aws:rds:{database.region}:{database.account_id}:auto-backup:ab-{tail}",
        "BackupTarget": "region",
        "TagList": database.tags,
    }


def _cluster_backup(cluster: Any, window: dict[str, datetime | None]) -> dict[str, Any]:
    tail = cluster.db_cluster_resource_id.removeprefix("cluster-").lower()
    arn = f"arn:aws:rds:{cluster.region}:{cluster.account_id}:cluster-auto-backup:ab-{tail}"
    return {
        "Engine": cluster.engine,
        "DBClusterAutomatedBackupsArn": arn,
        "DBClusterIdentifier": cluster.db_cluster_identifier,
        "RestoreWindow": window,
        "MasterUsername": cluster.master_username,
        "DbClusterResourceId": cluster.db_cluster_resource_id,
        "Region": cluster.region,
        "LicenseModel": cluster.license_model,
        "Status": "active",
        "IAMDatabaseAuthenticationEnabled": cluster.iam_database_authentication_enabled,
        "ClusterCreateTime": cluster.created,
        "StorageEncrypted": cluster.storage_encrypted,
        "AllocatedStorage": cluster.allocated_storage,
        "EngineVersion": cluster.engine_version,
        "DBClusterArn": cluster.arn,
        "BackupRetentionPeriod": cluster.backup_retention_period,
        "PreferredBackupWindow": cluster.preferred_backup_window,
        "EngineMode": cluster.engine_mode,
        "AvailabilityZones": cluster.availability_zones,
        "Port": cluster.port,
        "KmsKeyId": cluster.kms_key_id,
        "StorageType": cluster.storage_type,
        "TagList": cluster.tags,
    }
