"""Following a collection through its pages, whatever the other side does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias

from services.internal.records import Bad, PageParser, RecordT, UnreadablePageError, bounded
from services.internal.sending import Reply
from services.model import BadRecord, Outcome

BARREN_PAGES = 10
"""So many pages in a row may bring nothing new before the reading is given up."""
MAX_RECORDS = 2_000_000


@dataclass(slots=True)
class Reading(Generic[RecordT]):
    """What has been read of a collection so far; grows page by page in the thread that reads it."""

    collection: str
    records: list[tuple[int, RecordT]] = field(default_factory=list)
    """With their positions, each id once."""
    bad: list[Bad] = field(default_factory=list)
    size: int = 0
    retries: int = 0
    request_id: str | None = None
    outcome: Outcome | None = None
    """``None`` while it goes on."""
    error: str | None = None
    latency_ms: int | None = None


AnyReading: TypeAlias = Reading[Any]


def read_pages(
    reading: Reading[RecordT],
    parser: PageParser[RecordT],
    fetch: Callable[[str | None], Reply],
    cancel: threading.Event,
    publish: Callable[[], None],
) -> None:
    """Read ``reading.collection`` to its end and say in ``reading.outcome`` how that went.

    ``fetch`` gets the page of a cursor; ``publish`` is called after each page but the last. A cursor that comes back,
    and pages that bring nothing new for too long, end the reading as failed; so does ``cancel``. Pages that end before
    the collection does are seen by its ``total``, of several the least, since records may be added meanwhile; a
    server that tells none cannot be checked.
    """
    ids: set[str] = set()
    cursors: set[str] = set()
    cursor: str | None = None
    barren = unreadable = 0
    total = 0
    while True:
        if cancel.is_set():
            return _end(reading, Outcome.FAILED, "cancelled")
        reply = fetch(cursor)
        reading.retries += reply.retries
        reading.request_id = reply.request_id
        if reply.outcome is not Outcome.SEEN:
            return _end(reading, reply.outcome, reply.error)
        try:
            page = parser.parse(reply.body, reading.size)
        except UnreadablePageError as error:
            return _end(reading, Outcome.FAILED, str(error))
        before = len(ids) + unreadable
        total = min(total, page.total or 0) if cursors else page.total or 0
        _take(reading, page.records, ids)
        reading.bad += page.bad
        reading.size += page.size
        unreadable += len(page.bad)
        distinct = len(ids) + unreadable
        if page.next is None and distinct < total:
            return _end(reading, Outcome.FAILED, f"the pages ended after {distinct} of {total} records")
        if page.next is None:
            return _end(reading, Outcome.SEEN if reading.size else Outcome.EMPTY, None)
        barren = 0 if distinct > before else barren + 1
        if page.next in cursors:
            return _end(reading, Outcome.FAILED, f"the cursor {bounded(page.next, 64)!r} came back: no end in sight")
        if barren >= BARREN_PAGES or reading.size >= MAX_RECORDS:
            return _end(reading, Outcome.FAILED, f"no end in sight after {reading.size} records")
        cursors.add(page.next)
        cursor = page.next
        publish()


def _take(reading: Reading[RecordT], records: list[tuple[int, RecordT]], ids: set[str]) -> None:
    """Keep each id's first record; the others are bad."""
    for position, record in records:
        if record.id in ids:
            reason = "the id has been seen before; the first record of it counts"
            tenant = getattr(record, "tenant", None)
            reading.bad.append(Bad(BadRecord(reading.collection, record.id, position, reason), tenant))
        else:
            ids.add(record.id)
            reading.records.append((position, record))


def _end(reading: Reading[RecordT], outcome: Outcome, error: str | None) -> None:
    reading.error = error
    reading.outcome = outcome  # last: whoever sees it may read the rest
