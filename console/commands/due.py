"""``tenure due [FILTER…] [--within 7d] [--at ISO] -o table|json|csv|ndjson``: the ranked list, for schedulers too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from cyclopts import Parameter

from console.commands.list import read_filter
from console.errors import BREACHED, OK, UNANSWERED
from console.looking import At, looking, read_ahead
from console.output import Format, print_rows
from services.areas.due import DUE, DueRow
from services.model import Status


def due(
    *filter_: Annotated[
        str,
        Parameter(name="FILTER", help="As for tenure list: words, and field=value (tenant, area, status, figure …)."),
    ],
    within: Annotated[
        str | None,
        Parameter(help="Only what is due within so long (36h, 7d) or is past, and what is not known."),
    ] = None,
    at: At = None,
    output: Annotated[Format, Parameter(name=["--output", "-o"], help="Form of the rows on stdout.")] = "table",
) -> int:
    """Print everything that is not well, over all areas: broken first, then by the time left against the clock.

    Exits 1 where something printed is breached; 3 where nothing is, and something is unknown or a source did not
    answer; else 0. Exits 2 for what cannot be read on the command line or in the settings.
    """
    text = " ".join(filter_)
    read_filter(text, DUE)

    from console.reading import tell_missing

    with looking(at) as look:
        fleet = look.fleet
    query = read_filter(text, DUE, fleet)
    until = None if within is None else read_ahead("--within", within, fleet.default_zone, fleet.at)
    rows = [row for row in DUE.rows(fleet) if query.matches(row, fleet.at) and _is_near(row, until)]
    print_rows(DUE, rows, output, fleet)
    return exit_code(rows, whole=tell_missing(fleet) == OK)


def _is_near(row: DueRow, until: datetime | None) -> bool:
    """Whether it is due by then. What is broken or not known is near at any time."""
    verdict = row.verdict
    if until is None or verdict.status in (Status.BREACHED, Status.UNKNOWN):
        return True
    return verdict.due_at is not None and verdict.due_at <= until


def exit_code(rows: Iterable[DueRow], *, whole: bool) -> int:
    """What a scheduler is told of the rows; ``whole``: every source answered."""
    statuses = {row.verdict.status for row in rows}
    if Status.BREACHED in statuses:
        return BREACHED
    return OK if whole and Status.UNKNOWN not in statuses else UNANSWERED
