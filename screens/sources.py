"""The sources: every call, the failed first; one under the cursor can be looked at whole and asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from screens.dialogs.source_lines import answer, call
from screens.shell import Shell
from screens.states import notices
from screens.work import WorkScreen
from services.areas.base import Area
from services.areas.sources import SourceRow
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import Observation, Source

HERE = "⏎ shows it"
"""The way out of what a call says, where every call is in sight already."""


class SourcesScreen(WorkScreen):
    """Every question asked, with how it ended."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("R", "ask_again", "ask again")]

    def __init__(self, shell: Shell, area: Area[Any], filter_text: str = "") -> None:
        super().__init__(shell, area, filter_text)
        self._asked: dict[Source, Observation[object] | None] = {}
        """What is asked again, with what it had answered before."""

    def drawn(self, area: Area[Any]) -> Area[Any]:
        """The area, counting down to the next question where the last one was not answered: of the others it is the
        usual one, and dozens of them ticking would keep the line busy."""

        def back_off(row: SourceRow) -> datetime | None:
            waits = row.failures and not (row.view and row.view.asking)
            return row.next_at if waits else None

        fields = (replace(field, get=back_off) if field.name == "next_at" else field for field in area.fields)
        return replace(area, fields=tuple(fields))

    def source_row(self) -> SourceRow | None:
        """The row under the cursor."""
        row = self.grid.cursor_row
        return row.item.row if row else None

    def notices(self) -> tuple[str, ...]:
        fleet, now = self.shell.fleet, self.shell.now()
        return notices(fleet, now, trouble=self.shell.trouble, condition=self.condition(), shows=HERE)

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        super().fleet_changed(fleet)
        for view in fleet.sources if self._asked else ():
            self._say_what_came(view)

    def _say_what_came(self, view: SourceView) -> None:
        if view.source in self._asked and view.observation is not self._asked[view.source]:
            del self._asked[view.source]
            failed = view.outcome is not None and not view.outcome.answered
            self.shell.flash(f"{answer(view)}: {call(view.source)}", error=failed)

    def ask_again(self, source: Source) -> None:
        """Ask that one now, and say what came of it."""
        known = next((view for view in self.shell.fleet.sources if view.source == source), None)
        self._asked[source] = known.observation if known else None
        self.shell.flash(f"Asking again: {call(source)}")
        self.shell.ask_again(frozenset({source}))

    def silent_actions(self) -> frozenset[str]:
        silent = super().silent_actions() | {"why"}
        return silent - {"select"} if self.source_row() else silent | {"ask_again"}

    def action_ask_again(self) -> None:
        row = self.source_row()
        if row is None:
            self.shell.flash("There is no call to ask again.")
        elif self.shell.fleet.forecast_from is not None:
            self.shell.flash("This is a forecast, made of what was seen. :as-of off comes back to the present.")
        else:
            self.ask_again(row.source)

    def _open(self) -> None:
        row = self.source_row()
        if row is not None:
            from screens.dialogs.source import SourceScreen

            self.app.push_screen(SourceScreen(self.shell, self, row, self.ask_again))
