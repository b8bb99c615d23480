"""Legal holds (clause ``return-or-delete``): placed by one, lifted only by two."""

from __future__ import annotations

from services.model import LifecycleState
from services.orders.base import Action, Draft, Field, RefusedError, Steps, always
from services.orders.world import World, change, create, made
from services.wire.operations import HoldRecord
from services.wire.orders import NOW, Confirmation, TenantChange
from services.words import say_instant

OUTER = "return-or-delete"
HELD = frozenset(LifecycleState) - {LifecycleState.DESTROYED}
"""States in which there is something to hold."""


def _place(world: World) -> Draft:
    """Destruction stops before its next irreversible call; blocking does not."""
    basis, owner, reason = world.needed("basis"), world.needed("owner"), world.needed("reason")
    expires = world.instant("expires") if world.value("expires") else None
    if expires is not None and expires <= world.now:
        raise RefusedError("the hold would have expired already", "fields.expires")
    steps, changes = Steps(), []
    for position, record in enumerate(world.tenants()):
        if record.state is LifecycleState.DESTROYED:
            raise RefusedError(f"{record.id} is destroyed: nothing is left to hold", record.id)
        standing = [hold for hold in world.holds_of(record.id) if hold.holds(world.now)]
        hold = made(
            HoldRecord,
            id=world.fresh_id("hold", position),
            tenant=record.id,
            basis=basis,
            owner=owner,
            reason=reason,
            placed_at=world.now,
            expires_at=expires,
        )
        create(steps, hold, f"hold {hold.id} placed on {record.id}", "deleted", now=("placed_at",))
        changes.append(TenantChange(tenant=record.id, before=_count(len(standing)), after=_count(len(standing) + 1)))
    excused = basis in world.policy.return_or_delete.excused_by
    effect = (
        "The 180 days are excused while it stands."
        if excused
        else "It stops destruction and does not excuse the 180 days: its basis is not Union or Member State law."
    )
    return Draft(tuple(changes), steps.all, effects=(effect,))


def _lift(world: World) -> Draft:
    """What it stopped may go on."""
    tenant = world.tenants()[0]
    record = world.record(HoldRecord, world.needed("hold"))
    if record.tenant != tenant.id:
        raise RefusedError(f"hold {record.id} is one of {record.tenant}", "fields.hold")
    if record.lifted_at is not None:
        raise RefusedError(f"hold {record.id} is lifted already", "fields.hold")
    if record.expires_at is not None and record.expires_at <= world.now:
        raise RefusedError(f"hold {record.id} expired {say_instant(record.expires_at)}", "fields.hold")
    steps = Steps()
    change(steps, record, f"hold {record.id} lifted", "it stands again", lifted_at=NOW)
    standing = [hold for hold in world.holds_of(record.tenant) if hold.holds(world.now)]
    rest = sum(hold.id != record.id for hold in standing)
    return Draft(
        (TenantChange(tenant=record.tenant, before=_count(len(standing)), after=_count(rest)),),
        steps.all,
        effects=() if rest else (_freed(tenant.state),),
    )


def _freed(state: LifecycleState) -> str:
    if state is LifecycleState.DESTROYING:
        return "No hold is left: the destruction that has begun goes on."
    return "No hold is left: destruction may begin when hosted data is due."


def _count(holds: int) -> str:
    return {0: "no legal hold", 1: "1 legal hold"}.get(holds, f"{holds} legal holds")


ACTIONS = (
    Action(
        "hold-place",
        "Place a legal hold",
        OUTER,
        Confirmation.REVERSIBLE,
        _place,
        (
            Field("basis", "Basis", "union-law, member-state-law, litigation …"),
            Field("owner", "Owner", "who answers for it"),
            Field("reason", "Reason"),
            Field("expires", "Expires", "an instant; empty: until it is lifted", "instant", required=False),
        ),
        key="H",
        states=HELD,
    ),
    Action(
        "hold-lift",
        "Lift a legal hold",
        OUTER,
        Confirmation.REVERSIBLE,
        _lift,
        (Field("hold", "Hold", "its id", "record", collection="holds"),),
        key="L",
        states=HELD,
        many=False,
        approval=always,
    ),
)
