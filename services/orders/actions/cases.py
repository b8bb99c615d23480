"""Acceptable use: a case, the vendor's request, 24 hours to correct, and what may be disabled then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from services.agreement import case_clock
from services.model import CaseKind, CaseState, LifecycleState
from services.orders.base import Action, Draft, Drafting, Field, RefusedError, Steps
from services.orders.caseworld import WHICH, begun, case_of, told
from services.orders.world import World, change, create, made
from services.wire import nouns
from services.wire.operations import CaseRecord
from services.wire.orders import NOW, Confirmation, TenantChange
from services.wire.registry import TenantRecord
from services.words import say_instant

USE = "acceptable-use"
CONDUCT = frozenset({CaseKind.ACCEPTABLE_USE})
SERVED = frozenset({LifecycleState.ACTIVE, LifecycleState.GRACE})
WHOLE = "tenant"
"""The scope that needs no name: all of it."""


def scope_of(world: World, tenant: TenantRecord, text: str) -> str:
    """A scope that the policy lets disable: ``application fax``, ``account 7``, ``tenant``; or one of the tenant's
    SP end customers, as ``sp-end-customer end-7``. Raises ``RefusedError`` for any other."""
    kind, _, name = " ".join(text.split()).partition(" ")
    kinds = world.policy.acceptable_use.may_disable
    user = world.policy.subscription.used_through_a_service_provider_by
    if kind == user and name:
        if name not in tenant.sp_end_customers:
            raise RefusedError(f"{tenant.id} serves no {user} {name}", "fields.scope")
    elif kind not in kinds:
        raise RefusedError(f"a scope is one of {', '.join(kinds)} and a name: application fax", "fields.scope")
    elif kind == WHOLE:
        if name not in ("", tenant.id):
            raise RefusedError(f"the tenant is {tenant.id}, not {name}", "fields.scope")
        return kind
    elif not name:
        raise RefusedError(f"which {kind}? Write {kind} and its name", "fields.scope")
    return f"{kind} {name}"


def _open(world: World) -> Draft:
    """The clock begins when the request is delivered, not now."""
    steps, changes = Steps(), []
    for position, tenant in enumerate(world.tenants()):
        if tenant.state not in SERVED:
            raise RefusedError(f"{tenant.id} is {tenant.state}: its access is blocked already", tenant.id)
        scope = scope_of(world, tenant, world.needed("scope"))
        for other in world.of(CaseRecord, tenant.id):
            if other.kind in CONDUCT and other.state is not CaseState.CLOSED and other.scope == scope:
                raise RefusedError(f"{tenant.id}: case {other.id} is about {scope} already", "fields.scope")
        record = made(
            CaseRecord,
            id=world.fresh_id("case", position),
            tenant=tenant.id,
            kind=CaseKind.ACCEPTABLE_USE,
            scope=scope,
            state=CaseState.OPEN,
            opened_at=world.now,
            reference=world.value("reference"),
            summary=world.needed("summary"),
        )
        create(steps, record, f"case {record.id} on {scope} of {tenant.id} opened", "deleted", now=("opened_at",))
        changes.append(TenantChange(tenant=tenant.id, before="no such case", after=f"case {record.id} open: {scope}"))
    return Draft(tuple(changes), steps.all, effects=("No clock runs until the delivery of the request is recorded.",))


def _deliver(world: World) -> Draft:
    """The request reached the customer: from that instant it has the policy's time."""
    record, tenant = case_of(world, CONDUCT)
    if record.state is not CaseState.OPEN:
        raise RefusedError(f"case {record.id} is {record.state}", "fields.case")
    if record.delivered_at is not None:
        when = say_instant(record.delivered_at)
        raise RefusedError(f"case {record.id} was delivered {when}: its clock is not begun anew", "fields.case")
    at = world.past("delivered")
    (clock,) = begun(world, record, replace(nouns.case(record), delivered_at=at), tenant)
    steps, members = Steps(), {"delivered_at": at}
    if reference := world.value("reference"):
        members["reference"] = reference  # type: ignore[assignment]  # a mapping of members of several types
    said = f"the request of case {record.id} was delivered {say_instant(at)}"
    change(steps, record, said, "no delivery recorded", **members)
    free = say_instant(clock.after) if clock.after is not None else "then"
    early = at < record.opened_at
    warning = f"the delivery lies before the case was opened {say_instant(record.opened_at)}"
    return Draft(
        (told(record, f"to be corrected until {free}"),),
        steps.all,
        (clock,),
        (f"{record.scope} may be disabled from {free} on, where it is not corrected by then.",),
        (warning,) if early else (),
    )


