"""The fleet as of another day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from screens.area import AreaScreen
from screens.widgets.header import Header
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from services.fleet.snapshot import FleetSnapshot
from tests.support.console import Answers, console, settled, typed
from tests.support.operations import busy_fleet, forecast_fleet
from tests.support.pilot import drive, until

EVE = datetime(2026, 12, 23, 23, tzinfo=UTC)


class Foresees(Answers):
    """A reader that foresees one day, and nothing after it."""

    def __init__(self) -> None:
        super().__init__(busy_fleet())
        self.foreseen = 0

    def forecast(self, at: datetime) -> FleetSnapshot:
        self.foreseen += 1
        if at > EVE:
            raise OverflowError("beyond the calendar")
        return forecast_fleet(at)


def said(app: TenureApp, where: str) -> str:
    widget = app.screen.query_one(where)
    assert isinstance(widget, Row | Lines)
    return widget.text


def test_a_forecast_cannot_be_taken_for_the_present() -> None:
    """Header, title and notice say it, countdowns count from that day, and so on every screen; off ends it."""
    reader = Foresees()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed(":as-of 2026-12-24"), "enter")
        await until(pilot, lambda: "FORECAST 2026-12-23 23:00Z" in said(app, "#who"))
        assert app.screen.query_one(Header).has_class("-forecast")
        assert "Due  FORECAST" in said(app, "#title")
        assert "As it will stand 2026-12-24 00:00 Europe/Rome if nobody acts" in said(app, "#notice")
        assert said(app, "#clock").startswith("12:04:34Z")
        assert isinstance(app.screen, AreaScreen)
        (row,) = [text for text in app.screen.grid.text_shown if "fabrikam" in text and "breached" in text]
        assert row.strip("▌ ").startswith("-30d 00:00")
        await pilot.press(*typed(":tenant fabrikam"), "enter")
        assert "FORECAST" in said(app, "#who")
        assert "-30d 00:00 grace" in said(app, "#page")
        await pilot.press(*typed(":as-of off"), "enter")
        await until(pilot, lambda: "FORECAST" not in said(app, "#who"))
        assert "10:55:26 grace" in said(app, "#page")

    drive(console(reader, area="due"), journey)


def test_a_forecast_is_made_anew_from_newer_facts() -> None:
    """After a refresh that day is reckoned again, and shown."""
    reader = Foresees()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        app.look_at(EVE)
        await until(pilot, lambda: app.fleet.forecast_from is not None)
        before = reader.foreseen
        await pilot.press("r")
        await until(pilot, lambda: reader.foreseen > before and app.fleet.forecast_from is not None)

    drive(console(reader, area="due"), journey)


def test_a_day_that_cannot_be_foreseen_is_refused_in_words() -> None:
    """What is over and what is no day are pointed at; what the reckoning cannot reach leaves the present."""
    reader = Foresees()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        for text, complaint in (("2026-11-01", "is over"), ("soon", "is no day"), ("", "as of when?")):
            await pilot.press("colon", *typed(f"as-of {text}"), "enter")
            assert complaint in said(app, "#detail")
            await pilot.press("escape")
        assert reader.foreseen == 0
        await pilot.press(*typed(":as-of 2027-01-01"), "enter")
        await until(pilot, lambda: "that day cannot be reckoned: OverflowError" in said(app, "#rule"))
        assert app.fleet.forecast_from is None

    drive(console(reader, area="due"), journey)
