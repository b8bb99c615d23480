"""Snapshots of RDS instances (Amazon RDS API reference, DescribeDBSnapshots): one's own, of every type."""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, instant, need, tags, text
from services.aws.facts import DatabaseSnapshot


def read(record: Record, place: Place) -> DatabaseSnapshot:
    return DatabaseSnapshot(
        arn=need(record, "DBSnapshotArn"),
        identifier=need(record, "DBSnapshotIdentifier"),
        account=place.account,
        region=place.region,
        of_cluster=False,
        source_identifier=need(record, "DBInstanceIdentifier"),
        source_resource_id=text(record, "DbiResourceId"),
        snapshot_type=text(record, "SnapshotType") or "unknown",
        status=text(record, "Status") or "unknown",
        created_at=instant(record, "SnapshotCreateTime"),
        original_created_at=instant(record, "OriginalSnapshotCreateTime"),
        copied_from=text(record, "SourceDBSnapshotIdentifier"),
        tags=tags(record),
    )


SNAPSHOTS = Listing(
    "rds", "DescribeDBSnapshots", "describe_db_snapshots", "DBSnapshots", read, "rds:DescribeDBSnapshots"
)
