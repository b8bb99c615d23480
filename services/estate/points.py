"""The restore points of one instance or cluster, from what describes it, its backups and its snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from services.aws.facts import AutomatedBackup, DatabaseCluster, DatabaseInstance, DatabaseSnapshot
from services.estate.lineage import data_time
from services.model import RestorePoint

KeptT = TypeVar("KeptT")

LATEST = "latest-restorable-time"
AUTOMATED = "automated-backup"
SNAPSHOT = "snapshot"

USABLE_BACKUPS = frozenset({"active", "retained"})
"""``creating`` cannot be restored from (API reference, DBInstanceAutomatedBackup)."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found(Generic[KeptT]):
    """A snapshot or backup, and when it was seen."""

    kept: KeptT
    at: datetime


def points_of(
    resource: Found[DatabaseInstance | DatabaseCluster],
    snapshots: Iterable[Found[DatabaseSnapshot]],
    backups: Iterable[Found[AutomatedBackup]],
    find: Callable[[str], DatabaseSnapshot | None],
) -> tuple[RestorePoint, ...]:
    """The usable points, newest first, those without a date last.

    ``LatestRestorableTime`` counts only while automated backups are on: RDS goes on naming one for a while after.
    """
    database, seen_at = resource.kept, resource.at
    points: list[RestorePoint] = []
    if database.backup_retention_days > 0 and database.latest_restorable_time is not None:
        points.append(RestorePoint(LATEST, database.latest_restorable_time, database.arn, observed_at=seen_at))
    points += [
        RestorePoint(AUTOMATED, it.kept.latest_at, it.kept.arn, _elsewhere(it.kept, database), it.at)
        for it in backups
        if it.kept.status in USABLE_BACKUPS and it.kept.latest_at is not None
    ]
    points += [_point(it, database, find) for it in snapshots if it.kept.status == "available"]
    return tuple(sorted(points, key=lambda point: point.at or _NEVER, reverse=True))


def _point(
    it: Found[DatabaseSnapshot],
    database: DatabaseInstance | DatabaseCluster,
    find: Callable[[str], DatabaseSnapshot | None],
) -> RestorePoint:
    dated = data_time(it.kept, find)
    note = " ".join(part for part in (dated.note, _elsewhere(it.kept, database)) if part)
    return RestorePoint(SNAPSHOT, dated.at, it.kept.arn, note, it.at, dated.not_after)


def _elsewhere(kept: AutomatedBackup | DatabaseSnapshot, database: DatabaseInstance | DatabaseCluster) -> str:
    if (kept.account, kept.region) == (database.account, database.region):
        return ""
    return f"in {kept.account} {kept.region}"
