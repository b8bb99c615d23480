"""How the agreement counts time: one function, ``count``, used for every deadline.

The rules (clause by clause they rest on ``right-to-be-forgotten``, ``return-or-delete`` and ``acceptable-use``):

* The day of an event is not counted. A period of N days from the day ``D`` ends with the last moment of ``D + N
  days``; a period of months ends with the last moment of the same day number in the last month, or of that
  month's last day where there is none.
* The last moment of a day is said as the instant at which the next day begins in the zone: its local midnight, the
  first of the two where a clock change makes it happen twice (``fold=0``). Where that midnight does not exist,
  it is the clock change itself: the first instant whose local date is later.
* A period of hours, minutes or seconds is elapsed time from an instant, whatever the local clocks do.
* Nothing rolls to a working day: a maximum never grows and a customer's window never shrinks.

Zones are read from the ``tzdata`` package of the lock file and never from the machine: the same deadline comes
out of every host, also of one whose own tables are years old, and names that only one machine knows
(``localtime``, ``right/…``) are refused.
"""

from __future__ import annotations

import calendar
import io
import pkgutil
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MIDNIGHT, _MIDNIGHT_AGAIN = time.min, time(fold=1)
LONGEST = timedelta(days=36525)
"""Nothing that an agreement names is longer: a century."""

_ISO = re.compile(
    r"P(?=[0-9T])(?:([0-9]{1,4})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})W)?(?:([0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,7})H)?(?:([0-9]{1,8})M)?(?:([0-9]{1,9})S)?)?"
)


class PeriodError(ValueError):
    """A period that cannot be read or counted; the text says what to write instead."""


class BeyondCalendarError(PeriodError):
    """The reckoning leaves the years 1 to 9999."""


class ZoneError(ValueError):
    """A zone that the time zone database does not have; the text names it and the nearest ones."""


@dataclass(frozen=True, slots=True)
class Period:
    """A length that the agreement names: calendar months, or calendar days, or elapsed time.

    Only one of the three: what ``P1M1D`` or ``P1DT2H`` should mean on the day of a clock change, no clause says.
    """

    months: int = 0
    days: int = 0
    elapsed: timedelta | None = None
    """``None``: a calendar period."""

    def __post_init__(self) -> None:
        if self.months < 0 or self.days < 0 or (self.elapsed or timedelta()) < timedelta():
            raise PeriodError("a period is never negative")
        if self.months > 1200 or self.days > 36525 or (self.elapsed or timedelta()) > LONGEST:
            raise PeriodError("longer than a century: write a shorter period")
        if (self.months > 0) + (self.days > 0) + (self.elapsed is not None) > 1:
            raise PeriodError("a period is in months, or in days, or in hours: write one of them, such as P30D")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read an ISO 8601 duration: ``P30D``, ``P3M``, ``P1Y``, ``P2W``, ``PT24H``. Raises ``PeriodError``."""
        years, months, weeks, days, hours, minutes, seconds = _numbers(text)
        elapsed = timedelta(hours=hours, minutes=minutes, seconds=seconds) if "T" in text else None
        return cls(12 * years + months, 7 * weeks + days, elapsed)

    def __str__(self) -> str:
        if self.elapsed is not None:
            return _in_hours(self.elapsed)
        return f"P{self.months}M" if self.months else f"P{self.days}D"


def extremes(period: Period) -> tuple[timedelta, timedelta]:
    """The shortest and the longest that a period can last, over four years that hold a leap day."""
    if period.elapsed is not None:
        return period.elapsed, period.elapsed
    firsts = [date(2021 + month // 12, month % 12 + 1, 1) for month in range(48)]
    days = firsts + [first - _DAY for first in firsts]
    lengths = [last_day(period, day) - day for day in days]
    return min(lengths), max(lengths)


def _numbers(text: str) -> list[int]:
    match = _ISO.fullmatch(text)
    if match is None:
        raise PeriodError(f"{text!r} is no ISO 8601 duration: write it like P30D or PT24H")
    return [int(part or 0) for part in match.groups()]


def parse_length(text: str) -> timedelta:
    """Read an ISO 8601 duration as a plain length (``PT5M``, ``PT24H``, ``P90D``): a day is 24 hours.

    For targets, ages and allowances, which are measured and not counted on a calendar. Raises ``PeriodError``
    for months and years, which have no length.
    """
    years, months, weeks, days, hours, minutes, seconds = _numbers(text)
    if years or months:
        raise PeriodError(f"{text!r} has no fixed length: write days or hours, such as P90D or PT24H")
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if length > LONGEST:
        raise PeriodError("longer than a century: write a shorter length")
    return length


def write_length(length: timedelta) -> str:
    """A length as ISO 8601 duration; what ``parse_length`` reads. From two days on whole days are said as days."""
    if length.days > 1 and not length.seconds:
        return f"P{length.days}D"
    return _in_hours(length)


def _in_hours(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    parts = ((seconds // 3600, "H"), (seconds // 60 % 60, "M"), (seconds % 60, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every zone of the time zone database that the lock file pins."""
    listing = pkgutil.get_data("tzdata", "zones")
    if listing is None:
        raise ZoneError("the tzdata package has no list of zones: install it again")
    return frozenset(listing.decode("ascii").split())


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name, from the pinned database. Raises ``ZoneError``."""
    if name not in zone_names():
        raise ZoneError(f"unknown time zone {name!r}: write an IANA name{_nearest(name)}")
    data = pkgutil.get_data("tzdata", f"zoneinfo/{name}")
    if data is None:
        raise ZoneError(f"the tzdata package lacks the zone {name!r} that it lists: install it again")
    return ZoneInfo.from_file(io.BytesIO(data), key=name)


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    folded = {known.casefold(): known for known in zone_names()}
    near = get_close_matches(name.casefold(), folded, n=1)
    return f" such as {folded[near[0]] if near else 'Europe/Rome'}"


@lru_cache(maxsize=65536)
def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which ``day`` is over in ``zone``: the beginning of the next one.

    Raises ``BeyondCalendarError`` where there is no next day.
    """
    try:
        tomorrow = day + _DAY
        before = _offset(datetime.combine(tomorrow, _MIDNIGHT, zone))
        after = _offset(datetime.combine(tomorrow, _MIDNIGHT_AGAIN, zone))
        midnight = datetime.combine(tomorrow, _MIDNIGHT, UTC)
        if before >= after:
            return midnight - before  # it exists; where it happens twice, fold=0 is the first
        return _first_later(day, midnight - after, midnight - before, zone)
    except OverflowError:
        raise BeyondCalendarError(f"the end of {day} lies beyond the calendar") from None


