"""What an area is: a named list of typed rows over the fleet's snapshot.

The grid, the filter, the command line's ``list`` and every export read the same declaration; a new area is one
file that makes an ``Area``, and an entry in ``services.areas.AREAS``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from services.fleet.snapshot import FleetSnapshot
from services.model import Status

RowT = TypeVar("RowT")

STATUSES = tuple(Status)
"""The choices of a field of verdicts."""

Value: TypeAlias = str | int | float | bool | datetime | date | timedelta | tuple[str, ...] | None
"""What a field may hold. Text is as it came from outside: whoever shows it sanitizes it."""

MachineValue: TypeAlias = str | int | float | bool | list[str] | None
"""What JSON may hold: instants in RFC 3339 with ``Z``, days as ``YYYY-MM-DD``, lengths in whole seconds."""


class Kind(StrEnum):
    """How a field's value is compared, filtered and shown."""

    TEXT = "text"
    STATUS = "status"
    NUMBER = "number"
    INSTANT = "instant"
    """A ``datetime``; shown as its age or its UTC time, whichever the field's title promises."""
    AGE = "age"
    """A ``datetime`` in the past, shown as the time since."""
    COUNTDOWN = "countdown"
    """A ``datetime``, shown as the time left to it, with a sign when it has passed."""
    DAY = "day"
    LENGTH = "length"
    """A ``timedelta``."""
    TEXTS = "texts"
    """A tuple of words."""
    LEFT = "left"
    """A ``timedelta`` from the snapshot's instant to another one: for machines alone, which see no countdown tick."""


@dataclass(frozen=True, slots=True)
class Field(Generic[RowT]):
    """One column: its machine name, its heading, its kind and where its value comes from."""

    name: str
    """The name in JSON, CSV and the filter."""
    kind: Kind
    get: Callable[[RowT], Value]
    title: str | None = None
    """The heading on the screen, in capitals; ``None``: for machines alone."""
    width: int = 12
    """Cells on the screen; the last shown text field takes what is left."""
    priority: int = 5
    """1 is always shown; where the terminal is too narrow the highest number goes first."""
    aliases: tuple[str, ...] = ()
    """Further names that the filter knows it by (``rpo`` for ``rpo_seconds``)."""
    choices: tuple[str, ...] | Callable[[FleetSnapshot], tuple[str, ...]] = ()
    """All words that the field may hold, where these are known beforehand or from the fleet's own data. The filter
    refuses any other; empty: any word may be."""
    searched: bool = True
    """Whether bare words look into it; not into what is reckoned, at a cost, when it is asked for."""
    order: tuple[Value, ...] = ()
    """In which order its words sort where the alphabet does not tell, the first to be looked at first."""
    aside: Callable[[RowT], bool] | None = None
    """Whether this row's value is the last known one and no longer judged; it is shown in parentheses."""

    def words(self, fleet: FleetSnapshot | None) -> tuple[str, ...]:
        """``choices`` in a fleet; empty where any word may be, or where it takes the fleet to tell."""
        if isinstance(self.choices, tuple):
            return self.choices
        return self.choices(fleet) if fleet is not None else ()


@dataclass(frozen=True, slots=True)
class Area(Generic[RowT]):
    """A list of the console."""

    name: str
    """``tenants``: the word of ``:name`` and of ``tenure list``."""
    title: str
    key: str | None
    """The digit that opens it; ``None`` for those reached by name alone."""
    fields: tuple[Field[RowT], ...]
    """In the order of the screen."""
    rows: Callable[[FleetSnapshot], Iterable[RowT]]
    """In the area's own order, the most urgent first."""
    row_key: Callable[[RowT], Hashable]
    """Stable through refreshes and unique in the area."""
    tenant: Callable[[RowT], str | None]
    """Where Enter goes."""
    status: Callable[[RowT], str | None]
    explain: Callable[[RowT], tuple[str | None, str] | None] = lambda _row: None
    """(tenant, figure) of a row, what ``services.why.explain`` is asked; ``None``: nothing is judged of it."""
    help: str = ""
    """One sentence for the help screen."""
    empty: str = "nothing here"
    """What an empty list says when all sources answered."""

    def field(self, name: str) -> Field[RowT] | None:
        """The field of that machine name or alias."""
        return next((field for field in self.fields if name == field.name or name in field.aliases), None)
