"""Blocking reads for a Textual application: on threads that never delay its end, with answers that never come late.

Textual's ``exclusive`` workers cancel the worker and not its thread, so that an older answer may still arrive, after
the newer one even; threads of ``@work(thread=True)`` and of ``ThreadPoolExecutor`` are joined when the interpreter
ends, so that one hanging read keeps a quitting application waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Any, Generic, Protocol, TypeVar

from textual.message import Message

ResultT = TypeVar("ResultT")


class Target(Protocol):
    """Who is told: an ``App``, a ``Screen`` or a ``Widget``."""

    def post_message(self, message: Message) -> bool:
        """Put the message in the queue; callable from any thread."""


@dataclass
class _Told(Message):
    """What every message of a loader has."""

    loader: Loader[Any]
    generation: int

    @property
    def current(self) -> bool:
        """Whether this belongs to the loader's latest start. A handler looks first and drops what does not."""
        return self.generation == self.loader.generation


class Loader(Generic[ResultT]):
    """Runs one blocking callable at a time for ``target``, and tells it by messages what came of it.

    The callable gets a ``publish`` function for what it has so far, and an ``Event`` that is set when nobody waits for
    it any more; what it returns is the whole. ``Partial``, ``Loaded`` and ``Failed`` are posted to ``target``, each
    with the generation of its start. Starting again, or ``cancel``, makes all earlier ones out of date: what has not
    been posted is dropped, what lies in the queue already is not ``current``.

    Each start has a daemon thread of its own that nobody joins.
    """

    @dataclass
    class Partial(_Told, namespace="loader"):
        """What the callable published on its way."""

        value: Any

    @dataclass
    class Loaded(_Told, namespace="loader"):
        """What the callable returned."""

        value: Any

    @dataclass
    class Failed(_Told, namespace="loader"):
        """What the callable raised."""

        error: Exception

    def __init__(self, target: Target, name: str = "loader") -> None:
        self._target = target
        self._name = name
        self._lock = Lock()
        self._generation = 0
        self._cancel: Event | None = None

    @property
    def generation(self) -> int:
        """Counts the starts and the cancellations."""
        return self._generation

    @property
    def running(self) -> bool:
        """Whether an answer is still to come."""
        return self._cancel is not None

    def start(self, work: Callable[[Callable[[ResultT], None], Event], ResultT]) -> int:
        """Run ``work(publish, cancel)``; whatever ran before is cancelled. The generation of this start."""
        cancel = Event()
        with self._lock:
            generation = self._supersede(cancel)
        Thread(
            target=self._run, args=(work, generation, cancel), name=f"{self._name}-{generation}", daemon=True
        ).start()
        return generation

    def cancel(self) -> None:
        """Ask what runs to end, and drop what it still has to say."""
        with self._lock:
            self._supersede(None)

    def _supersede(self, cancel: Event | None) -> int:
        if self._cancel is not None:
            self._cancel.set()
        self._cancel = cancel
        self._generation += 1
        return self._generation

    def _run(self, work: Callable[[Callable[[ResultT], None], Event], ResultT], generation: int, cancel: Event) -> None:
        def publish(value: ResultT) -> None:
            self._tell(self.Partial(self, generation, value))

        try:
            told: _Told = self.Loaded(self, generation, work(publish, cancel))
        except Exception as error:  # noqa: BLE001 - of whatever kind: it is told, and judged by who is told
            told = self.Failed(self, generation, error)
        self._tell(told, last=True)

    def _tell(self, message: _Told, *, last: bool = False) -> None:
        with self._lock:
            if not message.current:
                return
            if last:
                self._cancel = None
            try:
                self._target.post_message(message)
            except RuntimeError:
                self._cancel = None  # the event loop is closed: the application has ended, nobody is there to tell
