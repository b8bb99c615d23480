"""The tenants, with the region × tier matrix above them where it is open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from screens.text import DIM, line
from screens.widgets.area_grid import AreaGrid
from screens.widgets.heat import Heat, count
from screens.work import WorkScreen
from services.fleet.snapshot import FleetSnapshot
from services.model import Status
from services.query import parse, quote


class TenantsScreen(WorkScreen):
    """The list of tenants. The matrix counts all of them, whatever the filter, by their worst status."""

    DEFAULT_CSS = """
    TenantsScreen {
        Heat { display: none; }
        &.-matrix Heat { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("m", "matrix", "matrix")]

    def body(self) -> Iterable[Widget]:
        for widget in super().body():
            if isinstance(widget, AreaGrid):
                yield Heat()
            yield widget

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        super().fleet_changed(fleet)
        self._count(fleet)

    def _count(self, fleet: FleetSnapshot) -> None:
        if self.has_class("-matrix"):
            tenants = fleet.tenants.values()
            cells = count((view.tenant.region, view.tenant.tier, view.status) for view in tenants)
            self.query_one(Heat).show(cells, self.shell.fleet.tiers)

    def detail(self) -> Content:
        row = self.grid.cursor_row
        view = row.item.row.view if row else None
        worst = view.worst if view else None
        if worst is None or worst.status in (Status.OK, Status.NOT_APPLICABLE):
            return super().detail()
        return line((worst.clause, DIM), " · ", worst.reason)

    def focus_body(self) -> None:
        if self.has_class("-matrix"):
            self.set_focus(self.query_one(Heat))
        else:
            super().focus_body()

    @on(Heat.Chosen)
    def _chosen(self, event: Heat.Chosen) -> None:
        if not event.total:
            self.shell.flash(f"No {event.column} tenant in {event.row}.")
            return
        self.apply(parse(f"tier={quote(event.column)} region={quote(event.row)}", self.area))
        self.set_focus(self.grid)

    def action_matrix(self) -> None:
        heat = self.query_one(Heat)
        if self.has_class("-matrix") and not heat.has_focus:
            self.set_focus(heat)
        else:
            self.set_class(not self.has_class("-matrix"), "-matrix")
            self._count(self.shell.fleet)
            row = self.grid.cursor_row
            view = row.item.row.view if row else None
            if view is not None:
                heat.point_at(view.tenant.region, view.tenant.tier)
            self.focus_body()

    def action_back(self) -> None:
        if self.has_class("-matrix"):
            self.remove_class("-matrix")
            self.focus_body()
        else:
            super().action_back()
