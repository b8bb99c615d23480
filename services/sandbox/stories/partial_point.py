"""A backup that was never finished."""

from __future__ import annotations

from datetime import timedelta

from services.model import Status
from services.sandbox import backups
from services.sandbox.builder import Builder
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery, rto

NAME = "partial-point"
SENTENCE = "Automated backups are off and the only recovery point, five hours old, is PARTIAL: nothing can be restored."
WHY = "Backup job could not complete before the backup window closed."


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("aperture-voice", "Aperture Voice", "public", "eu-central-1")
    builder.running(tenant)
    instance = builder.instance(
        PUBLIC_ACCOUNT, tenant.region, "aperture-voice-db", backups=False, age=timedelta(days=2)
    )
    builder.store(tenant, instance.arn)
    at = builder.at - timedelta(hours=5)
    made = backups.point(builder, instance, at, status="PARTIAL", message=WHY)
    backups.job(builder, instance, at, state="PARTIAL", message=WHY, made=made)
    return (
        recovery(tenant.id, instance, Status.BREACHED),
        rto(tenant.id, instance, Status.OK),
        overall(tenant.id, Status.BREACHED),
    )
