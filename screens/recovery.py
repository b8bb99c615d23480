"""Recovery: bars of the RPO against its target, and of the store under the cursor the trailing 35 days."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from textual.content import Content

from screens.area import AreaScreen
from screens.rows import BAR
from screens.text import DIM, fit, joined, line, status_style
from screens.widgets.bars import bar, bar_text, share, sparkline
from services.areas.base import Area, Field, Kind
from services.fleet.snapshot import StoreView
from services.model import Status
from services.words import say_length

DAYS = 35
_BAR = 5
_LABEL = 9


class RecoveryScreen(AreaScreen):
    """The list of stores, with three lines about the one under the cursor."""

    def drawn(self, area: Area[Any]) -> Area[Any]:
        at = next(index for index, field in enumerate(area.fields) if field.name == "target_seconds") + 1
        drawn: Field[StoreView] = Field(
            BAR, Kind.TEXT, lambda row: bar_text(share(row.verdict), _BAR), "SHARE", _BAR, priority=2
        )
        return replace(area, fields=(*area.fields[:at], drawn, *area.fields[at:]))

    def details(self) -> list[Content]:
        row = self.grid.cursor_row
        if row is None:
            return [Content("")] * 3
        view, width = row.item.row, self.size.width - 2
        return [rpo_line(view), rto_line(view), days_line(view, self.instant, width)]


def rpo_line(view: StoreView) -> Content:
    """The RPO's bar with what exceeds it, and the reason of its verdict."""
    verdict = view.verdict
    part = share(verdict)
    drawn = bar(part, status_style(verdict.status))
    said = line(verdict.reason) if part is None else joined([f"{part:.0%}", verdict.reason])
    return line((fit("RPO", _LABEL), DIM), joined([drawn, said]))


def rto_line(view: StoreView) -> Content:
    """How fast the store can be brought back."""
    rto = view.rto
    if rto is None:
        return line((fit("RTO", _LABEL), DIM), ("nobody is promised how fast", DIM))
    return line(
        (fit("RTO", _LABEL), DIM), (rto.status, status_style(rto.status)), "  ", rto.reason.removeprefix("RTO ")
    )


def days_line(view: StoreView, now: datetime, width: int) -> Content:
    """The longest gap between restore points, a cell a day, and the worst of them."""
    from services.agreement import daily_gaps  # with the fleet it is loaded; the first picture does not wait

    label = line((fit(f"{DAYS} days", _LABEL), DIM))
    store, target = view.store, view.verdict.target
    if store is None or target is None:
        return line(label, ("no history of it was seen", DIM))
    gaps = daily_gaps(store.points, store.created_at, view.observed_at or now, DAYS)
    known = [gap for gap in gaps if gap is not None]
    if not known:
        return line(label, ("no restore point tells of them", DIM))
    worst = max(known)
    drawn = line(
        label,
        sparkline(gaps, target, "$dim", status_style(Status.BREACHED)),
        ("  worst gap ", DIM),
        (say_length(worst), status_style(Status.BREACHED) if worst > target else ""),
        (f" of {say_length(target)}", DIM),
    )
    return drawn.truncate(width, ellipsis=True)
