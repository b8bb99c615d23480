"""A recovery point that looks usable and is not."""

from __future__ import annotations

from datetime import timedelta

from services.model import Status
from services.sandbox import backups
from services.sandbox.builder import Builder
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery

NAME = "expired-point"
SENTENCE = (
    "The newest recovery point, three hours old, was deleted by somebody and AWS could only mark it EXPIRED; the one "
    "before it is 27 hours old."
)
WHY = "AWS Backup could not delete the recovery point: the role is missing permissions."


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("wonka-desk", "Wonka Desk", "public", "eu-central-1")
    builder.running(tenant)
    instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "wonka-desk-db", engine="mysql", backups=False)
    builder.store(tenant, instance.arn)
    usable = builder.at - timedelta(hours=27)
    backups.daily_points(builder, instance, newest=usable)
    backups.point(builder, instance, builder.at - timedelta(hours=3), status="EXPIRED", message=WHY)
    long_ago = builder.at - timedelta(days=36)
    backups.point(builder, instance, long_ago, status="DELETING", message="Its retention of 35 days is over.")
    return (
        recovery(tenant.id, instance, Status.BREACHED, usable),
        overall(tenant.id, Status.BREACHED),
    )
