"""The handover of a shift, in Markdown: what is due, which orders are open, and what was done by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from services.areas.due import DUE, DueRow
from services.areas.orders import ORDERS
from services.areas.words import ABSENT, countdown, instant
from services.fleet.snapshot import FleetSnapshot, OrderView
from services.model import AuditEntry
from services.text import clean

AUDIT_READ: Final = 500
"""Entries of the audit log that a picture holds at most: what lies before them is not known to it."""
SHORT: Final = 8
"""Digits of an order's key that tell it from others."""
_LOG: Final = "GET /audit"
_MEANT: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#~&"})


def handover(fleet: FleetSnapshot, since: datetime) -> Iterator[str]:
    """The lines of the handover, of ``fleet`` and of what was done from ``since`` on."""
    who = fleet.identity.user
    yield f"# Handover, {instant(fleet.at)}"
    yield ""
    yield f"Since {instant(since)}" + (f", by {marked(who)}" if who else "") + "."
    yield from _doubts(fleet, since)
    yield from _section("Due", list(_due(DUE.rows(fleet), fleet.at)), "nothing is due")
    views = list(ORDERS.rows(fleet))
    yield from _section("Open orders", [_order(it) for it in views if not it.order.state.ended], "no order is open")
    ended = [it for it in views if it.order.ended_at is not None and it.order.ended_at >= since]
    yield from _section("Orders that ended", [_order(it) for it in ended], "no order has ended")
    yield from _done([entry for entry in fleet.audit if entry.at >= since])


def marked(text: str) -> str:
    """Text from outside that drives neither a terminal nor Markdown."""
    return clean(text).translate(_MEANT)


def _doubts(fleet: FleetSnapshot, since: datetime) -> Iterator[str]:
    """What this cannot tell, before anything that it tells."""
    log = [view for view in fleet.sources if view.source.operation == _LOG]
    told = []
    if any(view.observation is None or not view.observation.outcome.answered for view in log) or not log:
        told.append("The audit log did not answer: what was done is not known, or old.")
    if len(fleet.audit) >= AUDIT_READ and (oldest := fleet.audit[-1].at) > since:
        told.append(f"More was done than was read of the audit log: what lies before {instant(oldest)} is missing.")
    silent = [view for view in fleet.failed if view.source.operation != _LOG]
    if silent:
        names = ", ".join(sorted({view.source.name for view in silent})[:3])
        more = ", …" if len({view.source.name for view in silent}) > 3 else ""
        told.append(f"{len(silent)} sources did not answer ({marked(names)}{more}): what rests on them is unknown.")
    for line in told:
        yield ""
        yield f"> {line}"


def _section(title: str, lines: Sequence[str], nothing: str) -> Iterator[str]:
    yield ""
    yield f"## {title} ({len(lines)})" if lines else f"## {title}"
    yield ""
    yield from lines or (f"As far as is known {nothing}.",)


def _due(rows: Iterable[DueRow], now: datetime) -> Iterator[str]:
    for row in rows:
        left = f" · {countdown(row.due_at, now)}" if row.due_at else ""
        where = marked(row.tenant or row.subject or "no tenant")
        seen = row.acknowledgement
        whose = ""
        if seen is not None:
            whose = f" · seen by {marked(seen.by)} until {instant(seen.until)}"
            whose += f", for {marked(seen.assignee)}" if seen.assignee else ""
            whose += f": {marked(seen.note)}" if seen.note else ""
        yield f"- **{row.verdict.status}** {where}: {marked(row.what)}{left}{whose}"


def _order(view: OrderView) -> str:
    order = view.order
    said = [
        f"**{order.state}** {marked(order.title)} · {marked(order.scope)} · {order.steps_done}/{order.steps} steps",
        f"by {marked(order.author)}" + (f", agreed by {marked(order.approved_by)}" if order.approved_by else ""),
        f"order {marked(order.id[:SHORT])}",
    ]
    said += [f"ticket {marked(order.ticket)}"] if order.ticket else []
    said += [marked(order.failure)] if order.failure else []
    reason = view.verdict.reason.removeprefix(f"{order.title}: ")
    said += [marked(reason)] if reason and not order.state.ended else []
    return f"- {' · '.join(said)}"


def _done(entries: Sequence[AuditEntry]) -> Iterator[str]:
    """By person, those with the most first; of each the oldest first."""
    by: dict[tuple[str, str], list[AuditEntry]] = {}
    for entry in reversed(entries):
        by.setdefault((entry.who, entry.role), []).append(entry)
    lines: list[str] = []
    for (who, role), acts in sorted(by.items(), key=lambda one: (-len(one[1]), one[0])):
        lines += [*([""] if lines else []), f"### {marked(who)}, {marked(role)} ({len(acts)})", ""]
        lines += [_act(entry) for entry in acts]
    yield ""
    yield f"## Done ({len(entries)})" if entries else "## Done"
    yield ""
    yield from lines or ("As far as is known nothing was done.",)


def _act(entry: AuditEntry) -> str:
    said = [f"{instant(entry.at)} {marked(entry.action)} {marked(entry.tenant or ABSENT)}: **{marked(entry.outcome)}**"]
    said += [f"ticket {marked(entry.ticket)}"] if entry.ticket else []
    said += [f"order {marked(entry.order[:SHORT])}"] if entry.order else []
    said += [marked(entry.note)] if entry.note else []
    return f"- {' · '.join(said)}"
