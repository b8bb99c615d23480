"""The lines of an explanation: a pure function of it, the instant and the width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from screens.text import DIM, STRONG, age, fit, joined, line, status_style
from services.model import Evidence, Explanation, Outcome

LABEL = 11
_ANSWERED = {
    Outcome.SEEN: "answered",
    Outcome.EMPTY: "answered: there is nothing",
    Outcome.NOT_OFFERED: "answered: it offers no such list",
}


def why_lines(explained: Explanation, now: datetime, width: int) -> list[Content]:
    """All lines, the answer before the evidence, which may be long; as wide as ``width`` where that is wide enough."""
    room = max(width - LABEL, 24)
    sections: list[tuple[str, Iterable[Content]]] = [
        ("Promise", _promise(explained)),
        ("Reckoning", (part for step in explained.steps for part in _step(step, explained, room))),
        ("Changes if", [line(explained.changes_if)] if explained.changes_if else [line(("nothing known does", DIM))]),
        ("Seen", (said for seen in explained.evidence for said in _seen(seen, now, room))),
    ]
    lines = _labelled((explained.status, status_style(explained.status)), [line(explained.reason)], room)
    for name, said in sections:
        drawn = _labelled((name, STRONG), said, room)
        lines += [Content(""), *drawn] if drawn else []
    return lines


def _labelled(name: tuple[str, str], contents: Iterable[Content], room: int) -> list[Content]:
    """The contents wrapped beside their name."""
    wrapped = [part for content in contents for part in content.wrap(room)]
    label, style = name
    above = [line((label, style))] if cell_len(label) >= LABEL else []
    at = None if above else 0
    return [
        *above,
        *(line((fit(label if index == at else "", LABEL), style), part) for index, part in enumerate(wrapped)),
    ]


def _promise(explained: Explanation) -> Iterator[Content]:
    yield line((explained.clause, ""), (" · ", DIM), explained.promise)
    for key, value in explained.policy:
        yield line((f"policy {key} = {value}", DIM))


def _seen(seen: Evidence, now: datetime, room: int) -> Iterator[Content]:
    """What was seen, or why not; whom that is from, when, and how to find it in a log."""
    at = seen.observed_at
    if seen.outcome in _ANSWERED:
        yield line(seen.value if seen.value is not None else _ANSWERED[Outcome(seen.outcome)])
    else:
        yield joined(
            [
                line((seen.outcome, "$status-unknown"), " ", seen.error or ""),
                line((f"last seen{_when(seen.last_seen_at)}: {seen.value}", DIM)) if seen.value else _last(seen),
            ]
        )
    asked = "never heard" if at is None else f"{at:%H:%M:%S}Z {age(at, now)} ago"
    request = f"request {seen.request_id}" if seen.request_id else ""
    whole = joined([line((part, DIM)) for part in (seen.source, asked, request) if part], " · ")
    if whole.cell_length <= room:
        yield whole
        return
    yield line((seen.source, DIM))
    yield joined([line((part, DIM)) for part in (asked, request) if part], " · ")


def _last(seen: Evidence) -> Content:
    return line((f"last answered{_when(seen.last_seen_at)}", DIM)) if seen.last_seen_at else Content("")


def _when(at: datetime | None) -> str:
    return f" {at:%H:%M:%S}Z" if at is not None else ""


def _step(step: str, explained: Explanation, room: int) -> Iterator[Content]:
    """A step; the status that it ends in wears its colour, and is never cut off from its arrow."""
    before, arrow, status = step.rpartition("→ ")
    if not arrow or status != explained.status:
        yield line(step)
        return
    verdict = line(arrow, (status, status_style(explained.status)))
    if before.rstrip() == explained.reason and Content(before).cell_length > room:
        before = "what is said above "
    whole = line(before, verdict)
    if whole.cell_length <= room:
        yield whole
    else:
        yield from (line(before.rstrip()), verdict)
