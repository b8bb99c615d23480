"""One round of questions: at what pace what has come is merged and published.

The registry is asked first, and AWS at the same time wherever it is already known to be needed: the profile's extra
places, and those of the tenants last seen. Places that the registry then names are added while it still reads; and who
becomes due while others are slow does not wait for them.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from services.aws.fanout import Answer, Call, FanOut, fan_out
from services.fleet.agenda import Agenda
from services.fleet.asked import Asked, Due, Everything, Only
from services.fleet.merge import Picture
from services.fleet.pace import AUDIT, CALLER, LISTS, ORDERS, WHOAMI
from services.fleet.reader import Publish
from services.fleet.registry import RegistryAnswer
from services.fleet.sides import AwsReader, RegistrySource
from services.fleet.snapshot import FleetSnapshot
from services.fleet.standstill import Standstill
from services.model import AuditEntry, Credential, Identity, Observation, Order, Source
from services.now import Now

PUBLISH_EVERY_S = 0.25
SLICE = timedelta(milliseconds=50)
"""For so long the fleet is worked on at a stretch, before others get their turn."""
POLL_S = 0.05
"""How soon a cancelled refresh returns."""

TAKE_UP_EVERY_S = 2.0
"""How often a round looks for who has become due meanwhile."""


@dataclass(frozen=True, slots=True)
class _Done:
    """These have been asked, whatever came of it."""

    sources: frozenset[Source]


@dataclass(frozen=True, slots=True)
class _Registry:
    answer: RegistryAnswer


@dataclass(frozen=True, slots=True)
class _Who:
    observation: Observation[Any]
    identity: Identity


@dataclass(frozen=True, slots=True)
class _Audit:
    observation: Observation[tuple[AuditEntry, ...]]


@dataclass(frozen=True, slots=True)
class _Orders:
    observation: Observation[tuple[Order, ...]]


@dataclass(frozen=True, slots=True)
class _Crash:
    error: BaseException


_Message: TypeAlias = _Done | _Crash | _Registry | _Audit | _Orders | _Who | Observation[Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What a round needs of its fleet."""

    registry: RegistrySource
    aws: AwsReader
    now: Now
    limit: int
    lock: threading.Lock
    picture: Picture
    agenda: Agenda
    generation: Callable[[], int]
    publish: Callable[[int], FleetSnapshot]
    """Makes a snapshot of that generation; the lock is held."""


