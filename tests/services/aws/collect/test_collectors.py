from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.session import Session

from services.aws.collect.automated_backups import AUTOMATED_BACKUPS
from services.aws.collect.base import Listing, Place, UnreadableError
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

ALL: list[Listing[Any]] = [
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
        "TagList": [{"Key": "tenant", "Value": "acme"}],
    },
    "DescribeDBClusters": {
        "DBClusterArn": "arn:c",
        "DBClusterIdentifier": "crm",
        "DbClusterResourceId": "cluster-1",
        "Engine": "aurora-postgresql",
        "Status": "available",
        "ClusterCreateTime": NOON,
        "LatestRestorableTime": NOON,
        "BackupRetentionPeriod": 7,
        "MultiAZ": True,
        "DBClusterMembers": [{"DBInstanceIdentifier": "crm-1"}, {"DBInstanceIdentifier": "crm-2"}],
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
        tags=(("tenant", "acme"),),
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


@pytest.mark.parametrize("collector", ALL, ids=lambda it: it.operation)
def test_every_member_is_read(collector: Listing[Any]) -> None:
    """Into the noun's members, with instants in UTC."""
    assert collector.read(FULL[collector.operation], HERE) == WANTED[collector.operation]


@pytest.mark.parametrize("collector", ALL, ids=lambda it: it.operation)
def test_members_that_aws_leaves_out_are_absent(collector: Listing[Any]) -> None:
    """A record with what identifies it alone is read; nothing is invented but the words ``unknown`` and zero."""
    record = {key: value for key, value in FULL[collector.operation].items() if key in NEEDED[collector.operation]}
    found = collector.read(record, HERE)
    for name in ("created_at", "latest_restorable_time", "original_created_at", "earliest_at", "latest_at", "zone"):
        assert getattr(found, name, None) is None
    assert getattr(found, "tags", ()) == ()
    assert getattr(found, "backup_retention_days", 0) == 0


@pytest.mark.parametrize("collector", ALL, ids=lambda it: it.operation)
def test_a_record_without_what_identifies_it_is_an_error(collector: Listing[Any]) -> None:
    """Each of the needed members is named in it."""
    for member in NEEDED[collector.operation]:
        record = {key: value for key, value in FULL[collector.operation].items() if key != member}
        with pytest.raises(UnreadableError, match=member):
            collector.read(record, HERE)


@pytest.mark.parametrize("collector", ALL, ids=lambda it: it.operation)
def test_the_collector_asks_what_aws_has(collector: Listing[Any]) -> None:
    """Operation, list, parameters, and every member that is read exist in AWS's own model of the service."""
    model = Session().get_service_model(collector.service)
    operation = model.operation_model(collector.operation)
    assert operation.output_shape is not None
    shape: Any = operation.output_shape.members[collector.listed_in]
    assert set(FULL[collector.operation]) <= set(shape.member.members)
    parameters = set(operation.input_shape.members) if operation.input_shape else set()
    assert set(collector.parameters) <= parameters
    paginators = Session().get_paginator_model(collector.service)
    assert collector.listed_in in str(paginators.get_paginator(collector.operation)["result_key"])
