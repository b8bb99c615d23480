"""A row as a program reads it: exact, in the field names of the machine formats."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import TypeVar

from services.areas.base import Area, MachineValue, Value

RowT = TypeVar("RowT")


def machine(value: Value) -> MachineValue:
    """A value in JSON's terms: instants in RFC 3339 with ``Z``, days as ``YYYY-MM-DD``, lengths in whole seconds.

    A fraction of a second of a length is cut; instants keep theirs. Absent stays ``None``; text stays exactly as it
    came from outside.
    """
    match value:
        case None:
            return None
        case Enum():
            return str(value.value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case timedelta():
            return int(value.total_seconds())
        case tuple():
            return list(value)
        case _:
            return value


def to_dict(area: Area[RowT], row: RowT) -> dict[str, MachineValue]:
    """All fields of a row, in the order of the area."""
    return {field.name: machine(field.get(row)) for field in area.fields}
