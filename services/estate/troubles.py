"""What was seen to go wrong with a store's backups. Told beside the verdict, which it never turns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from services.aws.facts_backup import BackupJob, JobKind, RecoveryPoint
from services.estate.vault_points import USABLE
from services.model import Observation
from services.words import say_instant

FAILED = {"FAILED": "failed", "ABORTED": "was aborted", "EXPIRED": "expired", "PARTIAL": "was partial"}
"""States of jobs that brought no whole backup."""

MAKING = frozenset({"CREATING"})
"""A point that is being made is neither usable nor a trouble."""

_NEVER = datetime.min.replace(tzinfo=UTC)


def point_troubles(points: Iterable[RecoveryPoint]) -> list[str]:
    """One line a status of points that cannot be restored from, with the newest of them."""
    lost: dict[str, list[RecoveryPoint]] = {}
    for point in points:
        if point.status not in USABLE | MAKING:
            lost.setdefault(point.status, []).append(point)
    told = []
    for status, group in sorted(lost.items()):
        newest = max(group, key=lambda it: (it.created_at or _NEVER, it.arn))
        said = f"recovery point {newest.arn} is {status}{_dated(newest.created_at)}{_why(newest.status_message)}"
        told.append(said + _more(len(group)))
    return told


def job_troubles(jobs: Iterable[BackupJob]) -> list[str]:
    """One line for backup jobs and one for each vault copied to, where the last job that ended failed."""
    lanes: dict[tuple[JobKind, str], list[BackupJob]] = {}
    for job in jobs:
        lanes.setdefault((job.kind, job.target or ""), []).append(job)
    told = []
    for (kind, target), lane in sorted(lanes.items()):
        done = max((_begun(job) for job in lane if job.state == "COMPLETED"), default=_NEVER)
        failed = [job for job in lane if job.state in FAILED and _begun(job) >= done]
        if failed:
            last = max(failed, key=lambda job: (_begun(job), job.id))
            to = f" to {target}" if target else ""
            at = last.completed_at or last.created_at
            said = f"{kind.value}{to} {FAILED[last.state]}{f' {say_instant(at)}' if at else ''}{_why(last.message)}"
            told.append(said + _more(len(failed)))
    return told


def plan_troubles(points: Sequence[RecoveryPoint], plans: frozenset[str] | None) -> list[str]:
    """Whether the plan that made the newest point is still there; ``plans`` is ``None`` where they were not read."""
    made = [it for it in points if it.plan is not None and it.copied_from is None and it.created_at is not None]
    if plans is None or not made:
        return []
    newest = max(made, key=lambda it: (it.created_at or _NEVER, it.arn))
    return [] if newest.plan in plans else [f"the backup plan {newest.plan} of its newest recovery point is deleted"]


def unread_troubles(calls: Iterable[Observation[Any]]) -> list[str]:
    """What would have told of troubles and did not answer."""
    lost = [it for it in calls if not it.outcome.answered]
    if not lost:
        return []
    named = ", ".join(f"{it.source.operation} {it.outcome}" for it in lost)
    return [f"its backup jobs are not all known: {lost[0].source.service} {named}"]


def _begun(job: BackupJob) -> datetime:
    return job.created_at or _NEVER


def _dated(at: datetime | None) -> str:
    return f", of {say_instant(at)}" if at else ""


def _why(message: str | None) -> str:
    return f": {message}" if message else ""


def _more(count: int) -> str:
    return f" (and {count - 1} more)" if count > 1 else ""
