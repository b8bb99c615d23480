"""What the acts on maintenance slots have in common: whom a slot concerns, what forbids it, what it does to the month.

Pure; clause ``availability``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from pydantic import JsonValue

from services.agreement import ZoneError, slot_conflicts, zone
from services.agreement.excluded import Month, month_of, months_of
from services.agreement.slots import too_late
from services.model import Slot, SlotState, Tenant
from services.orders.base import RefusedError
from services.orders.windows import question
from services.orders.world import World
from services.wire import nouns
from services.wire.operations import SlotRecord
from services.wire.registry import TenantRecord
from services.words import say_instant, say_length

MOST_ZONES = 6
"""Lines with the time at the customers' places."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a slot concerns."""

    records: tuple[TenantRecord, ...]
    nouns: tuple[Tenant, ...]


def scopes_asked(world: World) -> list[Scope]:
    """One for each slot that is asked for: each tenant named, or a tier in a region. Raises ``RefusedError``."""
    tier, region = world.value("tier"), world.value("region")
    if world.asked.tenants:
        if tier or region:
            raise RefusedError("name tenants, or a tier and a region, not both", "tenants")
        return [scope_of_tenant(world, it.id) for it in world.tenants()]
    if not tier or not region:
        raise RefusedError("name tenants, or a tier and a region", "fields.region" if tier else "fields.tier")
    return [scope_of_group(world, tier, region)]


def scope_of_group(world: World, tier: str, region: str) -> Scope:
    """The tenants of a tier in a region that are not destroyed. Raises ``RefusedError`` where there is none."""
    records = world.in_group(tier, region)
    if not records:
        raise RefusedError(f"there is no tenant of tier {tier} in {region}", "fields.region")
    return Scope(records, tuple(world.noun(record) for record in records))


def scope_of_tenant(world: World, id_: str) -> Scope:
    """The one tenant. Raises ``RefusedError`` where there is nothing of it left."""
    record = world.tenant(id_)
    if record.state == "destroyed":
        raise RefusedError(f"{id_} is destroyed: nothing of it is left to maintain", id_)
    return Scope((record,), (world.noun(record),))


def zone_of(world: World, scope: Scope) -> str:
    """The zone of the field, else that of all tenants concerned. Raises ``RefusedError`` where they have several."""
    named = world.value("zone")
    if named is not None:
        return named
    zones = sorted({tenant.zone for tenant in scope.nouns})
    if len(zones) > 1:
        shown = ", ".join(zones[:MOST_ZONES])
        raise RefusedError(f"zone is missing: the tenants are in {len(zones)}, {shown}", "fields.zone")
    return zones[0]


def scope_of(world: World, slot: SlotRecord) -> Scope:
    """Whom a slot that there is concerns. Raises ``RefusedError`` where others are named."""
    if slot.tenant is not None:
        if set(world.asked.tenants) - {slot.tenant}:
            raise RefusedError(f"slot {slot.id} is one of {slot.tenant}", "tenants")
        return scope_of_tenant(world, slot.tenant)
    if world.asked.tenants:
        raise RefusedError(f"slot {slot.id} is for {slot.tier} {slot.region}: name no tenant", "tenants")
    return scope_of_group(world, slot.tier or "", slot.region or "")


def standing(world: World) -> SlotRecord:
    """The scheduled slot of the field ``slot``. Raises ``RefusedError`` for one that is done or cancelled."""
    record = world.record(SlotRecord, world.needed("slot"))
    if record.state is not SlotState.SCHEDULED:
        raise RefusedError(f"slot {record.id} is {record.state} already", "fields.slot")
    return record


def ask_windows(world: World) -> tuple[str, ...]:
    """What AWS has to answer: which windows carry the slot out."""
    slot = world.value("slot")
    return (question(slot),) if slot else ()


def windows_seen(world: World, slot: SlotRecord) -> list[dict[str, JsonValue]]:
    """The windows that AWS has for a slot. Raises ``RefusedError`` where AWS did not say."""
    answer = world.seen_in_aws(question(slot.id))
    return [cast("dict[str, JsonValue]", each) for each in answer] if isinstance(answer, list) else []


def conflicts(world: World, slot: SlotRecord, scope: Scope) -> tuple[str, ...]:
    """Everything that forbids the slot, each a sentence."""
    noun = nouns.slot(slot)
    others = [other for other in world.slot_nouns() if other.id != slot.id]
    owners = {other.tenant for other in others}
    exports = {tenant.id: world.exports_of(tenant.id) for tenant in scope.nouns}
    last = noun.ends_at.date() + timedelta(days=1)
    concerned = [
        tenant
        for tenant in scope.nouns
        if slot.tenant is not None or tenant.id in owners or exports[tenant.id] or _ends_by(tenant, last)
    ]
    return slot_conflicts(noun, others, concerned, [it for each in exports.values() for it in each], world.policy)


