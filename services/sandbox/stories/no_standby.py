"""A dedicated database that stands in one zone alone."""

from __future__ import annotations

from services.model import Status
from services.sandbox.builder import Builder
from services.sandbox.options import DEDICATED_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery, rto

NAME = "no-standby"
SENTENCE = (
    "A dedicated database has no standby in another zone, so that the promised recovery time of zero cannot hold."
)


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("pendant-press", "Pendant Press", "dedicated", "ap-southeast-1")
    builder.running(tenant)
    tags = (("tenant", tenant.id),)
    name = "pendant-press-core"
    instance = builder.instance(DEDICATED_ACCOUNT, tenant.region, name, tier="dedicated", tags=tags, standby=False)
    builder.store(tenant, instance.arn, tested=False)
    return (
        recovery(tenant.id, instance, Status.OK),
        rto(tenant.id, instance, Status.BREACHED),
        overall(tenant.id, Status.BREACHED),
    )
