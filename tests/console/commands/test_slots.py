"""``tenure slots ics`` on the sandbox."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.support.cli import tenure
from tests.support.sandbox import RunningSandbox


def events(path: Path) -> dict[str, Any]:
    """Those of a file, by UID."""
    read: Any = Calendar.from_ical(path.read_bytes())
    return {str(event["UID"]): event for event in read.walk("VEVENT")}


def test_the_slots_of_the_registry_are_written(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """All of them, planned and over; the file is overwritten, and says the same."""
    path = tmp_path / "slots.ics"
    found: dict[str, Any] = {}
    for _ in range(2):
        ended = tenure("slots", "ics", "-o", str(path), home=tmp_path, env=sandbox.environment)
        assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
        found = events(path)
        assert f"{len(found)} slots written to {path}" in ended.stderr
    tonight = found["tonight@slots.tenure"]
    assert tonight.decoded("DTSTART").utcoffset() == timedelta()
    assert tonight.decoded("DTSTART").isoformat() == "2026-11-23T02:00:00+00:00"
    assert str(tonight["SUMMARY"]) == "Maintenance: public us-east-1"


def test_the_slots_of_one_tenant(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """Its own, and that of its tier and region; on stdout."""
    ended = tenure("slots", "ics", "--tenant", "cogswell-net", "-o", "-", home=tmp_path, env=sandbox.environment)
    assert ended.returncode == 0, ended.stderr
    read: Any = Calendar.from_ical(ended.stdout)
    uids = {str(event["UID"]) for event in read.walk("VEVENT")}
    assert {"cogswell-cert@slots.tenure", "ca-storage@slots.tenure"} <= uids
    assert "tonight@slots.tenure" not in uids


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("--tenant", "nobody", "-o", "-"), "no tenant nobody"), (("-o", "/dev/null/x"), "cannot be written")],
)
def test_what_cannot_be_read_or_written(
    sandbox: RunningSandbox, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    """A tenant that there is not, a file where there can be none: 2."""
    ended = tenure("slots", "ics", *arguments, home=tmp_path, env=sandbox.environment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr


def test_without_the_list_nothing_is_written(faulty: RunningSandbox, tmp_path: Path) -> None:
    """The internal API is down: 3, and no calendar that looks as if there were no slots."""
    faulty.set_faults("api-down")
    path = tmp_path / "slots.ics"
    ended = tenure("slots", "ics", "-o", str(path), home=tmp_path, env=faulty.environment)
    assert ended.returncode == 3
    assert "nothing is written" in ended.stderr
    assert not path.exists()
