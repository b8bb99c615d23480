"""What remains of a tenant whose subscription ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from services.sandbox import backups, records
from services.sandbox.builder import Builder
from services.sandbox.dates import clock_of
from services.sandbox.planned.databases import Instance
from services.wire.registry import TenantRecord


def ended(builder: Builder, tenant: TenantRecord, ended_on: date) -> None:
    """A subscription of a year that ended, and its service disabled then."""
    builder.subscription(tenant, ended_on - timedelta(days=364), ended_on)
    at = clock_of(tenant, ended_on, "grace").starts_at
    if at < builder.at:
        records.audit(builder, at, "disable", tenant.id, who="worker")


def farewell(builder: Builder, tenant: TenantRecord, gone: datetime | None = None) -> Instance:
    """A dismissed tenant's data is in backup only: a final snapshot and a point in a vault, of a database that is gone.

    ``gone`` is when it went: three days ago.
    """
    gone = gone or builder.at - timedelta(days=3)
    tags = (("tenant", tenant.id),)
    instance = builder.instance(
        tenant.account,
        tenant.region,
        f"{tenant.id[:50]}-db",
        tier=tenant.tier,
        age=timedelta(days=400),
        tags=tags,
        deleted_at=gone,
    )
    builder.snapshot(instance, f"{tenant.id[:50]}-final", created_at=gone, tags=tags)
    backups.point(builder, instance, gone - timedelta(hours=1))
    records.audit(builder, gone, "dismiss", tenant.id, who="worker")
    return instance
