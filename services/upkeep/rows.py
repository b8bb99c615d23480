"""A file of tenants into rows: CSV or JSON, every row that cannot be read told with its place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

Form: TypeAlias = Literal["csv", "json"]

PARTY_COLUMNS: Final = ("customer", "reseller", "service_provider")
LIST_COLUMNS: Final = ("sp_end_customers", "stores", "links")
TENANT_COLUMNS: Final = ("name", "tier", "region", "account", "zone", "state")
SUBSCRIPTION_COLUMNS: Final = ("order", "started_on", "ended_on", "termination_confirmed_at")
COLUMNS: Final = (
    "id",
    *TENANT_COLUMNS,
    *PARTY_COLUMNS,
    "sp_end_customers",
    "subscription",
    *SUBSCRIPTION_COLUMNS,
    "stores",
    "links",
)
"""All that a row may hold. A column that is not there leaves in the registry what is; an empty cell makes it absent."""

MAX_ROWS: Final = 200_000
_CELL: Final = 1024 * 1024


class UnreadableFileError(Exception):
    """The file is no list of rows; the reason is for a person."""


@dataclass(frozen=True, slots=True)
class Party:
    """A party as a row names it."""

    id: str
    name: str | None = None
    """``None``: the registry knows it."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A store as a row names it."""

    store: str
    part: str | None = None


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row."""

    where: str
    """``line 3``, ``item 3``."""
    column: str | None
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    """A tenant as the file has it: only what it tells."""

    where: str
    id: str
    values: Mapping[str, str | None] = field(default_factory=dict)
    """Of the tenant's and the subscription's columns that are there."""
    parties: Mapping[str, Party | None] = field(default_factory=dict)
    """Of ``customer``, ``reseller``, ``service_provider`` that are there."""
    sp_end_customers: tuple[Party, ...] | None = None
    """``None``: the column is not there."""
    stores: tuple[Mapped, ...] = ()
    links: tuple[str, ...] | None = None
    """ARNs; ``None``: the column is not there."""


def read_rows(text: str, form: Form) -> tuple[list[Row], list[RowError]]:
    """The rows of a file and the mistakes in it.

    CSV has a heading with the names of ``COLUMNS``, comma or semicolon between cells; an empty cell or ``null`` is an
    absent value, several values stand in one cell with ``;`` between them. JSON is an array of objects with these
    members. A party is ``id``, or ``id=Name`` where the registry may not know it yet; a store is its ARN, followed by
    ``#`` and a part of it where it is shared.

    Raises ``UnreadableFileError`` where no row could be told from another.
    """
    rows: list[Row] = []
    errors: list[RowError] = []
    for where, raw in _csv(text, errors) if form == "csv" else _json(text, errors):
        if len(rows) + len(errors) >= MAX_ROWS:
            raise UnreadableFileError(f"there are more than {MAX_ROWS} rows: import them in parts")
        mistakes: list[RowError] = []
        row = _row(where, raw, mistakes)
        errors += mistakes
        if row is not None and not mistakes:
            rows.append(row)
    return rows, errors


def _csv(text: str, errors: list[RowError]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    heading = text.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    csv.field_size_limit(_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        _check_heading(names)
        for cells in reader:
            if not any(cells):
                continue
            where = f"line {reader.line_num}"
            if len(cells) != len(names):
                errors.append(RowError(where, None, f"has {len(cells)} cells where the heading has {len(names)}"))
                continue
            yield where, dict(zip(names, (_cell(cell) for cell in cells), strict=True))
    except csv.Error as error:
        raise UnreadableFileError(f"line {reader.line_num}: {error}") from error


def _check_heading(names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        raise UnreadableFileError(f"there is no column {unknown[0]!r}; there are {', '.join(COLUMNS)}")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise UnreadableFileError(f"the column {twice[0]!r} is there twice")
    if "id" not in names:
        raise UnreadableFileError("the heading has no column 'id'")


def _cell(text: str) -> str | None:
    return None if text in ("", "null") else text


def _json(text: str, errors: list[RowError]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"it is not JSON: {error}") from error
    if not isinstance(items, list):
        raise UnreadableFileError("it is no array of objects")
    for number, item in enumerate(items, 1):
        where = f"item {number}"
        if not isinstance(item, dict):
            errors.append(RowError(where, None, "is no object"))
        elif unknown := [name for name in item if name not in COLUMNS]:
            errors.append(RowError(where, unknown[0], f"there is no such member; there are {', '.join(COLUMNS)}"))
        else:
            yield where, item


def _row(where: str, raw: Mapping[str, Any], mistakes: list[RowError]) -> Row | None:
    id_ = raw.get("id")
    if not isinstance(id_, str) or not id_:
        mistakes.append(RowError(where, "id", "is missing"))
        return None
    values: dict[str, str | None] = {}
    parties: dict[str, Party | None] = {}
    ends: tuple[Party, ...] | None = None
    stores: tuple[Mapped, ...] = ()
    links: tuple[str, ...] | None = None
    for column, value in raw.items():
        try:
            if column == "sp_end_customers":
                ends = tuple(_party(one) for one in _several(value))
            elif column == "stores":
                stores = tuple(_mapped(one) for one in _several(value))
            elif column == "links":
                links = tuple(_word(one) or "" for one in _several(value))
            elif column in PARTY_COLUMNS:
                parties[column] = None if value is None else _party(value)
            else:
                values[column] = _word(value)
        except _MistakeError as mistake:
            mistakes.append(RowError(where, column, str(mistake)))
    del values["id"]
    return Row(where, id_, values, parties, ends, stores, links)


class _MistakeError(Exception):
    """A cell that cannot be read."""


def _word(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise _MistakeError("is no text")


def _several(value: object) -> Sequence[object]:
    if value is None:
        return ()
    if isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    if isinstance(value, list):
        return value
    raise _MistakeError("is no list")


def _party(value: object) -> Party:
    match value:
        case str():
            id_, sign, name = value.partition("=")
            return Party(id_.strip(), name.strip() if sign else None)
        case {"id": str(id_), "name": str(name), **rest} if not rest:
            return Party(id_, name)
        case {"id": str(id_), **rest} if not rest:
            return Party(id_)
        case _:
            raise _MistakeError("names no party: an id, `id=Name`, or an object of id and name")


def _mapped(value: object) -> Mapped:
    match value:
        case str():
            store, sign, part = value.partition("#")
            return Mapped(store, part if sign else None)
        case {"store": str(store), "part": str() | None as part, **rest} if not rest:
            return Mapped(store, part)
        case {"store": str(store), **rest} if not rest:
            return Mapped(store)
        case _:
            raise _MistakeError("names no store: an ARN, `arn#part`, or an object of store and part")
