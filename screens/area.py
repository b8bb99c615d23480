"""An area: its grid, the title above it, the filter, and why it is empty where it is."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens import rows
from screens.acting import ActingScreen
from screens.loading import Loader
from screens.shell import Shell
from screens.states import forecast_word, notices, scope_words, source_state, why_empty
from screens.text import ACCENT, DIM, joined, line, status_style
from screens.widgets.area_grid import AreaGrid
from screens.widgets.command_line import Bar
from screens.widgets.grid import Grid
from screens.widgets.grid import Row as GridRow
from screens.widgets.row import Piece, Row
from services.areas.base import Area
from services.fleet.condition import Condition, of_area
from services.fleet.snapshot import FleetSnapshot
from services.model import Status
from services.query import Query, QueryError, parse
from services.words import say_instant

if TYPE_CHECKING:
    from screens.aim import Aim

AT_ONCE = 2000
"""Rows of so many tenants are made within the handler; of more on a thread, so that keys are answered meanwhile."""
_SAME_MOMENT = timedelta(seconds=0.5)
"""For so long what is said of a picture's sources stays the same: it is asked for several times a tick."""
TITLE_COUNTS = (Status.BREACHED, Status.AT_RISK, Status.UNKNOWN)


class AreaScreen(ActingScreen):
    """The list of an area. Cursor, filter and sort stay when one leaves it and comes back."""

    DEFAULT_CSS = """
    AreaScreen {
        #title { padding: 0 1; }
        #empty { display: none; height: 1fr; content-align: center middle; text-align: center; padding: 0 2; }
        &.-empty #empty { display: block; }
        &.-empty AreaGrid { height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter"),
        Binding("exclamation_mark", "only_bad", "not ok"),
        Binding("w", "why", "why"),
        Binding("Y", "copy_command", "copy the command line", show=False),
    ]

    def __init__(self, shell: Shell, area: Area[Any], filter_text: str = "") -> None:
        super().__init__(shell)
        self.set_class(not shell.fleet.sources, "-empty")  # as at the start, before anything is known: see ``-high``
        self.area = area
        self.title_of_help = area.title
        self._query: Query[Any] = parse(filter_text, area)
        self._query_before = self._query
        self._only_bad = False
        self._drawn = self.drawn(area)
        self._rows = rows.Rows(self._drawn)
        self._maker: Loader[tuple[GridRow, ...]] = Loader(self, "rows")
        self._newer: FleetSnapshot | None = None
        self._counts: Counter[str | None] = Counter()
        self._condition: tuple[FleetSnapshot, datetime, Condition] | None = None

    def body(self) -> Iterable[Widget]:
        yield Row(id="title", right_separator=" · ")
        yield AreaGrid(
            rows.columns(self._drawn),
            sort_key=rows.sort_key(self._drawn),
            cell_style=rows.cell_style(self._drawn),
            live=rows.live(self._drawn, lambda: self.instant, self.shell.now),
        )
        yield Static(id="empty", markup=False)

    def drawn(self, area: Area[Any]) -> Area[Any]:
        """The area as the grid draws it: a screen may have columns of its own, of which no filter knows."""
        return area

    @property
    def grid(self) -> AreaGrid:
        return self.query_one(AreaGrid)

    @property
    def filter_text(self) -> str:
        return self._query.text

    def on_mount(self) -> None:
        self.focus_body()
        self._arrange()

    def focus_body(self) -> None:
        self.set_focus(self.grid)

    # Facts and time

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        if len(fleet.tenants) <= AT_ONCE:
            self._maker.cancel()
            self._set_rows(self._rows.make(fleet))
        elif self._maker.running:
            self._newer = fleet
        else:
            self._maker.start(lambda _publish, _cancel: self._rows.make(fleet))

    @on(Loader.Loaded)
    def _rows_made(self, event: Loader.Loaded) -> None:
        event.stop()
        if event.current:
            self._set_rows(event.value)
            newer, self._newer = self._newer, None
            if newer is not None:
                self.fleet_changed(newer)

    @on(Loader.Failed)
    def _rows_failed(self, event: Loader.Failed) -> None:
        event.stop()
        raise event.error

    def _set_rows(self, made: tuple[GridRow, ...]) -> None:
        self.grid.set_rows(made)
        self.grid.stay_at_top()

    def ticked(self) -> None:
        self.grid.tick()
        self._show_title()

    @on(Grid.ViewChanged)
    def _view_changed(self) -> None:
        self.grid.stay_at_top()
        self._counts = Counter(rows.statuses(self.grid.rows_shown(), self.area))
        self._show_title()
        self._show_empty()
        self._show_notice()
        self.show_detail()

    @on(Grid.RowHighlighted)
    def _row_highlighted(self) -> None:
        self.show_detail()
        self.show_keys()

    @on(Grid.RowSelected)
    def _row_selected(self) -> None:
        self._open()

    # What stands around the grid

    def show_frame(self) -> None:
        super().show_frame()
        self._show_title()
        self._show_empty()

    def _show_title(self) -> None:
        grid, fleet = self.grid, self.shell.fleet
        count = f"{grid.shown} of {grid.total}" if grid.shown != grid.total else str(grid.total)
        left = [
            Piece(line((self.area.title, f"bold {ACCENT}"), forecast_word(fleet), "  ", count)),
            *(
                Piece(line((f"{status} {self._counts[status]}", status_style(status))), 3)
                for status in TITLE_COUNTS
                if self._counts[status]
            ),
            *self.title_pieces(),
            Piece(scope_words(fleet), 2),
            Piece(line(("not ok", ACCENT)) if self._only_bad else Content(""), 2),
            Piece(line((self._query.text, ACCENT)), 2),
            Piece(line((self._sorted(), DIM)), 5),
        ]
        state = source_state(self.condition(), fleet, refreshing=self.shell.refreshing, trouble=self.shell.trouble)
        self.query_one("#title", Row).show(left, state)

    def title_pieces(self) -> list[Piece]:
        """What a screen has to say beside."""
        return []

    def condition(self) -> Condition:
        """In what state the area's facts are."""
        fleet, now = self.shell.fleet, self.shell.now()
        if self._condition is not None:
            known, at, condition = self._condition
            if known is fleet and timedelta() <= now - at < _SAME_MOMENT:
                return condition
        condition = of_area(fleet, self.area.name, now)
        self._condition = (fleet, now, condition)
        return condition

    def notices(self) -> tuple[str, ...]:
        fleet, now = self.shell.fleet, self.shell.now()
        empty = self.grid.settled and self.grid.total == 0
        state, title = self.condition(), self.area.title
        return notices(fleet, now, trouble=self.shell.trouble, condition=state, title=title, empty=empty)

    def _sorted(self) -> str:
        sorted_by = self.grid.sorted_by
        if sorted_by is None:
            return ""
        field = self._drawn.field(sorted_by[0])
        return f"by {(field.title if field else None) or sorted_by[0]} {'▼' if sorted_by[1] else '▲'}"

    def _show_empty(self) -> None:
        grid = self.grid
        empty = grid.shown == 0 and grid.settled
        self.set_class(empty, "-empty")
        if empty:
            said = why_empty(
                self.area,
                self.condition(),
                self.shell.fleet,
                self.shell.now(),
                total=grid.total,
                filter_text=self._query.text,
                only_bad=self._only_bad,
                refreshing=self.shell.refreshing,
                trouble=self.shell.trouble,
            )
            first, _, way_out = said.partition("\n")
            self.query_one("#empty", Static).update(Content.assemble(line(first), "\n", line((way_out, DIM))))

    def detail(self) -> Content:
        row = self.grid.cursor_row
        if row is None:
            return Content("")
        clause, said, name, customer, request = (
            next(filter(None, (self._value(row.item.row, field) for field in fields)), "")
            for fields in (("clause", "source"), ("reason", "error"), ("name",), ("customer",), ("request_id",))
        )
        if said or request:
            asked = line((f"request {request}", DIM)) if request else ""
            return joined([line((clause, DIM)), said, asked], " · ")
        return joined([name, customer], " · ")

    def _value(self, row: Any, name: str) -> str | None:
        field = self.area.field(name)
        value = field.get(row) if field else None
        return value if isinstance(value, str) else None

    # The filter

    def filter_with(self, text: str) -> None:
        """Put the filter of a ``:`` command in force; the command has been parsed already."""
        self._query = parse(text, self.area)
        if self.is_mounted:  # else it is put in force when the screen stands
            self._arrange()

    def apply(self, query: Query[Any]) -> None:
        """Put a filter in force."""
        self._query = query
        self._arrange()

    def _arrange(self) -> None:
        now: datetime = self.instant
        self.grid.filter(predicate=rows.predicate(self._query, now, only_bad=self._only_bad, area=self.area))
        self.show_frame()

    def filter_typed(self, text: str) -> None:
        try:
            query = parse(text, self.area, self.shell.fleet)
        except QueryError as error:
            self.apply(self._query_before)  # what half a field's name narrowed to is not the view that is kept
            self.point_at(error.position, error.message)
        else:
            self.apply(query)

    def filter_kept(self, text: str) -> None:
        try:
            self.apply(parse(text, self.area, self.shell.fleet))
        except QueryError as error:
            self.point_at(error.position, error.message)
        else:
            self.close_bar()

    def filter_dropped(self) -> None:
        self.apply(self._query_before)

    # Keys

    def action_filter(self) -> None:
        self._query_before = self._query
        self.open_bar(Bar.FILTER, self._query.text)

    def action_only_bad(self) -> None:
        self._only_bad = not self._only_bad
        self._arrange()

    def silent_actions(self) -> frozenset[str]:
        row = self.grid.cursor_row
        opens = row is not None and self.area.tenant(row.item.row) is not None
        figure = self.figure()
        acts = opens or (figure is not None and figure[1].startswith("slot."))  # a slot may be of no single tenant
        clears = bool(self._query.text) or self._only_bad
        works = {"select": opens, "why": figure is not None, "back": clears, "actions": acts}
        return frozenset(action for action, does in works.items() if not does)

    def figure(self) -> tuple[str | None, str] | None:
        """(tenant, figure) of the row under the cursor; ``None`` where nothing is judged of it."""
        row = self.grid.cursor_row
        return self.area.explain(row.item.row) if row else None

    def aim(self) -> Aim:
        from screens.aim import Aim

        row = self.grid.cursor_row
        tenant = self.area.tenant(row.item.row) if row is not None else None
        asked = self.figure()
        return Aim((tenant,) if tenant is not None else (), asked[1] if asked is not None else None)

    def action_why(self) -> None:
        asked = self.figure()
        if not self.grid.shown:
            self.shell.flash("There is no row to explain.")
        elif asked is None:
            self.shell.flash("Nothing is judged of this row: there is nothing to explain.")
        else:
            self.ask_why(*asked)

    def action_copy_command(self) -> None:
        name = ["due"] if self.area.name == "due" else ["list", self.area.name]
        fleet = self.shell.fleet
        at = [] if fleet.forecast_from is None else ["--at", say_instant(fleet.at)]
        command = shlex.join(["tenure", *name, *([self._query.text] if self._query.text else []), *at])
        self.app.copy_to_clipboard(command)
        self.shell.flash(f"Copied: {command}")

    def _open(self) -> None:
        row = self.grid.cursor_row
        tenant = self.area.tenant(row.item.row) if row else None
        if tenant is not None:
            self.shell.open_tenant(tenant)
        elif row is not None:
            self.shell.flash("Nothing more is known of this row than the line below says.")

    def action_back(self) -> None:
        if self._query.text or self._only_bad:
            self._only_bad = False
            self.apply(parse("", self.area))
        else:
            self.shell.flash("ctrl+q quits.")
