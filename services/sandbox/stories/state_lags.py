"""A tenant whose recorded state is behind its clock."""

from __future__ import annotations

from datetime import timedelta

from services.model import LifecycleState, Status
from services.sandbox import endings
from services.sandbox.builder import Builder
from services.sandbox.dates import ended_by
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery, retention

NAME = "state-lags"
SENTENCE = "The grace ended three days ago and the record still says grace: access is open, the database is live."
LATE = timedelta(days=3)


def plant(builder: Builder) -> Expectations:
    tenant = builder.tenant("duff-contact", "Duff Contact", "public", "eu-central-1", state=LifecycleState.GRACE)
    endings.ended(builder, tenant, ended_by(builder, tenant, "grace", builder.at - LATE))
    instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "duff-contact-db")
    builder.store(tenant, instance.arn)
    return (
        retention(tenant.id, "state", Status.AT_RISK),
        retention(tenant.id, "hosted_data", Status.OK),
        recovery(tenant.id, instance, Status.OK),
        overall(tenant.id, Status.AT_RISK),
    )
