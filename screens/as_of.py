"""The instants that may be typed for a forecast: a day, or an RFC 3339 instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

OFF = "off"


class AsOfError(ValueError):
    """The text names no instant, or none that lies ahead."""


def read(text: str, zone_name: str, now: datetime) -> datetime | None:
    """The instant, in UTC: of a day its beginning in the zone; ``None`` for ``off``.

    Raises:
        AsOfError: with what is wrong and an example.
    """
    if text == OFF:
        return None
    if not text:
        raise AsOfError("as of when? :as-of 2026-12-24, an instant with its zone, or off")
    at = _instant(text, zone_name)
    if at <= now:
        raise AsOfError(f"{text} is over: what was is not kept, only what will be is reckoned")
    return at


def _instant(text: str, zone_name: str) -> datetime:
    from services.agreement import PeriodError, ZoneError, end_of_day, zone  # behind the first picture

    try:
        if len(text) == len("2026-12-24"):
            return end_of_day(date.fromisoformat(text) - timedelta(days=1), zone(zone_name)).astimezone(UTC)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError, PeriodError, ZoneError):
        raise AsOfError(f"{text} is no day and no instant: 2026-12-24, 2026-12-24T18:00:00Z, off") from None
    if at.tzinfo is None:
        raise AsOfError(f"{text} has no zone: end it with Z or an offset as +01:00")
    return at.astimezone(UTC)


def say(at: datetime, zone_name: str) -> str:
    """An instant on the wall clock of the zone: ``2026-12-24 00:00 Europe/Rome``; in UTC where there is no such."""
    from services.agreement import ZoneError, zone

    try:
        return f"{at.astimezone(zone(zone_name)):%Y-%m-%d %H:%M} {zone_name}"
    except ZoneError:
        return f"{at:%Y-%m-%d %H:%M}Z"
