"""Maintenance slots as an iCalendar (RFC 5545), for the calendars of those concerned. Pure.

Times are in UTC. An event's UID follows from the slot's id, and its SEQUENCE grows whenever the slot is moved, extended
or cancelled: a calendar that reads the file again changes the event and makes no second one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from services.model import Slot, SlotState
from services.text import clean

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT: Final = "-//Tenure//Maintenance slots//EN"
DOMAIN: Final = "slots.tenure"
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def calendar(slots: Iterable[Slot], now: datetime) -> bytes:
    """The slots as the bytes of an ``.ics`` file, by start and id. Cancelled ones are in it, as cancelled."""
    from icalendar import Calendar

    made = Calendar()
    made.add("PRODID", PRODUCT)
    made.add("VERSION", "2.0")
    made.add("METHOD", "PUBLISH")
    made.add("X-WR-CALNAME", "Maintenance")
    for slot in sorted(slots, key=lambda it: (it.starts_at, it.id)):
        made.add_component(_event(slot, now))
    written: bytes = made.to_ical()
    return written


def uid(slot: Slot) -> str:
    """The same for a slot, whenever it is written."""
    return f"{slot.id}@{DOMAIN}"


def sequence(slot: Slot) -> int:
    """The event's revision: minutes to when the slot was last entered, twice, and one more where it is cancelled."""
    return 2 * max(0, (slot.scheduled_at - _EPOCH) // _MINUTE) + (slot.state is SlotState.CANCELLED)


def _event(slot: Slot, now: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("UID", uid(slot))
    event.add("DTSTAMP", now.astimezone(UTC))
    event.add("DTSTART", slot.starts_at.astimezone(UTC))
    event.add("DTEND", slot.ends_at.astimezone(UTC))
    event.add("SEQUENCE", sequence(slot))
    event.add("LAST-MODIFIED", slot.scheduled_at.astimezone(UTC))
    event.add("STATUS", "CANCELLED" if slot.state is SlotState.CANCELLED else "CONFIRMED")
    event.add("SUMMARY", clean(f"Maintenance: {slot.scope}"))
    choice = f", {slot.choice}" if slot.choice else ""
    local = f"{slot.local_start:%Y-%m-%d %H:%M} {slot.zone}{choice}"
    event.add("DESCRIPTION", f"{clean(slot.reason)}\n{clean(local)}")
    event.add("CATEGORIES", ["Maintenance"])
    event.add("TRANSP", "TRANSPARENT")
    return event
