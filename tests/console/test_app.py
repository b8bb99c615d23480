"""The application: reading, failing, resuming, leaving."""

from __future__ import annotations

import time
from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from screens.widgets.row import Row
from services.fleet.snapshot import FleetSnapshot
from tests.support.console import Answers, Breaks, Hangs, console, settled
from tests.support.fleet import AT, fleet, healthy_fleet
from tests.support.pilot import drive, until


def test_a_refresh_follows_the_last_by_the_interval() -> None:
    """With a short interval the sources are asked again and again, never two times at once."""
    reader = Answers(healthy_fleet(), fleet())

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: reader.asked >= 3)
        assert len(app.fleet.tenants) == 18

    drive(console(reader, interval_s=0.01), journey)


def test_r_asks_at_once_and_not_twice() -> None:
    """``r`` asks anew; while the sources are being asked it does nothing."""
    idle, busy = Answers(fleet()), Hangs(fleet())

    async def again(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("r")
        await until(pilot, lambda: idle.asked == 2)

    async def not_again(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("r", "r")
        assert busy.asked == 1
        assert app.refreshing

    drive(console(idle), again)
    drive(console(busy), not_again)


def test_a_broken_refresh_keeps_the_picture_and_says_so() -> None:
    """The rows stay, a notice says that and why; the next refresh that succeeds takes it away."""
    reader = Breaks(RuntimeError("\x1b[31mno region"), fleet())

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("r")
        await until(pilot, lambda: app.trouble is not None)
        await pilot.pause()
        notice = app.screen.query_one("#notice").text  # type: ignore[attr-defined]  # Lines has it
        assert "The refresh broke off; this is the picture of 12:04:31Z" in notice
        assert "RuntimeError: ␛[31mno region" in notice
        assert len(app.fleet.tenants) == 18
        reader._left = 1
        await pilot.press("r")
        await until(pilot, lambda: app.trouble is None)

    drive(console(reader), journey)


def test_what_is_judged_anew_is_drawn() -> None:
    """A verdict that changes with the time alone reaches the screen without a refresh."""
    reader = Answers(healthy_fleet())

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        reader.latest = fleet()
        await until(pilot, lambda: "breached 3" in app.screen.query_one("#title", Row).text)
        assert reader.asked == 1

    drive(console(reader), journey)


def test_leaving_waits_for_no_read() -> None:
    """ctrl+q ends the application within two seconds while a read hangs for ever."""
    left = 0.0

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        nonlocal left
        await settled(pilot)
        left = time.monotonic()
        await pilot.press("ctrl+q")

    drive(console(Hangs(fleet())), journey)
    assert time.monotonic() - left < 2


def test_ctrl_c_and_q_at_the_root_do_not_leave() -> None:
    """Both say which key does."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        for key in ("ctrl+c", "q"):
            await pilot.press(key)
            assert "ctrl+q quits" in app.screen.query_one("#rule", Row).text
            assert app.is_running

    drive(console(fleet()), journey)


def test_before_any_answer_nothing_is_asserted() -> None:
    """With no source there is no row, and the list says what is going on."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await pilot.pause()
        assert app.fleet.sources == ()
        assert app.refreshing
        assert "Asking the internal API" in str(app.screen.query_one("#empty").visual)  # type: ignore[attr-defined]  # Static's

    drive(console(Hangs(FleetSnapshot(AT))), journey)
