"""Buckets of customers' files for what a builder makes, and how they are protected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from services.sandbox import backups
from services.sandbox.builder import Builder
from services.sandbox.clock import Restorable
from services.sandbox.plan import dice
from services.sandbox.planned.buckets import Bucket
from services.wire.registry import TenantRecord

CONTINUOUS_LAG_S, CONTINUOUS_STEP_S = 120, 600
"""S3's continuous backups are some minutes behind: two to twelve here."""


def bucket(
    builder: Builder,
    tenant: TenantRecord,
    *,
    versioning: str | None = "Enabled",
    copied: bool = False,
    age: timedelta = timedelta(days=300),
    name: str | None = None,
) -> Bucket:
    """A tenant's bucket with two versions each of a fax in pdf, one in tiff and a recording in mp3.

    ``copied``: into another bucket of the place, which keeps every version locked; both are tested.
    """
    name = name or f"{tenant.id[:50]}-media"
    random = dice(builder.seed, "bucket", name)
    created = builder.at - age
    made = Bucket(
        account=tenant.account,
        region=tenant.region,
        name=name,
        created_at=created,
        versioning=versioning,
        replica=f"{name}-copy" if copied else None,
        tags=(("tenant", tenant.id), ("service", "suite")),
        keys=tuple(_keys(builder, created, random.randrange(10_000), versions=2 if versioning == "Enabled" else 1)),
    )
    builder.planting.buckets.append(made)
    builder.store(tenant, made.arn, tested=copied)
    if made.replica is not None:
        copy = replace(made, name=made.replica, replica=None, object_lock_days=backups.RETENTION_DAYS)
        builder.planting.buckets.append(copy)
        builder.tested(tenant, copy.arn)
    return made


def _keys(builder: Builder, created: datetime, number: int, *, versions: int) -> list[tuple[str, datetime]]:
    since = max(created, builder.at - timedelta(days=60))
    times = [since + timedelta(hours=5 + hour) for hour in range(versions)]
    folder = f"{since:%Y/%m}"
    names = (f"faxes/{folder}/{number}.pdf", f"faxes/{folder}/{number}.tiff", f"recordings/{folder}/{number}.mp3")
    return [(name, at) for name in names for at in times]


def daily(builder: Builder, made: Bucket, days: int = backups.RETENTION_DAYS) -> None:
    """AWS Backup every night, and a restore that was tested."""
    random = dice(builder.seed, "nightly", made.name)
    night = builder.at - timedelta(hours=random.randrange(1, 15), minutes=random.randrange(60))
    points = backups.daily_points(builder, made, newest=night, days=days)
    tested = builder.at - timedelta(days=random.randrange(4, 30), minutes=random.randrange(1440))
    of = next((one for one in points if one.created_at < tested), points[-1])
    backups.restore_job(builder, made, of, tested, timedelta(minutes=random.randrange(15, 150)))


def continuous(builder: Builder, made: Bucket, since: datetime) -> None:
    """AWS Backup's continuous point of a bucket."""
    reaches = Restorable(lag_s=CONTINUOUS_LAG_S, step_s=CONTINUOUS_STEP_S)
    backups.continuous_point(builder, made, reaches, since)
