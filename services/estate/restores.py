"""Restore tests: the restore jobs of AWS Backup of one store."""

from __future__ import annotations

from collections.abc import Iterable

from services.aws.collect.restore_jobs import RESTORE_JOBS
from services.aws.facts_backup import RestoreJob
from services.model import RecoveryTest, TestKind

SEEN_IN = f"{RESTORE_JOBS.service} {RESTORE_JOBS.operation}"

FAILED = frozenset({"ABORTED", "FAILED"})


def tests_of(store: str, jobs: Iterable[RestoreJob]) -> tuple[RecoveryTest, ...]:
    """The restore tests of the store with that ARN, newest first."""
    tests = [_test(store, job) for job in jobs]
    return tuple(sorted(tests, key=lambda test: (test.started_at, test.id), reverse=True))


def _test(store: str, job: RestoreJob) -> RecoveryTest:
    succeeded = _succeeded(job)
    return RecoveryTest(
        id=job.id,
        store=store,
        kind=TestKind.RESTORE,
        started_at=job.created_at,
        ended_at=job.completed_at if succeeded is not None else None,
        succeeded=succeeded,
        seen_in=SEEN_IN,
        reference=job.recovery_point,
    )


def _succeeded(job: RestoreJob) -> bool | None:
    """``None`` while it runs. A restore whose validation failed brought nothing that can be used."""
    if job.status in FAILED or job.validation in ("FAILED", "TIMED_OUT"):
        return False
    if job.status != "COMPLETED" or job.validation == "VALIDATING":
        return None
    return True
