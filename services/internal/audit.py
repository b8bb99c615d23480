"""Reading the audit log, newest first, as far back as is asked for."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Final, cast

from services.internal.records import Bad, PageParser, UnreadablePageError
from services.internal.sending import Ask, Reply, Send
from services.model import AuditEntry, Observation, Outcome, Source
from services.now import Now
from services.wire.nouns import audit_entry
from services.wire.operations import AuditRecord

SOURCE: Final = Source("internal", "GET /audit")
PAGE_SIZE: Final = 1000


class AuditReader:
    """Reads the log through ``send``."""

    def __init__(self, send: Send, now: Now) -> None:
        self._send = send
        self._now = now
        self._parser = PageParser("audit", AuditRecord)

    def read(self, cancel: threading.Event, tenant: str | None, limit: int) -> Observation[tuple[AuditEntry, ...]]:
        """The newest ``limit`` entries, all or one tenant's; see ``InternalApi.audit``."""
        seen = self.log(cancel, tenant, limit)
        value = None if seen.value is None else tuple(audit_entry(record) for record in seen.value)
        return replace(cast("Observation[tuple[AuditEntry, ...]]", seen), value=value)

    def log(
        self, cancel: threading.Event, tenant: str | None = None, limit: int | None = None
    ) -> Observation[tuple[AuditRecord, ...]]:
        """The same as the records that the server keeps; without ``limit`` as far back as there are any."""
        started = time.monotonic()
        entries: dict[str, AuditRecord] = {}
        bad: list[Bad] = []
        cursors: set[str] = set()
        parameters = {} if tenant is None else {"tenant": tenant}
        size = retries = 0

        def ended(
            outcome: Outcome, reply: Reply, value: tuple[AuditRecord, ...] | None, error: str | None
        ) -> Observation[tuple[AuditRecord, ...]]:
            latency = round((time.monotonic() - started) * 1000)
            return Observation(SOURCE, self._now(), outcome, value, latency, retries, reply.request_id, error)

        while True:
            wanted = PAGE_SIZE if limit is None else min(limit - len(entries), PAGE_SIZE)
            parameters["limit"] = str(wanted)
            reply = self._send(Ask("GET", "/audit", dict(parameters)), cancel)
            retries += reply.retries
            if reply.outcome is not Outcome.SEEN:
                return ended(reply.outcome, reply, None, reply.error)
            try:
                page = self._parser.parse(reply.body, size)
            except UnreadablePageError as error:
                return ended(Outcome.FAILED, reply, None, str(error))
            size += page.size
            bad += page.bad
            entries |= {record.id: record for _, record in page.records if record.id not in entries}
            if page.next is None or (limit is not None and len(entries) >= limit):
                break
            if page.next in cursors or not page.size:
                return ended(Outcome.FAILED, reply, None, "the pages of the log have no end")
            cursors.add(page.next)
            parameters["cursor"] = page.next
        newest = tuple(sorted(entries.values(), key=lambda one: (one.at, one.id), reverse=True)[:limit])
        return ended(Outcome.SEEN if newest or bad else Outcome.EMPTY, reply, newest, _unread(bad))


def _unread(bad: list[Bad]) -> str | None:
    """What is missing from an answer that was otherwise read."""
    if not bad:
        return None
    first = bad[0].record
    return f"{len(bad)} entries cannot be read, the first is {first.id or f'number {first.position}'}: {first.reason}"
