"""The one function that fans out over accounts and regions.

Calls run on daemon threads of our own: those of ``ThreadPoolExecutor`` are joined when the interpreter ends, and a
read that hangs would hold the operator's terminal for as long as it likes.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from services.aws.errors import metadata_of, outcome_of
from services.model import Observation, Outcome, Source
from services.now import Now

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

POLL_S = 0.05
"""How soon the consumer notices that it was cancelled."""

DEADLINE_S = 60.0
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
    deadline: timedelta = timedelta(seconds=DEADLINE_S),
) -> Iterator[Observation[object]]:
    """Puts all questions, at most ``limit`` at a time, and yields each observation as it arrives.

    Ends when all are answered, or within ``POLL_S`` of ``cancel``: what is under way then is left to its daemon
    thread and never seen. A call that is not back by the deadline is observed as failed, and the
    next takes its place.
    """
    run = _Run(calls, cancel, now)
    run.start(limit)
    try:
        yield from run.observations(deadline.total_seconds())
    finally:
        run.stop()


class _Run:
    def __init__(self, calls: Iterable[Call[object]], cancel: threading.Event, now: Now) -> None:
        self._cancel = cancel
        self._now = now
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._lanes: dict[tuple[str, str | None], deque[Call[object]]] = {}
        self._running: dict[int, tuple[Call[object], float]] = {}
        """Under way: the call and when it began, by a ticket of its own."""
        self._tickets = 0
        self._arrived: queue.SimpleQueue[tuple[int, Observation[object]]] = queue.SimpleQueue()
        for call in calls:
            self._lanes.setdefault(_lane(call), deque()).append(call)
        self._left = sum(map(len, self._lanes.values()))

    def start(self, workers: int) -> None:
        for _ in range(min(workers, self._left)):
            threading.Thread(target=self._work, name="tenure-aws", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def observations(self, deadline_s: float) -> Iterator[Observation[object]]:
        while self._left and not self._cancel.is_set():
            try:
                ticket, observation = self._arrived.get(timeout=POLL_S)
            except queue.Empty:
                yield from self._overdue(deadline_s)
                continue
            with self._lock:
                counted = self._running.pop(ticket, None)
            if counted is not None and not self._cancel.is_set():
                self._left -= 1
                yield observation

    def _overdue(self, deadline_s: float) -> list[Observation[object]]:
        """Gives up on calls past the deadline; a new worker takes the place of each one's."""
        with self._lock:
            late = [
                (ticket, call)
                for ticket, (call, begun) in self._running.items()
                if time.monotonic() - begun > deadline_s
            ]
            for ticket, _ in late:
                del self._running[ticket]
        observations = [
            Observation[object](
                call.source, self._now(), Outcome.FAILED, None, round(deadline_s * 1000), 0, None,
                f"no answer within {deadline_s:g} s",
            )
            for _, call in late
        ]  # fmt: skip
        self._left -= len(late)
        self.start(len(late))
        return observations

    def _work(self) -> None:
        while (taken := self._take()) is not None:
            ticket, call = taken
            try:
                observation = observe(call, now=self._now, cancel=self._cancel)
            except CancelledError:
                return
            with self._lock:
                given_up = ticket not in self._running
            if given_up:
                return
            self._arrived.put((ticket, observation))

    def _take(self) -> tuple[int, Call[object]] | None:
        """The next call, from the lane with the fewest under way: one that hangs cannot take all the places."""
        with self._lock:
            if self._cancel.is_set() or self._stopped.is_set():
                return None
            busy: dict[tuple[str, str | None], int] = {}
            for call, _ in self._running.values():
                busy[_lane(call)] = busy.get(_lane(call), 0) + 1
            lane = min(
                (lane for lane in self._lanes if self._lanes[lane]), key=lambda it: busy.get(it, 0), default=None
            )
            if lane is None:
                return None
            call = self._lanes[lane].popleft()
            self._tickets += 1
            self._running[self._tickets] = (call, time.monotonic())
            return self._tickets, call


def _lane(call: Call[object]) -> tuple[str, str | None]:
    return (call.source.service, call.source.region)
