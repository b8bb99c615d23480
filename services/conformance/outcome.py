"""What a check says: a row of the report, with the request and the answer where it failed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from services.text import clean

PROBLEM: Final = "application/problem+json"
SHOWN: Final = 400
"""Characters of a body that a report repeats."""


class State(StrEnum):
    OK = "ok"
    FAILED = "failed"
    NOT_OFFERED = "not offered"
    """The server does not have it, and may do without."""
    NOT_TRIED = "not tried"
    """Not looked at: ``told`` says why."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer. ``request`` and ``shown`` hold no token and nothing that drives a terminal."""

    request: str
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    shown: str

    def json(self) -> Any:
        """The body. Raises ``FailedError`` where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise FailedError("the answer is no JSON", self) from None

    def members(self) -> dict[str, Any]:
        """The body, an object. Raises ``FailedError`` where it is none."""
        value = self.json()
        if not isinstance(value, dict):
            raise FailedError("the answer is no JSON object", self)
        return value


class FailedError(Exception):
    """The server does not keep to the contract."""

    def __init__(self, told: str, exchange: Exchange | None = None) -> None:
        super().__init__(told)
        self.told = told
        self.exchange = exchange


class NotOfferedError(Exception):
    """The server does not have this, and may do without."""


class NotTriedError(Exception):
    """This could not be looked at; the text says why."""


class UnreachableError(Exception):
    """The server does not answer at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """What was checked of which operation, and what came of it."""

    check: str
    operation: str
    state: State
    told: str = ""
    request: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. ``run`` returns what it saw, or raises one of the errors of this module."""

    name: str
    operation: str
    run: Callable[[], str]
    writes: bool = False

    def row(self) -> Row:
        """Look. Raises ``UnreachableError``."""
        try:
            return Row(self.name, self.operation, State.OK, self.run())
        except NotOfferedError as error:
            return Row(self.name, self.operation, State.NOT_OFFERED, str(error))
        except NotTriedError as error:
            return Row(self.name, self.operation, State.NOT_TRIED, str(error))
        except FailedError as error:
            seen = error.exchange
            shown = (None, None) if seen is None else (seen.request, seen.shown)
            return Row(self.name, self.operation, State.FAILED, clean(error.told), *shown)


def expect(seen: Exchange, *statuses: int) -> Exchange:
    """The exchange. Raises ``FailedError`` for another status, and for a refusal that is no problem document."""
    if seen.status not in statuses:
        wanted = " or ".join(map(str, statuses))
        raise FailedError(f"answered {seen.status}, the contract says {wanted}", seen)
    if seen.status >= 400:
        _problem(seen)
    return seen


def _problem(seen: Exchange) -> None:
    media = seen.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != PROBLEM:
        raise FailedError(f"the refusal is {media or 'of no media type'}, the contract says {PROBLEM}", seen)
    members = seen.members()
    if not isinstance(members.get("title"), str) or members.get("status") != seen.status:
        raise FailedError(f"the problem document has no `title`, or its `status` is not {seen.status}", seen)
