"""When a maintenance window runs next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from services.sandbox.schedule import ScheduleError, executions

SUNDAY = datetime(2026, 11, 22, 3, tzinfo=UTC)
MADE = datetime(2026, 1, 1, 12, tzinfo=UTC)


def following(schedule: str, zone: str | None, count: int = 1, after: datetime = SUNDAY) -> list[str]:
    return [at.isoformat() for at in islice(executions(schedule, zone, MADE, after), count)]


@pytest.mark.parametrize(
    ("schedule", "zone", "found"),
    [
        ("at(2026-11-22T22:00:00)", "Europe/Rome", ["2026-11-22T22:00:00+01:00"]),
        ("at(2026-11-22T02:59:59)", None, []),
        ("at(2026-11-22T04:00:00)", "Europe/Rome", []),  # it is that very instant
        ("at(2026-11-22T23:00:00+02:00)", None, ["2026-11-22T21:00:00+00:00"]),
        ("cron(0 22 ? * SUN *)", "Europe/Rome", ["2026-11-22T22:00:00+01:00", "2026-11-29T22:00:00+01:00"]),
        ("cron(0 0 22 ? * SUN *)", "Europe/Rome", ["2026-11-22T22:00:00+01:00", "2026-11-29T22:00:00+01:00"]),
        ("cron(0 22 29 11 ? 2026)", "Europe/Rome", ["2026-11-29T22:00:00+01:00"]),
        ("cron(15 1-2 ? * 2-4/2 *)", None, ["2026-11-23T01:15:00+00:00", "2026-11-23T02:15:00+00:00"]),
        ("cron(0/30 4 ? * * *)", None, ["2026-11-22T04:00:00+00:00", "2026-11-22T04:30:00+00:00"]),
        ("cron(0 4 ? * TUE#2 *)", None, ["2026-12-08T04:00:00+00:00", "2027-01-12T04:00:00+00:00"]),
        ("cron(0 4 L * ? *)", None, ["2026-11-30T04:00:00+00:00", "2026-12-31T04:00:00+00:00"]),
        ("cron(0 4 29 2 ? *)", None, ["2028-02-29T04:00:00+00:00"]),
        ("cron(0 4 30 2 ? *)", None, []),
        ("cron(30 2 28 3 ? 2027)", "Europe/Rome", ["2027-03-28T03:30:00+02:00"]),  # a time that is skipped
        ("cron(30 2 31 10 ? 2027)", "Europe/Rome", ["2027-10-31T02:30:00+02:00"]),  # one that comes twice
        ("rate(7 days)", None, ["2026-11-26T12:00:00+00:00", "2026-12-03T12:00:00+00:00"]),
        ("rate(90 minutes)", None, ["2026-11-22T04:30:00+00:00"]),
    ],
)
def test_the_next_executions(schedule: str, zone: str | None, found: list[str]) -> None:
    """Strictly after the instant, in the window's zone, in their order."""
    assert following(schedule, zone, max(1, len(found))) == found


def test_a_rate_counts_from_the_windows_making() -> None:
    """At the very instant of an execution the next one is a whole step away."""
    at = MADE + timedelta(days=14)
    assert following("rate(7 days)", None, after=at) == [(at + timedelta(days=7)).isoformat()]


@pytest.mark.parametrize(
    "schedule",
    [
        "",
        "daily",
        "at(soon)",
        "rate(7 fortnights)",
        "rate(0 days)",
        "cron(0 22 * *)",
        "cron(60 22 ? * * *)",
        "cron(0 22 ? * FRY *)",
        "cron(0 22 ? 0 * *)",
    ],
)
def test_what_is_no_schedule(schedule: str) -> None:
    """It is refused with its text."""
    with pytest.raises(ScheduleError):
        following(schedule, None)
