"""What AWS Backup keeps of a store, wherever that lies: recovery points, jobs, restore jobs.

Everything is joined by the ARN of the resource that was backed up, which a copy in another region or account keeps.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.aws.collect.backup_jobs import BACKUP_JOBS
from services.aws.collect.backup_plans import BACKUP_PLANS
from services.aws.collect.copy_jobs import COPY_JOBS
from services.aws.collect.protected_resources import PROTECTED_RESOURCES
from services.aws.collect.recovery_points import RECOVERY_POINTS
from services.aws.collect.restore_jobs import RESTORE_JOBS
from services.aws.facts_backup import BackupJob, ProtectedResource, RecoveryPoint, RestoreJob
from services.estate.index import Index
from services.estate.kinds import BUCKET, kind_of
from services.model import Observation, Source

OPERATIONS = frozenset(
    collector.operation
    for collector in (RECOVERY_POINTS, BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS, PROTECTED_RESOURCES, BACKUP_PLANS)
)
"""The calls whose answers are kept here or looked at in the join."""


class Vaults:
    """An index that is renewed a source at a time."""

    def __init__(self) -> None:
        self._points: Index[RecoveryPoint] = Index(lambda it: it.resource)
        self._by_arn: Index[RecoveryPoint] = Index(lambda it: it.arn)
        self._jobs: Index[BackupJob] = Index(lambda it: it.resource)
        self._restores: Index[RestoreJob] = Index(lambda it: it.resource or it.recovery_point)
        self._protected: Index[ProtectedResource] = Index(lambda it: it.arn)

    def put(self, observation: Observation[Any]) -> set[str]:
        """Takes a source's new answer; returns the ARNs of the resources of which it says something new."""
        source, items = observation.source, observation.value or ()
        if source.operation == RECOVERY_POINTS.operation:
            self._by_arn.put(source, items)
            return self._points.put(source, items)
        if source.operation in (BACKUP_JOBS.operation, COPY_JOBS.operation):
            return self._jobs.put(source, items)
        if source.operation == RESTORE_JOBS.operation:
            return set(self._resources(self._restores.put(source, items)))
        if source.operation == PROTECTED_RESOURCES.operation:
            return self._protected.put(source, items)
        return set()

    def dated_by(self, observation: Observation[Any]) -> set[str]:
        """The buckets of which a continuous point reaches to what this list of protected resources says."""
        return {
            known.arn
            for known in observation.value or ()
            if kind_of(known.arn) is BUCKET and any(point.continuous for _, point in self._points.of(known.arn))
        }

    def points(self, resource: str) -> list[tuple[Source, RecoveryPoint]]:
        return self._points.of(resource)

    def jobs(self, resource: str) -> list[BackupJob]:
        """Backup and copy jobs."""
        return [job for _, job in self._jobs.of(resource)]

    def restores(self, resource: str) -> list[RestoreJob]:
        """Restore jobs, those included that name only the recovery point."""
        named = [job for _, job in self._restores.of(resource)]
        for _, point in self._points.of(resource):
            named += [job for _, job in self._restores.of(point.arn) if job.resource is None]
        return list(dict.fromkeys(named)) if len(named) > 1 else named

    def protected(self, resource: str) -> list[tuple[Source, ProtectedResource]]:
        return self._protected.of(resource)

    def _resources(self, keys: Iterable[str]) -> Iterable[str]:
        """The keys of restore jobs, recovery points replaced by what they were taken of."""
        for key in keys:
            yield key
            for _, point in self._by_arn.of(key):
                yield point.resource
