"""The journal: below the list stands what an order or an act of one's own has beside what its row shows."""

from __future__ import annotations

from textual.content import Content

from screens.deciding import DecidingScreen
from screens.orders import SHORT, told_of
from screens.text import DIM, joined, line
from services.areas.journal import JournalRow


class JournalScreen(DecidingScreen):
    """What one has ordered, and what else one did."""

    def detail(self) -> Content:
        under = self.grid.cursor_row
        if under is None:
            return Content("")
        row: JournalRow = under.item.row
        if row.order is not None:
            return told_of(row.order)
        entry = row.entry
        if entry is None:
            return Content("")
        said = (("ticket", entry.ticket), ("from", entry.origin), ("order", entry.order and entry.order[:SHORT]))
        known = [line((f"{name} ", DIM), value) for name, value in said if value]
        return joined([line(entry.tenant or "no tenant"), *known, entry.note or ""], " · ")
