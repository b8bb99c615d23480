"""Legal holds on data that is due for destruction: one that the agreement excuses, and one that it does not."""

from __future__ import annotations

from datetime import timedelta

from services.model import LifecycleState, Status
from services.sandbox import endings, records
from services.sandbox.builder import Builder
from services.sandbox.dates import ended_by
from services.sandbox.plan import uuid
from services.sandbox.planned.backup import LegalHold
from services.sandbox.stories.base import Expectations, held, overall, retention
from services.wire.operations import HoldRecord

OVER = timedelta(days=10)


def _held(
    builder: Builder, id_: str, name: str, region: str, basis: str, reason: str, expires: timedelta | None
) -> HoldRecord:
    tenant = builder.tenant(id_, name, "public", region, state=LifecycleState.DISMISSED)
    endings.ended(builder, tenant, ended_by(builder, tenant, "hosted_data", builder.at - OVER))
    gone = endings.farewell(builder, tenant, builder.at - timedelta(days=60))
    placed = builder.at - timedelta(days=45)
    hold = records.hold(
        builder, tenant, basis, reason, placed, expires_at=builder.at + expires if expires is not None else None
    )
    builder.planting.legal_holds.append(
        LegalHold(
            account=gone.account,
            region=gone.region,
            id=uuid(builder.seed, "legal-hold", hold.id),
            title=f"tenure-{hold.id}"[:120],
            description=f"{tenant.id}: {reason}",
            created_at=placed + timedelta(hours=2),
            resources=(gone.arn,),
        )
    )
    return hold


class ByLaw:
    """Member State law requires the data to be kept."""

    NAME = "held-by-law"
    SENTENCE = "The data was due ten days ago; the law of a Member State requires that it is kept: nothing is late."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        basis, reason = "member-state-law", "Tax inspection: call records of 2026 to be kept"
        hold = _held(builder, "nakatomi-voice", "Nakatomi Voice", "eu-central-1", basis, reason, timedelta(days=300))
        return (
            held(hold, Status.OK),
            retention(hold.tenant, "hosted_data", Status.NOT_APPLICABLE),
            retention(hold.tenant, "return_or_delete", Status.NOT_APPLICABLE),
            retention(hold.tenant, "state", Status.OK),
            overall(hold.tenant, Status.OK),
        )


class NotByLaw:
    """Somebody would like the data to be kept."""

    NAME = "held-not-by-law"
    SENTENCE = "The data was due ten days ago and is held for a lawsuit, which stops destruction and excuses nothing."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        reason = "Dispute over invoices: both sides' counsel ask to keep everything"
        hold = _held(builder, "weyland-desk", "Weyland Desk", "us-east-1", "litigation", reason, None)
        return (
            held(hold, Status.AT_RISK),
            retention(hold.tenant, "hosted_data", Status.BREACHED),
            retention(hold.tenant, "state", Status.BREACHED),
            overall(hold.tenant, Status.BREACHED),
        )
