"""The restore points of one store in the vaults of AWS Backup.

Only points that are ``COMPLETED`` or ``AVAILABLE`` can be restored from. A snapshot's data is as old as the point is;
that of a copy as old as what it was copied from, which its copy job names. A continuous point moves with its resource:
of a database its latest restorable time counts, of a bucket when AWS Backup says to have last backed it up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.aws.facts import DatabaseCluster, DatabaseInstance
from services.aws.facts_backup import CONTINUOUS_REACH, BackupJob, ProtectedResource, RecoveryPoint
from services.aws.facts_storage import Bucket
from services.estate.lineage import DataTime
from services.estate.points import Found, restorable_time
from services.model import RestorePoint
from services.words import say_instant

VAULT = "backup-recovery-point"
USABLE = frozenset({"COMPLETED", "AVAILABLE"})


def vault_points(
    resource: Found[DatabaseInstance] | Found[DatabaseCluster] | Found[Bucket],
    points: Sequence[Found[RecoveryPoint]],
    jobs: Sequence[BackupJob],
    protected: Sequence[Found[ProtectedResource]],
) -> list[RestorePoint]:
    """The usable points, in no order."""
    origins = {job.recovery_point: job.source_point for job in jobs if job.recovery_point and job.source_point}
    known = {it.kept.arn: it.kept for it in points}
    found = []
    for it in points:
        if it.kept.status not in USABLE:
            continue
        if it.kept.continuous:
            found.append(_continuous(it, resource, protected))
            continue
        dated = data_time(it.kept, origins, known)
        note = _note(dated.note, it.kept, resource.kept)
        found.append(RestorePoint(VAULT, dated.at, it.kept.arn, note, it.at, dated.not_after, source=it.source))
    return found


def data_time(point: RecoveryPoint, origins: Mapping[str, str], known: Mapping[str, RecoveryPoint]) -> DataTime:
    """When a point's data was as it is. ``origins`` leads from a copy to what it was copied from, by ARN."""
    if point.copied_from is None and point.created_at is not None and point.arn not in origins:
        return DataTime(point.created_at)
    through: list[str] = []
    not_after = point.created_at
    origin = point
    while origin.copied_from is not None or origin.arn in origins:
        copied = f"copied {say_instant(point.created_at)}" if point.created_at else "copied"
        source = origins.get(origin.arn)
        if source is None:
            return DataTime(None, f"{copied} from a point of {origin.copied_from}", tuple(through), not_after)
        if source in through or source == point.arn:
            return DataTime(None, f"{copied}: its origins form a ring", tuple(through), not_after)
        through.append(source)
        found = known.get(source)
        if found is None:
            return DataTime(None, f"{copied} from {source}, which is not seen", tuple(through), not_after)
        origin = found
        not_after = min((at for at in (not_after, origin.created_at) if at is not None), default=None)
    if origin.created_at is None:
        return DataTime(None, "bears no time", tuple(through), not_after)
    note = f"copied {say_instant(point.created_at)}" if through and point.created_at else ""
    return DataTime(origin.created_at, note, tuple(through))


def _continuous(
    it: Found[RecoveryPoint],
    resource: Found[DatabaseInstance] | Found[DatabaseCluster] | Found[Bucket],
    protected: Sequence[Found[ProtectedResource]],
) -> RestorePoint:
    at, seen_at, note = _latest(it, resource, protected)
    reach = min(CONTINUOUS_REACH, timedelta(days=it.kept.keeps_days)) if it.kept.keeps_days else CONTINUOUS_REACH
    starts = [begun for begun in (it.kept.created_at, at - reach if at else None) if begun is not None]
    since = max(starts) if at is not None and it.kept.created_at is not None else None
    return RestorePoint(
        VAULT,
        at,
        it.kept.arn,
        _note(note, it.kept, resource.kept),
        seen_at,
        since=since if since is None or at is None or since <= at else None,
        source=it.source,
    )


def _latest(
    it: Found[RecoveryPoint],
    resource: Found[DatabaseInstance] | Found[DatabaseCluster] | Found[Bucket],
    protected: Sequence[Found[ProtectedResource]],
) -> tuple[datetime | None, datetime, str]:
    """How far a continuous point reaches, when that was seen, and what to say of it."""
    if not isinstance(resource.kept, Bucket):
        latest = restorable_time(resource.kept)
        return latest, resource.at, "continuous" if latest else "continuous, but automated backups are off"
    for known in protected:
        if known.kept.last_point == it.kept.arn and known.kept.last_backup_at is not None:
            return known.kept.last_backup_at, known.at, "continuous"
    return None, it.at, "continuous, and AWS Backup does not say until when"


def _note(said: str, point: RecoveryPoint, resource: DatabaseInstance | DatabaseCluster | Bucket) -> str:
    if point.vault.account == resource.account and point.vault.region == resource.region:
        return said
    there = f"in {point.account} {point.region}"
    return f"{said} {there}" if said else there
