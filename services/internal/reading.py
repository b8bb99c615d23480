"""Reading all collections at the same time, and telling in between what is known."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from services.internal.answer import RegistryAnswer, RegistryRecords
from services.internal.join import Readings, join
from services.internal.pages import AnyReading, read_pages
from services.internal.records import PageParser
from services.internal.sending import Reply
from services.model import Observation, Outcome, Source
from services.now import Now
from services.wire.operations import (
    AcknowledgementRecord,
    CaseRecord,
    ExportRecord,
    HoldRecord,
    RecoveryTestRecord,
    SlotRecord,
)
from services.wire.registry import Identified, PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord

RECORDS: Final[tuple[tuple[str, type[Identified]], ...]] = (
    ("tenants", TenantRecord),
    ("subscriptions", SubscriptionRecord),
    ("parties", PartyRecord),
    ("stores", StoreRecord),
    ("exports", ExportRecord),
    ("slots", SlotRecord),
    ("holds", HoldRecord),
    ("cases", CaseRecord),
    ("recovery-tests", RecoveryTestRecord),
    ("acknowledgements", AcknowledgementRecord),
)
"""Every collection and what it holds."""
_POLL = 0.05
"""Seconds between two looks at the cancel event, which cannot be waited for together with the readers."""


Observations: TypeAlias = tuple[Observation[tuple[str, ...]], ...]


class Fetch(Protocol):
    """Asks for a page; never raises for what the other side does."""

    def __call__(self, path: str, cursor: str | None, cancel: threading.Event) -> Reply: ...


class RegistryReader:
    """Reads the registry through ``fetch``; holds the parsers, which are costly to make."""

    def __init__(self, fetch: Fetch, now: Now, default_zone: str) -> None:
        self._fetch = fetch
        self._now = now
        self._default_zone = default_zone
        self._parsers: Mapping[str, PageParser[Any]] = {name: PageParser(name, record) for name, record in RECORDS}

    def read(self, cancel: threading.Event, publish: Callable[[RegistryAnswer], None] | None) -> RegistryAnswer:
        """The registry; see ``InternalApi.registry``."""
        readings = Readings()
        told = 0

        def tell(observations: Observations, ended: bool) -> None:
            nonlocal told
            size = sum(one.size for one in readings.all())
            # joining costs as much as there is: with doubling the whole costs twice one join
            if publish is not None and (ended or size >= 2 * told):
                told = size
                publish(join(readings, observations, self._default_zone))

        return join(readings, self._gather(readings.all(), cancel, tell), self._default_zone)

    def records(self, cancel: threading.Event) -> RegistryRecords:
        """The registry's own records; see ``InternalApi.records``."""
        readings = Readings()
        observations = self._gather(readings.registry(), cancel, lambda *_: None)
        return RegistryRecords(
            observations,
            parties={record.id: record for _, record in readings.parties.records},
            tenants={record.id: record for _, record in readings.tenants.records},
            subscriptions={record.id: record for _, record in readings.subscriptions.records},
            stores={record.id: record for _, record in readings.stores.records},
            bad=tuple(one.record for reading in readings.registry() for one in reading.bad),
        )

    def _gather(
        self, readings: Sequence[AnyReading], cancel: threading.Event, tell: Callable[[Observations, bool], None]
    ) -> Observations:
        """Reads all at the same time. ``tell`` is called in this thread whenever a page has come, with the observations
        of what has ended so far, and whether that is news."""
        inbox: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        for reading in readings:
            self._start(reading, self._parsers[reading.collection], inbox, cancel)
        observations: dict[str, Observation[tuple[str, ...]]] = {}
        while not cancel.is_set():
            try:
                failure = inbox.get(timeout=_POLL)
            except queue.Empty:
                continue
            if failure is not None:
                raise failure
            ended = [one for one in readings if one.outcome is not None and one.collection not in observations]
            observations |= {one.collection: self._observation(one) for one in ended}
            if len(observations) == len(readings):
                break
            tell(tuple(observations.values()), bool(ended))
        for one in readings:
            if one.collection not in observations:
                observations[one.collection] = self._cancelled(one)
        return tuple(observations.values())

    def _start(
        self,
        reading: AnyReading,
        parser: PageParser[Any],
        inbox: queue.SimpleQueue[BaseException | None],
        cancel: threading.Event,
    ) -> None:
        def run() -> None:
            started = time.monotonic()
            try:
                read_pages(
                    reading,
                    parser,
                    lambda cursor: self._fetch(f"/{reading.collection}", cursor, cancel),
                    cancel,
                    lambda: inbox.put(None),
                )
            except BaseException as error:  # noqa: BLE001 - handed to the thread that waits, which raises it
                inbox.put(error)
                return
            reading.latency_ms = round((time.monotonic() - started) * 1000)
            inbox.put(None)

        threading.Thread(target=run, name=f"internal-{reading.collection}", daemon=True).start()

    def _observation(self, reading: AnyReading) -> Observation[tuple[str, ...]]:
        outcome = reading.outcome or Outcome.FAILED
        return Observation(
            source=Source("internal", f"GET /{reading.collection}"),
            at=self._now(),
            outcome=outcome,
            value=tuple(record.id for _, record in reading.records) if outcome.answered else None,
            latency_ms=reading.latency_ms,
            retries=reading.retries,
            request_id=reading.request_id,
            error=reading.error,
        )

    def _cancelled(self, reading: AnyReading) -> Observation[tuple[str, ...]]:
        return Observation(
            source=Source("internal", f"GET /{reading.collection}"),
            at=self._now(),
            outcome=Outcome.FAILED,
            retries=reading.retries,
            request_id=reading.request_id,
            error="cancelled",
        )
