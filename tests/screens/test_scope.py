"""``:scope``: looking at a part of the fleet alone."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from services.model import EVERYWHERE, Scope
from tests.screens.test_area import said
from tests.support.console import Answers, console, settled, typed
from tests.support.fleet import fleet
from tests.support.pilot import drive


def test_the_title_says_what_is_looked_at_and_how_many_tenants_are_outside() -> None:
    """Until ``off``; and what is no account and no region is told with its place, and narrows nothing."""
    reader = Answers(fleet())
    total = len(fleet().tenants)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("colon", *typed("scope eu-central-1"), "enter")
        await settled(pilot)
        inside = len(app.fleet.tenants)
        assert 0 < inside < total
        assert f"only eu-central-1 · {total - inside} tenants outside" in said(app, "#title")
        await pilot.press("colon", *typed("scope atlantis"), "enter")
        assert "atlantis is neither an account" in said(app, "#detail")
        await pilot.press("escape", "colon", *typed("scope off"), "enter")
        await settled(pilot)
        assert "outside" not in said(app, "#title")

    drive(console(reader), journey, size=(120, 40))
    assert reader.scopes == [Scope(regions=frozenset({"eu-central-1"})), EVERYWHERE]
