"""Lengths and wall-clock times as they are typed into an action's fields. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.agreement import PeriodError, Reading, ZoneError, read_wall_clock, zone
from services.agreement.periods import parse_length
from services.orders.base import RefusedError
from services.orders.world import World
from services.words import say_instant

CHOICES = ("earlier", "later")
LAST = datetime(9999, 1, 1, tzinfo=UTC)
"""From then on months and ends are no longer to be reckoned."""
_SHORT = re.compile(r"(?:([0-9]{1,4})h)?(?:([0-9]{1,5})m)?")


@dataclass(frozen=True, slots=True)
class Start:
    """When something begins, by a wall clock and in UTC."""

    local: datetime
    """Naive."""
    zone: str
    choice: str | None
    """``earlier`` or ``later`` for a local time that exists twice or not at all."""
    at: datetime

    @property
    def once(self) -> bool:
        """Whether the wall clock shows that time exactly once."""
        return self.choice is None


def read_length(world: World, name: str) -> timedelta:
    """The length in a field: ``2h``, ``1h30m``, ``90m`` or ISO 8601 (``PT2H``). Raises ``RefusedError``."""
    text = world.needed(name)
    short = _SHORT.fullmatch(text.lower())
    try:
        length = (
            timedelta(hours=int(short[1] or 0), minutes=int(short[2] or 0)) if short is not None else parse_length(text)
        )
    except PeriodError:
        raise RefusedError(f"{name} is no length such as 2h, 90m or PT2H", f"fields.{name}") from None
    if length <= timedelta():
        raise RefusedError(f"{name} is longer than nothing", f"fields.{name}")
    return length


def read_start(world: World, zone_name: str) -> Start:
    """The field ``start`` by the clocks of a zone, with the field ``choice`` where it takes one.

    Raises ``RefusedError`` for text that is no wall time, for a zone that there is not, and for a time that the clocks
    skip or show twice while nothing is chosen.
    """
    local = wall_time(world, "start")
    reading = readings(local, zone_name)
    choice = world.chosen("choice", CHOICES) if world.value("choice") else None
    at = reading.chosen(choice)
    said = f"{local:%Y-%m-%d %H:%M} in {zone_name}"
    if at is None:
        what = "does not exist, the clocks skip it" if reading.kind == "never" else "exists twice"
        both = f"earlier ({say_instant(reading.earlier)}) or later ({say_instant(reading.later)})"
        raise RefusedError(f"{said} {what}: choose {both}", "fields.choice")
    if at <= world.now:
        raise RefusedError(f"{said} is {say_instant(at)}: that is over", "fields.start")
    if at >= LAST:
        raise RefusedError(f"{said} lies beyond the calendar", "fields.start")
    return Start(local, zone_name, None if reading.kind == "once" else choice, at)


def wall_time(world: World, name: str) -> datetime:
    """What a wall clock shows, naive: ``2026-12-01T22:00`` or ``2026-12-01 22:00``. Raises ``RefusedError``."""
    try:
        found = datetime.fromisoformat(world.needed(name))
    except ValueError:
        raise RefusedError(f"{name} is no time such as 2026-12-01 22:00", f"fields.{name}") from None
    if found.tzinfo is not None:
        raise RefusedError(f"{name} is what the wall clock shows: no offset, the zone is a field", f"fields.{name}")
    return found.replace(microsecond=0)


def local_zone(name: str) -> ZoneInfo:
    """The zone of that name. Raises ``RefusedError``."""
    try:
        return zone(name)
    except ZoneError as error:
        raise RefusedError(str(error), "fields.zone") from None


def readings(local: datetime, zone_name: str) -> Reading:
    """What the clocks of a zone can mean by a local time. Raises ``RefusedError``."""
    try:
        return read_wall_clock(local, local_zone(zone_name))
    except OverflowError:
        raise RefusedError(f"{local} lies beyond the calendar", "fields.start") from None
