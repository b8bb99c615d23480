"""Reading collections at the same time, and telling in between what is known.

What was read whole is kept, and the next reading asks only whether it is still so. It is read in full again after
``BASE_LASTS``, and whenever somebody wants it anew: no mistake of a server, or of whoever stands in between, stays.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
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
BASE_LASTS: Final = 1800.0
"""Seconds for which a reading in full may be what later ones are based on."""
_POLL = 0.05
"""Seconds between two looks at the cancel event, which cannot be waited for together with the readers."""


Observations: TypeAlias = tuple[Observation[tuple[str, ...]], ...]


class Fetch(Protocol):
    """Asks for a page; never raises for what the other side does."""

    def __call__(self, path: str, cursor: str | None, tag: str | None, cancel: threading.Event) -> Reply:
        """``tag``: the page is answered only if it bears another by now."""
        ...


@dataclass(frozen=True, slots=True)
class _Last:
    """How a collection was read last."""

    reading: AnyReading
    """Of one that had not changed since, that which it was based on."""
    observation: Observation[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Base:
    reading: AnyReading
    whole_at: float
    """When it was last read in full, on the monotonic clock."""


@dataclass(frozen=True, slots=True)
class _Joined:
    """An answer, and the readings that it was made of."""

    readings: Mapping[str, AnyReading]
    answer: RegistryAnswer


class RegistryReader:
    """Reads the registry through ``fetch``; holds the parsers, which are costly to make."""

    def __init__(self, fetch: Fetch, now: Now, default_zone: str) -> None:
        self._fetch = fetch
        self._now = now
        self._default_zone = default_zone
        self._parsers: Mapping[str, PageParser[Any]] = {name: PageParser(name, record) for name, record in RECORDS}
        self._lock = threading.Lock()
        self._last: dict[str, _Last] = {}
        self._bases: dict[str, _Base] = {}
        self._joined: _Joined | None = None

    def read(
        self,
        cancel: threading.Event,
        publish: Callable[[RegistryAnswer], None] | None,
        only: Container[str] | None = None,
        anew: bool = True,
    ) -> RegistryAnswer:
        """The registry; see ``InternalApi.registry``."""
        readings = [it for it in Readings().all() if only is None or it.collection in only]
        with self._lock:
            bases = {} if anew else self._usable_bases()
        told = 0

        def tell(observations: Observations, ended: bool) -> None:
            nonlocal told
            size = sum(one.size for one in readings)
            # joining costs as much as there is: with doubling the whole costs twice one join
            if publish is not None and (ended or size >= 2 * told):
                told = size
                publish(self._answer(readings, observations, bases))

        observations = self._gather(readings, cancel, tell, bases)
        if not cancel.is_set():
            self._keep(readings, observations, bases)
        return self._answer(readings, observations, bases)

    def _usable_bases(self) -> dict[str, AnyReading]:
        oldest = time.monotonic() - BASE_LASTS
        return {name: base.reading for name, base in self._bases.items() if base.whole_at >= oldest}

    def _keep(
        self, readings: Sequence[AnyReading], observations: Observations, bases: Mapping[str, AnyReading]
    ) -> None:
        """Notes how collections were read, for those who read them next. A failure is no base, and leaves the one that
        there is."""
        seen = {one.source.operation.removeprefix("GET /"): one for one in observations}
        with self._lock:
            for reading in readings:
                name, base = reading.collection, bases.get(reading.collection)
                observation = seen[name]
                self._last[name] = _Last(_settled(reading, base), observation)
                if observation.outcome.answered and not (base is not None and reading.same):
                    self._bases[name] = _Base(reading, time.monotonic())

    def _answer(
        self, readings: Sequence[AnyReading], observations: Observations, bases: Mapping[str, AnyReading]
    ) -> RegistryAnswer:
        """What is known with these readings, and of the other collections with those before them.

        A collection that was read before, and is still being read, is what it was then.
        """
        with self._lock:
            known, joined = dict(self._last), self._joined
        seen = {one.source.operation.removeprefix("GET /"): one for one in observations}
        for reading in readings:
            if (observation := seen.get(reading.collection)) is not None:
                known[reading.collection] = _Last(_settled(reading, bases.get(reading.collection)), observation)
        chosen = {name: last.reading for name, last in known.items()}
        for reading in readings:
            chosen.setdefault(reading.collection, reading)
        told = tuple(last.observation for last in known.values())
        if joined is not None and _same(joined.readings, chosen):
            return replace(joined.answer, observations=told)
        answer = join(Readings(**{name.replace("-", "_"): it for name, it in chosen.items()}), told, self._default_zone)
        if all(it.outcome is not None for it in chosen.values()):
            with self._lock:
                self._joined = _Joined(chosen, answer)
        return answer

    def records(self, cancel: threading.Event) -> RegistryRecords:
        """The registry's own records; see ``InternalApi.records``."""
        readings = Readings()
        observations = self._gather(readings.registry(), cancel, lambda *_: None, {})
        return RegistryRecords(
            observations,
            parties={record.id: record for _, record in readings.parties.records},
            tenants={record.id: record for _, record in readings.tenants.records},
            subscriptions={record.id: record for _, record in readings.subscriptions.records},
            stores={record.id: record for _, record in readings.stores.records},
            bad=tuple(one.record for reading in readings.registry() for one in reading.bad),
        )

    def _gather(
        self,
        readings: Sequence[AnyReading],
        cancel: threading.Event,
        tell: Callable[[Observations, bool], None],
        bases: Mapping[str, AnyReading],
    ) -> Observations:
        """Reads all at the same time. ``tell`` is called in this thread whenever a page has come, with the observations
        of what has ended so far, and whether that is news."""
        inbox: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        for reading in readings:
            self._start(reading, bases.get(reading.collection), inbox, cancel)
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
        base: AnyReading | None,
        inbox: queue.SimpleQueue[BaseException | None],
        cancel: threading.Event,
    ) -> None:
        def run() -> None:
            started = time.monotonic()
            try:
                read_pages(
                    reading,
                    self._parsers[reading.collection],
                    lambda cursor, tag: self._fetch(f"/{reading.collection}", cursor, tag, cancel),
                    cancel,
                    lambda: inbox.put(None),
                    base,
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


def _settled(reading: AnyReading, base: AnyReading | None) -> AnyReading:
    """The reading; where nothing has changed, the one that it was based on."""
    answered = reading.outcome is not None and reading.outcome.answered
    return base if base is not None and answered and reading.same else reading


def _same(some: Mapping[str, AnyReading], others: Mapping[str, AnyReading]) -> bool:
    """Whether both are the very same readings: what was joined of one is joined of the other."""
    return some.keys() == others.keys() and all(others[name] is reading for name, reading in some.items())
