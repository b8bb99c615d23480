"""AWS Backup's jobs on demand: StartBackupJob, and what becomes of a job as the sandbox's clock goes on.

Read from the API reference of 2018-11-15 (StartBackupJob, DescribeBackupJob). A job runs for ``JOB_S`` and then has
made a recovery point. The same idempotency token is the same job.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from moto.backup.exceptions import ResourceNotFoundException
from moto.rds.models import rds_backends
from moto.s3.models import s3_backends

from services.estate.arns import parse
from services.sandbox.planned.backup import BackupJob, RecoveryPoint

JOB_S = timedelta(seconds=3)
PARTITION = "aws"


class Started:
    """The jobs that were started here, of one account and region."""

    def __init__(self) -> None:
        self._by_token: dict[str, str] = {}
        self._running: set[str] = set()

    def start(self, jobs: dict[str, BackupJob], params: Any, account: str, region: str, now: datetime) -> BackupJob:
        """A new job, or the one of that token. Raises ``ResourceNotFoundException`` for what is not there."""
        token = params.get("IdempotencyToken")
        if token and token in self._by_token:
            return jobs[self._by_token[token]]
        arn = params["ResourceArn"]
        job = BackupJob(
            account=account,
            region=region,
            id=str(uuid4()),
            vault=params["BackupVaultName"],
            resource=arn,
            resource_type=_type_of(arn, account, region),
            state="RUNNING",
            created_at=now,
            completed_at=None,
            role=params["IamRoleArn"],
            days=(params.get("Lifecycle") or {}).get("DeleteAfterDays"),
        )
        jobs[job.id] = job
        self._running.add(job.id)
        if token:
            self._by_token[token] = job.id
        return job

    def settle(self, jobs: dict[str, BackupJob], points: dict[str, RecoveryPoint], now: datetime) -> None:
        """Ends the jobs whose time is over."""
        for job in [jobs[id_] for id_ in self._running]:
            if now < job.created_at + JOB_S:
                continue
            self._running.discard(job.id)
            point = _point(job)
            points[point.arn] = point
            jobs[job.id] = replace(
                job, state="COMPLETED", completed_at=job.created_at + JOB_S, recovery_point=point.arn
            )


def _type_of(arn: str, account: str, region: str) -> str:
    found = parse(arn)
    kinds: dict[tuple[str, str | None], tuple[str, Callable[[], Any]]] = {
        ("rds", "db"): ("RDS", lambda: rds_backends[account][region].databases),
        ("rds", "cluster"): ("Aurora", lambda: rds_backends[account][region].clusters),
        ("s3", None): ("S3", lambda: s3_backends[account][PARTITION].buckets),
    }
    known = kinds.get((found.service, found.kind)) if found is not None else None
    if found is None or known is None or found.name not in known[1]():
        raise ResourceNotFoundException(f"{arn} was not found")
    return known[0]


def point_arn(job: BackupJob) -> str:
    """The ARN of what a job makes: RDS's own, or one of AWS Backup's."""
    head = f"arn:aws:rds:{job.region}:{job.account}"
    forms = {"RDS": f"{head}:snapshot:awsbackup:job-", "Aurora": f"{head}:cluster-snapshot:awsbackup:job-"}
    form = forms.get(job.resource_type, f"arn:aws:backup:{job.region}:{job.account}:recovery-point:")
    return f"{form}{job.id}"


def _point(job: BackupJob) -> RecoveryPoint:
    return RecoveryPoint(
        account=job.account,
        region=job.region,
        arn=point_arn(job),
        vault=job.vault,
        resource=job.resource,
        resource_type=job.resource_type,
        status="COMPLETED",
        created_at=job.created_at,
        completed_at=job.created_at + JOB_S,
        retention_days=job.days,
    )
