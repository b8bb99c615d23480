"""Ages and credentials in the header."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from screens.widgets.header import at_most, credentials
from screens.widgets.row import Row
from services.model import BASE, INTERNAL, Credential
from tests.support.console import Answers, Watch, console, settled
from tests.support.fleet import ACCOUNTS, AT
from tests.support.pilot import drive, until
from tests.support.signing import fresh


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "10s"), (1, "10s"), (10, "10s"), (11, "20s"), (120, "120s"), (121, "3m"), (7200, "120m"), (7201, "3h")],
)
def test_ages_are_rounded_up(seconds: int, shown: str) -> None:
    """What is shown is never younger than what is, and changes seldom."""
    assert at_most(timedelta(seconds=seconds)) == shown


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (None, "creds —"),
        (0, "CREDS EXPIRED"),
        (-5, "CREDS EXPIRED"),
        (59, "creds 0m"),
        (600, "creds 10m"),
        (7200, "creds 120m"),
        (7201, "creds 2h"),
        (172_800, "creds 48h"),
        (864_000, "creds 10d"),
    ],
)
def test_credentials(left: int | None, shown: str) -> None:
    """Times are cut, the end is said in words, and what has no known end has none."""
    ends = None if left is None else AT + timedelta(seconds=left)
    assert credentials(Credential(BASE, expires_at=ends), AT).plain == shown


def test_whose_time_it_is_and_how_urgent() -> None:
    """Token and accounts are named; under ten minutes the colour says it, after the end a word does."""
    soon = Credential(INTERNAL, expires_at=AT + timedelta(minutes=9, seconds=59))
    assert credentials(soon, AT).plain == "token 9m"
    assert "$status-at-risk" in str(credentials(soon, AT).spans)
    later = replace(soon, name=ACCOUNTS[0], expires_at=AT + timedelta(minutes=10))
    assert credentials(later, AT).plain == f"{ACCOUNTS[0]} 10m"
    assert "$status-at-risk" not in str(credentials(later, AT).spans)
    assert credentials(replace(soon, ended=True), AT).plain == "TOKEN EXPIRED"
    assert credentials(None, AT).plain == "creds —"


def test_a_tick_writes_the_minutes_only_when_they_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second writes the clock alone; the minutes left go down without a refresh of any facts."""
    watch, reader = Watch(), Answers(fresh())

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        who, clock = app.screen.query_one("#who", Row), app.screen.query_one("#clock", Row)
        written: list[object] = []
        monkeypatch.setattr(who, "refresh", lambda *_regions, **_options: written.append(who.text))
        assert "creds 42m" in who.text
        watch.at += timedelta(seconds=1)
        await until(pilot, lambda: clock.text.startswith("12:04:35Z"))
        assert written == []
        watch.at += timedelta(minutes=2)
        await until(pilot, lambda: clock.text.startswith("12:06:35Z"))
        assert len(written) == 1
        assert "creds 40m" in who.text
        assert reader.asked == 1

    drive(console(reader, area="due", now=watch), journey)
