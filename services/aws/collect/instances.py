"""RDS instances, those of clusters included (Amazon RDS API reference, DescribeDBInstances)."""

from __future__ import annotations

from services.aws.collect.base import OFTEN, Listing, Place, Record, instant, need, tags, text, whole
from services.aws.facts import DatabaseInstance


def read(record: Record, place: Place) -> DatabaseInstance:
    return DatabaseInstance(
        arn=need(record, "DBInstanceArn"),
        identifier=need(record, "DBInstanceIdentifier"),
        resource_id=need(record, "DbiResourceId"),
        account=place.account,
        region=place.region,
        engine=text(record, "Engine") or "unknown",
        status=text(record, "DBInstanceStatus") or "unknown",
        created_at=instant(record, "InstanceCreateTime"),
        latest_restorable_time=instant(record, "LatestRestorableTime"),
        backup_retention_days=whole(record, "BackupRetentionPeriod") or 0,
        multi_az=bool(record.get("MultiAZ")),
        zone=text(record, "AvailabilityZone"),
        standby_zone=text(record, "SecondaryAvailabilityZone"),
        cluster=text(record, "DBClusterIdentifier"),
        tags=tags(record),
        maintenance_window=text(record, "PreferredMaintenanceWindow"),
    )


INSTANCES = Listing(
    "rds", "DescribeDBInstances", "describe_db_instances", "DBInstances", read, "rds:DescribeDBInstances", every=OFTEN
)
