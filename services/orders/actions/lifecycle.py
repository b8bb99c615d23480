"""What changes a tenant's recorded state (clauses ``right-to-be-forgotten`` and ``termination``)."""

from __future__ import annotations

from dataclasses import replace

from services.agreement import Act, TransitionRefusedError, transition
from services.model import LifecycleState
from services.orders.base import Action, Draft, Field, RefusedError, Steps
from services.orders.clocks import moved
from services.orders.world import World, change
from services.wire.orders import Confirmation, MovedClock, TenantChange

FORGOTTEN = "right-to-be-forgotten"


def _renew(world: World) -> Draft:
    """A new end date; the service is enabled again where it was disabled, and nothing happens to the data."""
    until = world.day("until")
    steps = Steps()
    changes: list[TenantChange] = []
    clocks: list[MovedClock] = []
    for record in world.tenants():
        before = world.noun(record)
        subscription = world.subscription(record.id)
        if record.state is not LifecycleState.ACTIVE:
            _allowed(world, record.id, Act.RENEW)
        if subscription.ended_on is not None and until <= subscription.ended_on:
            raise RefusedError(
                f"{record.id} ends {subscription.ended_on} already: a renewal ends later", "fields.until"
            )
        said = f"{record.id} renewed to the end of {until}"
        undo = f"the end of {subscription.ended_on} again"
        members = {"ended_on": until, "termination_confirmed_at": None}
        if order := world.value("order"):
            members["order"] = order  # type: ignore[assignment]  # a mapping of members of several types
        change(steps, subscription, said, undo, **members)
        if record.state is not LifecycleState.ACTIVE:
            change(steps, record, f"{record.id} is active", f"{record.state} again", state=LifecycleState.ACTIVE)
        after = replace(before, ended_on=until, termination_confirmed_at=None, state=LifecycleState.ACTIVE)
        clocks += moved(before, after, world.policy, world.exports_of(record.id))
        changes.append(
            TenantChange(
                tenant=record.id,
                before=f"{record.state}, ends {subscription.ended_on or '—'}",
                after=f"active, ends {until}",
            )
        )
    return Draft(tuple(changes), steps.all, tuple(clocks))


def _allowed(world: World, tenant: str, act: Act) -> None:
    """Raises ``RefusedError`` where the agreement does not allow the act now."""
    noun = world.noun(world.tenant(tenant))
    try:
        transition(noun, act, world.policy, world.now, exports=world.exports_of(tenant), holds=world.holds_of(tenant))
    except TransitionRefusedError as error:
        raise RefusedError(f"{tenant}: {error}", tenant) from None


ACTIONS = (
    Action(
        "renew",
        "Renew the subscription",
        FORGOTTEN,
        Confirmation.REVERSIBLE,
        _renew,
        (
            Field("until", "Until", "the last day in force", "date"),
            Field("order", "Order", "the new order form", required=False),
        ),
        key="R",
        states=frozenset({LifecycleState.ACTIVE, LifecycleState.GRACE}),
    ),
)
