"""What goes on in a fleet in health: slots done and to come, closed cases, exports that are over."""

from __future__ import annotations

from datetime import timedelta

from services.model import CaseKind, CaseState, ExportState, LifecycleState, SlotState
from services.sandbox import records
from services.sandbox.builder import ZONES, Builder
from services.sandbox.dates import next_local
from services.sandbox.options import PUBLIC_REGIONS
from services.sandbox.plan import dice
from services.wire.registry import TenantRecord

DAY = timedelta(days=1)
PLACES = (*(("public", region) for region in PUBLIC_REGIONS), ("dedicated", "eu-central-1"))
BACK, AHEAD = 9 * DAY, 5 * DAY
"""When the last slot of a place was and the next one is, about."""


def slots(builder: Builder) -> None:
    """A slot that was done and one that is announced, in each of the larger places."""
    for tier, region in PLACES:
        zone_name = ZONES[region]
        name = f"{tier[:3]}-{region}"
        last = next_local(builder.at - BACK, zone_name, 21)
        records.slot(
            builder,
            f"{name}-last",
            last,
            2 * records.HOUR,
            "Monthly operating system patches",
            zone_name=zone_name,
            place=(tier, region),
            state=SlotState.DONE,
            ahead=20 * DAY,
        )
        records.audit(builder, last + 2 * records.HOUR, "slot done", note=f"slot {name}-last", who="worker")
        records.slot(
            builder,
            f"{name}-next",
            next_local(builder.at + AHEAD, zone_name, 21),
            timedelta(minutes=100),
            "Certificate rotation",
            zone_name=zone_name,
            place=(tier, region),
        )


def history(builder: Builder, tenant: TenantRecord) -> None:
    """A few of the tenants in force have had a case, or an export, that is closed."""
    if tenant.state is not LifecycleState.ACTIVE:
        return
    random = dice(builder.seed, "history", tenant.id)
    draw = random.random()
    if draw < 0.08:
        delivered = builder.at - timedelta(days=random.randrange(12, 40), minutes=random.randrange(1440))
        kind = random.choice((CaseKind.ACCEPTABLE_USE, CaseKind.DATA_SUBJECT_REQUEST))
        ended = delivered + timedelta(hours=random.randrange(2, 20))
        scope = "application chat" if kind is CaseKind.ACCEPTABLE_USE else f"mailbox {random.randrange(1000, 9999)}"
        made = records.case(builder, tenant, kind, scope, delivered, state=CaseState.CLOSED, ended_at=ended)
        records.audit(builder, ended, "case close", tenant.id, ticket=made.reference)
    elif draw < 0.14:
        available = builder.at - timedelta(days=random.randrange(45, 80))
        records.export(
            builder,
            tenant,
            ExportState.CLOSED,
            available - 3 * DAY,
            available_at=available,
            complete=True,
            delivered_at=available + 6 * DAY,
            destroyed_at=available + 32 * DAY,
        )
