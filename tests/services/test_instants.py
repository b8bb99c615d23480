"""Instants as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.instants import InstantError, read_ahead, read_instant, say_local

NOW = datetime(2026, 11, 23, 12, 4, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-12-24", "Europe/Rome", datetime(2026, 12, 23, 23, tzinfo=UTC)),
        ("2026-12-24", "UTC", datetime(2026, 12, 24, tzinfo=UTC)),
        ("2018-11-04", "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # its midnight did not exist
        ("2026-12-24T18:00:00Z", "Europe/Rome", datetime(2026, 12, 24, 18, tzinfo=UTC)),
        ("2026-12-24T18:00:00+01:00", "UTC", datetime(2026, 12, 24, 17, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_its_local_midnight(text: str, zone: str, expected: datetime) -> None:
    """Days are of the zone, instants of their own offset, and both come out in UTC."""
    assert read_instant(text, zone) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "2026-02-30", "2026-12-24T18:00:00", "0001-01-01", "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    """Words, days that are none, local times without a zone and what lies outside the calendar."""
    with pytest.raises(InstantError):
        read_instant(text, "Europe/Rome")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", NOW + timedelta(minutes=30)),
        ("8h", NOW + timedelta(hours=8)),
        ("7d", NOW + timedelta(days=7)),
        ("2w", NOW + timedelta(days=14)),
        ("2026-11-24", datetime(2026, 11, 23, 23, tzinfo=UTC)),
    ],
)
def test_a_length_counts_from_now(text: str, expected: datetime) -> None:
    """Minutes, hours, days and weeks; what is typed in full is what it says."""
    assert read_ahead(text, "Europe/Rome", NOW) == expected


@pytest.mark.parametrize("text", ["0h", "2026-11-23", "2026-11-23T12:04:31Z", "8 hours", "-8h", "999999w", "8x"])
def test_what_does_not_lie_ahead_is_refused(text: str) -> None:
    """Now and before, and lengths that are none or leave the calendar."""
    with pytest.raises(InstantError):
        read_ahead(text, "Europe/Rome", NOW)


def test_an_instant_on_the_wall() -> None:
    """The zone's clock and name; a zone that nobody knows gives UTC."""
    assert say_local(datetime(2026, 12, 23, 23, tzinfo=UTC), "Europe/Rome") == "2026-12-24 00:00 Europe/Rome"
    assert say_local(NOW, "Nowhere/Atall") == "2026-11-23 12:04Z"
