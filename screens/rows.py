"""From an area's typed rows to the grid's: clean text per cell, sort values, styles, and what a filter looks at."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, timedelta
from typing import Any

from screens.text import age
from screens.widgets.grid import Column, Predicate, Row
from services.areas.base import Area, Field, Kind
from services.areas.words import ABSENT, TICKING, shown
from services.fleet.snapshot import FleetSnapshot
from services.model import Outcome, Status, severity
from services.query import Contains, Query, search_text
from services.text import clean

_RIGHT = frozenset({Kind.NUMBER, Kind.LENGTH, Kind.COUNTDOWN, Kind.AGE})
_BAD_OUTCOMES = frozenset({Outcome.DENIED, Outcome.THROTTLED, Outcome.FAILED, Outcome.STALE, "bad-record"})
_ALARMS = frozenset({"BREAK-GLASS", "half-done", "stuck"})
"""Outcomes in the audit log that must stand out: done by one person alone, or left as nobody wanted it."""
_GOOD = frozenset({Status.OK, Status.NOT_APPLICABLE, Outcome.SEEN, Outcome.EMPTY, Outcome.NOT_OFFERED})
_WIDEST = {"tenant": 20, "scope": 20, "store_name": 20, "subject": 16}
"""Cells that an identifier may take before it is cut: what one types must be read."""
BAR = "bar"
"""The column of a screen's bars, which wear the colour of the row's status."""
_FREE = frozenset({"what", "reason", "error", "note"})
"""Texts of which the first words are enough."""
_LEAST = 16
"""Cells below which a free text is not worth its place; what is due must say more than a reason beside it."""
_LEAST_WHAT = 24
_WANTED = 48
"""Cells that what is due takes, where it needs them, before the columns of little importance."""
_INSTANT = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d):\d\dZ")
_NEAR = timedelta(days=300)
"""From the present, in which an instant is told without its year."""
_STATUS = 9


class Item:
    """A row of an area with the text that bare words are looked for in, made when it is first wanted."""

    __slots__ = ("_area", "_search", "row")

    def __init__(self, area: Area[Any], row: Any) -> None:
        self.row = row
        self._area = area
        self._search: str | None = None

    def search(self, now: datetime) -> str:
        """Folded, every field of it; see ``services.query.search_text``."""
        if self._search is None:
            self._search = search_text(self._area, self.row, now)
        return self._search


class Rows:
    """Makes the grid's rows of an area; a row whose facts are the same as before is not made again."""

    def __init__(self, area: Area[Any]) -> None:
        self.area = area
        self._fields = shown_fields(area)
        self._made: dict[Hashable, Row] = {}

    def make(self, fleet: FleetSnapshot) -> tuple[Row, ...]:
        """The area's rows in its own order."""
        made: dict[Hashable, Row] = {}
        for row in self.area.rows(fleet):
            key = self.area.row_key(row)
            known = self._made.get(key)
            same = known is not None and (known.item.row is row or known.item.row == row)
            made[key] = known if known is not None and same else self._row(key, row, fleet.at)
        self._made = made
        return tuple(made.values())

    def _row(self, key: Hashable, row: Any, now: datetime) -> Row:
        cells = ("" if field.kind in TICKING else clean(_cell(field, row, now)) for field in self._fields)
        return Row(key, tuple(cells), Item(self.area, row))


def _cell(field: Field[Any], row: Any, now: datetime) -> str:
    """The text of a cell; what is free text has its instants short, which stand in full below the list."""
    text = shown(field, row, now)
    return shortened(text, now) if field.name in _FREE else text


def shortened(text: str, now: datetime) -> str:
    """``text`` with its instants as ``25 Nov 02:00Z``; those far from ``now``, or of no calendar, as they are."""

    def short(match: re.Match[str]) -> str:
        try:
            at = datetime.fromisoformat(match[0])
        except ValueError:
            return match[0]
        return f"{at.day} {at:%b %H:%M}Z" if abs(at - now) < _NEAR else match[0]

    return _INSTANT.sub(short, text)


def shown_fields(area: Area[Any]) -> tuple[Field[Any], ...]:
    """The fields that are columns on the screen."""
    return tuple(field for field in area.fields if field.title is not None)


def columns(area: Area[Any]) -> tuple[Column, ...]:
    """The grid's columns; the last free text, or without one the last text, takes what is left."""
    fields = shown_fields(area)
    texts = [field for field in fields if field.kind is Kind.TEXT]
    free = [field for field in texts if field.name in _FREE] or texts
    return tuple(_column(field, flexible=field is free[-1]) for field in fields)


