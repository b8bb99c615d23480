"""A row as a program reads it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from services.areas import AREAS
from services.areas.base import MachineValue, Value
from services.areas.machine import machine, to_dict
from services.model import Status
from tests.support.fleet import fleet

NAMES = {
    "tenants": (
        "tenant name tier region account state state_due ended_on zone customer reseller service_provider status"
    ),
    "recovery": (
        "tenant store kind account region status restore_point_at observed_at rpo_seconds target_seconds reason"
    ),
    "sources": "source account region service operation outcome observed_at latency_ms retries request_id error",
}
"""The field names that programs rely on: more may be added, none renamed."""


def test_every_area_has_the_field_names_that_programs_rely_on() -> None:
    """No field name of the machine formats was renamed."""
    for area, names in NAMES.items():
        missing = set(names.split()) - {field.name for field in AREAS[area].fields}
        assert not missing, area


def test_field_names_and_aliases_are_unique() -> None:
    """A name or alias leads to one field of its area."""
    for area in AREAS.values():
        names = [name for field in area.fields for name in (field.name, *field.aliases)]
        assert len(names) == len(set(names)), area.name


def test_rows_have_unique_keys() -> None:
    """The cursor can stay on its row: no two rows of an area share a key."""
    for area in AREAS.values():
        keys = [area.row_key(row) for row in area.rows(fleet())]
        assert len(keys) == len(set(keys)), area.name


def test_absent_values_are_null() -> None:
    """No row of the varied fleet holds an empty word; what is absent is null."""
    for area in AREAS.values():
        for row in area.rows(fleet()):
            assert "" not in to_dict(area, row).values(), area.name


def test_text_stays_exact_through_json() -> None:
    """Hostile text comes back from JSON exactly as it was, and the JSON itself is plain ASCII."""
    area = AREAS["tenants"]
    rows = [to_dict(area, row) for row in area.rows(fleet())]
    written = json.dumps(rows)
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written) == rows


def test_values_take_the_forms_of_the_machine_formats() -> None:
    """Instants end in Z, days are days, lengths are whole seconds, statuses are their words."""
    rome = timezone(timedelta(hours=1))
    given_values: list[tuple[Value, MachineValue]] = [
        (None, None),
        (datetime(2026, 11, 23, 13, 4, 31, tzinfo=rome), "2026-11-23T12:04:31Z"),
        (date(2026, 11, 30), "2026-11-30"),
        (timedelta(minutes=9, seconds=12, milliseconds=900), 552),
        (Status.AT_RISK, "at-risk"),
        (("a", "b"), ["a", "b"]),
        (0, 0),
        (False, False),
    ]
    for value, told in given_values:
        assert machine(value) == told
        assert type(machine(value)) is type(told)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 - hypothesis wants bare bounds
def test_instants_read_back_exactly(value: datetime) -> None:
    """No instant loses a fraction of a second on its way through JSON."""
    told = machine(value)
    assert isinstance(told, str)
    assert told.endswith("Z")
    assert datetime.fromisoformat(told) == value
