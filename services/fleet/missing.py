"""What could not be read: a list, which one verdict tells for the whole fleet, or a single record."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING

from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import Status

if TYPE_CHECKING:
    from services.model import BadRecord, Observation, Verdict

CLAUSES = MappingProxyType(
    {
        "GET /exports": ("exports", "right-to-be-forgotten"),
        "GET /holds": ("holds", "return-or-delete"),
        "GET /cases": ("cases", "acceptable-use"),
        "GET /slots": ("slots", "availability"),
        "GET /recovery-tests": ("recovery-tests", "recovery"),
        "GET /orders": ("orders", "subscription"),
        "DescribePendingMaintenanceActions": ("pending", "availability"),
        "ListLegalHolds": ("holds.backup", "return-or-delete"),
    }
)
"""Operation → the figure of the row that says it was not read, and its clause. What is read of the registry and of
databases has a verdict with each tenant instead."""


def unread_lists(fleet: FleetSnapshot) -> Iterator[Verdict]:
    """A verdict a list that did not answer, was read in part, or was never heard: unknown, with whom it was asked."""
    from services.model import Verdict

    failed: dict[str, list[SourceView]] = {}
    for view in fleet.sources:
        if view.source.operation in CLAUSES and _is_unread(view):
            failed.setdefault(view.source.operation, []).append(view)
    for operation, views in failed.items():
        figure, clause = CLAUSES[operation]
        evidence: tuple[Observation[object], ...] = tuple(view.observation for view in views if view.observation)
        more = f" and {len(views) - 1} more" if len(views) > 1 else ""
        yield Verdict(Status.UNKNOWN, figure, clause, f"{_why(views[0])}{more}", evidence=evidence)


def _is_unread(view: SourceView) -> bool:
    """Whether a list was not read to its end, with all that stands in it."""
    seen = view.observation
    return seen is None or not seen.outcome.answered or seen.error is not None


def _why(view: SourceView) -> str:
    source, seen = view.source, view.observation
    where = " ".join(part for part in (source.account, source.region) if part)
    call = f"{source.service} {source.operation}" + (f" of {where}" if where else "")
    return f"waiting for {call}" if seen is None else f"{call} {seen.outcome}: {seen.error or 'no answer'}"


def bad_record_words(bad: BadRecord) -> str:
    """Which record and why, in a line; records are counted from 1 for a person."""
    which = f"{bad.id}, " if bad.id else ""
    return f"bad record ({which}no. {bad.position + 1} of {bad.collection}): {bad.reason}"


def record_verdict(bad: BadRecord) -> Verdict:
    """A record that cannot be read, as a verdict: what it would say is unknown."""
    from services.model import Verdict

    figure = f"record.{bad.collection}.{bad.position + 1}"
    return Verdict(Status.UNKNOWN, figure, "subscription", bad_record_words(bad))


def tenant_of(bad: BadRecord) -> str | None:
    """The tenant that a bad record should have been."""
    return bad.id if bad.collection == "tenants" else None
