"""``tenure why TENANT FIGURE [--at ISO] -o text|json``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from cyclopts import Parameter

from console.commands.show import may_exist, tell_missing_of
from console.errors import OK, UNANSWERED, UsageError
from console.looking import At, TenantOrNobody, looking, whom
from console.output import print_json, say
from services.areas.why import document
from services.areas.words import age
from services.fleet.snapshot import FleetSnapshot
from services.model import Evidence, Explanation
from services.text import clean

_LABEL = 11


def why(
    tenant: TenantOrNobody,
    figure: Annotated[str, Parameter(help="As tenure due names it: grace, recovery.orders-db, case.c-7.")],
    /,
    *,
    at: At = None,
    output: Annotated[Literal["text", "json"], Parameter(name=["--output", "-o"])] = "text",
) -> int:
    """Print why a figure is what it is: clause, policy, what was seen, the arithmetic, and what would change it.

    Exits 2 where nothing of that name is judged; the message names what is. Exits 3 where that cannot be told, for want
    of an answer that could name it. Else that a source did not answer is in the explanation and does not change the
    exit code.
    """
    from services.why import NoSuchFigureError, explain

    with looking(at) as look:
        fleet = look.fleet
    try:
        explanation = explain(fleet, whom(tenant), figure)
    except NoSuchFigureError as error:
        if _tell_unread(fleet, whom(tenant)):
            say(f"tenure: {clean(tenant)}: nothing is known of {clean(figure)} while these do not answer")
            return UNANSWERED
        raise UsageError(str(error)) from None
    if output == "json":
        print_json(document(fleet, explanation))
    else:
        sys.stdout.writelines(f"{clean(line)}\n" for line in lines(explanation, fleet.known_at))
        sys.stdout.flush()
    return OK


def _tell_unread(fleet: FleetSnapshot, tenant: str | None) -> bool:
    """Whether what was not found may be there all the same; says on stderr which sources did not answer."""
    from console.reading import tell_missing

    view = fleet.tenants.get(tenant) if tenant is not None else None
    if view is not None:
        return tell_missing_of(fleet, view) == UNANSWERED
    if tenant is not None and not may_exist(fleet, tenant):
        return False
    return tell_missing(fleet) == UNANSWERED


def lines(explanation: Explanation, known_at: datetime) -> Iterator[str]:
    """The explanation as a person reads it; ages are those at ``known_at``. Not sanitized."""
    yield f"{explanation.status:<{_LABEL}}{explanation.reason}"
    yield ""
    yield f"{'Promise':<{_LABEL}}{explanation.clause}: {explanation.promise}"
    for key, value in explanation.policy:
        yield f"{'':<{_LABEL}}policy {key} = {value}"
    for label, told in (
        ("Seen", [line for one in explanation.evidence for line in _seen(one, known_at)]),
        ("Reckoning", explanation.steps),
        ("Changes if", [explanation.changes_if or "nothing known does"]),
    ):
        yield ""
        for index, line in enumerate(told):
            yield f"{label if index == 0 else '':<{_LABEL}}{line}"


def _seen(one: Evidence, known_at: datetime) -> Iterator[str]:
    answered = one.outcome in ("seen", "empty")
    yield (one.value or "nothing about it") if answered else f"{one.outcome}: {one.error or 'no answer yet'}"
    if not answered and one.value:
        yield f"  last seen: {one.value}"
    when = f"{one.observed_at:%Y-%m-%dT%H:%M:%SZ}, {age(one.observed_at, known_at)} ago" if one.observed_at else "never"
    request = f", request {one.request_id}" if one.request_id else ""
    yield f"  {one.source}, {when}{request}"
