"""A database that nothing can bring back."""

from __future__ import annotations

from datetime import timedelta

from services.model import Status
from services.sandbox.builder import Builder
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery

NAME = "no-restore-point"
SENTENCE = "A database that was made three days ago has neither automated backups nor a snapshot."


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("umbrella-chat", "Umbrella Chat", "public", "me-central-1")
    builder.running(tenant)
    instance = builder.instance(
        PUBLIC_ACCOUNT, tenant.region, "umbrella-chat-db", engine="mysql", backups=False, age=timedelta(days=3)
    )
    builder.store(tenant, instance.arn)
    return (
        recovery(tenant.id, instance, Status.BREACHED),
        overall(tenant.id, Status.BREACHED),
    )
