"""Reading orders: all that have not ended, and the newest of all.

Asked for as often as the console asks, most answers say that nothing has changed: each page is kept with its tag, and
given again only if it bears another by now.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from services.internal.pages import Kept
from services.internal.records import Bad, PageParser, ParsedPage, UnreadablePageError
from services.internal.sending import Ask, Reply, Send, unless
from services.model import Observation, Order, Outcome, Source
from services.now import Now
from services.wire import nouns
from services.wire.orders import OrderRecord

SOURCE: Final = Source("internal", "GET /orders")
PAGE_SIZE: Final = 200
NEWEST: Final = 200
"""Orders that are read whether or not they have ended."""
OPEN: Final = {"open": "true"}
ALL: Final[Mapping[str, str]] = {}


@dataclass(slots=True)
class _Pages:
    """What was read to one question."""

    orders: dict[str, Order] = field(default_factory=dict)
    bad: dict[str, Bad] = field(default_factory=dict)
    kept: dict[str | None, Kept[OrderRecord]] = field(default_factory=dict)
    size: int = 0


class _StoppedError(Exception):
    """The reading ended before its time."""

    def __init__(self, outcome: Outcome, error: str | None) -> None:
        super().__init__(error)
        self.outcome = outcome
        self.error = error


class OrdersReader:
    """Reads orders through ``send``. One reading at a time."""

    def __init__(self, send: Send, now: Now) -> None:
        self._send = send
        self._now = now
        self._parser = PageParser("orders", OrderRecord)
        self._kept: dict[str, Mapping[str | None, Kept[OrderRecord]]] = {}
        self._offered = False

    def read(self, cancel: threading.Event) -> Observation[tuple[Order, ...]]:
        """All that have not ended and the newest 200, newest first.

        A server that has no such path offers no orders: ``NOT_OFFERED``, unless it has answered before. Orders that
        cannot be read are left out, and ``error`` tells how many though the outcome is ``SEEN``.
        """
        started = time.monotonic()
        replies: list[Reply] = []
        value: tuple[Order, ...] | None = None
        try:
            still_open = self._pages("open", OPEN, None, cancel, replies)
            newest = self._pages("newest", ALL, NEWEST, cancel, replies)
        except _StoppedError as stopped:
            outcome, error = stopped.outcome, stopped.error
            if outcome is Outcome.NOT_OFFERED:
                value = ()
        else:
            found = {**still_open.orders, **newest.orders}  # what was read last tells more
            value = tuple(sorted(found.values(), key=lambda one: (one.created_at, one.id), reverse=True))
            bad = {**still_open.bad, **newest.bad}
            outcome, error = Outcome.SEEN if value or bad else Outcome.EMPTY, _unread(bad)
            self._offered = True
        return Observation(
            SOURCE,
            self._now(),
            outcome,
            value,
            round((time.monotonic() - started) * 1000),
            sum(reply.retries for reply in replies),
            replies[-1].request_id if replies else None,
            error,
        )

    def _pages(
        self,
        name: str,
        question: Mapping[str, str],
        limit: int | None,
        cancel: threading.Event,
        replies: list[Reply],
    ) -> _Pages:
        """The pages of a question, as many as ``limit`` orders take. Raises ``_StoppedError``."""
        before, read = self._kept.get(name, {}), _Pages()
        cursors: set[str | None] = {None}
        cursor: str | None = None
        while True:
            known = before.get(cursor)
            parameters = {**question, "limit": str(PAGE_SIZE), **({} if cursor is None else {"cursor": cursor})}
            reply = self._send(Ask("GET", "/orders", parameters, unless(known.tag if known else None)), cancel)
            replies.append(reply)
            if reply.outcome is not Outcome.SEEN:
                raise self._stopped(reply)
            page = self._page(reply, known, read)
            self._take(page, reply, cursor, read)
            following = page.next
            if following is None and limit is None and len(read.orders) + len(read.bad) < (page.total or 0):
                said = f"the pages ended after {len(read.orders) + len(read.bad)} of {page.total} orders"
                raise _StoppedError(Outcome.FAILED, said)
            if following is None or (limit is not None and read.size >= limit):
                break
            if following in cursors or not page.size:
                raise _StoppedError(Outcome.FAILED, "the pages of orders have no end")
            cursors.add(following)
            cursor = following
        self._kept[name] = read.kept
        return read

    def _stopped(self, reply: Reply) -> _StoppedError:
        if reply.status == HTTPStatus.NOT_FOUND and not self._offered:
            return _StoppedError(Outcome.NOT_OFFERED, None)
        return _StoppedError(reply.outcome, reply.error)

    def _page(self, reply: Reply, known: Kept[OrderRecord] | None, read: _Pages) -> ParsedPage[OrderRecord]:
        if reply.unchanged:
            if known is None:
                raise _StoppedError(Outcome.FAILED, "the answer says that nothing changed, and was not asked that")
            return known.page
        try:
            return self._parser.parse(reply.body, read.size)
        except UnreadablePageError as error:
            raise _StoppedError(Outcome.FAILED, str(error)) from None

    def _take(self, page: ParsedPage[OrderRecord], reply: Reply, cursor: str | None, read: _Pages) -> None:
        if reply.tag and not page.bad:
            read.kept[cursor] = Kept(reply.tag, page)
        for _, record in page.records:
            read.orders.setdefault(record.id, nouns.order(record))
        for bad in page.bad:
            read.bad[bad.record.id or f"number {bad.record.position}"] = bad
        read.size += page.size


def _unread(bad: Mapping[str, Bad]) -> str | None:
    """What is missing from an answer that was otherwise read."""
    if not bad:
        return None
    name, first = next(iter(bad.items()))
    return f"{len(bad)} orders cannot be read, the first is {name}: {first.record.reason}"
