"""Maintenance slots (clause ``availability``): scheduled, moved, extended, cancelled, recorded as done.

The registry's record is the contract: only what was scheduled before it began is excluded from availability. SSM's
maintenance windows carry it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.model import LifecycleState, SlotState
from services.orders.base import Action, Draft, Field, RefusedError, Steps
from services.orders.slots import (
    Scope,
    ask_windows,
    availability,
    lateness,
    refuse_conflicts,
    scope_of,
    scopes_asked,
    standing,
    times,
    windows_seen,
)
from services.orders.timing import CHOICES
from services.orders.wanted import extended, length_wanted, moved, scheduled
from services.orders.windows import add_window, delete_window, move_window, places_of
from services.orders.world import World, change, create
from services.wire.operations import SlotRecord
from services.wire.orders import NOW, Confirmation, RegistryCall, TenantChange
from services.words import say_instant

AVAILABILITY = "availability"
ANNOUNCED = ("no", "yes")


def _schedule(world: World) -> Draft:
    """A new slot for each tenant named, or one for a tier in a region; with its windows."""
    length = length_wanted(world)
    steps = Steps()
    changes: list[TenantChange] = []
    effects: list[str] = []
    warnings: list[str] = []
    for number, scope in enumerate(scopes_asked(world), start=1):
        slot = scheduled(world, number, scope, length)
        refuse_conflicts(world, slot, scope)
        said = f"slot {slot.id} scheduled, {say_instant(slot.starts_at)} to {say_instant(slot.ends_at)}"
        made = create(steps, slot, said, "deleted", now=("scheduled_at",))
        for place, tenants in places_of(scope.records).items():
            add_window(world, steps, slot, place, tenants)
        if _announced(world):
            stands = slot.model_copy(update={"scheduled_at": world.now})
            _announce(steps, stands, made)
        changes += [TenantChange(tenant=it.id, before="no slot then", after=_said(slot)) for it in scope.records]
        effects += [*_counted(scope), *times(slot, scope), *availability(world, None, slot, scope)]
        warnings += [it for it in lateness(world, slot) if it not in warnings]
    return Draft(tuple(changes), steps.all, effects=tuple(effects), warnings=tuple(warnings))


def _move(world: World) -> Draft:
    """The slot and its windows at another time."""
    slot = standing(world)
    scope = scope_of(world, slot)
    after = moved(world, slot)
    refuse_conflicts(world, after, scope)
    steps = Steps()
    said = f"slot {slot.id} moved to {say_instant(after.starts_at)}"
    members = {name: getattr(after, name) for name in ("starts_at", "ends_at", "zone", "local_start", "choice")}
    written = change(
        steps, slot, said, f"{say_instant(slot.starts_at)} again", **members, scheduled_at=NOW, announced_at=None
    )
    strays = _carry(world, steps, after, scope)
    if _announced(world):
        _announce(steps, after, written)
    effects = (*_counted(scope), *times(after, scope), *availability(world, slot, after, scope))
    warnings = [*lateness(world, after), *strays]
    if slot.announced_at is not None and not _announced(world):
        warnings.append("It was announced for the old time: announce it anew.")
    return Draft(_changes(scope, slot, after), steps.all, effects=effects, warnings=tuple(warnings))


def _extend(world: World) -> Draft:
    """The slot ends later. Once it has begun, its record keeps its end: what was not scheduled before is downtime."""
    slot = standing(world)
    scope = scope_of(world, slot)
    after = extended(world, slot)
    begun = slot.starts_at <= world.now
    refuse_conflicts(world, after, scope)
    steps = Steps()
    warnings: list[str] = []
    until = say_instant(after.ends_at)
    if begun:
        note = f"{slot.reason} (runs on to {until}, extended after it had begun: excludes nothing)"
        change(steps, slot, f"slot {slot.id} noted to run on to {until}", "the note is taken back", reason=note)
        warnings.append(
            f"It has begun: the extension excludes nothing. From {say_instant(slot.ends_at)} on it is downtime."
        )
    else:
        warnings += lateness(world, after)
        said = f"slot {slot.id} extended to {until}"
        undo = f"{say_instant(slot.ends_at)} again"
        change(steps, slot, said, undo, ends_at=after.ends_at, scheduled_at=NOW, announced_at=None)
        if slot.announced_at is not None:
            warnings.append("It was announced with the old end: announce it anew.")
    warnings += _carry(world, steps, after, scope)
    effects = [*_counted(scope), *times(after, scope), *availability(world, slot, slot if begun else after, scope)]
    return Draft(_changes(scope, slot, after), steps.all, effects=tuple(effects), warnings=tuple(warnings))


def _cancel(world: World) -> Draft:
    """The slot is off, and nothing carries it out."""
    slot = standing(world)
    scope = scope_of(world, slot)
    steps = Steps()
    change(steps, slot, f"slot {slot.id} cancelled", "scheduled again", state=SlotState.CANCELLED)
    windows = windows_seen(world, slot)
    warnings = []
    for window in windows:
        warnings += _delete(steps, window)
    if slot.starts_at <= world.now:
        warnings.append("It has begun: what was down since then counts as downtime.")
    if slot.announced_at is not None:
        warnings.append(f"It was announced {say_instant(slot.announced_at)}: say that it is off.")
    effects = [*_counted(scope), *availability(world, slot, None, scope)]
    if not windows:
        effects.append("AWS has no maintenance window of it.")
    changes = tuple(TenantChange(tenant=it.id, before=_said(slot), after="cancelled") for it in scope.records)
    return Draft(changes, steps.all, effects=tuple(effects), warnings=tuple(warnings))


def _done(world: World) -> Draft:
    """The work is done: the slot is no longer awaited."""
    slot = standing(world)
    if slot.starts_at > world.now:
        raise RefusedError(f"slot {slot.id} begins {say_instant(slot.starts_at)}", "fields.slot")
    scope = scope_of(world, slot)
    steps = Steps()
    change(steps, slot, f"slot {slot.id} done", "scheduled again", state=SlotState.DONE)
    warnings = []
    if slot.ends_at < world.now:
        warnings.append(f"It ended {say_instant(slot.ends_at)}: whatever was down after that is downtime.")
    changes = tuple(TenantChange(tenant=it.id, before=_said(slot), after="done") for it in scope.records)
    return Draft(changes, steps.all, warnings=tuple(warnings))


def _delete(steps: Steps, window: Mapping[str, Any]) -> list[str]:
    """Adds the step that deletes a window; the warning that it needs."""
    delete_window(steps, window)
    if not window.get("tasks"):
        return []
    return [f"Window {window['window']} has {window['tasks']} tasks: they go with it and cannot be brought back."]


def _carry(world: World, steps: Steps, slot: SlotRecord, scope: Scope) -> list[str]:
    """The windows that AWS has get the slot's times; where a place has none, one is made. One in a place where none of
    its tenants lives any more is deleted. What has to be warned of."""
    windows = windows_seen(world, slot)
    places = places_of(scope.records)
    there = {(str(window["account"]), str(window["region"])) for window in windows}
    for window in windows:
        if (window["account"], window["region"]) in places:
            move_window(steps, window, slot)
    for place, tenants in places.items():
        if place not in there:
            add_window(world, steps, slot, place, tenants)
    warnings: list[str] = []
    for window in windows:
        if (window["account"], window["region"]) not in places:
            warnings += [f"None of its tenants is in {window['account']} {window['region']} any more."]
            warnings += _delete(steps, window)
    return warnings


def _announce(steps: Steps, slot: SlotRecord, written: int) -> None:
    """Adds the step that records the announcement; ``written``: the step that wrote the slot as it then stands."""
    before = slot.model_dump(mode="json") | {"scheduled_at": f"${written}.scheduled_at"}
    steps.add(
        RegistryCall(method="PUT", path=f"/slots/{slot.id}", before=before, after={**before, "announced_at": NOW}),
        f"slot {slot.id} announced",
        "not announced again",
    )


def _announced(world: World) -> bool:
    return world.value("announce") is not None and world.chosen("announce", ANNOUNCED) == "yes"


def _changes(scope: Scope, before: SlotRecord, after: SlotRecord) -> tuple[TenantChange, ...]:
    return tuple(TenantChange(tenant=it.id, before=_said(before), after=_said(after)) for it in scope.records)


def _said(slot: SlotRecord) -> str:
    return f"{say_instant(slot.starts_at)} to {say_instant(slot.ends_at)}"


def _counted(scope: Scope) -> tuple[str, ...]:
    """How many tenants it concerns, and where; nothing for one."""
    if len(scope.records) == 1:
        return ()
    places = places_of(scope.records)
    where = ", ".join(f"{account} {region}" for account, region in places)
    return (f"{len(scope.records)} tenants in {where}",)


_SLOT = Field("slot", "Slot", "its id", "record", collection="slots")
_START = Field("start", "Start", "by the wall clock: 2026-12-01 22:00", "wall-time")
_ZONE = Field("zone", "Zone", "IANA; empty: the tenants' own", "zone", required=False)
_LENGTH = Field("length", "Length", "2h, 90m", "length")
_CHOICE = Field("choice", "Choice", "where the clocks skip or repeat it", "choice", required=False, choices=CHOICES)
_ANNOUNCE = Field(
    "announce", "Announce", "record it as announced", "choice", required=False, choices=ANNOUNCED, default="no"
)
_LIVE = frozenset(LifecycleState) - {LifecycleState.DESTROYED}

ACTIONS = (
    Action(
        "slot-schedule",
        "Schedule maintenance",
        AVAILABILITY,
        Confirmation.REVERSIBLE,
        _schedule,
        (
            _START,
            _LENGTH,
            Field("reason", "Reason"),
            _ZONE,
            _CHOICE,
            _ANNOUNCE,
            Field("tier", "Tier", "with region, instead of tenants", required=False),
            Field("region", "Region", "with tier, instead of tenants", required=False),
        ),
        key="M",
        states=_LIVE,
        scope="tenants-or-group",
    ),
    Action(
        "slot-move",
        "Move a maintenance slot",
        AVAILABILITY,
        Confirmation.REVERSIBLE,
        _move,
        (
            _SLOT,
            _START,
            Field("length", "Length", "empty: as long as it was", "length", required=False),
            Field("zone", "Zone", "IANA; empty: the slot's own", "zone", required=False),
            _CHOICE,
            _ANNOUNCE,
        ),
        many=False,
        questions=ask_windows,
    ),
    Action(
        "slot-extend",
        "Extend a maintenance slot",
        AVAILABILITY,
        Confirmation.REVERSIBLE,
        _extend,
        (_SLOT, Field("by", "By", "1h, 30m", "length")),
        many=False,
        questions=ask_windows,
    ),
    Action(
        "slot-cancel",
        "Cancel a maintenance slot",
        AVAILABILITY,
        Confirmation.REVERSIBLE,
        _cancel,
        (_SLOT,),
        many=False,
        questions=ask_windows,
    ),
    Action(
        "slot-done",
        "Record maintenance as done",
        AVAILABILITY,
        Confirmation.REVERSIBLE,
        _done,
        (_SLOT,),
        many=False,
    ),
)
