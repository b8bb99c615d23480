"""One round of questions to everybody: who is asked when, and at what pace what has come is merged and published.

The registry is asked first, and AWS at the same time wherever it is already known to be needed: the profile's extra
places, and those of the tenants last seen. Places that the registry then names are added while it still reads.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, TypeAlias

from services.aws.collect.base import Collector, Place
from services.aws.fanout import Answer, Call, FanOut, fan_out
from services.aws.session import Clients
from services.fleet.merge import Picture
from services.fleet.reader import Publish
from services.fleet.registry import SOURCES, RegistryAnswer
from services.fleet.snapshot import FleetSnapshot
from services.model import Acknowledgement, AuditEntry, Credential, Identity, Observation, Prompts, Source
from services.now import Now

PUBLISH_EVERY_S = 0.25
SLICE = timedelta(milliseconds=50)
"""For so long the fleet is worked on at a stretch, before others get their turn."""
POLL_S = 0.05
"""How soon a cancelled refresh returns."""

WHOAMI = Source("internal", "GET /whoami")
AUDIT = Source("internal", "GET /audit")
CALLER = Source("sts", "GetCallerIdentity")


class RegistrySource(Protocol):
    """The internal API, as ``services.internal.client.InternalApi`` has it. Never raises for what the server does."""

    def credential(self) -> Credential: ...

    def whoami(self, cancel: threading.Event | None = None) -> Observation[Any]: ...

    def registry(self, cancel: threading.Event, publish: Callable[[Any], None] | None = None) -> RegistryAnswer: ...

    def audit(
        self, cancel: threading.Event, tenant: str | None = None, limit: int = 500
    ) -> Observation[tuple[AuditEntry, ...]]: ...

    def acknowledge(
        self, ack: Acknowledgement, cancel: threading.Event | None = None, *, over: Acknowledgement | None = None
    ) -> Observation[Acknowledgement]: ...

    def withdraw(
        self,
        tenant: str | None,
        figure: str,
        cancel: threading.Event | None = None,
        *,
        over: Acknowledgement | None = None,
    ) -> Observation[Acknowledgement]: ...


class AwsReader(Clients, Protocol):
    """AWS, as ``services.aws.session.AwsSession`` has it."""

    def identity(self) -> Identity: ...

    def prepare(self, services: Iterable[str]) -> None: ...

    def credentials(self) -> tuple[Credential, ...]: ...

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None: ...


@dataclass(frozen=True, slots=True)
class _Done:
    """One of those that ask has finished."""


@dataclass(frozen=True, slots=True)
class _Registry:
    answer: RegistryAnswer
    last: bool


@dataclass(frozen=True, slots=True)
class _Who:
    observation: Observation[Any]
    identity: Identity


@dataclass(frozen=True, slots=True)
class _Audit:
    observation: Observation[tuple[AuditEntry, ...]]


@dataclass(frozen=True, slots=True)
class _Crash:
    error: BaseException


_Message: TypeAlias = _Done | _Crash | _Registry | _Audit | _Who | Observation[Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What a round needs of its fleet."""

    registry: RegistrySource
    aws: AwsReader
    now: Now
    extra: frozenset[Place]
    limit: int
    collectors: tuple[Collector[Any], ...]
    lock: threading.Lock
    picture: Picture
    generation: Callable[[], int]


