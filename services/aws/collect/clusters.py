"""RDS and Aurora clusters (Amazon RDS API reference, DescribeDBClusters)."""

from __future__ import annotations

from services.aws.collect.base import OFTEN, Listing, Place, Record, instant, need, tags, text, whole
from services.aws.facts import DatabaseCluster


def read(record: Record, place: Place) -> DatabaseCluster:
    listed = record.get("DBClusterMembers") or ()
    members = (text(member, "DBInstanceIdentifier") for member in listed)
    writers = (text(member, "DBInstanceIdentifier") for member in listed if member.get("IsClusterWriter"))
    return DatabaseCluster(
        arn=need(record, "DBClusterArn"),
        identifier=need(record, "DBClusterIdentifier"),
        resource_id=need(record, "DbClusterResourceId"),
        account=place.account,
        region=place.region,
        engine=text(record, "Engine") or "unknown",
        status=text(record, "Status") or "unknown",
        created_at=instant(record, "ClusterCreateTime"),
        latest_restorable_time=instant(record, "LatestRestorableTime"),
        backup_retention_days=whole(record, "BackupRetentionPeriod") or 0,
        multi_az=bool(record.get("MultiAZ")),
        members=tuple(member for member in members if member),
        tags=tags(record),
        writer=next(writers, None),
        maintenance_window=text(record, "PreferredMaintenanceWindow"),
    )


CLUSTERS = Listing(
    "rds", "DescribeDBClusters", "describe_db_clusters", "DBClusters", read, "rds:DescribeDBClusters", every=OFTEN
)
