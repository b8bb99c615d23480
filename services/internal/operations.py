"""Of what happens with tenants, what can be reckoned with and what is in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.internal.pages import AnyReading, Reading
from services.model import BadRecord
from services.wire.operations import SlotRecord
from services.wire.zones import known_zone


def reckonable(slots: Reading[SlotRecord]) -> tuple[list[SlotRecord], list[BadRecord]]:
    """The slots whose zone is known, and those of which no local time could be told, as bad records."""
    good: list[SlotRecord] = []
    bad: list[BadRecord] = []
    for position, record in slots.records:
        if known_zone(record.zone):
            good.append(record)
        else:
            bad.append(BadRecord("slots", record.id, position, f"zone: there is no IANA time zone {record.zone}"))
    return good, bad


def doubtful(readings: Iterable[AnyReading]) -> Mapping[str, Mapping[str, str]]:
    """Of which tenants a collection may hold more than could be read: bad records name them."""
    return {
        reading.collection: {one.tenant: one.record.reason for one in reading.bad if one.tenant}
        for reading in readings
        if reading.bad
    }
