"""Access blocked and data in backup only: after the grace, or at once for a breach (clauses ``right-to-be-forgotten``
and ``termination``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from services.agreement import Act, Policy
from services.agreement.basics import GRACE
from services.model import ExportState, LifecycleState
from services.orders.base import Action, Draft, Field, RefusedError, Steps
from services.orders.clocks import moved
from services.orders.evidence import StoreSeen, backed_up, question
from services.orders.lifetimes import FORGOTTEN, TERMINATION, allowed, clocks_of, end_of, ends
from services.orders.world import World, change, remove
from services.wire import nouns
from services.wire.orders import NOW, Confirmation, MovedClock, TenantChange
from services.wire.registry import StoreRecord, SubscriptionRecord, TenantRecord
from services.words import say_instant, say_length

DISMISSED = LifecycleState.DISMISSED
BLOCKED = "Access is blocked. Data is in backup only, and the customer may still ask for an export."


def _dismiss(world: World) -> Draft:
    """Every store has a verified backup made after the service ended; access is blocked, the live stores are listed
    for removal."""
    steps = Steps()
    changes: list[TenantChange] = []
    effects: list[str] = [BLOCKED]
    warnings: list[str] = []
    for record in world.tenants():
        allowed(world, record.id, Act.DISMISS)
        clocks = clocks_of(world, world.noun(record))
        stores = backed_up(world, record.id, clocks[GRACE].starts_at)
        change(steps, record, f"{record.id} dismissed", f"{record.state} again", state=DISMISSED)
        changes.append(TenantChange(tenant=record.id, before=str(record.state), after=_count(len(stores))))
        effects += _to_remove(world, record.id, stores)
        warnings += _in_the_way(world, record.id)
        if not stores:
            warnings.append(f"{record.id}: neither the registry nor AWS shows a store of it")
    return Draft(tuple(changes), steps.all, effects=tuple(effects), warnings=tuple(warnings))


def _count(stores: int) -> str:
    return f"dismissed, {stores} live {'store' if stores == 1 else 'stores'} to remove"


def _to_remove(world: World, tenant: str, stores: Sequence[StoreSeen]) -> Iterator[str]:
    """Each live store; of one that others share the part that is the tenant's."""
    mapped = world.of(StoreRecord, tenant)
    for seen in stores:
        parts = [it.part for it in mapped if it.store == seen.store]
        shared = [part for part in parts if part is not None] if None not in parts else []
        what = f"{', '.join(shared)} of {seen.store}" if shared else seen.store
        yield f"To remove for {tenant}: {what} ({seen.kind}, {seen.account} {seen.region})"


def _in_the_way(world: World, tenant: str) -> Iterator[str]:
    for hold in world.holds_of(tenant):
        if hold.holds(world.now):
            yield f"{tenant}: legal hold {hold.id} stands: access is blocked, no store may be removed while it does"
    for export in world.exports_of(tenant):
        if export.state in (ExportState.REQUESTED, ExportState.PREPARING):
            yield f"{tenant}: export {export.id} is {export.state}: its package is made from the backup from now on"


def _breach(world: World) -> Draft:
    """The end date is this day, and access is blocked at once; the export right and all retention clocks run as
    usual."""
    breach = world.needed("breach")
    _noticed(world)
    steps = Steps()
    changes: list[TenantChange] = []
    clocks: list[MovedClock] = []
    effects = [BLOCKED]
    warnings: list[str] = []
    for record in world.tenants():
        allowed(world, record.id, Act.TERMINATE_FOR_BREACH)
        before = world.noun(record)
        today = world.today(before.zone)
        counting = _cut(world, steps, record, today, breach)
        change(steps, record, f"{record.id} dismissed", f"{record.state} again", state=DISMISSED)
        after = replace(
            before,
            ended_on=counting,
            termination_confirmed_at=before.termination_confirmed_at or world.now,
            terminated_for=breach,
            state=DISMISSED,
        )
        end_of(world, after, counting, "breach")
        clocks += moved(before, after, world.policy, world.exports_of(record.id), now=world.now)
        told = f"{record.state}, {ends(before.ended_on)}"
        changes.append(TenantChange(tenant=record.id, before=told, after=f"dismissed, ends {counting}"))
        warnings += _in_the_way(world, record.id)
        stores = {it.store for it in world.of(StoreRecord, record.id)}
        warnings.append(
            f"{record.id}: no final backup is proven yet: make and verify one of each of its "
            f"{len(stores)} mapped stores before any is removed"
        )
    return Draft(tuple(changes), steps.all, tuple(clocks), tuple(effects), tuple(warnings))


def _noticed(world: World) -> None:
    """Raises ``RefusedError`` where the policy has no such termination, or its notice has not run out."""
    policy = world.policy.termination
    if "breach" not in policy.by:
        raise RefusedError("the policy knows no termination for breach", "action")
    if policy.breach.notice > timedelta():
        free = world.past("noticed") + policy.breach.notice
        if world.now < free:
            length = say_length(policy.breach.notice)
            raise RefusedError(f"refused before {say_instant(free)}: the notice is {length}", "fields.noticed")


def _cut(world: World, steps: Steps, record: TenantRecord, today: date, breach: str) -> date:
    """Adds the steps after which no subscription of the tenant lasts longer than to the end of ``today``; the end date
    that counts then. One that has ended before keeps its end, for no retention grows."""
    begun: list[tuple[SubscriptionRecord, date]] = []
    for each in world.of(SubscriptionRecord, record.id):
        if each.started_on > today:
            remove(steps, each, f"subscription {each.id} of {record.id} does not begin", "it is there again")
        else:
            begun.append((each, today if each.ended_on is None else min(each.ended_on, today)))
    if not begun:
        raise RefusedError(f"{record.id}: no subscription of it has begun", record.id)
    counting = max(begun, key=lambda it: nouns.rank(it[0].model_copy(update={"ended_on": it[1]})))
    for each, end in begun:
        members: dict[str, object] = {} if each.ended_on == end else {"ended_on": end}
        if each is counting[0]:
            members["terminated_for"] = breach
            if each.termination_confirmed_at is None:
                members["termination_confirmed_at"] = NOW
        if members:
            said = f"subscription {each.id} of {record.id} terminated, ends {end}"
            change(steps, each, said, f"{ends(each.ended_on)} again", **members)
    return counting[1]


def _second(policy: Policy) -> bool:
    return policy.termination.breach.needs_approval


def _stores(world: World) -> tuple[str, ...]:
    return tuple(question(tenant) for tenant in dict.fromkeys(world.asked.tenants))


ACTIONS = (
    Action(
        "dismiss",
        "Dismiss: block access, keep data in backup only",
        FORGOTTEN,
        Confirmation.SEEN,
        _dismiss,
        key="K",
        states=frozenset({LifecycleState.GRACE}),
        questions=_stores,
    ),
    Action(
        "terminate-breach",
        "Terminate for breach",
        TERMINATION,
        Confirmation.SEEN,
        _breach,
        (
            Field("breach", "Breach", "what was broken"),
            Field("noticed", "Noticed", "when notice was given, where the policy asks it", "instant", required=False),
        ),
        states=frozenset({LifecycleState.ACTIVE, LifecycleState.GRACE}),
        approval=_second,
    ),
)
