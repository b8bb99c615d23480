"""The audit log: below the list stands what an entry has beside what its row shows."""

from __future__ import annotations

from textual.content import Content

from screens.text import DIM, joined, line
from screens.work import WorkScreen
from services.model import AuditEntry

SHORT = 8
"""Digits of a key or a digest that tell it from others."""


class AuditScreen(WorkScreen):
    """Who did what: whose it was, in which role, under which ticket, from where, of which order, and the note."""

    def silent_actions(self) -> frozenset[str]:
        return super().silent_actions() | {"only_bad"}

    def action_only_bad(self) -> None:
        self.shell.flash("Nothing is judged of what was done: a filter narrows the list, as /outcome=BREAK-GLASS.")

    def detail(self) -> Content:
        row = self.grid.cursor_row
        if row is None:
            return Content("")
        entry: AuditEntry = row.item.row
        said = (
            ("role", entry.role),
            ("ticket", entry.ticket),
            ("from", entry.origin),
            ("order", entry.order and entry.order[:SHORT]),
            ("plan", entry.plan and entry.plan[:SHORT]),
        )
        known = [line((f"{name} ", DIM), value) for name, value in said if value]
        return joined([line(entry.tenant or "no tenant"), *known, entry.note or ""], " · ")
