"""Retention, with the lifecycle of the tenant under the cursor to scale."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from screens.page.lifecycle import lifecycle
from screens.work import WorkScreen
from services.areas.retention import RetentionRow


class RetentionScreen(WorkScreen):
    """The list of clocks and holds; ``t`` draws the tenant's whole lifecycle below it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "timeline", "timeline")]

    def details(self) -> list[Content]:
        row = self.grid.cursor_row
        if row is None or not self.has_class("-timeline"):
            return super().details()
        about: RetentionRow = row.item.row
        return [*super().details(), *lifecycle(about.view, self.instant, self.size.width - 2)]

    def ticked(self) -> None:
        super().ticked()
        if self.has_class("-timeline"):
            self.show_detail()

    def action_timeline(self) -> None:
        self.toggle_class("-timeline")
        self.show_detail()
