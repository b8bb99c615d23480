"""What a command prints: data to stdout in one of four formats, everything else to stderr.

JSON is ASCII-escaped, so text from outside stays exact and cannot drive a terminal. Tables and CSV are read by people
and by spreadsheets: their text is sanitized, and a CSV cell that a spreadsheet would run as a formula gets an
apostrophe in front (OWASP, "CSV Injection"); whoever needs such text exact takes JSON.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, Protocol, TextIO, TypeAlias, TypeVar

from services.areas.base import Area, Field, Kind, MachineValue
from services.areas.machine import machine, to_dict
from services.areas.words import shown
from services.text import clean

RowT = TypeVar("RowT")

Format: TypeAlias = Literal["table", "json", "csv", "ndjson"]

_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_RIGHT: Final = frozenset({Kind.NUMBER, Kind.LENGTH, Kind.AGE, Kind.COUNTDOWN})
_GAP: Final = "  "
WIDEST: Final = 60
"""Cells that a column of a table takes at most: a reason of 300 would push all behind it out of sight."""


class Instants(Protocol):
    """Of when rows are, as a ``FleetSnapshot`` has it."""

    @property
    def at(self) -> datetime: ...
    @property
    def known_at(self) -> datetime: ...
    @property
    def forecast_from(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Present:
    """Rows of this moment."""

    at: datetime
    forecast_from: None = None

    @property
    def known_at(self) -> datetime:
        return self.at


def print_rows(area: Area[RowT], rows: Iterable[RowT], output: Format, when: Instants | datetime) -> None:
    """Prints rows of an area to stdout. A table fits a terminal; piped it has all columns, none over ``WIDEST``.

    Rows of a forecast say so to machines: each has ``forecast_for`` and ``forecast_from`` beside its fields.
    """
    out = sys.stdout
    when = Present(when) if isinstance(when, datetime) else when
    foretold = _foretold(when)
    match output:
        case "json":
            out.writelines(_json_array({**to_dict(area, row), **foretold} for row in rows))
        case "ndjson":
            out.writelines(json.dumps({**to_dict(area, row), **foretold}) + "\n" for row in rows)
        case "csv":
            _utf8(out)
            out.writelines(csv_lines(area, rows, foretold))
        case "table":
            width = shutil.get_terminal_size().columns if out.isatty() else None
            fields = [field for field in area.fields if field.title]
            cells = [[clean(shown(field, row, _seen_from(field, when))) for field in fields] for row in rows]
            if width:
                fields, cells = _fitting(fields, cells, width)
            out.writelines(table_lines(fields, cells, width))
    out.flush()


def print_json(value: object) -> None:
    """Prints one value as indented JSON, ASCII-escaped."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")
    sys.stdout.flush()


def say(message: str) -> None:
    """A message to whoever watches: stderr, sanitized, its own line breaks kept."""
    sys.stderr.write("\n".join(clean(line) for line in message.split("\n")) + "\n")
    sys.stderr.flush()


def _foretold(when: Instants) -> dict[str, MachineValue]:
    """What marks a row as forecast."""
    if when.forecast_from is None:
        return {}
    return {"forecast_for": machine(when.at), "forecast_from": machine(when.forecast_from)}


def _seen_from(field: Field[RowT], when: Instants) -> datetime:
    """From when a cell is looked at: ages of facts are those of the present, in a forecast too."""
    return when.known_at if field.kind is Kind.AGE else when.at


def _json_array(rows: Iterable[dict[str, MachineValue]]) -> Iterator[str]:
    """An array with a row a line, made as it goes."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def csv_lines(
    area: Area[RowT], rows: Iterable[RowT], more: Mapping[str, MachineValue] = MappingProxyType({})
) -> Iterator[str]:
    """RFC 4180 with a heading of field names; an absent value is ``null``, as in JSON. ``more`` ends every row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_MINIMAL)
    writer.writerow([*(field.name for field in area.fields), *more])
    for row in rows:
        writer.writerow([_csv_cell(value) for value in (*to_dict(area, row).values(), *more.values())])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _csv_cell(value: MachineValue) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list():
            return _csv_text("; ".join(value))
        case _:
            return _csv_text(value)


def _csv_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula. Sanitizing has made tab and carriage return visible before."""
    text = clean(text)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def cell_len(text: str) -> int:
    """The terminal cells that sanitized text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len as measure

    return measure(text)


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * max(width - cell_len(text), 0)
    return space + text if right else text + space


def _fitting(
    fields: Sequence[Field[RowT]], cells: Sequence[Sequence[str]], width: int
) -> tuple[list[Field[RowT]], list[list[str]]]:
    """The columns that fit ``width``; the least important go first, as on the screen."""
    kept = list(range(len(fields)))
    while len(kept) > 1 and sum(_least(fields[index]) for index in kept) + len(_GAP) * (len(kept) - 1) > width:
        kept.remove(max(kept, key=lambda index: (fields[index].priority, index)))
    return [fields[index] for index in kept], [[row[index] for index in kept] for row in cells]


def _least(field: Field[RowT]) -> int:
    return max(field.width, len(field.title or ""))


def table_lines(fields: Sequence[Field[RowT]], cells: Sequence[Sequence[str]], width: int | None) -> Iterator[str]:
    """Headings and rows in columns, none wider than ``WIDEST``. With ``width`` no line is longer. What does not fit
    a cell is cut with ``…``."""
    titles = [field.title or field.name for field in fields]
    longest = [max([cell_len(title), *(cell_len(row[n]) for row in cells)]) for n, title in enumerate(titles)]
    widths = [min(wide, WIDEST) for wide in longest]
    if width is not None:
        widths = _squeezed(widths, [_least(field) for field in fields], width)
    right = [field.kind in _RIGHT for field in fields]
    for row in (titles, *cells):
        line = _GAP.join(
            _pad(text if cell_len(text) <= wide else clean(text, limit=wide), wide, right=aligned)
            for text, wide, aligned in zip(row, widths, right, strict=True)
        )
        yield line.rstrip() + "\n"


def _squeezed(widths: list[int], least: Sequence[int], width: int) -> list[int]:
    """Widths that fit: the widest column gives way until all do, none below its least."""
    left = [min(wide, floor) for wide, floor in zip(widths, least, strict=True)]
    spare = width - sum(left) - len(_GAP) * (len(widths) - 1)
    for index in sorted(range(len(widths)), key=lambda n: widths[n] - left[n]):
        more = min(widths[index] - left[index], max(spare, 0))
        left[index] += more
        spare -= more
    return left


def _utf8(stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", newline="")
