"""Reading a list that is served newest first, as far back as is asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Generic, TypeVar

from services.internal.records import Bad, PageParser, UnreadablePageError
from services.internal.sending import Ask, Reply, Send
from services.model import Observation, Outcome, Source
from services.now import Now
from services.wire.registry import Identified

RecordT = TypeVar("RecordT", bound=Identified)

PAGE_SIZE: Final = 1000


class NewestFirst(Generic[RecordT]):
    """Reads one such list through ``send``."""

    def __init__(
        self, send: Send, now: Now, path: str, record: type[RecordT], at: Callable[[RecordT], datetime], words: str
    ) -> None:
        """``at`` is when a record was made, ``words`` what its records are called."""
        self._send = send
        self._now = now
        self._path = path
        self._parser = PageParser(path.removeprefix("/"), record)
        self._at = at
        self._words = words

    def read(
        self, cancel: threading.Event, question: Mapping[str, str], limit: int | None = None
    ) -> Observation[tuple[RecordT, ...]]:
        """The newest ``limit`` records, all without one; ``question`` is what chooses among them.

        Records that cannot be read are left out, and ``error`` tells how many though the outcome is ``SEEN``.
        """
        started = time.monotonic()
        records: dict[str, RecordT] = {}
        bad: list[Bad] = []
        cursors: set[str] = set()
        parameters = dict(question)
        size = retries = 0

        def ended(
            outcome: Outcome, reply: Reply, value: tuple[RecordT, ...] | None, error: str | None
        ) -> Observation[tuple[RecordT, ...]]:
            latency = round((time.monotonic() - started) * 1000)
            source = Source("internal", f"GET {self._path}")
            return Observation(source, self._now(), outcome, value, latency, retries, reply.request_id, error)

        while True:
            wanted = PAGE_SIZE if limit is None else min(limit - len(records), PAGE_SIZE)
            parameters["limit"] = str(wanted)
            reply = self._send(Ask("GET", self._path, dict(parameters)), cancel)
            retries += reply.retries
            if reply.outcome is not Outcome.SEEN:
                return ended(reply.outcome, reply, None, reply.error)
            try:
                page = self._parser.parse(reply.body, size)
            except UnreadablePageError as error:
                return ended(Outcome.FAILED, reply, None, str(error))
            size += page.size
            bad += page.bad
            records |= {record.id: record for _, record in page.records if record.id not in records}
            if page.next is None or (limit is not None and len(records) >= limit):
                break
            if page.next in cursors or not page.size:
                return ended(Outcome.FAILED, reply, None, f"the pages of {self._words} have no end")
            cursors.add(page.next)
            parameters["cursor"] = page.next
        newest = tuple(sorted(records.values(), key=lambda one: (self._at(one), one.id), reverse=True)[:limit])
        return ended(Outcome.SEEN if newest or bad else Outcome.EMPTY, reply, newest, self._unread(bad))

    def _unread(self, bad: list[Bad]) -> str | None:
        """What is missing from an answer that was otherwise read."""
        if not bad:
            return None
        first = bad[0].record
        which = first.id or f"number {first.position}"
        return f"{len(bad)} {self._words} cannot be read, the first is {which}: {first.reason}"
