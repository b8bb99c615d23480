"""Continuous backups: a point that looks old and reaches to this minute."""

from __future__ import annotations

from datetime import timedelta

from services.model import Status
from services.sandbox import backups, buckets
from services.sandbox.builder import Builder
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery, rto

NAME = "continuous-point"
SENTENCE = (
    "A database's and a bucket's only recovery points were created weeks ago: they are continuous, and reach to a few "
    "minutes ago."
)


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("cyberdyne-meet", "Cyberdyne Meet", "public", "eu-central-1")
    builder.running(tenant)
    instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "cyberdyne-meet-db")
    builder.store(tenant, instance.arn)
    if instance.restorable is not None:
        backups.continuous_point(builder, instance, instance.restorable, builder.at - timedelta(days=20))
    bucket = buckets.bucket(builder, tenant)
    builder.tested(tenant, bucket.arn)
    buckets.continuous(builder, bucket, builder.at - timedelta(days=25))
    return (
        recovery(tenant.id, instance, Status.OK),
        recovery(tenant.id, bucket, Status.OK),
        rto(tenant.id, bucket, Status.OK),
        overall(tenant.id, Status.OK),
    )