def _disable(world: World) -> Draft:
    """Refused until the time that the customer has is over."""
    record, tenant = case_of(world, CONDUCT)
    if record.state is not CaseState.OPEN:
        raise RefusedError(f"case {record.id} is {record.state}", "fields.case")
    clock = case_clock(nouns.case(record), world.noun(tenant), world.policy)
    if clock is None:
        raise RefusedError(f"case {record.id}: no delivery of the request is recorded: no clock runs", "fields.case")
    if world.now < clock.ends_at:
        when = say_instant(clock.ends_at)
        raise RefusedError(f"case-disable is refused before {when}: the customer has until then", "fields.case")
    scope = scope_of(world, tenant, record.scope)
    steps = Steps()
    members = {"state": CaseState.DISABLED, "disabled_at": NOW, "disabled_scope": scope}
    change(steps, record, f"{scope} of {tenant.id} disabled", f"{scope} enabled, the case open again", **members)
    return Draft(
        (told(record, f"{scope} disabled"),),
        steps.all,
        effects=(f"{scope} of {tenant.id} is disabled {_until(world)}; nothing else of it is.",),
        warnings=tuple(_neighbours(world, tenant, scope)),
    )


def _until(world: World) -> str:
    return f"until {world.policy.acceptable_use.until}"


def _neighbours(world: World, tenant: TenantRecord, scope: str) -> Iterator[str]:
    """A service provider's other SP end customers are untouched; where the scope is all of it, they are not."""
    others = len(tenant.sp_end_customers)
    if others and scope == WHOLE:
        user = world.policy.subscription.used_through_a_service_provider_by
        yield f"{tenant.id} serves {others} of the kind {user}: all lose the service; name a narrower scope"


def _correct(world: World) -> Draft:
    """The customer corrected it; what was disabled is to be reinstated next."""
    record, _ = case_of(world, CONDUCT)
    if record.state is CaseState.CORRECTED:
        raise RefusedError(f"case {record.id} is corrected already", "fields.case")
    steps = Steps()
    members = {"state": CaseState.CORRECTED, "ended_at": NOW}
    change(steps, record, f"case {record.id} corrected", f"{record.state} again", **members)
    left = f"{disabled(record)} is to be reinstated." if record.disabled_at is not None else "It may be closed."
    return Draft((told(record, "corrected"),), steps.all, effects=(left,))


def disabled(record: CaseRecord) -> str:
    """What of a case was disabled: as recorded then, whatever was written into the case since."""
    return record.disabled_scope or record.scope


def _reinstate(world: World) -> Draft:
    """Exactly what was disabled; then the case is closed."""
    record, tenant = case_of(world, CONDUCT)
    if record.disabled_at is None:
        raise RefusedError(f"case {record.id}: nothing was disabled", "fields.case")
    if record.state is not CaseState.CORRECTED:
        raise RefusedError(f"case {record.id} is {record.state}: it is disabled {_until(world)}", "fields.case")
    scope = disabled(record)
    steps = Steps()
    members = {"state": CaseState.CLOSED, "reinstated_at": NOW}
    if record.ended_at is None:
        members["ended_at"] = NOW
    change(steps, record, f"{scope} of {tenant.id} reinstated", f"{scope} disabled, the case corrected", **members)
    return Draft(
        (told(record, f"closed, {scope} reinstated"),),
        steps.all,
        effects=(f"{scope} of {tenant.id} is enabled again, and nothing else is.",),
    )


def _close(world: World) -> Draft:
    """One that was corrected in time, or that was none."""
    record, _ = case_of(world, CONDUCT)
    if record.disabled_at is not None:
        raise RefusedError(f"case {record.id}: {disabled(record)} is disabled: case-reinstate closes it", "fields.case")
    corrected = record.state is CaseState.CORRECTED
    outcome = world.value("outcome") if corrected else world.needed("outcome")
    steps = Steps()
    members: dict[str, object] = {"state": CaseState.CLOSED}
    if outcome is not None:
        members["outcome"] = outcome
    if record.ended_at is None:
        members["ended_at"] = NOW
    change(steps, record, f"case {record.id} closed", f"{record.state} again", **members)
    warning = f"nobody recorded that {record.scope} was corrected"
    return Draft((told(record, "closed"),), steps.all, warnings=() if corrected else (warning,))


def _one(name: str, title: str, draft: Drafting, confirmation: Confirmation, *fields: Field) -> Action:
    """An action on one case."""
    return Action(name, title, USE, confirmation, draft, (WHICH, *fields), many=False)


ACTIONS = (
    Action(
        "case-open",
        "Open a conduct case",
        USE,
        Confirmation.REVERSIBLE,
        _open,
        (
            Field("scope", "Scope", "application fax, account 7, tenant …"),
            Field("summary", "Summary", "what is violated"),
            Field("reference", "Reference", "of the request to the customer", required=False),
        ),
        key="C",
        states=SERVED,
    ),
    _one(
        "case-deliver",
        "Record that the request was delivered",
        _deliver,
        Confirmation.REVERSIBLE,
        Field("delivered", "Delivered", "when it reached the customer", "instant"),
        Field("reference", "Reference", "of the request", required=False),
    ),
    _one("case-disable", "Disable the scope of a case", _disable, Confirmation.SEEN),
    _one("case-correct", "Record that a case is corrected", _correct, Confirmation.REVERSIBLE),
    _one("case-reinstate", "Reinstate what a case disabled", _reinstate, Confirmation.REVERSIBLE),
    _one(
        "case-close",
        "Close a conduct case",
        _close,
        Confirmation.REVERSIBLE,
        Field("outcome", "Outcome", "why, where it was not corrected", required=False),
    ),
)
