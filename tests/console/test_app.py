"""The application: reading, failing, resuming, leaving."""

from __future__ import annotations

import time
from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from screens.widgets.row import Row
from services.fleet.asked import EVERYTHING, Due, Focus, Only
from services.fleet.snapshot import FleetSnapshot
from services.model import Source
from tests.support.console import SOON_S, Answers, Breaks, Hangs, console, settled
from tests.support.fleet import AT, fleet, healthy_fleet
from tests.support.pilot import drive, until


def test_what_is_due_is_asked_with_what_is_in_sight() -> None:
    """Everything first; from then on, whenever the reader says that something is due, that, never two at once."""
    reader = Answers(healthy_fleet(), fleet())
    reader.is_due = True

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: reader.asked >= 3)
        assert len(app.fleet.tenants) == 18
        assert reader.questions[:3] == [EVERYTHING, Due(Focus(area="tenants")), Due(Focus(area="tenants"))]

    drive(console(reader, tick_s=SOON_S), journey)


def test_nobody_is_asked_by_time_alone_while_nothing_is_due() -> None:
    """The reader is looked at with each tick, and told what is in sight: of a tenant's page that tenant."""
    reader = Answers(fleet())

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await until(pilot, lambda: reader.focus == Focus(area="tenants"))
        app.open_tenant("adatum")
        await until(pilot, lambda: reader.focus == Focus(tenant="adatum"))
        assert reader.questions == [EVERYTHING]

    drive(console(reader, tick_s=SOON_S), journey)


def test_a_source_is_asked_again_by_itself_and_a_key_still_asks_all() -> None:
    """``ask_again`` asks that one though others are being asked; ``r`` asks everything in its place."""
    reader, source = Hangs(fleet()), Source("internal", "GET /holds")

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        app.ask_again(frozenset({source}))
        await pilot.press("r", "r")
        await until(pilot, lambda: len(reader.questions) == 3)
        assert reader.questions == [EVERYTHING, Only(frozenset({source})), EVERYTHING]

    drive(console(reader), journey)


def test_a_refresh_that_breaks_off_is_tried_again_after_a_rest() -> None:
    """Though everything is due: not with every tick."""
    reader = Breaks(RuntimeError("no region"))
    reader.is_due = True

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: app.trouble is not None)
        app._rests_until = 0.0
        await until(pilot, lambda: reader.broke == 2)
        await pilot.pause(3 * SOON_S)
        assert reader.broke == 2

    drive(console(reader, tick_s=SOON_S), journey)


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
