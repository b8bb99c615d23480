"""Ordering from the console in tests: its reader, and what stands in the dialogs of orders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from screens.dialogs.confirmable import Stage
from screens.dialogs.confirming import ConfirmScreen
from screens.dialogs.order_form import OrderFormScreen
from screens.tenant import TenantScreen
from screens.widgets.form import Line
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from services.agreement.orders import judge_order
from services.fleet.snapshot import OrderView, SourceView
from services.model import Source
from services.orders.actions import ACTIONS
from services.wire import nouns
from services.wire.orders import OrderRecord
from tests.support.console import Answers, settled, typed
from tests.support.fleet import AT, observation
from tests.support.operations import busy_fleet
from tests.support.ordering import FakeDesk
from tests.support.pilot import until

DISMISS = ACTIONS["dismiss"].key or ""
"""Of what the tenant notices, and no form asks anything for."""


def operator(desk: FakeDesk, role: str = "operator", user: str = "olga") -> Answers:
    """The busy fleet, as somebody of a role sees it."""
    fleet = busy_fleet()
    reader = Answers(replace(fleet, identity=replace(fleet.identity, role=role, user=user)))
    reader.desk = desk
    return reader


async def page_of(app: TenureApp, pilot: Pilot[Any], tenant: str) -> None:
    await settled(pilot)
    await pilot.press(*typed(f":tenant {tenant}"), "enter")
    assert isinstance(app.screen, TenantScreen)


async def shows(pilot: Pilot[Any], screen: type[Any]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))
    await pilot.pause()


async def shown(pilot: Pilot[Any], stage: Stage = Stage.SHOWN) -> None:
    await shows(pilot, ConfirmScreen)
    await until(pilot, lambda: pilot.app.screen.stage is stage)  # type: ignore[attr-defined]  # looked at above
    await pilot.pause()


def said(app: TenureApp) -> str:
    return " ".join(app.screen.query_one("#said", Lines).text.split())


def page(app: TenureApp) -> str:
    return app.screen.query_one("#page", Lines).text


def flashed(app: TenureApp) -> str:
    return app.screen.query_one("#rule", Row).text


def fields(app: TenureApp) -> dict[str, Line]:
    assert isinstance(app.screen, OrderFormScreen)
    return {(one.id or "").removeprefix("field-"): one for one in app.screen.query(Line)}


def with_orders(records: tuple[OrderRecord, ...], reader: Answers) -> Answers:
    """A reader whose picture has these orders, judged, and no others."""
    orders = [nouns.order(it) for it in records]
    views = tuple(OrderView(it, judge_order(it, None, AT)) for it in orders)
    source = Source("internal", "GET /orders")
    seen = SourceView(source, observation(source, AT), last_seen_at=AT)
    sources = (*(it for it in reader.latest.sources if it.source != source), seen)
    fleet = replace(reader.latest, orders=views, sources=sources)
    made = Answers(fleet)
    made.desk = reader.desk
    return made