def _offset(wall: datetime) -> timedelta:
    offset = wall.utcoffset()
    if offset is None:  # never with a ZoneInfo; the type of utcoffset() allows it
        raise ZoneError(f"{wall.tzinfo} has no offset at {wall}")
    return offset


def _first_later(day: date, low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after ``low`` whose local date is later than ``day``; ``high`` is known to be one.

    Clock changes happen on whole seconds, and so do the bounds.
    """
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).date() > day:
            high = middle
        else:
            low = middle
    return high


def add_months(day: date, months: int) -> date:
    """The same day number ``months`` later, or that month's last day where there is none."""
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise BeyondCalendarError(f"{day} plus {months} months lies beyond the calendar")
    number = day.day if day.day <= 28 else min(day.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, number)


def last_day(period: Period, day: date) -> date:
    """The last day of a calendar period that follows ``day``."""
    try:
        return add_months(day, period.months) if period.months else day + timedelta(period.days)
    except OverflowError:
        raise BeyondCalendarError(f"{day} plus {period} lies beyond the calendar") from None


def count(period: Period, since: date | datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which ``period`` from ``since`` is over. The only place where periods are counted.

    ``since`` is the day of an event, or its instant. A calendar period from an instant counts from its day in
    ``zone``; an elapsed one from a day counts from the end of that day. Raises ``BeyondCalendarError``.
    """
    if type(since) is date and period.elapsed is None:
        return end_of_day(last_day(period, since), zone)
    if isinstance(since, datetime) and since.tzinfo is None:
        raise PeriodError(f"{since} has no zone: an instant is counted from in UTC")
    if period.elapsed is not None:
        start = since.astimezone(UTC) if isinstance(since, datetime) else end_of_day(since, zone)
        try:
            return start + period.elapsed
        except OverflowError:
            raise BeyondCalendarError(f"{since} plus {period} lies beyond the calendar") from None
    day = since.astimezone(zone).date() if isinstance(since, datetime) else since
    return end_of_day(last_day(period, day), zone)
