"""The areas that draw more than a list: recovery, retention, maintenance; and the figures of a tenant's page."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from screens.area import AreaScreen
from screens.dialogs.why import WhyScreen
from screens.tenant import TenantScreen
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from tests.support.console import console, settled, typed
from tests.support.operations import busy_fleet
from tests.support.pilot import drive


def area(app: TenureApp) -> AreaScreen:
    assert isinstance(app.screen, AreaScreen)
    return app.screen


def why(app: TenureApp) -> WhyScreen:
    assert isinstance(app.screen, WhyScreen)
    return app.screen


def detail(app: TenureApp) -> list[str]:
    return app.screen.query_one("#detail", Lines).text.split("\n")


def test_recovery_tells_of_the_store_under_the_cursor_where_it_stands_and_where_it_stood() -> None:
    """The RPO's bar and its RTO; the trailing 35 days with their worst gap; nothing of what nobody owns."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed("/fabrikam-orders"), "enter")
        assert detail(app)[:2] == [
            "RPO      ██░░░░░░░░  17%  RPO 4h10m of 24h",
            "RTO      ok  restored in 2h of 4h, 20d ago",
        ]
        assert detail(app)[2].endswith("worst gap 48h of 24h")
        await pilot.press("slash", "ctrl+u", *typed("left-behind"), "enter")
        assert detail(app) == [
            "RPO      ··········  no tenant owns it",
            "RTO      nobody is promised how fast",
            "35 days  no history of it was seen",
        ]

    drive(console(busy_fleet(), area="recovery"), journey)


def test_a_column_of_the_screen_alone_is_no_field_of_the_filter() -> None:
    """The bars are drawn, and the filter knows nothing of them."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert "SHARE" in area(app).grid.text_shown[0]
        await pilot.press(*typed("/bar=x"), "enter")
        assert "no field 'bar'" in app.screen.query_one("#detail", Lines).text

    drive(console(busy_fleet(), area="recovery"), journey)


def test_retention_draws_the_lifecycle_of_the_tenant_under_the_cursor() -> None:
    """t opens it, the cursor moves it, t closes it."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert len(detail(app)) == 2
        await pilot.press("t")
        assert "hosted data 21 Nov" in detail(app)[2]
        await pilot.press("j")
        assert "grace ends 23 Nov" in detail(app)[2]
        await pilot.press("t")
        assert len(detail(app)) == 2

    drive(console(busy_fleet(), area="retention"), journey)


def test_maintenance_has_its_slots_in_a_strip() -> None:
    """A lane a scope whatever the filter, that of the row in bold; t closes and opens it."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        strip = app.screen.query_one("#calendar", Lines)
        assert [line[:19] for line in strip.text.split("\n")[1:]] == [
            "public us-east-1   ",
            "public eu-central-1",
            "dedicated eu-west-1",
            "trey-research      ",
        ]
        await pilot.press(*typed("/pending"), "enter")
        assert area(app).grid.shown == 1
        assert len(strip.text.split("\n")) == 5
        await pilot.press("t")
        assert not strip.display
        await pilot.press("t")
        assert strip.display

    drive(console(busy_fleet(), area="maintenance"), journey)


def test_each_figure_of_a_tenants_page_can_be_asked_why() -> None:
    """The cursor opens on the worst, j goes to the next that is judged, w and Enter explain it; the foot tells it."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed(":tenant acme-health"), "enter")
        assert isinstance(app.screen, TenantScreen)
        assert detail(app) == ["recovery · recovery.orders-db · RPO 9m12s, promised 5m"]
        await pilot.press("j")
        assert detail(app) == ["recovery · rto.orders-db · no failover test was seen"]
        await pilot.press("enter")
        assert why(app).command == "tenure why acme-health rto.orders-db"
        await pilot.press("w", "escape", *typed(":tenant empty-co"), "enter", "w")
        assert why(app).command == "tenure why empty-co recovery"

    drive(console(busy_fleet(), area="due"), journey)


def test_the_command_that_prints_the_same_list() -> None:
    """Y copies it, with the filter in force quoted for a shell."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed("/state=available lit"), "enter", "Y")
        assert app.clipboard == "tenure list exports 'state=available lit'"
        assert "Copied: tenure list exports" in app.screen.query_one("#rule", Row).text
        await pilot.press("1", "Y")
        assert app.clipboard == "tenure due"

    drive(console(busy_fleet(), area="exports"), journey)
