"""What forbids a maintenance slot (clause ``availability``): each conflict a sentence.

A slot may not overlap another one in its scope, fall on a blackout of the policy, or run while an export of a tenant
in its scope is being prepared or its hosted data destroyed. A local time that the clocks skip or show twice asks
for a choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from services.agreement.basics import HOSTED_DATA
from services.agreement.clocks import life_clocks
from services.agreement.life import life_of
from services.agreement.periods import PeriodError, ZoneError, end_of_day, zone
from services.agreement.policy import Blackout, Policy
from services.agreement.schedule import after
from services.agreement.wall import read_wall_clock
from services.agreement.windows import preparation_of
from services.model import Export, ExportState, LifecycleState, Slot, SlotState, Tenant
from services.words import say_instant


def slot_conflicts(
    slot: Slot, others: Sequence[Slot], tenants: Sequence[Tenant], exports: Sequence[Export], policy: Policy
) -> tuple[str, ...]:
    """What ``slot`` collides with, each a sentence; empty where nothing, and for a slot that is done or cancelled.

    ``tenants`` are those in its scope, ``exports`` may be anybody's, ``others`` may hold the slot itself. Never raises.
    """
    if slot.state is not SlotState.SCHEDULED:
        return ()
    return (
        *_local_time(slot),
        *_overlaps(slot, others, tenants),
        *_blackouts(slot, tenants, policy),
        *_acts(slot, tenants, exports, policy),
    )


def _local_time(slot: Slot) -> Iterator[str]:
    said = f"{slot.local_start:%Y-%m-%d %H:%M} in {slot.zone}"
    try:
        reading = read_wall_clock(slot.local_start, zone(slot.zone))
    except ZoneError as error:
        yield str(error)
        return
    except OverflowError:
        yield f"{said} lies beyond the calendar"
        return
    instant = reading.chosen(slot.choice)
    if instant is None:
        what = {"never": "does not exist, the clocks skip it", "twice": "exists twice"}[reading.kind]
        both = f"earlier ({say_instant(reading.earlier)}) or later ({say_instant(reading.later)})"
        yield f"{said} {what}: choose {both}"
    elif instant != slot.starts_at:
        yield f"{said} is {say_instant(instant)}, and the slot starts {say_instant(slot.starts_at)}"


def _overlaps(slot: Slot, others: Sequence[Slot], tenants: Sequence[Tenant]) -> Iterator[str]:
    ids = {tenant.id for tenant in tenants} | ({slot.tenant} if slot.tenant is not None else set())
    groups: set[tuple[str | None, str | None]] = {(tenant.tier, tenant.region) for tenant in tenants}
    if slot.tenant is None:
        groups.add((slot.tier, slot.region))
    for other in others:
        if other.id == slot.id or other.state is SlotState.CANCELLED:
            continue
        if not (slot.starts_at < other.ends_at and other.starts_at < slot.ends_at):
            continue
        if other.tenant in ids if other.tenant is not None else (other.tier, other.region) in groups:
            times = f"{say_instant(other.starts_at)} to {say_instant(other.ends_at)}"
            yield f"overlaps slot {other.id} of {other.scope}, {times}"


def blackout_times(blackout: Blackout, policy: Policy) -> tuple[datetime, datetime]:
    """The first and the last instant of a blackout, the last not part of it. Raises ``BeyondCalendarError``."""
    local = zone(blackout.zone or policy.default_zone)
    return end_of_day(blackout.first - timedelta(days=1), local), end_of_day(blackout.last, local)


def _blackouts(slot: Slot, tenants: Sequence[Tenant], policy: Policy) -> Iterator[str]:
    scope = {(tenant.tier, tenant.region) for tenant in tenants}
    if slot.tier is not None and slot.region is not None:
        scope.add((slot.tier, slot.region))
    for blackout in policy.maintenance.blackouts:
        concerned = any(
            (blackout.tiers is None or tier in blackout.tiers)
            and (blackout.regions is None or region in blackout.regions)
            for tier, region in scope
        )
        try:
            starts_at, ends_at = blackout_times(blackout, policy)
        except (PeriodError, OverflowError):
            continue  # a blackout at the end of the calendar
        if concerned and slot.starts_at < ends_at and starts_at < slot.ends_at:
            yield f"falls on the blackout {blackout.first} to {blackout.last}: {blackout.reason}"


def _acts(slot: Slot, tenants: Sequence[Tenant], exports: Sequence[Export], policy: Policy) -> Iterator[str]:
    """Exports being prepared and destructions that would run then."""
    of: dict[str, list[Export]] = {}
    for export in exports:
        of.setdefault(export.tenant, []).append(export)
    for tenant in tenants:
        own = of.get(tenant.id, ())
        for export in own:
            yield from _preparing(slot, export, tenant, policy)
        if tenant.state not in (LifecycleState.ACTIVE, LifecycleState.DESTROYED):
            yield from _destroying(slot, tenant, own, policy)


def _preparing(slot: Slot, export: Export, tenant: Tenant, policy: Policy) -> Iterator[str]:
    if export.state not in (ExportState.REQUESTED, ExportState.PREPARING):
        return
    try:
        clock = preparation_of(export, tenant, policy).clock
    except (ZoneError, PeriodError):
        return  # the export's own verdict says so
    if slot.starts_at < clock.ends_at and clock.starts_at < slot.ends_at:
        yield f"export {export.id} of {tenant.id} is being prepared until {say_instant(clock.ends_at)}"


def _destroying(slot: Slot, tenant: Tenant, exports: Sequence[Export], policy: Policy) -> Iterator[str]:
    hosted = life_clocks(life_of(tenant, policy, exports).clocks).get(HOSTED_DATA)
    if hosted is None:
        return
    until = after(hosted.ends_at, policy.erasure.allowance)
    begun = tenant.state is LifecycleState.DESTROYING or hosted.ends_at < slot.ends_at
    if begun and slot.starts_at < until:
        yield f"hosted data of {tenant.id} is destroyed then: due {say_instant(hosted.ends_at)}"
