"""Continuous backups of RDS instances, retained and replicated ones included.

Source: Amazon RDS API reference, DescribeDBInstanceAutomatedBackups. One that was replicated from another region is
listed where it lies and names the instance where that runs.
"""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, instant, need, text
from services.aws.facts import AutomatedBackup


def read(record: Record, place: Place) -> AutomatedBackup:
    window = record.get("RestoreWindow") or {}
    source = need(record, "DBInstanceArn")
    return AutomatedBackup(
        arn=text(record, "DBInstanceAutomatedBackupsArn") or source,
        account=place.account,
        region=place.region,
        of_cluster=False,
        source_arn=source,
        source_resource_id=need(record, "DbiResourceId"),
        status=text(record, "Status") or "unknown",
        earliest_at=instant(window, "EarliestTime"),
        latest_at=instant(window, "LatestTime"),
    )


AUTOMATED_BACKUPS = Listing(
    "rds",
    "DescribeDBInstanceAutomatedBackups",
    "describe_db_instance_automated_backups",
    "DBInstanceAutomatedBackups",
    read,
    "rds:DescribeDBInstanceAutomatedBackups",
)
