"""The sources: every question asked of AWS and of the internal API, and every record of theirs that is bad."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.areas.base import Area, Field, Kind, Value
from services.fleet.missing import bad_record_words
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import BadRecord, Observation, Outcome, Source

BAD_RECORD = "bad-record"
"""The outcome of a single record that could not be read, beside the outcomes of whole answers."""

OUTCOMES = (*Outcome, BAD_RECORD)
_ORDER: tuple[str | None, ...] = (
    Outcome.FAILED,
    Outcome.DENIED,
    Outcome.THROTTLED,
    Outcome.STALE,
    BAD_RECORD,
    None,
    Outcome.NOT_OFFERED,
    Outcome.EMPTY,
    Outcome.SEEN,
)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with its last answer, or one bad record of that answer."""

    source: Source
    view: SourceView | None
    bad: BadRecord | None = None

    @property
    def outcome(self) -> str | None:
        """``None`` before the first answer."""
        if self.bad:
            return BAD_RECORD
        return self.view.outcome if self.view else None

    @property
    def observation(self) -> Observation[object] | None:
        return self.view.observation if self.view else None

    @property
    def error(self) -> str | None:
        if self.bad:
            return bad_record_words(self.bad)
        return self.observation.error if self.observation else None

    @property
    def last_seen_at(self) -> datetime | None:
        return self.view.last_seen_at if self.view else None

    @property
    def failures(self) -> int | None:
        """Questions in a row that were not answered; ``None`` of a bad record, which is no question."""
        return self.view.failures if self.view and not self.bad else None

    @property
    def next_at(self) -> datetime | None:
        """When it is asked again by itself."""
        return self.view.next_at if self.view and not self.bad else None


def _rows(fleet: FleetSnapshot) -> list[SourceRow]:
    rows = [SourceRow(view.source, view) for view in fleet.sources]
    views = {view.source: view for view in fleet.sources}
    for bad in fleet.bad_records:
        source = Source("internal", f"GET /{bad.collection}")
        rows.append(SourceRow(source, views.get(source), bad))
    return sorted(
        rows, key=lambda row: (_ORDER.index(row.outcome), row.source.name, row.bad.position if row.bad else -1)
    )


def _key(row: SourceRow) -> Hashable:
    return (row.source.name, row.bad.position) if row.bad else row.source.name


def _answer(get: Callable[[Observation[object]], Value]) -> Callable[[SourceRow], Value]:
    return lambda row: get(row.observation) if row.observation else None


def _fields() -> Iterator[Field[SourceRow]]:
    yield Field("next_at", Kind.COUNTDOWN, lambda row: row.next_at, "NEXT", 8, priority=3, aliases=("next",))
    yield Field(
        "outcome", Kind.TEXT, lambda row: row.outcome, "OUTCOME", 10, priority=1, choices=OUTCOMES, order=_ORDER
    )
    yield Field("service", Kind.TEXT, lambda row: row.source.service, "SERVICE", 10, priority=6)
    yield Field("operation", Kind.TEXT, lambda row: row.source.operation, "OPERATION", 21, priority=1)
    yield Field("account", Kind.TEXT, lambda row: row.source.account, "ACCOUNT", 12, priority=2)
    yield Field("region", Kind.TEXT, lambda row: row.source.region, "REGION", 14, priority=2)
    yield Field("last_seen_at", Kind.AGE, lambda row: row.last_seen_at, "SEEN", 5, priority=3, aliases=("seen",))
    yield Field("failures", Kind.NUMBER, lambda row: row.failures, "FAILS", 5, priority=5, aliases=("fails",))
    yield Field("latency_ms", Kind.NUMBER, _answer(lambda seen: seen.latency_ms), "MS", 6, priority=7, aliases=("ms",))
    yield Field("retries", Kind.NUMBER, _answer(lambda seen: seen.retries), "RETRIES", 7, priority=8)
    yield Field(
        "records",
        Kind.NUMBER,
        lambda row: row.view.count if row.view and not row.bad else None,
        "RECORDS",
        7,
        priority=9,
    )
    yield Field("observed_at", Kind.INSTANT, _answer(lambda seen: seen.at))
    yield Field("request_id", Kind.TEXT, _answer(lambda seen: seen.request_id), "REQUEST", 36, priority=10)
    yield Field("source", Kind.TEXT, lambda row: row.source.name)
    yield Field("error", Kind.TEXT, lambda row: row.error, "ERROR", 30, priority=4)


SOURCES: Area[SourceRow] = Area(
    name="sources",
    title="Sources",
    key=None,
    fields=tuple(_fields()),
    rows=_rows,
    row_key=_key,
    tenant=lambda _row: None,
    status=lambda row: row.outcome,
    help="Every question asked of AWS and of the internal API: how it ended, when, how long it took, and bad records.",
    empty="nothing was asked yet",
)
