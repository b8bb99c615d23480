"""A tenant whose grace is nearly over."""

from __future__ import annotations

from datetime import timedelta

from services.model import LifecycleState, Status
from services.sandbox.builder import Builder
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, Expected

NAME = "grace-ending"
SENTENCE = "The subscription was not renewed; 2 days (and what is left of today) remain to renew or confirm."
GRACE = 30
"""Days, as the default policy has it; the day of the end is not counted."""
LEFT = 2


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("soylent-help", "Soylent Help", "public", "eu-central-1", state=LifecycleState.GRACE)
    ended = builder.today(tenant) - timedelta(days=GRACE - LEFT)
    builder.subscription(tenant, ended - timedelta(days=364), ended)
    instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "soylent-help-db")
    builder.store(tenant, instance.arn)
    return (
        Expected(status=Status.DUE, tenant=tenant.id, figure="grace"),
        Expected(status=Status.OK, tenant=tenant.id, store=instance.arn),
        Expected(status=Status.DUE, tenant=tenant.id),
    )
