"""The moments of an order in a worker: each has a name, and at one of them the process can end, or the database fail.

``step 2 · write 1 · kept`` is the moment after the first transaction of the second step was committed, ``step 2 ·
call 3 · answered`` the one after the answer to its third call to AWS has arrived, before anything was made of it.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from services.aws.session import AwsSession
from services.controlplane.carrying.crew import Crew
from services.controlplane.store import Database

LOOK: Final = "look"
"""Outside an order's steps: looking for orders, signs of life; at a server also its clients' writes."""
BEGUN, WRITTEN, KEPT = "begun", "written", "kept"
SENT, ANSWERED = "sent", "answered"


class Moments:
    """Thread-safe. ``fatal``: the moment that ends the process as nothing can be caught; ``failing``: the one at which
    the database fails, once; ``at`` the one of ``meet``, once."""

    def __init__(
        self,
        fatal: str | None = None,
        failing: str | None = None,
        at: str | None = None,
        meet: Callable[[], None] = lambda: None,
    ) -> None:
        self._fatal, self._failing, self._at, self._meet = fatal, failing, at, meet
        self._lock = threading.Lock()
        self._here = threading.local()
        self.passed: list[str] = []
        self.failed = False

    @contextmanager
    def within(self, name: str) -> Iterator[None]:
        """The moments of this thread are those of ``name`` meanwhile."""
        self._here.name, self._here.counts = name, {}
        try:
            yield
        finally:
            self._here.name, self._here.counts = LOOK, {}

    def count(self, what: str) -> str:
        """The name of the next ``write`` or ``call`` of this thread."""
        name = getattr(self._here, "name", LOOK)
        counts: dict[str, int] = getattr(self._here, "counts", {}) if name != LOOK else {}
        counts[what] = counts.get(what, 0) + 1
        return f"{name} · {what} {counts[what]}"

    def passes(self, moment: str) -> None:
        with self._lock:
            self.passed.append(moment)
            if moment == self._fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            fails = moment == self._failing and not self.failed
            self.failed = self.failed or fails
            meets = moment == self._at
            self._at = None if meets else self._at
        if meets:
            self._meet()
        if fails:
            raise OperationalError(moment, {}, sqlite3.OperationalError("disk I/O error"))


class WatchedDatabase(Database):
    """Every write is a moment when it begins, when all is written and nothing is kept, and when it is kept."""

    def __init__(self, url: str, moments: Moments) -> None:
        super().__init__(url)
        self._moments = moments

    @contextmanager
    def write(self) -> Iterator[Connection]:
        name = self._moments.count("write")
        self._moments.passes(f"{name} · {BEGUN}")
        with super().write() as connection:
            yield connection
            self._moments.passes(f"{name} · {WRITTEN}")
        self._moments.passes(f"{name} · {KEPT}")


class WatchedClients:
    """Every call to AWS is a moment before it is sent and after its answer has come."""

    def __init__(self, session: AwsSession, moments: Moments) -> None:
        self._session, self._moments = session, moments
        self._watched: set[int] = set()
        self._lock = threading.Lock()

    def client(self, service: str, account: str, region: str) -> Any:
        client: Any = self._session.client(service, account, region)
        with self._lock:
            if id(client) not in self._watched:
                self._watched.add(id(client))
                client.meta.events.register_first("before-call", self._before)
                client.meta.events.register_first("after-call", self._after)
        return client

    def _before(self, context: dict[str, Any], **_: Any) -> None:
        context["moment"] = self._moments.count("call")
        self._moments.passes(f"{context['moment']} · {SENT}")

    def _after(self, context: dict[str, Any], **_: Any) -> None:
        self._moments.passes(f"{context['moment']} · {ANSWERED}")


class WatchedCrew(Crew):
    """A crew whose moments bear the names of what it does."""

    moments: Moments

    def begin(self, key: str) -> tuple[int, str | None]:
        with self.moments.within("begin"):
            return super().begin(key)

    def fail(self, key: str, failure: str) -> str | None:
        with self.moments.within("fail"):
            return super().fail(key, failure)

    def finish(self, key: str, failure: str | None) -> tuple[str, str | None]:
        with self.moments.within("finish"):
            return super().finish(key, failure)

    def step(self, key: str, number: int, last: bool) -> tuple[str, str | None]:
        with self.moments.within(f"step {number}"):
            return super().step(key, number, last)

    def undo(self, key: str, number: int, last: bool) -> tuple[str, str | None]:
        with self.moments.within(f"undo {number}"):
            return super().undo(key, number, last)


def watched(crew: Crew, moments: Moments) -> WatchedCrew:
    """The same crew, watched."""
    made = WatchedCrew(crew.name, crew.database, crew.now, crew.clients, crew.writers, crew.judge)
    object.__setattr__(made, "moments", moments)  # a crew is frozen
    return made
