"""What the sections of a tenant's page are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from textual.content import Content

from screens.text import DIM, STRONG, fit, line, status_style
from services.areas.words import ABSENT, countdown
from services.fleet.snapshot import FleetSnapshot
from services.model import Outcome, Status, Verdict

LABEL = 8
"""Cells of the column of section names."""
STATUS = 9
LEFT = 10
_FAR = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line, and what can be asked why of it."""

    content: Content
    verdict: Verdict | None = None
    tenant: str | None = None
    """Whose verdict it is; ``None``: of a slot for several tenants."""


def section(name: str, lines: Iterable[PageLine]) -> Iterator[PageLine]:
    """The lines, the first of them beside the section's name."""
    for index, one in enumerate(lines):
        label = (fit(name if index == 0 else "", LABEL), STRONG)
        yield replace(one, content=line(label, one.content))


def word(status: Status) -> Content:
    """A status in its column."""
    return line((fit(status, max(STATUS, len(status))), status_style(status)), " ")


def left(at: datetime | None, instant: datetime) -> Content:
    """The time left, in its column."""
    text = ABSENT if at is None else countdown(at, instant)
    return line((fit(text, LEFT, right=True), DIM if at is None else ""), " ")


def day(value: date, *, year: bool = False) -> str:
    """``24 Oct``, ``24 Oct 2026``."""
    return f"{value.day} {value:%b %Y}" if year else f"{value.day} {value:%b}"


def short(at: datetime, instant: datetime) -> str:
    """An instant without its year where that is plain: ``23 Nov 23:00Z``, else its day: ``2028-01-15``."""
    near = abs(at - instant) < _FAR
    return f"{day(at.date())} {at:%H:%M}Z" if near else f"{at:%Y-%m-%d}"


def none_of(collection: str, fleet: FleetSnapshot, said: str = "none") -> PageLine:
    """That there is none, where the internal API was asked and has answered; else that nobody knows."""
    views = [view for view in fleet.sources if view.source.operation == f"GET /{collection}"]
    view = views[0] if views else None
    if view is None or view.observation is None:
        return PageLine(line((f"not read yet: GET /{collection}", "$status-unknown")))
    seen = view.observation
    if not seen.outcome.answered:
        return PageLine(
            line((f"unknown: GET /{collection} {seen.outcome}", "$status-unknown"), (f"  {seen.error or ''}", DIM))
        )
    if seen.outcome is Outcome.NOT_OFFERED:
        return PageLine(line((f"not offered by this internal API: GET /{collection}", DIM)))
    return PageLine(line((said, DIM)))
