"""When AWS Backup last backed each resource up (AWS Backup API reference, ListProtectedResources)."""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, instant, need, text
from services.aws.facts_backup import ProtectedResource


def read(record: Record, _: Place) -> ProtectedResource:
    return ProtectedResource(
        arn=need(record, "ResourceArn"),
        last_backup_at=instant(record, "LastBackupTime"),
        last_point=text(record, "LastRecoveryPointArn"),
    )


PROTECTED_RESOURCES = Listing(
    "backup",
    "ListProtectedResources",
    "list_protected_resources",
    "Results",
    read,
    "backup:ListProtectedResources",
)
