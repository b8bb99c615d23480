"""Following a collection through its pages, whatever the other side does, and asking only for those that changed.

What a reading is based on is one that was whole: only of pages that were read to the end of their collection, held no
bad record and bore a tag of their own it is ever asked whether they are still the same. A page that was cut short or
garbled is asked for in full the next time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias

from services.internal.records import Bad, PageParser, ParsedPage, RecordT, UnreadablePageError, bounded
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
    asked: int = 0
    """Pages that were asked for."""
    pages: dict[str | None, Kept[RecordT]] = field(default_factory=dict)
    """By cursor, those that later readings may be based on."""
    tag: str | None = None
    """That of the whole collection, where all pages are kept and bore the same."""
    same: bool = True
    """Whether all that was read is what its base holds."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[RecordT]):
    """A page with the tag by which it can be asked whether it is still the same."""

    tag: str
    page: ParsedPage[RecordT]


AnyReading: TypeAlias = Reading[Any]


def read_pages(
    reading: Reading[RecordT],
    parser: PageParser[RecordT],
    fetch: Callable[[str | None, str | None], Reply],
    cancel: threading.Event,
    publish: Callable[[], None],
    base: Reading[RecordT] | None = None,
) -> None:
    """Read ``reading.collection`` to its end and say in ``reading.outcome`` how that went.

    ``fetch`` gets the page of a cursor, unless it still bears the tag; ``publish`` is called after each page but the
    last. A cursor that comes back, and pages that bring nothing new for too long, end the reading as failed; so does
    ``cancel``. Pages that end before the collection does are seen by its ``total``, of several the least, since records
    may be added meanwhile; a server that tells none cannot be checked.

    ``base`` is an earlier reading that was whole. Where the server says that the whole collection still bears the
    tag that it had then, one page is all that is asked for.
    """
    ids: set[str] = set()
    tags: set[str | None] = set()
    cursors: set[str] = set()
    cursor: str | None = None
    barren = unreadable = 0
    total = 0
    while True:
        if cancel.is_set():
            return _end(reading, Outcome.FAILED, "cancelled")
        kept = base.pages.get(cursor) if base is not None else None
        reply = fetch(cursor, kept.tag if kept else None)
        reading.asked += 1
        reading.retries += reply.retries
        reading.request_id = reply.request_id
        if reply.outcome is not Outcome.SEEN:
            return _end(reading, reply.outcome, reply.error)
        if cursor is None and base is not None and kept is not None and _is_still(reply, base):
            return _repeat(reading, base)
        try:
            page = _page(reply, cursor, kept, parser, reading)
        except UnreadablePageError as error:
            return _end(reading, Outcome.FAILED, str(error))
        tags.add(reply.collection_tag)
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
            reading.tag = tags.pop() if len(tags) == 1 and len(reading.pages) == reading.asked else None
            return _end(reading, Outcome.SEEN if reading.size else Outcome.EMPTY, None)
        barren = 0 if distinct > before else barren + 1
        if page.next in cursors:
            return _end(reading, Outcome.FAILED, f"the cursor {bounded(page.next, 64)!r} came back: no end in sight")
        if barren >= BARREN_PAGES or reading.size >= MAX_RECORDS:
            return _end(reading, Outcome.FAILED, f"no end in sight after {reading.size} records")
        cursors.add(page.next)
        cursor = page.next
        publish()


def _page(
    reply: Reply,
    cursor: str | None,
    kept: Kept[RecordT] | None,
    parser: PageParser[RecordT],
    reading: Reading[RecordT],
) -> ParsedPage[RecordT]:
    """The page that was answered, or the one that is still the same. Raises ``UnreadablePageError``."""
    if reply.unchanged:
        if kept is None:
            raise UnreadablePageError("the answer says that nothing changed, and was not asked that")
        page = kept.page.moved(reading.size)
    else:
        page = parser.parse(reply.body, reading.size)
        reading.same = False
    if reply.tag and not page.bad:
        reading.pages[cursor] = Kept(reply.tag, page)
    return page


def _is_still(reply: Reply, base: Reading[RecordT]) -> bool:
    """Whether the answer to a collection's first page says that no page of it has changed."""
    return reply.unchanged and base.tag is not None and reply.collection_tag == base.tag


def _repeat(reading: Reading[RecordT], base: Reading[RecordT]) -> None:
    """The collection is what it was."""
    reading.records, reading.bad, reading.size = base.records, base.bad, base.size
    reading.pages, reading.tag = base.pages, base.tag
    _end(reading, base.outcome or Outcome.EMPTY, None)


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
