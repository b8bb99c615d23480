"""Stores that are backed up and would come back too late, or nobody knows when."""

from __future__ import annotations

from datetime import timedelta

from services.model import Status, TestKind
from services.sandbox import backups
from services.sandbox.builder import Builder
from services.sandbox.clock import Restorable
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery, rto

NAME = "restore-tests"
SENTENCE = (
    "Backups are in health; the last restore took five hours of the promised four, and another tenant's was last "
    "tried 100 days ago."
)


def plant(builder: Builder) -> Expectations:
    slow = builder.tenant("acme-slow", "Acme Slow Restore", "public", "us-east-1")
    builder.running(slow)
    instance = builder.instance(PUBLIC_ACCOUNT, slow.region, "acme-slow-db")
    builder.store(slow, instance.arn, tested=False)
    points = backups.daily_points(builder, instance, newest=builder.at - timedelta(hours=6))
    started = builder.at - timedelta(days=9)
    of = next(point for point in points if point.created_at < started)
    backups.restore_job(builder, instance, of, started, timedelta(hours=5, minutes=10))
    begun = builder.at - timedelta(days=30)
    backups.continuous_point(builder, instance, Restorable(at=begun + timedelta(days=3)), begun, status="STOPPED")
    stale = builder.tenant("initrode-pbx", "Initrode PBX", "public", "eu-central-1")
    builder.running(stale)
    other = builder.instance(PUBLIC_ACCOUNT, stale.region, "initrode-pbx-db")
    builder.store(stale, other.arn, tested=False)
    long_ago = builder.at - timedelta(days=100)
    builder.test(stale, other.arn, TestKind.RESTORE, long_ago, timedelta(hours=1))
    return (
        recovery(slow.id, instance, Status.OK),
        rto(slow.id, instance, Status.BREACHED),
        overall(slow.id, Status.BREACHED),
        rto(stale.id, other, Status.UNPROVEN),
        overall(stale.id, Status.UNPROVEN),
    )
