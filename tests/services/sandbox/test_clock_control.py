"""The sandbox's clock, which can be made to stand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from services.sandbox.clock_control import ClockControl

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


def running() -> ClockControl:
    """A clock that is a second further at each look."""
    looks = iter(range(1000))
    return ClockControl(lambda: AT + timedelta(seconds=next(looks)))


def test_it_stands_and_runs_on() -> None:
    """It stands where it was told to, and goes on as if it never had."""
    clock = running()
    assert (clock(), clock()) == (AT, AT + timedelta(seconds=1))
    assert clock.handle("POST", b'{"at": "2026-12-24T18:00:00+01:00"}') == (
        200,
        b'{"now": "2026-12-24T17:00:00Z", "stands": true}',
    )
    assert clock() == clock() == datetime(2026, 12, 24, 17, tzinfo=UTC)
    assert json.loads(clock.handle("POST", b'{"at": null}')[1])["stands"] is False
    assert json.loads(clock.handle("GET", b"")[1]) == {"now": "2026-11-22T03:00:03Z", "stands": False}


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"{}", b'{"at": 7}', b'{"at": "noon"}', b'{"at": "2026-12-24T18:00:00"}']
)
def test_what_it_cannot_read_changes_nothing(body: bytes) -> None:
    """A body that is no instant is refused with the reason, and the clock runs on."""
    clock = running()
    status, said = clock.handle("POST", body)
    assert status == 400
    assert json.loads(said)["error"]
    assert clock() < clock()
    assert clock.handle("DELETE", b"")[0] == 405
