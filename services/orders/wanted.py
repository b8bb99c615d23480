"""The slot as an act on maintenance wants it: where a new one shall stand, where a moved or an extended one.

Pure. What the slot would collide with is told by ``services.orders.slots``.
"""

from __future__ import annotations

from datetime import timedelta

from services.agreement.slots import too_late
from services.model import SlotState
from services.orders.base import RefusedError
from services.orders.slots import Scope, comes_too_late, zone_of
from services.orders.timing import read_length, read_start
from services.orders.windows import checked_length
from services.orders.world import World
from services.wire import nouns
from services.wire.operations import SlotRecord
from services.words import say_instant


def length_wanted(world: World) -> timedelta:
    """How long a new slot lasts. Raises ``RefusedError``, also where no window lasts that long."""
    length = read_length(world, "length")
    checked_length(length)
    return length


def scheduled(world: World, number: int, scope: Scope, length: timedelta) -> SlotRecord:
    """The new slot of a scope, the ``number``-th of the order; the tenants' own zone is meant where none is given.

    Raises ``RefusedError``.
    """
    one = scope.records[0] if world.asked.tenants else None
    start = read_start(world, zone_of(world, scope))
    return SlotRecord(
        id=f"slot-{world.key[:12]}-{number}",
        tenant=one.id if one is not None else None,
        tier=None if one is not None else scope.records[0].tier,
        region=None if one is not None else scope.records[0].region,
        starts_at=start.at,
        ends_at=start.at + length,
        zone=start.zone,
        local_start=start.local,
        choice=start.choice,
        state=SlotState.SCHEDULED,
        reason=world.value("reason") or "",
        scheduled_at=world.now,
    )


def moved(world: World, slot: SlotRecord) -> SlotRecord:
    """The slot at another time, entered anew and announced to nobody. Raises ``RefusedError``."""
    if slot.starts_at <= world.now:
        raise RefusedError(f"slot {slot.id} has begun: it can be extended or cancelled, not moved", "fields.slot")
    length = read_length(world, "length") if world.value("length") else slot.ends_at - slot.starts_at
    checked_length(length)
    start = read_start(world, world.value("zone") or slot.zone)
    members = {
        "starts_at": start.at,
        "ends_at": start.at + length,
        "zone": start.zone,
        "local_start": start.local,
        "choice": start.choice,
    }
    after = slot.model_copy(update={**members, "scheduled_at": world.now, "announced_at": None})
    if (after.starts_at, after.ends_at, after.zone) == (slot.starts_at, slot.ends_at, slot.zone):
        raise RefusedError("that is when it is already", "fields.start")
    return after


def extended(world: World, slot: SlotRecord) -> SlotRecord:
    """The slot with a later end, however it is to be recorded. Raises ``RefusedError``."""
    after = slot.model_copy(update={"ends_at": slot.ends_at + read_length(world, "by")})
    checked_length(after.ends_at - after.starts_at, "by")
    if after.ends_at <= world.now:
        raise RefusedError(f"it would have ended {say_instant(after.ends_at)}: that is over", "fields.by")
    begun = slot.starts_at <= world.now
    if not begun and too_late(nouns.slot(slot), world.policy) is None and comes_too_late(world, after):
        why = "entered anew inside the notice, none of it would be excluded: schedule another slot after it"
        raise RefusedError(why, "fields.by")
    return after