class Round:
    """One round of questions. The threads that ask only put messages; this one alone merges them."""

    def __init__(self, fleet: Context, generation: int, publish: Publish, cancel: threading.Event) -> None:
        self._fleet = fleet
        self._generation = generation
        self._publish = publish
        self._cancel = cancel
        self._stop = threading.Event()
        """Set at the end, however it comes: nobody who still asks is waited for."""
        self._inbox: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._asking = 0
        self._published: list[float] = []
        self._tenants_shown = False
        self._places: set[Place] = set()
        self._fan = FanOut(cancel=self._stop, limit=fleet.limit, now=fleet.now)

    def run(self) -> FleetSnapshot:
        picture = self._fleet.picture
        with self._fleet.lock:
            picture.asking((*SOURCES.values(), AUDIT, WHOAMI, CALLER))
            self._add_places()
        for ask in (self._ask_registry, self._ask_audit, self._ask_whoami, self._ask_caller, self._ask_aws):
            self._asking += 1
            threading.Thread(target=self._run, args=(ask,), name="tenure-ask", daemon=True).start()
        threading.Thread(target=self._prepare, name="tenure-prepare", daemon=True).start()
        try:
            while self._go_on():
                self._emit()
                self._merge_until(self._next_publishing())
        finally:
            self._stop.set()
        with self._fleet.lock:
            if self._fleet.generation() == self._generation:
                picture.asked()
        return self._emit()

    def _next_publishing(self) -> float:
        """The first tenants are published as soon as they are known, everything else at the pace; never more than
        four times within a second."""
        now = time.monotonic()
        self._published = [*self._published[-3:], now]
        oldest = self._published[0] + 4 * PUBLISH_EVERY_S if len(self._published) == 4 else now
        return max(now + PUBLISH_EVERY_S, oldest)

    def _go_on(self) -> bool:
        return self._is_wanted() and (self._asking > 0 or self._fleet.picture.behind)

    def _emit(self) -> FleetSnapshot:
        """Publishes, unless nobody wants it any more."""
        with self._fleet.lock:
            if self._fleet.generation() != self._generation:
                return self._fleet.picture.snapshot
            snapshot = self._fleet.picture.publish(self._fleet.now(), self._generation, SLICE)
        if not self._cancel.is_set():
            self._publish(snapshot)
        return snapshot

    def _merge_until(self, moment: float) -> None:
        """Takes messages until the next publishing is due, or all have come."""
        while self._go_on() and (left := moment - time.monotonic()) > 0:
            behind = self._fleet.picture.behind
            try:
                message = self._inbox.get(timeout=0 if behind else min(left, POLL_S))
            except queue.Empty:
                if behind:
                    with self._fleet.lock:
                        self._fleet.picture.catch_up(self._fleet.now(), SLICE)
                continue
            self._take(message)
            if not self._tenants_shown and self._fleet.picture.registry.tenants:
                self._tenants_shown = True
                if len(self._published) < 4:
                    break

    def _is_wanted(self) -> bool:
        return self._fleet.generation() == self._generation and not self._cancel.is_set()

    def _take(self, message: _Message) -> None:
        with self._fleet.lock:
            if not self._is_wanted():
                return
            match message:
                case _Done():
                    self._asking -= 1
                case _Crash(error):
                    raise error
                case Observation():
                    self._fleet.picture.take([message])
                case _Audit(observation):
                    self._fleet.picture.take_audit(observation)
                case _Who(observation, identity):
                    self._fleet.picture.take_identity(observation, identity)
                case _Registry(answer, last):
                    self._fleet.picture.take_registry(answer, self._fleet.now())
                    self._add_places()
                    if last:
                        self._fan.close()

    def _add_places(self) -> None:
        """Asks AWS wherever it was not asked in this round."""
        places = sorted((self._fleet.extra | self._fleet.picture.places()) - self._places)
        self._places.update(places)
        self._fleet.picture.asking(collector.source(place) for place in places for collector in self._fleet.collectors)
        self._fan.add(
            collector.call(self._fleet.aws, place) for place in places for collector in self._fleet.collectors
        )

    def _run(self, ask: Callable[[], None]) -> None:
        try:
            ask()
        except BaseException as error:  # noqa: BLE001 # raised anew in the thread that waits: nothing dies in silence
            self._inbox.put(_Crash(error))
        finally:
            self._inbox.put(_Done())

    def _prepare(self) -> None:
        with contextlib.suppress(Exception):  # whatever is wrong here, each call meets it too and tells
            self._fleet.aws.prepare({collector.service for collector in self._fleet.collectors})

    def _ask_registry(self) -> None:
        answer = self._fleet.registry.registry(self._stop, lambda part: self._inbox.put(_Registry(part, last=False)))
        self._inbox.put(_Registry(answer, last=True))

    def _ask_audit(self) -> None:
        self._inbox.put(_Audit(self._fleet.registry.audit(self._stop)))

    def _ask_whoami(self) -> None:
        observation = self._fleet.registry.whoami(self._stop)
        user = observation.value
        identity = Identity(user=user.user, role=user.role) if user is not None else Identity()
        self._inbox.put(_Who(observation, identity))

    def _ask_caller(self) -> None:
        call: Call[Identity] = Call(CALLER, lambda _: Answer(self._fleet.aws.identity()))
        for observation in fan_out([call], cancel=self._stop, limit=1, now=self._fleet.now):
            identity = observation.value if isinstance(observation.value, Identity) else Identity()
            self._inbox.put(_Who(observation, identity))

    def _ask_aws(self) -> None:
        for observation in self._fan.observations():
            self._inbox.put(observation)
