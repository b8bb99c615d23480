"""Maintenance, with the slots of the next two weeks as a calendar strip above the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from screens.page.lines import none_of
from screens.text import line
from screens.widgets.area_grid import AreaGrid
from screens.widgets.calendar import DAYS, Lane, Span, calendar
from screens.widgets.grid import Grid
from screens.widgets.lines import Lines
from screens.work import WorkScreen
from services.areas.maintenance import MaintenanceRow
from services.fleet.snapshot import FleetSnapshot
from services.model import SlotState

LINES = 8
"""Of the strip, at most; a third of the screen where that is less."""


class MaintenanceScreen(WorkScreen):
    """The list of slots and of what RDS has pending. The strip shows every slot, whatever the filter."""

    DEFAULT_CSS = """
    MaintenanceScreen {
        #calendar { height: auto; padding: 0 1; display: none; margin-bottom: 1; }
        &.-calendar #calendar { display: block; }
        &.-flat #calendar, &.-low #calendar { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "timeline", "calendar")]

    def body(self) -> Iterable[Widget]:
        for widget in super().body():
            if isinstance(widget, AreaGrid):
                yield Lines(id="calendar", focusable=False)
            yield widget

    def on_mount(self) -> None:
        self.add_class("-calendar")
        super().on_mount()

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        super().fleet_changed(fleet)
        self._show_calendar()

    def ticked(self) -> None:
        super().ticked()
        self._show_calendar()

    @on(events.Resize)
    def _resized(self) -> None:
        self._show_calendar()

    @on(Grid.RowHighlighted)
    def _lane_chosen(self) -> None:
        self._show_calendar()

    def _show_calendar(self) -> None:
        if self.has_class("-calendar"):
            self.query_one("#calendar", Lines).show(self._calendar())

    def _calendar(self) -> list[Content]:
        row: MaintenanceRow | None = self.grid.cursor_row.item.row if self.grid.cursor_row else None
        room = min(LINES, self.size.height // 3)
        fleet = self.shell.fleet
        drawn = calendar(
            lanes(fleet),
            self.instant,
            self.size.width - 3,
            room,
            chosen=row.scope if row else None,
            nothing=none_of("slots", fleet, f"no slot in the next {DAYS} days").content,
        )
        return [line(content) for content in drawn]

    def action_timeline(self) -> None:
        self.toggle_class("-calendar")
        self._show_calendar()


def lanes(fleet: FleetSnapshot) -> list[Lane]:
    """The slots that were not cancelled, by their scope."""
    spans: dict[str, list[Span]] = {}
    for view in fleet.slots:
        if view.slot.state is not SlotState.CANCELLED:
            span = Span(view.slot.starts_at, view.slot.ends_at, view.verdict.status)
            spans.setdefault(view.slot.scope, []).append(span)
    return [Lane(name, tuple(sorted(of, key=lambda span: span.starts_at))) for name, of in spans.items()]
