"""Snapshots of clusters (Amazon RDS API reference, DescribeDBClusterSnapshots): one's own, of every type."""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, instant, need, tags, text
from services.aws.facts import DatabaseSnapshot


def read(record: Record, place: Place) -> DatabaseSnapshot:
    return DatabaseSnapshot(
        arn=need(record, "DBClusterSnapshotArn"),
        identifier=need(record, "DBClusterSnapshotIdentifier"),
        account=place.account,
        region=place.region,
        of_cluster=True,
        source_identifier=need(record, "DBClusterIdentifier"),
        source_resource_id=text(record, "DbClusterResourceId"),
        snapshot_type=text(record, "SnapshotType") or "unknown",
        status=text(record, "Status") or "unknown",
        created_at=instant(record, "SnapshotCreateTime"),
        original_created_at=None,
        copied_from=text(record, "SourceDBClusterSnapshotArn"),
        tags=tags(record),
    )


CLUSTER_SNAPSHOTS = Listing(
    "rds",
    "DescribeDBClusterSnapshots",
    "describe_db_cluster_snapshots",
    "DBClusterSnapshots",
    read,
    "rds:DescribeDBClusterSnapshots",
)
