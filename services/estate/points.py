"""The restore points of one instance or cluster, from what describes it, its backups and its snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from services.estate.lineage import data_time
from services.model import AutomatedBackup, DatabaseCluster, DatabaseInstance, DatabaseSnapshot, RestorePoint

LATEST = "latest-restorable-time"
AUTOMATED = "automated-backup"
SNAPSHOT = "snapshot"

USABLE_BACKUPS = frozenset({"active", "retained"})
"""``creating`` cannot be restored from (API reference, DBInstanceAutomatedBackup)."""

_NEVER = datetime.min.replace(tzinfo=UTC)


def points_of(
    resource: DatabaseInstance | DatabaseCluster,
    snapshots: Iterable[DatabaseSnapshot],
    backups: Iterable[AutomatedBackup],
    find: Callable[[str], DatabaseSnapshot | None],
) -> tuple[RestorePoint, ...]:
    """The usable points, newest first, those without a date last.

    ``LatestRestorableTime`` counts only while automated backups are on: RDS goes on naming one for a while after.
    """
    points: list[RestorePoint] = []
    if resource.backup_retention_days > 0 and resource.latest_restorable_time is not None:
        points.append(RestorePoint(LATEST, resource.latest_restorable_time, resource.arn))
    points += [
        RestorePoint(AUTOMATED, backup.latest_at, backup.arn, _elsewhere(backup, resource))
        for backup in backups
        if backup.status in USABLE_BACKUPS and backup.latest_at is not None
    ]
    for snapshot in snapshots:
        if snapshot.status == "available":
            dated = data_time(snapshot, find)
            note = " ".join(part for part in (dated.note, _elsewhere(snapshot, resource)) if part)
            points.append(RestorePoint(SNAPSHOT, dated.at, snapshot.arn, note))
    return tuple(sorted(points, key=lambda point: point.at or _NEVER, reverse=True))


def _elsewhere(backup: AutomatedBackup | DatabaseSnapshot, resource: DatabaseInstance | DatabaseCluster) -> str:
    if (backup.account, backup.region) == (resource.account, resource.region):
        return ""
    return f"in {backup.account} {backup.region}"
