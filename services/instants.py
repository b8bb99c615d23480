"""Instants as people type them: a day, an RFC 3339 instant, a length from now; and as a wall clock shows them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LENGTH: Final = re.compile(r"(\d{1,6})([mhdw])")
_DAY: Final = len("2026-12-24")


class InstantError(ValueError):
    """The text names no instant, or none that lies ahead; its text says what to write instead."""


def read_instant(text: str, zone_name: str) -> datetime:
    """The instant that ``2026-12-24`` or ``2026-12-24T18:00:00Z`` names, in UTC; a day begins at its local midnight.

    Raises ``InstantError``.
    """
    from services.agreement import PeriodError, ZoneError, end_of_day, zone  # behind the first picture

    try:
        if len(text) == _DAY:
            return end_of_day(date.fromisoformat(text) - timedelta(days=1), zone(zone_name)).astimezone(UTC)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError, PeriodError, ZoneError):
        raise InstantError(f"{text!r} is no day and no instant: 2026-12-24, 2026-12-24T18:00:00Z") from None
    if at.tzinfo is None:
        raise InstantError(f"{text!r} has no zone: end it with Z, or an offset as +01:00")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise InstantError(f"{text!r} is beyond the calendar") from None


def read_ahead(text: str, zone_name: str, now: datetime) -> datetime:
    """An instant that lies ahead: as ``read_instant``, or a length from now: ``30m``, ``8h``, ``7d``, ``2w``.

    Raises ``InstantError``.
    """
    length = _LENGTH.fullmatch(text)
    try:
        at = now + int(length[1]) * _UNITS[length[2]] if length else read_instant(text, zone_name)
    except OverflowError:
        raise InstantError(f"{text!r} is beyond the calendar") from None
    except InstantError as error:
        raise InstantError(f"{error}, or a length: 8h, 7d") from None
    if at <= now:
        raise InstantError(f"{text!r} is over")
    return at


def read_back(text: str, zone_name: str, now: datetime) -> datetime:
    """An instant that is over: as ``read_instant``, or a length back from ``now``: ``30m``, ``8h``, ``7d``, ``2w``.

    Raises ``InstantError``.
    """
    length = _LENGTH.fullmatch(text)
    try:
        at = now - int(length[1]) * _UNITS[length[2]] if length else read_instant(text, zone_name)
    except OverflowError:
        raise InstantError(f"{text!r} is beyond the calendar") from None
    except InstantError as error:
        raise InstantError(f"{error}, or a length: 8h, 7d") from None
    if at > now:
        raise InstantError(f"{text!r} is not over yet")
    return at


def say_local(at: datetime, zone_name: str) -> str:
    """An instant on the wall clock of the zone: ``2026-12-24 00:00 Europe/Rome``; in UTC where there is no such."""
    from services.agreement import ZoneError, zone

    try:
        return f"{at.astimezone(zone(zone_name)):%Y-%m-%d %H:%M} {zone_name}"
    except (ZoneError, OverflowError):
        return f"{at:%Y-%m-%d %H:%M}Z"
