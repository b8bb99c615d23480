"""How old the data in a snapshot is, which is not how old the snapshot is.

RDS: an instance's snapshot keeps ``OriginalSnapshotCreateTime`` through every copy. A cluster's snapshot has no such
member; its copy names the snapshot it was made from (``SourceDBClusterSnapshotArn``), which is followed to the one
that was taken of the cluster itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.aws.facts import DatabaseSnapshot


@dataclass(frozen=True, slots=True)
class DataTime:
    """When a snapshot's data was as it is; ``None`` where that cannot be told, ``note`` then says why."""

    at: datetime | None
    note: str = ""
    through: tuple[str, ...] = ()
    """ARNs of the snapshots that were followed, the last one perhaps not found."""
    not_after: datetime | None = None
    """Where ``at`` is not known: no copy is newer than what it was made from, so the oldest of them bounds it."""


def data_time(snapshot: DatabaseSnapshot, find: Callable[[str], DatabaseSnapshot | None]) -> DataTime:
    """Dates a snapshot; ``find`` looks an ARN up among all snapshots seen, of any account and region."""
    if not snapshot.of_cluster:
        return _instance_snapshot(snapshot)
    through: list[str] = []
    not_after = snapshot.created_at
    origin = snapshot
    while origin.copied_from is not None:
        if origin.copied_from in through or origin.copied_from == snapshot.arn:
            return DataTime(None, f"{_copied(snapshot)}: its origins form a ring", tuple(through), not_after)
        through.append(origin.copied_from)
        found = find(origin.copied_from)
        if found is None:
            note = f"{_copied(snapshot)} from {origin.copied_from}, which is not seen"
            return DataTime(None, note, tuple(through), not_after)
        origin = found
        not_after = min((at for at in (not_after, origin.created_at) if at is not None), default=None)
    if origin.created_at is None:
        return DataTime(None, "bears no time", tuple(through), not_after)
    return DataTime(origin.created_at, _copied(snapshot) if through else "", tuple(through))


def _instance_snapshot(snapshot: DatabaseSnapshot) -> DataTime:
    if snapshot.original_created_at is not None:
        copied = snapshot.copied_from is not None or snapshot.created_at not in (None, snapshot.original_created_at)
        return DataTime(snapshot.original_created_at, _copied(snapshot) if copied else "")
    if snapshot.snapshot_type == "automated" and snapshot.copied_from is None and snapshot.created_at is not None:
        return DataTime(snapshot.created_at)  # RDS takes these itself; a copy is never of this type
    return DataTime(None, "bears no original time", not_after=snapshot.created_at)


def _copied(snapshot: DatabaseSnapshot) -> str:
    return f"copied {snapshot.created_at:%Y-%m-%dT%H:%M:%SZ}" if snapshot.created_at else "copied"