def refuse_conflicts(world: World, slot: SlotRecord, scope: Scope) -> None:
    """Raises ``RefusedError`` with everything that forbids the slot."""
    found = conflicts(world, slot, scope)
    if found:
        whose = f"{slot.tenant}: " if slot.tenant is not None else ""
        raise RefusedError(f"{whose}{'; '.join(found)}", "fields.start")


def lateness(world: World, slot: SlotRecord) -> tuple[str, ...]:
    """The warning that a slot entered now is not excluded, for the policy's notice or at all; none where it is."""
    if not _excluding(world):
        return ("The policy excludes no maintenance from availability.",)
    if not comes_too_late(world, slot):
        return ()
    notice = say_length(world.policy.maintenance.notice or timedelta())
    return (f"It is not excluded from availability: that takes a notice of {notice}.",)


def comes_too_late(world: World, slot: SlotRecord) -> bool:
    """Whether a slot that would be excluded is not, when it is entered only now."""
    entered = nouns.slot(slot.model_copy(update={"scheduled_at": world.now}))
    return _excluding(world) and too_late(entered, world.policy) is not None


def _excluding(world: World) -> bool:
    return "scheduled-maintenance" in world.policy.availability.excludes


def times(slot: SlotRecord, scope: Scope) -> Iterator[str]:
    """When it is: by its own zone's clocks, in UTC, and at the customers' places where those show another time."""
    length = say_length(slot.ends_at - slot.starts_at)
    yield (
        f"{_span(slot, slot.zone)} {slot.zone}, {length}: {say_instant(slot.starts_at)} to {say_instant(slot.ends_at)}"
    )
    there = elsewhere(slot.zone, scope)
    for named, whom in there[:MOST_ZONES]:
        yield f"For {whom}: {_span(slot, named)} {named}"
    if len(there) > MOST_ZONES:
        yield f"and {len(there) - MOST_ZONES} more zones"


def elsewhere(here: str, scope: Scope) -> list[tuple[str, str]]:
    """The zones of the customers whose clocks are not those of ``here``, each with who they are."""
    by_zone: dict[str, list[str]] = {}
    for tenant in scope.nouns:
        by_zone.setdefault(tenant.zone, []).append(tenant.id)
    return [
        (named, ids[0] if len(ids) == 1 else f"{len(ids)} tenants")
        for named, ids in sorted(by_zone.items())
        if named != here
    ]


def availability(world: World, before: SlotRecord | None, after: SlotRecord | None, scope: Scope) -> Iterator[str]:
    """What becomes of each month concerned: a line each, from the registry alone.

    ``before`` and ``after`` are the slot as it stands and as it shall stand; ``None``: not at all. Where the tenants
    of a group differ, the least and the most.
    """
    spans = [it for it in (before, after) if it is not None]
    months = sorted({month for it in spans for month in months_of(it.starts_at, it.ends_at)})
    concerned = [*(nouns.slot(it) for it in spans), *world.slot_nouns()]
    first, last = min(it.starts_at for it in spans), max(it.ends_at for it in spans)
    around = [it for it in concerned if it.ends_at > first - _MONTH and it.starts_at < last + _MONTH]
    name = spans[0].id
    for month in months:
        was = [_month(world, tenant, month, around, name, before) for tenant in scope.nouns]
        will = [_month(world, tenant, month, around, name, after) for tenant in scope.nouns]
        yield f"{will[0].name}: {_lengths(it.excluded for it in was)} → {_lengths(it.excluded for it in will)} excluded"
        budgets = [it.budget for it in will if it.budget is not None]
        if budgets:
            shares = sorted({it.target for it in will if it.target is not None})
            said = " to ".join(f"{100 * share:g} %" for share in shares)
            yield f"{said} of the rest allow {_lengths(budgets)} of downtime outside slots"


_MONTH = timedelta(days=32)


def _month(
    world: World, tenant: Tenant, month: datetime, slots: Sequence[Slot], replaced: str, by: SlotRecord | None
) -> Month:
    """A tenant's month with ``by`` in the place of the slot ``replaced``."""
    own = [it for it in slots if it.id != replaced and it.concerns(tenant.id, tenant.tier, tenant.region)]
    if by is not None:
        own.append(nouns.slot(by))
    return month_of(month, own, tenant.tier, world.policy)


def _ends_by(tenant: Tenant, last: date) -> bool:
    """Whether a destruction of the tenant could run by that day."""
    return tenant.ended_on is not None and tenant.ended_on <= last


def _span(slot: SlotRecord, named: str) -> str:
    try:
        local = zone(named)
    except ZoneError:
        return "?"
    begins, ends = slot.starts_at.astimezone(local), slot.ends_at.astimezone(local)
    until = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%Y-%m-%d %H:%M}"
    return f"{begins:%Y-%m-%d %H:%M} to {until}"


def _lengths(lengths: Iterable[timedelta]) -> str:
    found = sorted(set(lengths))
    if not found:
        return "—"
    least, most = say_length(found[0]), say_length(found[-1])
    return least if least == most else f"{least} to {most}"
