"""A picture of the fleet as what plans of maintenance are made from."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

from services.fleet.knowing import known_of, read_at
from services.fleet.snapshot import FleetSnapshot
from services.orders.ahead import ahead
from services.orders.world import World
from services.wire import nouns
from services.wire.operations import SlotRecord
from services.wire.orders import Asked
from tests.support.fleet import AT
from tests.support.operations import busy_fleet

FLEET = busy_fleet()
KEY = "0" * 32


def test_the_records_of_a_picture_are_those_that_its_nouns_were_made_from() -> None:
    """Tenants with their subscription, slots and exports come back as they stand in the picture."""
    known = known_of(FLEET, AT)
    assert known is not None
    world = World(known, Asked(key=KEY, action="slot-schedule", tenants=("fabrikam",)))
    for name, view in FLEET.tenants.items():
        assert world.noun(world.tenant(name)) == view.tenant, name
        assert set(world.exports_of(name)) == {one.export for one in view.exports}
    assert {slot.id: slot for slot in world.slot_nouns()} == {it.slot.id: it.slot for it in FLEET.slots}


def test_a_slot_of_the_picture_is_found_in_the_way() -> None:
    """A new slot on top of one that the picture has is a conflict."""
    known = known_of(FLEET, AT)
    assert known is not None
    one = next(it for it in FLEET.slots if it.slot.starts_at > AT and it.tenants)
    local = one.slot.starts_at + timedelta(minutes=1)
    asked = Asked(
        key=KEY,
        action="slot-schedule",
        tenants=(one.tenants[0],),
        fields={"start": f"{local:%Y-%m-%d %H:%M}", "zone": "UTC", "length": "30m"},
    )
    found = ahead(known, asked)
    assert found is not None
    assert any(f"overlaps slot {one.slot.id}" in row.text for row in found.rows)


def test_when_it_was_read_is_the_oldest_of_its_sources() -> None:
    """Where one of them never answered it is not known."""
    assert read_at(FLEET) is not None
    slots = [it for it in FLEET.sources if it.source.operation == "GET /slots"]
    never = tuple(replace(it, last_seen_at=None) if it in slots else it for it in FLEET.sources)
    assert read_at(replace(FLEET, sources=never)) is None


def test_before_the_policy_is_known_nothing_is() -> None:
    """A picture without one gives no plan."""
    assert known_of(FleetSnapshot(AT), AT) is None


def test_a_slot_loses_nothing_on_the_way() -> None:
    """Each member of the noun is one of the record: none is guessed."""
    slot = FLEET.slots[0].slot
    assert {it.name for it in fields(slot)} == set(SlotRecord.model_fields)
    assert nouns.slot(SlotRecord.model_construct(**{it.name: getattr(slot, it.name) for it in fields(slot)})) == slot
