"""Pictures of orders and of the journal; look at each before it is accepted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from screens.widgets.row import Row
from services.fleet.needs import INTERNAL
from services.fleet.snapshot import FleetSnapshot
from services.model import Outcome
from tests.support.console import console, settled, typed
from tests.support.fleet import AT
from tests.support.ordered import OUTCOMES, logged_fleet, ordered_fleet
from tests.support.pilot import drive
from tests.support.shots import LARGE, SMALL, Compare, shot


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("area", ["orders", "journal"])
def test_area(snap_compare: Compare, area: str, size: tuple[int, int]) -> None:
    """Orders in every state; the journal of one who ordered and acknowledged."""
    assert shot(snap_compare, console(ordered_fleet(), area=area), size=size)


@pytest.mark.parametrize("area", ["audit", "journal"])
def test_no_outcome_is_cut(area: str) -> None:
    """At 80×24, beside the longest names and actions, each outcome of the log stands there whole."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert [it for it in OUTCOMES if it not in shown] == []

    drive(console(logged_fleet(), area=area), journey)


def test_what_is_not_judged_is_not_narrowed_to_what_is_bad() -> None:
    """In the log `!` has no place among the keys; pressed, it says what narrows, and nothing seems to be hidden."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert "not ok" not in app.screen.query_one("#keys", Row).text
        await pilot.press("exclamation_mark")
        await pilot.pause()
        assert "a filter narrows the list" in app.screen.query_one("#rule", Row).text
        assert "not ok" not in app.screen.query_one("#title", Row).text

    drive(console(logged_fleet(), area="audit"), journey)


@pytest.mark.parametrize("area", ["audit", "journal"])
def test_logged(snap_compare: Compare, area: str) -> None:
    """What was done by one person alone, and what is half done, stands out among the outcomes."""
    assert shot(snap_compare, console(logged_fleet(), area=area))


@pytest.mark.parametrize("area", ["orders", "journal"])
def test_nothing_yet(snap_compare: Compare, area: str) -> None:
    """Nobody has ordered anything, and that is known."""
    assert shot(snap_compare, console(replace(quiet(), orders=(), audit=()), area=area))


def test_not_offered(snap_compare: Compare) -> None:
    """A server without orders is no trouble, and the list does not say that there are none."""
    picture = quiet()
    sources = tuple(
        replace(it, observation=replace(it.observation, outcome=Outcome.NOT_OFFERED), count=0)
        if it.observation and it.source.operation == "GET /orders"
        else it
        for it in picture.sources
    )
    assert shot(snap_compare, console(replace(picture, orders=(), sources=sources), area="orders"))


def test_due(snap_compare: Compare) -> None:
    """What waits, stands still or is half done stands among all that is due."""
    assert shot(snap_compare, console(ordered_fleet(), area="due"), *typed("/area=orders"), "enter")


@pytest.mark.parametrize("name", ["fabrikam", "litware"])
def test_tenant(snap_compare: Compare, name: str) -> None:
    """A tenant's page with its last orders, and with one that is half done."""
    assert shot(snap_compare, console(ordered_fleet(), area="due"), *typed(f":tenant {name}"), "enter", size=LARGE)


def test_why(snap_compare: Compare) -> None:
    """Why an order that waits is due."""
    keys = [*typed("/area=orders status=due"), "enter", "w"]
    assert shot(snap_compare, console(ordered_fleet(), area="due"), *keys, size=LARGE)


def quiet() -> FleetSnapshot:
    """The fleet where every list of the internal API has answered."""
    picture = ordered_fleet()
    kept = tuple(it for it in picture.sources if it.source.service == INTERNAL and it.last_seen_at is not None)
    return replace(picture, sources=kept, bad_records=(), at=AT)
