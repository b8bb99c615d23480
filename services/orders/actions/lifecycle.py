"""The end of a subscription, and what lengthens it (clauses ``right-to-be-forgotten`` and ``termination``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from services.agreement import Act, Policy
from services.agreement.basics import GRACE
from services.model import LifecycleState, Tenant
from services.orders.base import Action, Draft, Field, RefusedError, Steps
from services.orders.clocks import moved
from services.orders.lifetimes import FORGOTTEN, TERMINATION, allowed, clocks_of, ends, new_end
from services.orders.world import World, change
from services.wire.orders import NOW, Confirmation, MovedClock, TenantChange
from services.wire.registry import TenantRecord
from services.words import say_instant

ACTIVE, GRACED = LifecycleState.ACTIVE, LifecycleState.GRACE


def _renew(world: World) -> Draft:
    """A new end date; the service is enabled again where it was disabled, and nothing happens to the data."""
    return _lengthened(world, world.day("until"), Act.RENEW)


def _reinstate(world: World) -> Draft:
    """A late renewal, until destruction starts; what was moved to backup is brought back from it."""
    return _lengthened(world, world.day("until"), Act.REINSTATE)


def _lengthened(world: World, until: date, act: Act) -> Draft:
    steps = Steps()
    changes: list[TenantChange] = []
    clocks: list[MovedClock] = []
    warnings: list[str] = []
    for record in world.tenants():
        before = world.noun(record)
        if act is not Act.RENEW or record.state is not ACTIVE:
            allowed(world, record.id, act)
        subscription = world.subscription(record.id)
        if record.state is ACTIVE and subscription.ended_on is None:
            raise RefusedError(
                f"{record.id}: no end of the subscription is agreed: there is nothing to renew", record.id
            )
        new_end(world, before, until)
        warnings += _late(world, before)
        members: dict[str, object] = {"ended_on": until, "termination_confirmed_at": None, "terminated_for": None}
        if order := world.value("order"):
            members["order"] = order
        said = f"{record.id} {'renewed' if act is Act.RENEW else 'reinstated'} to the end of {until}"
        change(steps, subscription, said, _as_it_was(before), **members)
        if record.state is not ACTIVE:
            change(steps, record, f"{record.id} is active", f"{record.state} again", state=ACTIVE)
        after = replace(before, ended_on=until, termination_confirmed_at=None, terminated_for=None, state=ACTIVE)
        clocks += moved(before, after, world.policy, world.exports_of(record.id))
        told = f"{record.state}, {ends(subscription.ended_on)}"
        changes.append(TenantChange(tenant=record.id, before=told, after=f"active, ends {until}"))
    states = {record.state for record in world.tenants()}
    return Draft(tuple(changes), steps.all, tuple(clocks), tuple(_enabled(states)), tuple(warnings))


def _as_it_was(tenant: Tenant) -> str:
    confirmed = ", its termination confirmed" if tenant.termination_confirmed_at is not None else ""
    return f"{ends(tenant.ended_on)} again{confirmed}"


def _enabled(states: set[LifecycleState]) -> Iterator[str]:
    if GRACED in states:
        yield "The service is enabled again, and nothing happens to the data."
    if LifecycleState.DISMISSED in states:
        yield "Access is given again. Nothing in this order restores the live stores from the final backup."


def _late(world: World, tenant: Tenant) -> Iterator[str]:
    """What was decided before, and is taken back."""
    if tenant.terminated_for is not None:
        yield f"{tenant.id} was terminated for a breach: {tenant.terminated_for}"
    elif tenant.termination_confirmed_at is not None:
        yield f"{tenant.id}: its termination was confirmed {say_instant(tenant.termination_confirmed_at)}"
    grace = clocks_of(world, tenant).get(GRACE)
    if tenant.state is GRACED and grace is not None and grace.ends_at <= world.now:
        yield f"{tenant.id}: its grace ended {say_instant(grace.ends_at)}: this renewal is late"


def _confirm(world: World) -> Draft:
    """The customer does not renew and waits for nothing: the grace ends early, and the retention still runs from the
    end of the service."""
    by = world.value("by")
    steps = Steps()
    changes: list[TenantChange] = []
    clocks: list[MovedClock] = []
    effects: list[str] = []
    for record in world.tenants():
        before = world.noun(record)
        ends_at = _unconfirmed(world, record, before)
        said = f"termination of {record.id} confirmed{f' by {by}' if by else ''}"
        change(steps, world.subscription(record.id), said, "not confirmed", termination_confirmed_at=NOW)
        after = replace(before, termination_confirmed_at=world.now)
        found = moved(before, after, world.policy, world.exports_of(record.id), now=world.now)
        clocks += found
        at_once = any(clock.at_once and clock.clock == GRACE for clock in found)
        told = "grace over" if at_once else f"in force to the end of {before.ended_on}, then no grace"
        changes.append(TenantChange(tenant=record.id, before=f"{record.state}, grace until {ends_at}", after=told))
        if at_once:
            effects.append(f"{record.id} may be dismissed at once: access blocked, data in backup only.")
    effects.append("The retention of hosted data runs from the end of the service, as before.")
    return Draft(tuple(changes), steps.all, tuple(clocks), tuple(effects))


def _unconfirmed(world: World, record: TenantRecord, noun: Tenant) -> str:
    """When the grace ends while nothing is confirmed. Raises ``RefusedError`` where there is nothing to confirm."""
    if record.state not in (ACTIVE, GRACED):
        raise RefusedError(f"{record.id}: the tenant is {record.state}: its grace is over", record.id)
    if noun.termination_confirmed_at is not None:
        when = say_instant(noun.termination_confirmed_at)
        raise RefusedError(f"{record.id}: its termination is confirmed already, {when}", record.id)
    clocks = clocks_of(world, noun)
    if noun.ended_on is None:
        raise RefusedError(f"{record.id}: no end of the subscription is agreed: set one first", record.id)
    grace = clocks[GRACE]
    if grace.ends_at <= world.now:
        raise RefusedError(
            f"{record.id}: its grace ended {say_instant(grace.ends_at)}: it is to be dismissed", record.id
        )
    return say_instant(grace.ends_at)


def _disable(world: World) -> Draft:
    """The service, at the end of the subscription: data stays accessible and untouched through the grace."""
    steps = Steps()
    changes: list[TenantChange] = []
    effects = ["The service is disabled. Data stays accessible to the customer, and untouched."]
    for record in world.tenants():
        allowed(world, record.id, Act.DISABLE)
        noun = world.noun(record)
        change(steps, record, f"{record.id} disabled", "active again", state=GRACED)
        grace = clocks_of(world, noun)[GRACE]
        told = f"grace until {say_instant(grace.ends_at)}"
        if grace.ends_at <= world.now:
            effects.append(f"{record.id}: its grace is over already: it is to be dismissed next.")
        changes.append(TenantChange(tenant=record.id, before=f"active, {ends(noun.ended_on)}", after=told))
    return Draft(tuple(changes), steps.all, effects=tuple(effects))


def _late_renewal(policy: Policy) -> bool:
    return policy.right_to_be_forgotten.reinstatement_needs_approval


_UNTIL = (
    Field("until", "Until", "the last day in force", "date"),
    Field("order", "Order", "the new order form", required=False),
)

ACTIONS = (
    Action(
        "renew",
        "Renew the subscription",
        FORGOTTEN,
        Confirmation.REVERSIBLE,
        _renew,
        _UNTIL,
        key="R",
        states=frozenset({ACTIVE, GRACED}),
    ),
    Action(
        "confirm-termination",
        "Confirm the termination",
        FORGOTTEN,
        Confirmation.REVERSIBLE,
        _confirm,
        (Field("by", "By", "who confirmed it, and how", required=False),),
        key="T",
        states=frozenset({ACTIVE, GRACED}),
    ),
    Action(
        "disable",
        "Disable the service at the end of the subscription",
        TERMINATION,
        Confirmation.SEEN,
        _disable,
        key="D",
        states=frozenset({ACTIVE}),
    ),
    Action(
        "reinstate",
        "Reinstate a dismissed tenant",
        FORGOTTEN,
        Confirmation.REVERSIBLE,
        _reinstate,
        _UNTIL,
        key="I",
        states=frozenset({LifecycleState.DISMISSED}),
        approval=_late_renewal,
    ),
)
