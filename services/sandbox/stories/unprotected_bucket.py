"""A bucket that keeps one copy of each file and no version of it."""

from __future__ import annotations

from datetime import timedelta

from services.model import Status
from services.sandbox import buckets
from services.sandbox.builder import Builder
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery

NAME = "unprotected-bucket"
SENTENCE = "The database is in health; the bucket with faxes and recordings has neither versions nor a backup."


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("oscorp-fax", "Oscorp Fax", "public", "me-central-1")
    builder.running(tenant)
    instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "oscorp-fax-db")
    builder.store(tenant, instance.arn)
    bucket = buckets.bucket(builder, tenant, versioning=None, age=timedelta(days=6))
    builder.tested(tenant, bucket.arn)
    return (
        recovery(tenant.id, instance, Status.OK),
        recovery(tenant.id, bucket, Status.BREACHED),
        overall(tenant.id, Status.BREACHED),
    )
