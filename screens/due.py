"""What is due: the list that the console opens on, and the word that an item of it is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from screens.deciding import DecidingScreen
from screens.frozen import not_written
from screens.text import ACCENT, DIM, joined, line
from services.areas.base import Area
from services.areas.due import DueRow

if TYPE_CHECKING:
    from services.model import Acknowledgement

SEEN = "✓"
"""Before what somebody has acknowledged."""
READER = "viewer"
"""The role of the internal API that may write nothing."""


class DueScreen(DecidingScreen):
    """The ranked list of everything that is not well."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("a", "acknowledge", "acknowledge")]

    def drawn(self, area: Area[Any]) -> Area[Any]:
        def what(row: DueRow) -> str:
            return f"{SEEN} {row.what}" if row.acknowledgement else row.what

        fields = (replace(field, get=what) if field.name == "what" else field for field in area.fields)
        return replace(area, fields=tuple(fields))

    def due_row(self) -> DueRow | None:
        """The row under the cursor."""
        row = self.grid.cursor_row
        return row.item.row if row else None

    def detail(self) -> Content:
        row = self.due_row()
        if row is None:
            return Content("")
        subject = row.subject if row.tenant is None and row.subject is not None else ""
        verdict = row.verdict
        return joined([subject, line((verdict.clause, DIM)), line((verdict.figure, DIM)), verdict.reason], " · ")

    def details(self) -> list[Content]:
        row = self.due_row()
        word = [seen_by(row.acknowledgement)] if row is not None and row.acknowledgement else []
        return self.two_lines(self.detail(), *word)

    def silent_actions(self) -> frozenset[str]:
        return super().silent_actions() | (frozenset() if self.due_row() else {"acknowledge"})

    def action_acknowledge(self) -> None:
        row, fleet = self.due_row(), self.shell.fleet
        if row is None:
            return
        stopped = not_written(fleet, self.shell.now())
        if stopped is not None:
            self.shell.flash(stopped, error=True)
        elif fleet.forecast_from is not None:
            self.shell.flash("This is a forecast: what is due now can be acknowledged. :as-of off", error=True)
        elif self.shell.read_only:
            self.shell.flash("Refused: read-only: the profile or --read-only allows no write.", error=True)
        elif fleet.identity.role == READER:
            self.shell.flash("Refused: a viewer reads; acknowledging takes the role operator.", error=True)
        else:
            from screens.dialogs.acknowledge import AcknowledgeScreen

            self.app.push_screen(AcknowledgeScreen(self.shell, self, row.tenant, row.verdict, row.acknowledgement))


def seen_by(word: Acknowledgement) -> Content:
    """Who has seen it, until when that holds, whose it is, and what they noted."""
    return joined(
        [
            line(f"{SEEN} ", (word.by, ACCENT), (f" until {word.until:%Y-%m-%d %H:%M}Z", DIM)),
            line(("for ", DIM), word.assignee) if word.assignee else "",
            word.note or "",
        ],
        " · ",
    )
