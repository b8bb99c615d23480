"""The one function that fans out over accounts and regions.

Calls run on daemon threads of our own: those of ``ThreadPoolExecutor`` are joined when the interpreter ends, and a
read that hangs would hold the operator's terminal for as long as it likes.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeAlias, TypeVar

from services.aws.errors import metadata_of, outcome_of
from services.model import Observation, Outcome, Source
from services.now import Now

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_Lane: TypeAlias = tuple[str, str | None]
"""Service and region: what tends to fail together."""

POLL_S = 0.05
"""How soon the consumer notices that it was cancelled."""

DEADLINE = timedelta(seconds=60)
"""When a call that has not come back counts as failed, whatever its own timeouts and retries are."""


class CancelledError(Exception):
    """Whoever asked has lost interest; makes no observation."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T_co]):
    """What a call brought back, whole."""

    value: T_co
    empty: bool = False
    retries: int = 0
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """A question: whom it is put to, and how. ``ask`` looks at its event between pages and raises whatever it meets."""

    source: Source
    ask: Callable[[threading.Event], Answer[T_co]] = field(repr=False)


def observe(call: Call[T], *, now: Now, cancel: threading.Event) -> Observation[T]:
    """Puts one question, here and now. Every error but ``CancelledError`` becomes the observation's outcome."""
    begun = time.monotonic()
    try:
        answer = call.ask(cancel)
    except CancelledError:
        raise
    except Exception as error:  # noqa: BLE001 # botocore's parser raises KeyError and the like on an answer not AWS's
        outcome, text = outcome_of(error)
        retries, request_id = metadata_of(error)
        return Observation(call.source, now(), outcome, None, _ms_since(begun), retries, request_id, text)
    outcome = Outcome.EMPTY if answer.empty else Outcome.SEEN
    return Observation(
        call.source, now(), outcome, answer.value, _ms_since(begun), answer.retries, answer.request_id, None
    )


def _ms_since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)


def fan_out(
    calls: Iterable[Call[object]],
    *,
    cancel: threading.Event,
    limit: int,
    now: Now,
    deadline: timedelta = DEADLINE,
) -> Iterator[Observation[object]]:
    """Puts all questions, at most ``limit`` at a time, and yields each observation as it arrives.

    Ends when all are answered, or within ``POLL_S`` of ``cancel``: what is under way then is left to its daemon
    thread and never seen. A call that is not back by the deadline is observed as failed, and the next takes its place.
    """
    fan = FanOut(cancel=cancel, limit=limit, now=now, deadline=deadline)
    fan.add(calls)
    fan.close()
    return fan.observations()


class FanOut:
    """As ``fan_out``, for questions that become known while others are under way. ``add`` from any thread."""

    def __init__(self, *, cancel: threading.Event, limit: int, now: Now, deadline: timedelta = DEADLINE) -> None:
        self._cancel = cancel
        self._limit = limit
        self._now = now
        self._deadline_s = deadline.total_seconds()
        self._stopped = False
        self._closed = False
        self._lock = threading.Lock()
        self._lanes: dict[_Lane, deque[Call[object]]] = {}
        self._busy: Counter[_Lane] = Counter()
        self._running: dict[int, tuple[Call[object], float]] = {}
        """Under way: the call and when it began, by a ticket of its own."""
        self._workers = 0
        """Those that have not been given up."""
        self._tickets = 0
        self._left = 0
        self._arrived: queue.SimpleQueue[tuple[int, Observation[object]] | None] = queue.SimpleQueue()

    def add(self, calls: Iterable[Call[object]]) -> None:
        """Puts more questions."""
        with self._lock:
            for call in calls:
                self._lanes.setdefault(_lane(call), deque()).append(call)
                self._left += 1
            self._start_workers()

    def close(self) -> None:
        """Says that no more will be added, so that ``observations`` ends with the last of them."""
        with self._lock:
            self._closed = True
        self._arrived.put(None)

    def observations(self) -> Iterator[Observation[object]]:
        """Each observation as it arrives. One consumer."""
        try:
            while not self._cancel.is_set() and not (self._closed and not self._left):
                try:
                    arrived = self._arrived.get(timeout=POLL_S)
                except queue.Empty:
                    yield from self._overdue()
                    continue
                if arrived is not None and self._is_awaited(arrived[0]) and not self._cancel.is_set():
                    yield arrived[1]
        finally:
            self._stopped = True

    def _is_awaited(self, ticket: int) -> bool:
        with self._lock:
            if self._running.pop(ticket, None) is None:
                return False
            self._left -= 1
            return True

    def _overdue(self) -> list[Observation[object]]:
        """Gives up on calls past the deadline; a new worker takes the place of each one's."""
        with self._lock:
            now = time.monotonic()
            late = [ticket for ticket, (_, begun) in self._running.items() if now - begun > self._deadline_s]
            calls = [self._running.pop(ticket)[0] for ticket in late]
            for call in calls:
                self._busy[_lane(call)] -= 1
            self._left -= len(late)
            self._workers -= len(late)
            self._start_workers()
        error = f"no answer within {self._deadline_s:g} s"
        latency = round(self._deadline_s * 1000)
        return [
            Observation(call.source, self._now(), Outcome.FAILED, latency_ms=latency, error=error) for call in calls
        ]

    def _start_workers(self) -> None:
        waiting = sum(map(len, self._lanes.values()))
        for _ in range(min(self._limit - self._workers, waiting)):
            self._workers += 1
            threading.Thread(target=self._work, name="tenure-aws", daemon=True).start()

    def _work(self) -> None:
        while (taken := self._take()) is not None:
            ticket, call = taken
            try:
                observation = observe(call, now=self._now, cancel=self._cancel)
            except CancelledError:
                return
            with self._lock:
                if ticket not in self._running:
                    return  # given up: another works in this one's place
                self._busy[_lane(call)] -= 1
            self._arrived.put((ticket, observation))

    def _take(self) -> tuple[int, Call[object]] | None:
        """The next call, from the lane with the fewest under way: one that hangs cannot take all the places."""
        with self._lock:
            waiting = [lane for lane, calls in self._lanes.items() if calls]
            if self._cancel.is_set() or self._stopped or not waiting:
                self._workers -= 1
                return None
            lane = min(waiting, key=self._busy.__getitem__)
            call = self._lanes[lane].popleft()
            self._busy[lane] += 1
            self._tickets += 1
            self._running[self._tickets] = (call, time.monotonic())
            return self._tickets, call


def _lane(call: Call[object]) -> _Lane:
    return (call.source.service, call.source.region)
