"""The tenants, with the region × tier matrix above them where it is open."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from screens.text import ACCENT, DIM, line
from screens.widgets.area_grid import AreaGrid
from screens.widgets.heat import Heat, count
from screens.widgets.row import Piece
from screens.work import WorkScreen
from services.fleet.snapshot import FleetSnapshot
from services.model import Status
from services.query import parse, quote

if TYPE_CHECKING:
    from screens.aim import Aim


class TenantsScreen(WorkScreen):
    """The list of tenants. The matrix counts all of them, whatever the filter, by their worst status."""

    DEFAULT_CSS = """
    TenantsScreen {
        Heat { display: none; }
        &.-matrix Heat { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "matrix", "matrix"),
        Binding("space", "mark", "mark"),
        Binding("ctrl+@,ctrl+space", "mark_range", "mark to here", show=False),
        Binding("ctrl+backslash", "clear_marks", "clear the marks", show=False),
    ]
    _marked_last: Hashable | None = None

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

    # Marks

    def aim(self) -> Aim:
        from screens.aim import Aim

        marked = self.grid.marks
        if not marked:
            return super().aim()
        return Aim(tuple(tenant for tenant in self.shell.fleet.tenants if tenant in marked))

    def title_pieces(self) -> list[Piece]:
        marked = len(self.grid.marks)
        return [Piece(line((f"{marked} marked", ACCENT)), 2)] if marked else []

    def _mark(self, marks: Iterable[Hashable]) -> None:
        self.grid.marks = marks
        self.show_frame()

    def action_mark(self) -> None:
        key = self.grid.cursor
        if key is None:
            return
        self._mark(self.grid.marks ^ {key})
        self._marked_last = key
        self.grid.action_move(1)

    def action_mark_range(self) -> None:
        """Mark all rows from the one that was marked last to the cursor."""
        keys = [row.key for row in self.grid.rows_shown()]
        if self.grid.cursor not in keys:
            return
        to = keys.index(self.grid.cursor)
        since = keys.index(self._marked_last) if self._marked_last in keys else to
        self._mark(self.grid.marks | set(keys[min(since, to) : max(since, to) + 1]))
        self._marked_last = self.grid.cursor

    def action_clear_marks(self) -> None:
        self._marked_last = None
        self._mark(())

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
