"""A store of data and the points to which it can be brought back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.model.observation import Observation, Source
from services.model.recovery_test import RecoveryTest


@dataclass(frozen=True, slots=True)
class RestorePoint:
    """A moment to which a store can be brought back, or one that cannot be dated."""

    kind: str
    """``latest-restorable-time``, ``automated-backup``, ``snapshot``, ``backup-recovery-point``,
    ``protected-versions``: as in the policy's ``recovery.evidence``."""
    at: datetime | None
    """``None``: usable, but of unknown age (a copied cluster snapshot whose origin is gone)."""
    resource: str
    """The ARN it was read from."""
    note: str = ""
    """What a person should know: ``copied 2026-11-22T03:00:00Z``."""
    observed_at: datetime | None = None
    """When it was seen; ``None``: the latest of the store's sources speaks for it."""
    not_after: datetime | None = None
    """Where ``at`` is not known: its data is no newer than this (when the copy was made); ``None``: no bound."""
    since: datetime | None = None
    """Of a continuous point: every moment from here to ``at`` can be restored; ``None``: ``at`` alone."""
    source: Source | None = None
    """The call it was read from; ``None``: it rests on all of the store's sources."""


@dataclass(frozen=True, slots=True)
class Store:
    """A database instance, a cluster or a bucket, with everything seen of its restore points."""

    arn: str
    name: str
    kind: str
    """``rds-instance``, ``rds-cluster``, ``s3-bucket``: the words of the policy's ``recovery.evidence``."""
    account: str
    region: str
    engine: str
    created_at: datetime | None
    tenants: tuple[str, ...]
    """Ids of the tenants it serves: mapped by the registry, or named by its tag. Empty: nobody owns it."""
    parts: tuple[tuple[str, str], ...]
    """(tenant, schema or database) of a shared store."""
    tag_tenant: str | None
    """The tenant that the tag names, known to the registry or not."""
    points: tuple[RestorePoint, ...]
    sources: tuple[Observation[object], ...]
    """Every observation that speaks about it, answered or not."""
    troubles: tuple[str, ...] = ()
    """What was seen to go wrong with its backups and is no restore point: ``backup job failed 2026-11-22T03:00:00Z``,
    ``recovery point … is PARTIAL``. From outside in parts, not sanitized."""
    tests: tuple[RecoveryTest, ...] = ()
    """Restore tests seen in AWS and tests recorded in the internal API, newest first."""
    multi_az: bool = False
    standby: str | None = None
    """The zone of a synchronous standby, where one was seen."""
    listed_by: Source | None = None
    """The call whose answer it is listed in, one of ``sources``."""
    scratch: str | None = None
    """The restore test that made it, by its own tag: a copy, and no store of anybody's. ``None``: it is one."""
    maintenance_window: str | None = None
    """When RDS may work on it each week, as AWS puts it, in UTC: ``sun:05:00-sun:05:30``."""
    test_sources: tuple[Observation[object], ...] = ()
    """The observations that say which tests there were: where one did not answer, tests may be missing from
    ``tests``."""
