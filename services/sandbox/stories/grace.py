"""A tenant whose grace is nearly over."""

from __future__ import annotations

from datetime import timedelta

from services.model import LifecycleState, Status
from services.sandbox import endings
from services.sandbox.builder import Builder
from services.sandbox.dates import ends_from
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery, retention

NAME = "grace-ending"
SENTENCE = "The subscription was not renewed; 2 days (and what is left of today) remain to renew or confirm."
LEFT = timedelta(days=2)


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("soylent-help", "Soylent Help", "public", "eu-central-1", state=LifecycleState.GRACE)
    endings.ended(builder, tenant, ends_from(builder, tenant, "grace", builder.at + LEFT))
    instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "soylent-help-db")
    builder.store(tenant, instance.arn)
    return (
        retention(tenant.id, "grace", Status.DUE),
        retention(tenant.id, "state", Status.OK),
        recovery(tenant.id, instance, Status.OK),
        overall(tenant.id, Status.DUE),
    )
