"""What an act on maintenance would come to, told while its fields are still being typed. Pure.

By the same functions as its plan, from what is known here: the plan, made by the server, is what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

from pydantic import ValidationError

from services.agreement import ZoneError, zone
from services.orders.base import RefusedError
from services.orders.saying import Row
from services.orders.slots import (
    MOST_ZONES,
    Scope,
    availability,
    conflicts,
    elsewhere,
    lateness,
    scope_of,
    scopes_asked,
    standing,
    times,
    zone_of,
)
from services.orders.timing import read_start, readings, wall_time
from services.orders.wanted import extended, length_wanted, moved, scheduled
from services.orders.world import Known, World, unfit
from services.wire.operations import SlotRecord
from services.wire.orders import Asked
from services.words import say_instant

T = TypeVar("T")
FIELD: Final = "fields."
"""What a refusal's name of a field begins with."""
MOST_SCOPES: Final = 3
"""Slots of one order that are told of one by one."""
CHOICE, CONFLICT, NOTICE = "Choice", "Conflict", "Notice"
NONE_KNOWN: Final = "none in what is known here"


@dataclass(slots=True)
class Ahead:
    """What can be told already."""

    rows: list[Row] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    """By field, what speaks against what stands in it."""
    unread: set[str] = field(default_factory=set)
    """The fields whose text is not, or not yet, what they take."""

    def tell(self, label: str, lines: Iterator[str] | tuple[str, ...] | list[str]) -> None:
        self.rows += [Row("" if index else label, line) for index, line in enumerate(lines)]

    def given(self, name: str, read: Callable[[], T]) -> T | None:
        """What ``read`` makes of the field of that name; ``None`` where it is refused, which is noted."""
        try:
            return read()
        except (RefusedError, ValidationError) as error:
            refused = error if isinstance(error, RefusedError) else unfit(error)
            where = refused.where or ""
            self.wrong.setdefault(where.removeprefix(FIELD) if where.startswith(FIELD) else name, str(refused))
            return None


def ahead(known: Known, asked: Asked) -> Ahead | None:
    """What can be told of a slot that is scheduled, moved or extended; ``None`` of any other act. Never raises."""
    act = _ACTS.get(asked.action)
    if act is None:
        return None
    found, world = Ahead(), World(known, asked)
    act(world, found)
    return found


def _schedule(world: World, found: Ahead) -> None:
    if not world.asked.tenants and not (world.value("tier") and world.value("region")):
        return
    scopes = found.given("region", lambda: scopes_asked(world))
    if scopes is None:
        found.tell(CONFLICT, [found.wrong["region"]])
        return
    length = _length(world, found)
    if not world.value("start"):
        return
    for number, scope in enumerate(scopes, start=1):
        zone_name = found.given("zone", lambda: zone_of(world, scope))  # noqa: B023 - called at once
        if zone_name is None or not _read(world, found, zone_name, scope, length) or number > MOST_SCOPES:
            break
        if length is None:
            continue
        slot = found.given("start", lambda: scheduled(world, number, scope, length))  # noqa: B023 - called at once
        if slot is not None:
            _told(world, found, None, slot, scope)
    if len(scopes) > MOST_SCOPES and length is not None:
        found.tell("", [f"and {len(scopes) - MOST_SCOPES} more tenants, each with a slot of its own"])


def _move(world: World, found: Ahead) -> None:
    named = _named(world, found)
    _length(world, found)
    if named is None:
        return
    slot, scope = named
    zone_name, length = world.value("zone") or slot.zone, slot.ends_at - slot.starts_at
    if world.value("start") and _read(world, found, zone_name, scope, length):
        after = found.given("start", lambda: moved(world, slot))
        if after is not None:
            _told(world, found, slot, after, scope)
    found.tell("Now", [next(times(slot, scope))])


def _extend(world: World, found: Ahead) -> None:
    named = _named(world, found)
    if named is None:
        return
    slot, scope = named
    after = found.given("by", lambda: extended(world, slot)) if world.value("by") else None
    if after is not None:
        _told(world, found, slot, slot if slot.starts_at <= world.now else after, scope, stands=after)
    found.tell("Now", [next(times(slot, scope))])


_ACTS: Final[Mapping[str, Callable[[World, Ahead], None]]] = {
    "slot-schedule": _schedule,
    "slot-move": _move,
    "slot-extend": _extend,
}


def _length(world: World, found: Ahead) -> timedelta | None:
    """The length of the field; ``None`` where there is none that can be."""
    if not world.value("length"):
        return None
    length = found.given("length", lambda: length_wanted(world))
    if length is None:
        found.unread.add("length")
    return length


def _named(world: World, found: Ahead) -> tuple[SlotRecord, Scope] | None:
    """The slot of the field, and whom it concerns."""
    if not world.value("slot"):
        return None
    slot = found.given("slot", lambda: standing(world))
    scope = found.given("slot", lambda: scope_of(world, slot)) if slot is not None else None
    if slot is None or scope is None:
        return None
    return slot, scope


def _read(world: World, found: Ahead, zone_name: str, scope: Scope, length: timedelta | None) -> bool:
    """Whether the start is an instant. What it can mean otherwise is told, and of one without an end when it is."""
    local = found.given("start", lambda: wall_time(world, "start"))
    if local is None:
        found.unread.add("start")
        return False
    reading = found.given("zone", lambda: readings(local, zone_name))
    if reading is None:
        return False
    chosen = reading.chosen(world.value("choice"))
    if reading.kind != "once":
        what = "the clocks skip it" if reading.kind == "never" else "the clocks show it twice"
        found.tell(CHOICE, [f"{local:%Y-%m-%d %H:%M} in {zone_name}: {what}"])
        for word, at in (("earlier", reading.earlier), ("later", reading.later)):
            mark = "▌" if at == chosen and reading.earlier != reading.later else " "
            found.tell("", [f"{mark}{word:8} {_clock(at, zone_name)}  {say_instant(at)}"])
    if chosen is None:
        found.wrong["choice"] = "earlier or later: see below"
        return False
    if found.given("start", lambda: read_start(world, zone_name)) is None:
        return False
    if length is None:
        found.tell("Begins", _beginning(chosen, zone_name, scope))
    return True


def _beginning(at: datetime, zone_name: str, scope: Scope) -> Iterator[str]:
    yield f"{_clock(at, zone_name)} {zone_name}: {say_instant(at)}"
    for named, whom in elsewhere(zone_name, scope)[:MOST_ZONES]:
        yield f"For {whom}: {_clock(at, named)} {named}"


def _told(
    world: World,
    found: Ahead,
    before: SlotRecord | None,
    after: SlotRecord,
    scope: Scope,
    *,
    stands: SlotRecord | None = None,
) -> None:
    """When it is, what forbids it, what it costs of the month; ``stands``: the slot as it runs, where that differs from
    the record that is kept."""
    runs = stands or after
    when = list(times(runs, scope))
    found.tell("When", when[:1])
    against = conflicts(world, runs, scope)
    found.tell(CONFLICT, against or [NONE_KNOWN])
    if against:
        found.wrong.setdefault("by" if world.value("by") else "start", against[0])
    begun = after is before
    found.tell(NOTICE, ("It has begun: the extension excludes nothing.",) if begun else lateness(world, after))
    found.tell("Month", list(availability(world, before, after, scope)))
    found.tell("Also", when[1:])


def _clock(at: datetime, zone_name: str) -> str:
    """What a wall clock there shows, with the letters of its offset."""
    try:
        return f"{at.astimezone(zone(zone_name)):%a %Y-%m-%d %H:%M %Z}"
    except (ZoneError, OverflowError):
        return "?"
