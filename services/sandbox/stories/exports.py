"""Export packages at every turn of their life."""

from __future__ import annotations

from datetime import timedelta

from services.model import ExportState, LifecycleState, Status
from services.sandbox import endings, records
from services.sandbox.builder import Builder
from services.sandbox.dates import available_from, ends_from
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, exported, held, overall, recovery, retention

DAY = timedelta(days=1)
DISMISSED = LifecycleState.DISMISSED


class Preparing:
    """Asked for a week ago, 61 % done."""

    NAME = "export-preparing"
    SENTENCE = (
        "A customer in grace asked for its data a week ago; the package is being made and is to be there in days."
    )

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant = builder.tenant("bluth-help", "Bluth Help", "public", "eu-central-1", state=LifecycleState.GRACE)
        endings.ended(builder, tenant, ends_from(builder, tenant, "grace", builder.at + 12 * DAY))
        instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "bluth-help-db")
        builder.store(tenant, instance.arn)
        asked = builder.at - 7 * DAY
        made = records.export(builder, tenant, ExportState.PREPARING, asked, progress=0.61)
        return (
            exported(made, Status.DUE),
            retention(tenant.id, "grace", Status.OK),
            recovery(tenant.id, instance, Status.OK),
            overall(tenant.id, Status.DUE),
        )


class Closing:
    """Three days left to fetch it."""

    NAME = "export-closing"
    SENTENCE = "A complete package can be fetched for three days more, and nobody has fetched it."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant = builder.tenant("sirius-calls", "Sirius Calls", "public", "eu-central-1", state=DISMISSED)
        ended = ends_from(builder, tenant, "hosted_data", builder.at + 20 * DAY)
        endings.ended(builder, tenant, ended)
        endings.farewell(builder, tenant, builder.at - 25 * DAY)
        available = available_from(tenant, ended, builder.at + 4 * DAY)
        made = records.export(
            builder, tenant, ExportState.AVAILABLE, available - 2 * DAY, available_at=available, complete=True
        )
        return (
            exported(made, Status.DUE),
            retention(tenant.id, "hosted_data", Status.DUE),
            overall(tenant.id, Status.DUE),
        )


class Expired:
    """The window is over, the package still there."""

    NAME = "export-expired"
    SENTENCE = "The export window closed days ago, and nothing shows that the package was destroyed."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant = builder.tenant("monarch-fax", "Monarch Fax", "public", "me-central-1", state=DISMISSED)
        ended = ends_from(builder, tenant, "hosted_data", builder.at + 40 * DAY)
        endings.ended(builder, tenant, ended)
        endings.farewell(builder, tenant, builder.at - 12 * DAY)
        available = available_from(tenant, ended, builder.at - 3 * DAY)
        made = records.export(
            builder, tenant, ExportState.AVAILABLE, available - 2 * DAY, available_at=available, complete=True
        )
        return (
            exported(made, Status.BREACHED),
            retention(tenant.id, "hosted_data", Status.OK),
            overall(tenant.id, Status.BREACHED),
        )


class Outlives:
    """Available so late that its window closes after the three months."""

    NAME = "export-outlives"
    SENTENCE = "The window closes weeks after the three months: hosted data goes on time, only the package stays."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant = builder.tenant("krusty-phone", "Krusty Phone", "public", "me-central-1", state=DISMISSED)
        endings.ended(builder, tenant, ends_from(builder, tenant, "hosted_data", builder.at + 8 * DAY))
        endings.farewell(builder, tenant, builder.at - 50 * DAY)
        available = builder.at - 4 * DAY
        made = records.export(
            builder, tenant, ExportState.AVAILABLE, available - 5 * DAY, available_at=available, complete=True
        )
        return (
            exported(made, Status.OK),
            retention(tenant.id, "hosted_data", Status.DUE),
            retention(tenant.id, "return_or_delete", Status.OK),
            overall(tenant.id, Status.DUE),
        )


class Cut:
    """Asked for so late that the outer clock cuts its window."""

    NAME = "export-cut"
    SENTENCE = (
        "Union law keeps the data of a long dismissed tenant, who asked for an export on its last days: the window is "
        "cut to the 180 days, five days from now."
    )

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant = builder.tenant("octan-meet", "Octan Meet", "public", "eu-central-1", state=DISMISSED)
        endings.ended(builder, tenant, ends_from(builder, tenant, "return_or_delete", builder.at + 5 * DAY))
        endings.farewell(builder, tenant, builder.at - 140 * DAY)
        placed, expires = builder.at - 100 * DAY, builder.at + 200 * DAY
        hold = records.hold(builder, tenant, "union-law", "Competition inquiry", placed, expires_at=expires)
        available = builder.at - 5 * DAY
        made = records.export(
            builder, tenant, ExportState.AVAILABLE, available - 4 * DAY, available_at=available, complete=True
        )
        return (
            exported(made, Status.DUE),
            held(hold, Status.OK),
            retention(tenant.id, "hosted_data", Status.NOT_APPLICABLE),
            retention(tenant.id, "return_or_delete", Status.NOT_APPLICABLE),
            overall(tenant.id, Status.DUE),
        )
