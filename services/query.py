"""The filter language: one parser for the ``/`` bar and ``tenure list``.

::

    filter  := term*                 terms side by side must all hold
    term    := word                  a substring of the row as it is shown, whatever the case
             | field "=" word        the field is exactly that, whatever the case
    word    := anything without spaces, or "in quotes" with \\" and \\\\ inside

``field=null`` and ``field=—`` ask for an absent value; ``field="null"`` for the word. A field is compared as it is
shown (``rpo=9m12s``) and as machines read it (``rpo_seconds=552``). A field that holds one of a few words takes no
other (``status=grean`` is an error). The characters ``! | ( ) < > ~`` belong to the
language and stand in quotes where they are meant as text.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from services.areas.base import Area, Field
from services.areas.machine import machine
from services.areas.words import ABSENT, TICKING, shown
from services.fleet.snapshot import FleetSnapshot

RowT = TypeVar("RowT")
RowT_contra = TypeVar("RowT_contra", contravariant=True)

_RESERVED = frozenset("!|()<>~")
_TOKEN = re.compile(
    r"""(?P<space>\s+) | (?P<quoted>"(?:\\.|[^"\\])*") | (?P<open>") | (?P<equals>=) | (?P<reserved>[!|()<>~])
    | (?P<plain>[^\s"=!|()<>~]+)""",
    re.VERBOSE | re.DOTALL,
)


class QueryError(ValueError):
    """A filter that cannot be read. ``position`` is the index, from 0, of the character that is wrong."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class Term(Protocol[RowT_contra]):
    """A condition on a row."""

    def holds(self, row: RowT_contra, now: datetime) -> bool:
        """Whether the row fulfils it at ``now``."""


@dataclass(frozen=True, slots=True)
class Contains(Generic[RowT]):
    """A bare word: a substring of the row's search text."""

    area: Area[RowT]
    word: str
    """Folded."""

    def holds(self, row: RowT, now: datetime) -> bool:
        return self.word in search_text(self.area, row, now)


@dataclass(frozen=True, slots=True)
class Equals(Generic[RowT]):
    """``field=word``."""

    field: Field[RowT]
    word: str | None
    """Folded; ``None`` asks for an absent value."""

    def holds(self, row: RowT, now: datetime) -> bool:
        value = machine(self.field.get(row))
        if value is None or value == []:
            return self.word is None
        if self.word is None:
            return False
        if isinstance(value, list):
            return any(fold(one) == self.word for one in value)
        return fold(_machine_word(value)) == self.word or fold(shown(self.field, row, now)) == self.word


@dataclass(frozen=True, slots=True)
class Query(Generic[RowT]):
    """A filter that was read: all its terms must hold."""

    text: str
    terms: tuple[Term[RowT], ...]

    def matches(self, row: RowT, now: datetime) -> bool:
        """Whether the row passes at ``now``; an empty filter lets every row pass."""
        return all(term.holds(row, now) for term in self.terms)


def fold(text: str) -> str:
    """Text made comparable: composed, and without case."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFC", text).casefold()


def _machine_word(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def search_text(area: Area[RowT], row: RowT, now: datetime) -> str:
    """What bare words are looked for in: every field as shown, folded, one a line.

    Fields that change with the time alone are left out, so that a row's text is the same until its facts change and
    a caller may keep it; and those that are not ``searched``.
    """
    cells = (shown(field, row, now) for field in area.fields if field.searched and field.kind not in TICKING)
    return fold("\n".join(cell for cell in cells if cell != ABSENT))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int

    @property
    def word(self) -> str:
        return re.sub(r"\\(.)", r"\1", self.text[1:-1], flags=re.DOTALL) if self.kind == "quoted" else self.text


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        position = match.start()
        if kind == "open":
            raise QueryError("this quote is not closed", position)
        if kind == "reserved":
            raise QueryError(f"{match[0]!r} is no operator here: write field=value, or quote it as text", position)
        yield _Token(kind, match[0], position)
    yield _Token("end", "", len(text))


def parse(text: str, area: Area[RowT], fleet: FleetSnapshot | None = None) -> Query[RowT]:
    """Reads a filter for the rows of ``area``.

    ``fleet`` tells the words of fields that take theirs from its data; without it such a field takes any.

    Raises:
        QueryError: the text is malformed, names a field that the area has not or a word that the field cannot hold;
            the caller keeps the filter it had.
    """
    return Query(text, tuple(_terms(list(_tokens(text)), area, fleet)))


def _terms(tokens: list[_Token], area: Area[RowT], fleet: FleetSnapshot | None) -> Iterator[Term[RowT]]:
    index = 0
    while tokens[index].kind != "end":
        token = tokens[index]
        if token.kind == "space":
            index += 1
        elif token.kind == "equals":
            raise QueryError("a field's name is missing before '='", token.position)
        elif tokens[index + 1].kind == "equals":
            yield _equals(token, tokens[index + 2], area, fleet)
            index += 3
            if tokens[index].kind not in {"space", "end"}:
                raise QueryError("a space, or quotes around the whole value, are missing here", tokens[index].position)
        else:
            word, index = _glued(tokens, index)
            yield Contains(area, fold(word))


def _glued(tokens: list[_Token], index: int) -> tuple[str, int]:
    """A bare word of plain and quoted pieces without a space between them, and the index behind it."""
    word = ""
    while tokens[index].kind in {"plain", "quoted"}:
        word += tokens[index].word
        index += 1
    if tokens[index].kind == "equals":
        raise QueryError("before '=' stands one field's name, without quotes", tokens[index].position)
    return word, index


def _equals(name: _Token, value: _Token, area: Area[RowT], fleet: FleetSnapshot | None) -> Equals[RowT]:
    field = area.field(name.text.lower()) if name.kind == "plain" else None
    if field is None:
        raise QueryError(_unknown(name.word, area), name.position)
    if value.kind not in {"plain", "quoted"}:
        raise QueryError(f"a value is missing after '{name.text}='; null asks for an absent one", value.position)
    absent = value.kind == "plain" and value.text.lower() in {"null", ABSENT}
    word = None if absent else fold(value.word)
    if word is not None and (choices := field.words(fleet)) and word not in map(fold, choices):
        raise QueryError(f"no {field.name} {value.word!r}: {', '.join(choices)}", value.position)
    return Equals(field, word)


def _unknown(name: str, area: Area[Any]) -> str:
    names = [field.name for field in area.fields]
    close = difflib.get_close_matches(name.lower(), [*names, *(alias for f in area.fields for alias in f.aliases)], n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"
    return f"{area.name} has no field {name!r}; {hint}"


def quote(value: str | None) -> str:
    """A value written so that ``field=`` finds exactly it: ``null`` for an absent one, in quotes where needed."""
    if value is None:
        return "null"
    plain = value and not any(char.isspace() or char in _RESERVED or char in '"=' for char in value)
    if plain and value.lower() not in {"null", ABSENT}:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
