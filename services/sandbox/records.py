"""What the internal API keeps beside the registry, for what a builder makes: exports, holds, cases, slots, the audit
log; and the maintenance windows in AWS that carry a slot out.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal

from services.agreement import zone
from services.model import CaseKind, CaseState, ExportState, SlotState
from services.sandbox.builder import Builder
from services.sandbox.options import DEDICATED_ACCOUNT, PUBLIC_ACCOUNT
from services.sandbox.plan import dice
from services.sandbox.planned.windows import Window
from services.wire.operations import AuditRecord, CaseRecord, ExportRecord, HoldRecord, SlotRecord
from services.wire.registry import TenantRecord

OPERATORS = ("olga", "luis", "mei", "worker")
HOUR = timedelta(hours=1)


def export(
    builder: Builder,
    tenant: TenantRecord,
    state: ExportState,
    requested_at: datetime,
    *,
    progress: float | None = None,
    available_at: datetime | None = None,
    complete: bool | None = None,
    delivered_at: datetime | None = None,
    destroyed_at: datetime | None = None,
) -> ExportRecord:
    """A customer's request for its data, asked of the DPO by mail."""
    number = dice(builder.seed, "export", tenant.id).randrange(10**5)
    made = ExportRecord(
        id=f"exp-{tenant.id}"[:64],
        tenant=tenant.id,
        state=state,
        requested_at=requested_at,
        requester=f"it@{tenant.id}.example",
        reference=f"DPO-{requested_at:%Y}-{number:05}",
        progress=progress,
        available_at=available_at,
        complete=complete,
        delivered_at=delivered_at,
        destroyed_at=destroyed_at,
    )
    builder.planting.exports.append(made)
    audit(builder, requested_at + HOUR, "export register", tenant.id, ticket=made.reference)
    return made


def hold(
    builder: Builder,
    tenant: TenantRecord,
    basis: str,
    reason: str,
    placed_at: datetime,
    *,
    expires_at: datetime | None = None,
) -> HoldRecord:
    """A legal hold on a tenant's data."""
    made = HoldRecord(
        id=f"hold-{tenant.id}"[:64],
        tenant=tenant.id,
        basis=basis,
        owner="Legal affairs",
        reason=reason,
        placed_at=placed_at,
        expires_at=expires_at,
    )
    builder.planting.holds.append(made)
    audit(builder, placed_at, "hold place", tenant.id, who="legal")
    return made


def case(
    builder: Builder,
    tenant: TenantRecord,
    kind: CaseKind,
    scope: str,
    delivered_at: datetime,
    *,
    state: CaseState = CaseState.OPEN,
    ended_at: datetime | None = None,
    summary: str = "",
) -> CaseRecord:
    """A case whose clock runs from the delivery of a request."""
    number = sum(each.tenant == tenant.id for each in builder.planting.cases) + 1
    made = CaseRecord(
        id=f"case-{tenant.id}-{number}"[:64],
        tenant=tenant.id,
        kind=kind,
        scope=scope,
        state=state,
        opened_at=delivered_at - HOUR,
        delivered_at=delivered_at,
        ended_at=ended_at,
        reference=f"INC-{dice(builder.seed, 'case', tenant.id, number).randrange(10**6):06}",
        summary=summary,
    )
    builder.planting.cases.append(made)
    audit(builder, made.opened_at, "case open", tenant.id, ticket=made.reference)
    return made


def slot(
    builder: Builder,
    id_: str,
    starts_at: datetime,
    length: timedelta,
    reason: str,
    *,
    zone_name: str,
    tenant: TenantRecord | None = None,
    place: tuple[str, str] | None = None,
    local_start: datetime | None = None,
    choice: Literal["earlier", "later"] | None = None,
    state: SlotState = SlotState.SCHEDULED,
    ahead: timedelta = timedelta(days=8),
    carried: bool = True,
) -> SlotRecord:
    """A slot for ``tenant`` or for a ``place`` (tier and region); ``carried``: with the SSM window that carries it out.

    ``local_start`` where the wall clock does not read what the instant says.
    """
    local = local_start or starts_at.astimezone(zone(zone_name)).replace(tzinfo=None)
    scheduled_at = min(starts_at, builder.at) - ahead
    made = SlotRecord(
        id=id_,
        tenant=tenant.id if tenant else None,
        tier=place[0] if place else None,
        region=place[1] if place else None,
        starts_at=starts_at,
        ends_at=starts_at + length,
        zone=zone_name,
        local_start=local,
        choice=choice,
        state=state,
        reason=reason,
        scheduled_at=scheduled_at,
        announced_at=scheduled_at + HOUR,
    )
    builder.planting.slots.append(made)
    audit(builder, scheduled_at, "slot schedule", made.tenant, note=f"slot {id_}")
    if carried:
        tier, region = place or ((tenant.tier, tenant.region) if tenant else ("public", ""))
        window(builder, made, PUBLIC_ACCOUNT if tier == "public" else DEDICATED_ACCOUNT, region)
    return made


def window(builder: Builder, of: SlotRecord, account: str, region: str) -> Window:
    """The SSM window of a slot in one account and region: whole hours, the slot rounded up."""
    hours = -(-(of.ends_at - of.starts_at) // HOUR)
    made = Window(
        account=account,
        region=region,
        id="mw-" + sha256(f"{builder.seed}/window/{of.id}/{account}/{region}".encode()).hexdigest()[:17],
        name=f"tenure-{of.id}",
        schedule=f"at({of.local_start:%Y-%m-%dT%H:%M:%S})",
        zone=of.zone,
        duration_h=hours,
        cutoff_h=0,
        created_at=of.scheduled_at,
        description=of.reason,
        tags=(("tenure:slot", of.id),),
        ran_at=(of.starts_at,) if of.state is SlotState.DONE else (),
    )
    builder.planting.windows.append(made)
    return made


def audit(
    builder: Builder,
    at: datetime,
    action: str,
    tenant: str | None = None,
    *,
    who: str | None = None,
    ticket: str | None = None,
    note: str | None = None,
) -> None:
    """An entry of the audit log."""
    random = dice(builder.seed, "audit", at.isoformat(), action, tenant)
    who = who or random.choice(OPERATORS)
    digest = sha256(f"{at.isoformat()}/{action}/{tenant}/{note}".encode()).hexdigest()
    builder.planting.audit.append(
        AuditRecord(
            id=f"{at.astimezone(UTC):%Y%m%dT%H%M%S}-{digest[:12]}",
            at=at,
            who=who,
            role="worker" if who == "worker" else "operator",
            action=action,
            outcome="done",
            tenant=tenant,
            origin=f"jump-{random.randrange(1, 4)}",
            ticket=ticket,
            note=note,
        )
    )
