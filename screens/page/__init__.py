"""The lines of a tenant's page, from its view: pure functions of the picture, the instants and the width."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from screens.page.heading import heading
from screens.page.history import Recorded
from screens.page.lifecycle import clocks, lifecycle, state
from screens.page.lines import LABEL, PageLine, section
from screens.page.links import links
from screens.page.records import audit, cases, exports, holds, orders, slots
from screens.page.sources import sources
from screens.page.stores import stores
from services.fleet.snapshot import FleetSnapshot, TenantView

__all__ = ["PageLine", "Recorded", "page"]


def page(
    view: TenantView,
    fleet: FleetSnapshot,
    instant: datetime,
    width: int,
    *,
    now: datetime | None = None,
    recorded: Recorded | None = None,
) -> list[PageLine]:
    """All lines, each at most ``width`` cells where it is not cut at its right end.

    Countdowns are as of ``instant``, ages as of ``now``, which differ in a forecast. ``recorded``: what was recorded of
    the stores; ``None``: nobody asks.
    """
    now = now or instant
    room = width - LABEL
    parts: list[Iterable[PageLine]] = [
        heading(view),
        map(PageLine, lifecycle(view, instant, width)),
        [
            *section("State", state(view)),
            *section("Clocks", clocks(view, instant)),
            *section("Stores", stores(view, now, room, recorded)),
            *section("Links", links(view, fleet, now)),
            *section("Orders", orders(view, fleet, instant)),
            *section("Slots", slots(view, fleet, instant)),
            *section("Exports", exports(view, fleet, instant)),
            *section("Cases", cases(view, fleet, instant)),
            *section("Holds", holds(view, fleet, instant)),
            *section("Sources", sources(view, fleet, now)),
            *section("Audit", audit(view, fleet, now)),
        ],
    ]
    lines: list[PageLine] = []
    for part in parts:
        drawn = list(part)
        if drawn and lines:
            lines.append(PageLine(Content("")))
        lines += drawn
    return lines
