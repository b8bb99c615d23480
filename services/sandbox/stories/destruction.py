"""Dismissed tenants whose data is to be destroyed tomorrow, and should have been."""

from __future__ import annotations

from datetime import timedelta

from services.model import LifecycleState, Status
from services.sandbox import endings
from services.sandbox.builder import Builder
from services.sandbox.dates import ended_by, ends_from
from services.sandbox.stories.base import Expectations, overall, retention

SOON = timedelta(hours=12)
LATE = timedelta(days=4)


class Tomorrow:
    """Hosted data is due within a day or so."""

    NAME = "destruction-tomorrow"
    SENTENCE = "A dismissed tenant's three months end tomorrow: its data is to be destroyed by then."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        dismissed = LifecycleState.DISMISSED
        tenant = builder.tenant("virtucon-chat", "Virtucon Chat", "public", "eu-central-1", state=dismissed)
        endings.ended(builder, tenant, ends_from(builder, tenant, "hosted_data", builder.at + SOON))
        endings.farewell(builder, tenant)
        return (
            retention(tenant.id, "hosted_data", Status.DUE),
            retention(tenant.id, "return_or_delete", Status.OK),
            retention(tenant.id, "state", Status.OK),
            overall(tenant.id, Status.DUE),
        )


class Overdue:
    """Hosted data was due days ago, and the allowance is over too."""

    NAME = "destruction-overdue"
    SENTENCE = "A dismissed tenant's data should have been destroyed four days ago, and nothing shows that it was."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        dismissed = LifecycleState.DISMISSED
        tenant = builder.tenant("zorin-phone", "Zorin Phone", "public", "me-central-1", state=dismissed)
        endings.ended(builder, tenant, ended_by(builder, tenant, "hosted_data", builder.at - LATE))
        endings.farewell(builder, tenant, builder.at - timedelta(days=50))
        return (
            retention(tenant.id, "hosted_data", Status.BREACHED),
            retention(tenant.id, "state", Status.BREACHED),
            overall(tenant.id, Status.BREACHED),
        )
