"""Maintenance: a slot tonight, two that collide, one at a time that no clock will show, and RDS's own."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from services.agreement import read_wall_clock, zone
from services.model import Status
from services.sandbox import records
from services.sandbox.builder import DEFAULT_ZONE, ZONES, Builder
from services.sandbox.dates import next_gap, next_local
from services.sandbox.options import DEDICATED_ACCOUNT
from services.sandbox.planned.databases import Cluster, Pending
from services.sandbox.stories.base import Expectations, Expected, overall, recovery, slot
from services.wire.registry import TenantRecord

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def _dedicated(
    builder: Builder, id_: str, name: str, region: str, *, engine: str = "aurora-postgresql", members: int = 2
) -> tuple[TenantRecord, Cluster]:
    tenant = builder.tenant(id_, name, "dedicated", region)
    builder.running(tenant)
    tags = (("tenant", tenant.id),)
    cluster = builder.cluster(
        DEDICATED_ACCOUNT, region, f"{id_}-core", tier="dedicated", engine=engine, tags=tags, members=members
    )
    builder.store(tenant, cluster.arn)
    return tenant, cluster


class Tonight:
    """A slot of a whole region and tier."""

    NAME = "slot-tonight"
    SENTENCE = "Tonight the public databases of us-east-1 are upgraded; the slot is announced and SSM carries it out."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        region = "us-east-1"
        starts = next_local(builder.at, ZONES[region], 21)
        length = timedelta(minutes=90)
        reason = "Minor engine upgrade"
        made = records.slot(
            builder, "tonight", starts, length, reason, zone_name=ZONES[region], place=("public", region)
        )
        return (slot(made, Status.DUE),)


class Conflict:
    """A tenant's slot inside that of its region."""

    NAME = "slots-in-conflict"
    SENTENCE = "A tenant's own slot lies inside the one of its region and tier: both say with what they collide."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant, _ = _dedicated(builder, "cogswell-net", "Cogswell Net", "ca-central-1", engine="postgres", members=3)
        zone_name = ZONES[tenant.region]
        starts = next_local(builder.at + 3 * DAY, zone_name, 22)
        place = ("dedicated", tenant.region)
        wide = records.slot(
            builder, "ca-storage", starts, 3 * HOUR, "Storage migration", zone_name=zone_name, place=place
        )
        reason = "Certificate renewal at the customer's wish"
        own = records.slot(builder, "cogswell-cert", starts + HOUR, HOUR, reason, zone_name=zone_name, tenant=tenant)
        return (slot(wide, Status.AT_RISK), slot(own, Status.AT_RISK), overall(tenant.id, Status.OK))


class InGap:
    """Planned for a local time that the clocks skip."""

    NAME = "slot-in-a-gap"
    SENTENCE = (
        "A slot was announced for a local time that does not exist: that night the clocks are put forward over it."
    )

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant, _ = _dedicated(builder, "spacely-voice", "Spacely Voice", "eu-west-2")
        zone_name = tenant.zone or DEFAULT_ZONE
        local = next_gap(builder.at, zone_name)
        if local is None:
            zone_name = DEFAULT_ZONE
            local = next_gap(builder.at, zone_name)
        if local is None:
            raise ValueError(f"the clocks of {zone_name} never change")
        local += timedelta(minutes=30)
        starts = read_wall_clock(local, zone(zone_name)).later
        made = records.slot(
            builder,
            "spacely-night",
            starts,
            HOUR,
            "Operating system patches",
            zone_name=zone_name,
            tenant=tenant,
            local_start=local,
        )
        return (slot(made, Status.AT_RISK), overall(tenant.id, Status.OK))


class Forced:
    """RDS will not wait for anybody."""

    NAME = "forced-maintenance"
    SENTENCE = (
        "RDS will patch a dedicated database in two days, whatever its maintenance window; another waits for consent."
    )

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant, cluster = _dedicated(builder, "macguffin-lines", "MacGuffin Lines", "me-central-1")
        common = partial(Pending, account=cluster.account, region=cluster.region, resource=cluster.arn)
        forced = builder.at + 2 * DAY
        builder.planting.pending += [
            common(
                action="system-update",
                description="New Operating System update is available",
                auto_applied_after=forced - 30 * DAY,
                forced_at=forced,
                applied_at=forced,
            ),
            common(action="db-upgrade", description="Minor engine version 16.6 is available"),
        ]
        name = cluster.identifier
        return (
            recovery(tenant.id, cluster, Status.OK),
            Expected(
                area="maintenance",
                status=Status.AT_RISK,
                tenant=tenant.id,
                figure=f"pending.{name}.system-update",
            ),
            Expected(area="maintenance", status=Status.OK, tenant=tenant.id, figure=f"pending.{name}.db-upgrade"),
        )
