"""Maintenance slots as a calendar: read again by icalendar, in UTC, the same events whenever they are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from services.model import Slot, SlotState
from services.orders.ics import calendar, sequence, uid
from tests.services.agreement.nouns import NOW
from tests.services.agreement.records import slot, utc

GROUP = slot("2026-11-25T02:00:00Z", tenant=None, tier="public", region="us-east-1", id="s-2", zone="America/New_York")


def events(*slots: Slot, now: Any = NOW) -> list[Any]:
    """What a calendar reads of them."""
    read: Any = Calendar.from_ical(calendar(slots, now))
    return list(read.walk("VEVENT"))


def test_a_calendar_reads_what_was_written() -> None:
    """By start: whose it is, why, and what the wall clock shows; all instants in UTC."""
    first, second = events(slot(), GROUP)
    assert (str(first["UID"]), str(second["UID"])) == ("s-2@slots.tenure", "s-1@slots.tenure")
    assert second.decoded("DTSTART") == utc("2026-12-01T21:00:00Z")
    assert second.decoded("DTEND") == utc("2026-12-01T23:00:00Z")
    assert str(first["SUMMARY"]) == "Maintenance: public us-east-1"
    assert "2026-11-24 21:00 America/New_York" in str(first["DESCRIPTION"])
    assert [str(it["STATUS"]) for it in (first, second)] == ["CONFIRMED", "CONFIRMED"]
    written = calendar([slot(), GROUP], NOW).decode()
    assert "DTSTART:20261201T210000Z" in written
    assert "TZID" not in written


@pytest.mark.parametrize(
    ("later", "state"),
    [
        (slot("2026-12-02T21:00:00Z", scheduled="2026-11-20T09:01:00Z"), SlotState.SCHEDULED),
        (slot(state=SlotState.CANCELLED), SlotState.CANCELLED),
        (
            slot("2026-12-02T21:00:00Z", scheduled="2026-11-20T09:01:00Z", state=SlotState.CANCELLED),
            SlotState.CANCELLED,
        ),
    ],
)
def test_a_slot_is_the_same_event_with_a_higher_revision(later: Slot, state: SlotState) -> None:
    """Moved, cancelled, or both: its id stays, and who has it already takes the newer one."""
    (before,), (after,) = events(slot()), events(later, now=NOW + timedelta(days=1))
    assert before["UID"] == after["UID"] == uid(later)
    assert int(after["SEQUENCE"]) == sequence(later) > int(before["SEQUENCE"])
    assert str(after["STATUS"]) == ("CANCELLED" if state is SlotState.CANCELLED else "CONFIRMED")


def test_written_again_it_differs_in_when_it_was_written_alone() -> None:
    """Line by line."""
    one, other = (calendar([slot(), GROUP], now).splitlines() for now in (NOW, NOW + timedelta(hours=1)))
    assert {line[:7] for line, its in zip(one, other, strict=True) if line != its} == {b"DTSTAMP"}


def test_text_from_outside_stays_text() -> None:
    """Whatever a reason holds: no line of it becomes a member of the event, no escape reaches a terminal."""
    hostile = replace(slot(), reason="Upgrade; a, b\r\nSTATUS:CANCELLED\r\nEND:VEVENT\x1b[31m\u202e" + "x" * 300)
    (event,) = events(hostile)
    assert str(event["STATUS"]) == "CONFIRMED"
    said = str(event["DESCRIPTION"])
    assert said.startswith("Upgrade; a, b")
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert all(len(line) <= 75 for line in calendar([hostile], NOW).splitlines())


def test_without_slots_it_is_a_calendar_all_the_same() -> None:
    """One that a reader takes."""
    assert events() == []
