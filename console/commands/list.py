"""``tenure list AREA [FILTER…] [--at ISO] -o table|json|csv|ndjson``."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from cyclopts import Parameter

from console.errors import UsageError
from console.looking import At, looking
from console.output import Format, cell_len, print_rows
from services.areas import AREAS
from services.areas.base import Area
from services.fleet.snapshot import FleetSnapshot
from services.query import Query, QueryError, parse
from services.text import clean

RowT = TypeVar("RowT")


def list_area(
    area: Annotated[str, Parameter(help=f"{', '.join(AREAS)}.")],
    /,
    *filter_: Annotated[
        str,
        Parameter(
            name="FILTER",
            help="Words that the row contains and field=value, all of which must hold; null asks for absent.",
        ),
    ],
    at: At = None,
    output: Annotated[Format, Parameter(name=["--output", "-o"], help="Form of the rows on stdout.")] = "table",
) -> int:
    """Print the rows of an area, by the same code as the screen.

    Exits 0 when every source answered, 3 when one did not: the rows are printed all the same, those in doubt as
    unknown, and stderr tells which sources. Exits 2 for what cannot be read on the command line or in the settings.
    """
    found = find_area(area)
    text = " ".join(filter_)
    read_filter(text, found)

    from console.reading import tell_missing

    with looking(at) as look:
        fleet = look.fleet
    query = read_filter(text, found, fleet)
    rows = [row for row in found.rows(fleet) if query.matches(row, fleet.at)]
    print_rows(found, rows, output, fleet)
    return tell_missing(fleet)


def find_area(name: str) -> Area[Any]:
    """The area of that name. Raises ``UsageError``."""
    if name not in AREAS:
        raise UsageError(f"there is no area {name!r}; there are {', '.join(AREAS)}")
    return AREAS[name]


def read_filter(text: str, area: Area[RowT], fleet: FleetSnapshot | None = None) -> Query[RowT]:
    """The filter that was typed, its words held against those of ``fleet``.

    Raises:
        UsageError: it cannot be read; points at the character.
    """
    try:
        return parse(text, area, fleet)
    except QueryError as error:
        column = cell_len(clean(text[: error.position]))
        raise UsageError(f"{error.message}\n  {clean(text)}\n  {' ' * column}^") from None