def _column(field: Field[Any], *, flexible: bool) -> Column:
    """Text is as wide as its contents, within what the area says; what names a thing may be wider."""
    title = field.title or ""
    sized = field.kind in (Kind.TEXT, Kind.STATUS, Kind.LENGTH)
    widest = max(field.width, _WIDEST.get(field.name, 0))
    return Column(
        field.name,
        title,
        width=None if sized else field.width,
        min_width=_least(field, flexible=flexible),
        max_width=widest,
        flexible=flexible,
        align="right" if field.kind in _RIGHT else "left",
        priority=field.priority,
        pinned=field.priority == 1,
        ticking=field.kind in TICKING,
        wanted=_WANTED if field.name == "what" else 0,
    )


def _least(field: Field[Any], *, flexible: bool) -> int:
    """Cells that a text has whatever it says; a status as many as its usual words, so that it seldom moves."""
    if flexible:
        return min(field.width, _LEAST_WHAT if field.name == "what" else _LEAST)
    return min(field.width, _STATUS if field.kind is Kind.STATUS else len(field.title or "") + 1)


def live(area: Area[Any], instant: Callable[[], datetime], now: Callable[[], datetime]) -> Callable[[Row, str], str]:
    """The present text of a ticking cell: countdowns as of ``instant``, which a forecast moves, ages as of ``now``."""
    fields = {field.name: field for field in shown_fields(area)}

    def text(row: Row, column: str) -> str:
        field = fields[column]
        value = field.get(row.item.row)
        if field.kind is Kind.AGE and isinstance(value, datetime):
            return age(value, now())
        return shown(field, row.item.row, instant())

    return text


def sort_key(area: Area[Any]) -> Callable[[Row, str], Any]:
    """The value that a row sorts by: the field's own, a status by how bad it is, text whatever its case."""
    fields = {field.name: field for field in shown_fields(area)}

    def key(row: Row, column: str) -> Any:
        field = fields[column]
        value = field.get(row.item.row)
        if field.kind is Kind.STATUS and value is not None:
            return severity(Status(str(value)))
        if field.order:
            return field.order.index(value) if value in field.order else len(field.order)
        return value.casefold() if isinstance(value, str) else value

    return key


def cell_style(area: Area[Any]) -> Callable[[Row, str], str | None]:
    """The component class of a cell: status words in their colour, absent values dim."""
    statuses = {field.name for field in area.fields if field.kind is Kind.STATUS or field.name == "outcome"}
    ticking = {field.name: field for field in area.fields if field.kind in TICKING}
    indices = {field.name: index for index, field in enumerate(shown_fields(area))}

    def style(row: Row, column: str) -> str | None:
        if column in ticking:
            return "area--absent" if ticking[column].get(row.item.row) is None else None
        text = row.cells[indices[column]]
        if column in statuses:
            return status_class(text)
        if column == BAR:
            return status_class(area.status(row.item.row) or "")
        return "area--absent" if text == ABSENT else None

    return style


def status_class(word: str) -> str | None:
    """The component class of a status or outcome word."""
    if word in Status.__members__.values():
        return f"area--{word}"
    if word in _ALARMS:
        return f"area--{Status.BREACHED}"
    return "area--unknown" if word in _BAD_OUTCOMES else None


def is_good(area: Area[Any], row: Any) -> bool:
    """Whether ``!`` hides the row: ok, not applicable, or answered."""
    return area.status(row) in _GOOD


def predicate(query: Query[Any], now: datetime, *, only_bad: bool, area: Area[Any]) -> Predicate | None:
    """What a row must fulfil to be shown; ``None`` if every row does."""
    words = [term.word for term in query.terms if isinstance(term, Contains)]
    others = [term for term in query.terms if not isinstance(term, Contains)]
    if not words and not others and not only_bad:
        return None

    def holds(row: Row) -> bool:
        item: Item = row.item
        if only_bad and is_good(area, item.row):
            return False
        if words:
            text = item.search(now)
            if not all(word in text for word in words):
                return False
        return all(term.holds(item.row, now) for term in others)

    return holds


def statuses(rows: Iterable[Row], area: Area[Any]) -> list[str | None]:
    """The status word of each row."""
    return [area.status(row.item.row) for row in rows]
