"""A backup job that fails behind an older good snapshot."""

from __future__ import annotations

from datetime import timedelta

from services.model import Status
from services.sandbox import backups
from services.sandbox.builder import Builder
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery

NAME = "failed-job"
SENTENCE = (
    "Last night's backup job failed and is being tried again; the newest good snapshot is 22 hours old and will be too "
    "old in two. Two nights are missing further back."
)
WHY = "The KMS key of the target vault is disabled."
MISSING = (9, 10)
"""Nights ago without a backup: the worst gap of the trailing weeks."""


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("dunder-calls", "Dunder Calls", "public", "us-east-1")
    builder.running(tenant)
    instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "dunder-calls-db", backups=False)
    builder.store(tenant, instance.arn)
    newest = builder.at - timedelta(hours=22)
    backups.daily_points(builder, instance, newest=newest, missing=MISSING)
    backups.job(builder, instance, builder.at - timedelta(hours=10), state="FAILED", message=WHY)
    again = builder.at - timedelta(minutes=5)
    making = backups.point(builder, instance, again, status="CREATING")
    backups.job(builder, instance, again, state="RUNNING", made=making)
    return (
        recovery(tenant.id, instance, Status.AT_RISK, newest),
        overall(tenant.id, Status.AT_RISK),
    )
