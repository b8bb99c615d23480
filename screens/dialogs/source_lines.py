"""The whole of a source, line by line: a pure function of its row, the instant and the width."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from screens.text import DIM, STRONG, age, fit, line
from services.areas import AREAS
from services.areas.sources import SourceRow
from services.areas.words import ABSENT, countdown
from services.fleet.needs import NEEDS, rests_on
from services.fleet.snapshot import SourceView
from services.model import Outcome, Source

_LABEL = 13
_WAY_OUT = {
    Outcome.DENIED: "Asking again helps only once somebody has mended it: `tenure doctor` names the permission.",
    Outcome.THROTTLED: "It was asked too often. It is asked again by itself, more and more seldom.",
    Outcome.FAILED: "It is asked again by itself, more and more seldom; R asks now.",
}


def call(source: Source) -> str:
    """``rds DescribeDBInstances in 111122223333 eu-central-1``, ``GET /slots``."""
    named = source.operation if source.service == "internal" else f"{source.service} {source.operation}"
    where = " ".join(part for part in (source.account, source.region) if part)
    return f"{named} in {where}" if where else named


def answer(view: SourceView) -> str:
    """How the last question ended, without the error: ``seen, 4 records, 87 ms``."""
    seen = view.observation
    if seen is None:
        return "not answered yet"
    count = "" if view.count is None else f", {view.count} record{'s' * (view.count != 1)}"
    took = f", {seen.latency_ms} ms" if seen.latency_ms is not None else ""
    return f"{seen.outcome}{count}{took}"


def source_lines(row: SourceRow, now: datetime, width: int) -> list[Content]:
    """Everything known of a call; the error whole, however long."""
    room = max(width - _LABEL, 20)
    lines: list[Content] = []
    for name, said in _told(row, now):
        wrapped = said.wrap(room) or [Content("")]
        lines += [line((fit(name if index == 0 else "", _LABEL), STRONG), part) for index, part in enumerate(wrapped)]
    return lines


def _told(row: SourceRow, now: datetime) -> Iterator[tuple[str, Content]]:
    view, seen = row.view, row.observation
    bad = row.outcome is not None and row.outcome not in (Outcome.SEEN, Outcome.EMPTY, Outcome.NOT_OFFERED)
    yield "Outcome", line((row.outcome or "not answered yet", "$status-unknown" if bad else ""), *_asking(view))
    if row.error:
        yield "Error", line(row.error)
    yield "Call", line(call(row.source))
    if seen is not None:
        yield "Answered", line(f"{_at(seen.at)}, {age(seen.at, now)} ago", (_took(view), DIM))
        yield "Request", line(seen.request_id or ABSENT)
    if view is not None and view.last_seen_at is not None and (seen is None or view.last_seen_at != seen.at):
        yield "Last seen", line(f"{_at(view.last_seen_at)}, {age(view.last_seen_at, now)} ago")
    elif view is not None and view.last_seen_at is None and seen is not None:
        yield "Last seen", line("never")
    if view is not None and view.failures:
        yield "In a row", line(f"{view.failures} not answered")
    if view is not None and view.next_at is not None:
        yield "Asked again", line(f"in {countdown(view.next_at, now)}" if view.next_at > now else "any moment")
    rests = [area.title for name, area in AREAS.items() if name in NEEDS and rests_on(name, row.source)]
    yield "Rests on it", line(", ".join(rests) or "nothing that is judged")
    way_out = _WAY_OUT.get(Outcome(seen.outcome)) if seen is not None and row.bad is None else None
    if way_out:
        yield "", line((way_out, DIM))


def _asking(view: SourceView | None) -> tuple[tuple[str, str], ...]:
    return (("  is being asked", DIM),) if view is not None and view.asking else ()


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z"


def _took(view: SourceView | None) -> str:
    seen = view.observation if view is not None else None
    if view is None or seen is None:
        return ""
    said = [f"{seen.latency_ms} ms"] if seen.latency_ms is not None else []
    said += [f"{seen.retries} retr{'y' if seen.retries == 1 else 'ies'}"]
    said += [f"{view.count} record{'s' * (view.count != 1)}"] if view.count is not None else []
    return "  " + ", ".join(said)
