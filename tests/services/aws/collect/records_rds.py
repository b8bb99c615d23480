"""Records of RDS and of the tagging API as boto3 gives them, and the facts that are to be read from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from services.aws.collect.automated_backups import AUTOMATED_BACKUPS
from services.aws.collect.base import Listing, Place
from services.aws.collect.cluster_automated_backups import CLUSTER_AUTOMATED_BACKUPS
from services.aws.collect.cluster_snapshots import CLUSTER_SNAPSHOTS
from services.aws.collect.clusters import CLUSTERS
from services.aws.collect.instances import INSTANCES
from services.aws.collect.snapshots import SNAPSHOTS
from services.aws.collect.tags import TAGS
from services.aws.facts import AutomatedBackup, DatabaseCluster, DatabaseInstance, DatabaseSnapshot, ResourceTags

HERE = Place("111122223333", "eu-central-1")
ROME = timezone(timedelta(hours=1))
NOON = datetime(2026, 11, 23, 13, tzinfo=ROME)
NOON_UTC = datetime(2026, 11, 23, 12, tzinfo=UTC)

RDS: list[Listing[Any]] = [
    INSTANCES,
    CLUSTERS,
    SNAPSHOTS,
    CLUSTER_SNAPSHOTS,
    AUTOMATED_BACKUPS,
    CLUSTER_AUTOMATED_BACKUPS,
    TAGS,
]

FULL: dict[str, dict[str, Any]] = {
    "DescribeDBInstances": {
        "DBInstanceArn": "arn:i",
        "DBInstanceIdentifier": "orders",
        "DbiResourceId": "db-1",
        "Engine": "postgres",
        "DBInstanceStatus": "available",
        "InstanceCreateTime": NOON,
        "LatestRestorableTime": NOON,
        "BackupRetentionPeriod": 7,
        "MultiAZ": True,
        "AvailabilityZone": "eu-central-1a",
        "SecondaryAvailabilityZone": "eu-central-1b",
        "DBClusterIdentifier": "crm",
        "PreferredMaintenanceWindow": "wed:06:38-wed:07:08",
        "TagList": [{"Key": "tenant", "Value": "acme"}],
    },
    "DescribeDBClusters": {
        "PreferredMaintenanceWindow": "sun:23:30-mon:00:30",
        "DBClusterArn": "arn:c",
        "DBClusterIdentifier": "crm",
        "DbClusterResourceId": "cluster-1",
        "Engine": "aurora-postgresql",
        "Status": "available",
        "ClusterCreateTime": NOON,
        "LatestRestorableTime": NOON,
        "BackupRetentionPeriod": 7,
        "MultiAZ": True,
        "DBClusterMembers": [
            {"DBInstanceIdentifier": "crm-1", "IsClusterWriter": False},
            {"DBInstanceIdentifier": "crm-2", "IsClusterWriter": True},
        ],
        "TagList": [{"Key": "tenant", "Value": "acme"}],
    },
    "DescribeDBSnapshots": {
        "DBSnapshotArn": "arn:s",
        "DBSnapshotIdentifier": "s-1",
        "DBInstanceIdentifier": "orders",
        "DbiResourceId": "db-1",
        "SnapshotType": "manual",
        "Status": "available",
        "SnapshotCreateTime": NOON,
        "OriginalSnapshotCreateTime": NOON,
        "SourceDBSnapshotIdentifier": "arn:o",
        "TagList": [{"Key": "tenant", "Value": "acme"}],
    },
    "DescribeDBClusterSnapshots": {
        "DBClusterSnapshotArn": "arn:cs",
        "DBClusterSnapshotIdentifier": "cs-1",
        "DBClusterIdentifier": "crm",
        "DbClusterResourceId": "cluster-1",
        "SnapshotType": "manual",
        "Status": "available",
        "SnapshotCreateTime": NOON,
        "SourceDBClusterSnapshotArn": "arn:co",
        "TagList": [{"Key": "tenant", "Value": "acme"}],
    },
    "DescribeDBInstanceAutomatedBackups": {
        "DBInstanceAutomatedBackupsArn": "arn:ab",
        "DBInstanceArn": "arn:i",
        "DbiResourceId": "db-1",
        "Status": "active",
        "RestoreWindow": {"EarliestTime": NOON, "LatestTime": NOON},
    },
    "DescribeDBClusterAutomatedBackups": {
        "DBClusterAutomatedBackupsArn": "arn:cab",
        "DBClusterArn": "arn:c",
        "DbClusterResourceId": "cluster-1",
        "Status": "retained",
        "RestoreWindow": {"EarliestTime": NOON, "LatestTime": NOON},
    },
    "GetResources": {"ResourceARN": "arn:i", "Tags": [{"Key": "tenant", "Value": "acme"}]},
}

WANTED: dict[str, object] = {
    "DescribeDBInstances": DatabaseInstance(
        arn="arn:i",
        identifier="orders",
        resource_id="db-1",
        account=HERE.account,
        region=HERE.region,
        engine="postgres",
        status="available",
        created_at=NOON_UTC,
        latest_restorable_time=NOON_UTC,
        backup_retention_days=7,
        multi_az=True,
        zone="eu-central-1a",
        standby_zone="eu-central-1b",
        cluster="crm",
        tags=(("tenant", "acme"),),
        maintenance_window="wed:06:38-wed:07:08",
    ),
    "DescribeDBClusters": DatabaseCluster(
        arn="arn:c",
        identifier="crm",
        resource_id="cluster-1",
        account=HERE.account,
        region=HERE.region,
        engine="aurora-postgresql",
        status="available",
        created_at=NOON_UTC,
        latest_restorable_time=NOON_UTC,
        backup_retention_days=7,
        multi_az=True,
        members=("crm-1", "crm-2"),
        writer="crm-2",
        tags=(("tenant", "acme"),),
        maintenance_window="sun:23:30-mon:00:30",
    ),
    "DescribeDBSnapshots": DatabaseSnapshot(
        arn="arn:s",
        identifier="s-1",
        account=HERE.account,
        region=HERE.region,
        of_cluster=False,
        source_identifier="orders",
        source_resource_id="db-1",
        snapshot_type="manual",
        status="available",
        created_at=NOON_UTC,
        original_created_at=NOON_UTC,
        copied_from="arn:o",
        tags=(("tenant", "acme"),),
    ),
    "DescribeDBClusterSnapshots": DatabaseSnapshot(
        arn="arn:cs",
        identifier="cs-1",
        account=HERE.account,
        region=HERE.region,
        of_cluster=True,
        source_identifier="crm",
        source_resource_id="cluster-1",
        snapshot_type="manual",
        status="available",
        created_at=NOON_UTC,
        original_created_at=None,
        copied_from="arn:co",
        tags=(("tenant", "acme"),),
    ),
    "DescribeDBInstanceAutomatedBackups": AutomatedBackup(
        arn="arn:ab",
        account=HERE.account,
        region=HERE.region,
        of_cluster=False,
        source_arn="arn:i",
        source_resource_id="db-1",
        status="active",
        earliest_at=NOON_UTC,
        latest_at=NOON_UTC,
    ),
    "DescribeDBClusterAutomatedBackups": AutomatedBackup(
        arn="arn:cab",
        account=HERE.account,
        region=HERE.region,
        of_cluster=True,
        source_arn="arn:c",
        source_resource_id="cluster-1",
        status="retained",
        earliest_at=NOON_UTC,
        latest_at=NOON_UTC,
    ),
    "GetResources": ResourceTags("arn:i", HERE.account, HERE.region, (("tenant", "acme"),)),
}

NEEDED: dict[str, set[str]] = {
    "DescribeDBInstances": {"DBInstanceArn", "DBInstanceIdentifier", "DbiResourceId"},
    "DescribeDBClusters": {"DBClusterArn", "DBClusterIdentifier", "DbClusterResourceId"},
    "DescribeDBSnapshots": {"DBSnapshotArn", "DBSnapshotIdentifier", "DBInstanceIdentifier"},
    "DescribeDBClusterSnapshots": {"DBClusterSnapshotArn", "DBClusterSnapshotIdentifier", "DBClusterIdentifier"},
    "DescribeDBInstanceAutomatedBackups": {"DBInstanceArn", "DbiResourceId"},
    "DescribeDBClusterAutomatedBackups": {"DBClusterArn", "DbClusterResourceId"},
    "GetResources": {"ResourceARN"},
}
