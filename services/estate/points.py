"""The restore points that RDS itself keeps of an instance or a cluster: by what describes it, backups, snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from services.aws.facts import AutomatedBackup, DatabaseCluster, DatabaseInstance, DatabaseSnapshot
from services.estate.lineage import data_time
from services.model import RestorePoint, Source

KeptT = TypeVar("KeptT")

LATEST = "latest-restorable-time"
AUTOMATED = "automated-backup"
SNAPSHOT = "snapshot"

USABLE_BACKUPS = frozenset({"active", "retained"})
"""``creating`` cannot be restored from (API reference, DBInstanceAutomatedBackup)."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found(Generic[KeptT]):
    """A snapshot or backup, when it was seen, and by which call."""

    kept: KeptT
    at: datetime
    source: Source | None = None


def newest_first(points: Iterable[RestorePoint]) -> tuple[RestorePoint, ...]:
    """Those without a date last."""
    return tuple(sorted(points, key=lambda point: point.at or _NEVER, reverse=True))


def points_of(
    resource: Found[DatabaseInstance] | Found[DatabaseCluster],
    snapshots: Iterable[Found[DatabaseSnapshot]],
    backups: Iterable[Found[AutomatedBackup]],
    find: Callable[[str], DatabaseSnapshot | None],
) -> tuple[RestorePoint, ...]:
    """The usable points, newest first, those without a date last.

    ``LatestRestorableTime`` counts only while automated backups are on: RDS goes on naming one for a while after.
    How far back every moment can be restored is told by the database's own automated backup.
    """
    database = resource.kept
    usable = [it for it in backups if it.kept.status in USABLE_BACKUPS and it.kept.latest_at is not None]
    points: list[RestorePoint] = []
    latest = restorable_time(database)
    if latest is not None:
        starts = [it.kept.earliest_at for it in usable if it.kept.earliest_at and not _elsewhere(it.kept, database)]
        points.append(
            RestorePoint(
                LATEST,
                latest,
                database.arn,
                observed_at=resource.at,
                since=min(starts, default=None),
                source=resource.source,
            )
        )
    points += [
        RestorePoint(
            AUTOMATED,
            it.kept.latest_at,
            it.kept.arn,
            _elsewhere(it.kept, database),
            it.at,
            since=it.kept.earliest_at,
            source=it.source,
        )
        for it in usable
    ]
    points += [_point(it, database, find) for it in snapshots if it.kept.status == "available"]
    return newest_first(points)


def restorable_time(database: DatabaseInstance | DatabaseCluster) -> datetime | None:
    """The latest moment to which RDS can bring it back; ``None`` while automated backups are off."""
    return database.latest_restorable_time if database.backup_retention_days > 0 else None


def _point(
    it: Found[DatabaseSnapshot],
    database: DatabaseInstance | DatabaseCluster,
    find: Callable[[str], DatabaseSnapshot | None],
) -> RestorePoint:
    dated = data_time(it.kept, find)
    there = _elsewhere(it.kept, database)
    note = f"{dated.note} {there}" if dated.note and there else dated.note or there
    return RestorePoint(SNAPSHOT, dated.at, it.kept.arn, note, it.at, dated.not_after, source=it.source)


def _elsewhere(kept: AutomatedBackup | DatabaseSnapshot, database: DatabaseInstance | DatabaseCluster) -> str:
    if kept.account == database.account and kept.region == database.region:
        return ""
    return f"in {kept.account} {kept.region}"
