"""A dedicated database whose logs have stopped arriving."""

from __future__ import annotations

from datetime import timedelta

from services.model import Status
from services.sandbox.builder import Builder
from services.sandbox.clock import Restorable
from services.sandbox.options import DEDICATED_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery, rto

NAME = "nine-minutes-behind"
SENTENCE = "A dedicated database could be restored to 9 minutes ago at best; 5 minutes are promised."


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("globex-voice", "Globex Voice", "dedicated", "eu-central-1")
    builder.running(tenant)
    since = builder.at - timedelta(minutes=9)
    instance = builder.instance(
        DEDICATED_ACCOUNT,
        tenant.region,
        "globex-voice-core",
        tier="dedicated",
        restorable=Restorable(at=since),
        tags=(("tenant", tenant.id), ("environment", "production")),
    )
    builder.store(tenant, instance.arn)
    return (
        recovery(tenant.id, instance, Status.BREACHED, since),
        rto(tenant.id, instance, Status.OK),
        overall(tenant.id, Status.BREACHED),
    )