class Round:
    """One round of questions. The threads that ask only put messages; this one alone merges them."""

    def __init__(
        self, fleet: Context, asked: Asked, generation: int, publish: Publish, cancel: threading.Event
    ) -> None:
        self._fleet = fleet
        self._asked = asked
        self._generation = generation
        self._publish = publish
        self._cancel = cancel
        self._stop = threading.Event()
        """Set at the end, however it comes: nobody who still asks is waited for."""
        self._inbox: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._begun: set[Source] = set()
        self._awaited: set[Source] = set()
        self._published: list[float] = []
        self._tenants_shown = False
        self._looks_at = time.monotonic() + TAKE_UP_EVERY_S
        self._fan: FanOut | None = None
        self._standstill = Standstill(self._credentials, fleet.picture.ledger)

    def run(self) -> FleetSnapshot:
        with self._fleet.lock:
            if self._fleet.generation() == self._generation:
                self._ask(self._fleet.agenda.select(self._asked, self._fleet.now()))
        try:
            while self._go_on():
                self._emit()
                self._merge_until(self._next_publishing())
                self._take_up()
        finally:
            self._stop.set()
        with self._fleet.lock:
            if self._fleet.generation() == self._generation:
                if doubtful := self._standstill.doubtful():
                    self._fleet.picture.take(doubtful)
                self._fleet.picture.ledger.asked()
                self._fleet.agenda.settle(self._fleet.now())
        self._catch_up()
        return self._emit(last=True)

    def _catch_up(self) -> None:
        """Judges all that the answers have changed: who asked for a picture gets a whole one."""
        while True:
            with self._fleet.lock:
                if self._fleet.generation() != self._generation or not self._fleet.picture.behind:
                    return
                self._fleet.picture.catch_up(self._fleet.now(), SLICE)

    def _take_up(self) -> None:
        """Asks who has become due while others have not answered yet."""
        if not isinstance(self._asked, Due) or time.monotonic() < self._looks_at:
            return
        self._looks_at = time.monotonic() + TAKE_UP_EVERY_S
        with self._fleet.lock:
            if self._is_wanted():
                self._ask(self._fleet.agenda.select(self._asked, self._fleet.now()))

    def _next_publishing(self) -> float:
        """The first tenants are published as soon as they are known, everything else at the pace; never more than
        four times within a second."""
        now = time.monotonic()
        self._published = [*self._published[-3:], now]
        oldest = self._published[0] + 4 * PUBLISH_EVERY_S if len(self._published) == 4 else now
        return max(now + PUBLISH_EVERY_S, oldest)

    def _go_on(self) -> bool:
        return self._is_wanted() and (bool(self._awaited) or self._fleet.picture.behind)

    def _emit(self, *, last: bool = False) -> FleetSnapshot:
        """Publishes, unless nobody wants it any more or, before the last time, there is nothing new."""
        with self._fleet.lock:
            picture = self._fleet.picture
            if self._fleet.generation() != self._generation or not (last or picture.news or picture.behind):
                return picture.snapshot
            snapshot = self._fleet.publish(self._generation)
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
                case _Done(sources):
                    self._awaited -= sources
                case _Crash(error):
                    raise error
                case Observation():
                    if not self._standstill.holds(message):
                        self._fleet.picture.take([message])
                    self._awaited.discard(message.source)
                case _Audit() | _Orders():
                    self._take_list(message)
                case _Who(observation, identity):
                    self._fleet.picture.take_identity(observation, identity)
                case _Registry(answer):
                    if not self._standstill.holds_all(answer.observations):
                        self._fleet.picture.take_registry(answer, self._fleet.now())
                    self._follow()

    def _take_list(self, message: _Audit | _Orders) -> None:
        if self._standstill.holds(message.observation):
            return
        if isinstance(message, _Audit):
            self._fleet.picture.take_audit(message.observation)
        else:
            self._fleet.picture.take_orders(message.observation)

    def _credentials(self) -> tuple[Credential, ...]:
        return (*self._fleet.aws.credentials(), self._fleet.registry.credential())

    def _follow(self) -> None:
        """Asks AWS also where the registry now says that there are tenants."""
        if isinstance(self._asked, Only):
            return
        known = {view.source for view in self._fleet.picture.ledger.views}
        self._ask([it for it in self._fleet.agenda.everybody() if it not in self._begun and it not in known])

    def _ask(self, sources: Iterable[Source]) -> None:
        """Puts the questions to these that are not under way."""
        new = [source for source in sources if source not in self._awaited]
        self._awaited.update(new)
        self._begun.update(new)
        self._fleet.picture.ledger.asking(new)
        self._fleet.picture.news = True
        lists = [source for source in new if source in LISTS]
        if lists:
            self._start(lambda: self._ask_registry(lists), lists)
        asks = {
            ORDERS: self._ask_orders,
            AUDIT: self._ask_audit,
            WHOAMI: self._ask_whoami,
            CALLER: self._ask_caller,
        }
        for source, ask in asks.items():
            if source in new:
                self._start(ask, [source])
        calls = [it for source in new if (it := self._fleet.agenda.call(source)) is not None]
        if calls:
            self._ask_aws([collector.call(self._fleet.aws, place) for place, collector in calls])

    def _ask_aws(self, calls: list[Call[Any]]) -> None:
        if self._fan is None:
            self._fan = FanOut(cancel=self._stop, limit=self._fleet.limit, now=self._fleet.now)
            threading.Thread(target=self._prepare, name="tenure-prepare", daemon=True).start()
            self._start(self._listen, ())
        self._fan.add(calls)

    def _start(self, ask: Callable[[], None], sources: Iterable[Source]) -> None:
        threading.Thread(target=self._run, args=(ask, frozenset(sources)), name="tenure-ask", daemon=True).start()

    def _run(self, ask: Callable[[], None], sources: frozenset[Source]) -> None:
        try:
            ask()
        except BaseException as error:  # noqa: BLE001 # raised anew in the thread that waits: nothing dies in silence
            self._inbox.put(_Crash(error))
        finally:
            self._inbox.put(_Done(sources))

    def _prepare(self) -> None:
        with contextlib.suppress(Exception):  # whatever is wrong here, each call meets it too and tells
            self._fleet.aws.prepare(self._fleet.agenda.services)

    def _ask_registry(self, lists: Iterable[Source]) -> None:
        only = frozenset(source.operation.removeprefix("GET /") for source in lists)
        anew = isinstance(self._asked, Everything)
        answer = self._fleet.registry.registry(
            self._stop, lambda part: self._inbox.put(_Registry(part)), only=only, anew=anew
        )
        self._inbox.put(_Registry(answer))

    def _ask_audit(self) -> None:
        self._inbox.put(_Audit(self._fleet.registry.audit(self._stop)))

    def _ask_orders(self) -> None:
        self._inbox.put(_Orders(self._fleet.registry.orders(self._stop)))

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

    def _listen(self) -> None:
        if self._fan is not None:
            for observation in self._fan.observations():
                self._inbox.put(observation)
