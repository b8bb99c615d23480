"""Places in a list that is served newest first: an instant and an id, as a cursor in hex."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
_DIGITS: Final = 15
"""Hex digits that hold the microseconds of 9999 years."""


def cursor_text(at: datetime, id_: str) -> str:
    """The cursor of a place."""
    micros = (at - _FIRST) // timedelta(microseconds=1)
    return f"{micros:0{_DIGITS}x}{id_.encode('ascii').hex()}"


def position(cursor: str) -> tuple[datetime, str]:
    """The place of a cursor."""
    micros = int(cursor[:_DIGITS], 16)
    try:
        at = _FIRST + timedelta(microseconds=micros)
    except OverflowError:  # later than any: the list from its beginning
        at = datetime.max.replace(tzinfo=UTC)
    return at, bytes.fromhex(cursor[_DIGITS:]).decode("ascii")
