"""Continuous backups of clusters, retained ones included.

Source: Amazon RDS API reference, DescribeDBClusterAutomatedBackups.
"""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, instant, need, text
from services.aws.facts import AutomatedBackup


def read(record: Record, place: Place) -> AutomatedBackup:
    window = record.get("RestoreWindow") or {}
    source = need(record, "DBClusterArn")
    return AutomatedBackup(
        arn=text(record, "DBClusterAutomatedBackupsArn") or source,
        account=place.account,
        region=place.region,
        of_cluster=True,
        source_arn=source,
        source_resource_id=need(record, "DbClusterResourceId"),
        status=text(record, "Status") or "unknown",
        earliest_at=instant(window, "EarliestTime"),
        latest_at=instant(window, "LatestTime"),
    )


CLUSTER_AUTOMATED_BACKUPS = Listing(
    "rds",
    "DescribeDBClusterAutomatedBackups",
    "describe_db_cluster_automated_backups",
    "DBClusterAutomatedBackups",
    read,
    "rds:DescribeDBClusterAutomatedBackups",
)
