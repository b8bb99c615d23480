"""What the server does by itself, again and again: one worker of several at a time, beside all else.

A chore runs on a thread of its own and keeps no transaction open while it works, so that orders never wait for it.
What fails is told in the log, in the figures and by ``/readyz``, and tried again, later each time.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from services.controlplane.chore_book import begin_chore, mark_chore, read_chore
from services.controlplane.recorder.lease import LENGTH, held, hold, let_go
from services.controlplane.store import Database
from services.now import Now

LOOK_S: Final = 5.0
"""Between two looks at whether it is due."""
AGAIN: Final = timedelta(minutes=1)
"""After a first failure; twice as long after each further one, and never longer than its interval."""
RENEWED_AFTER: Final = LENGTH / 3
NAME_LENGTH: Final = 48
REASON_LENGTH: Final = 1000
_log: Final = logging.getLogger("tenure.chores")


class ChoreFailedError(Exception):
    """It was not done, or not all of it; the text says why, without secrets."""


class LostTurnError(Exception):
    """Another worker has taken over."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One doing of a chore."""

    now: Now
    worker: str
    kept: str | None
    """What the turn before has left."""
    keep: Callable[[str], None]
    """Leaves something for the next turn, also where this one dies. Raises ``LostTurnError``."""
    over: threading.Event
    """Set when the server ends, or another worker has taken over: leave off then."""


Act: TypeAlias = Callable[[Turn], None]
"""Does it once; blocks. Raises ``ChoreFailedError``."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What is to be done, and how often."""

    name: str
    """``anchor``: as the figures name it, and the lease."""
    every: timedelta
    act: Act
    delay_s: float = 0.0
    """How much later than the server it looks for the first time."""


class Chore:
    """``start`` it once, ``stop`` it at the end; or ``look`` by hand."""

    def __init__(self, doing: Doing, worker: str, database: Database, now: Now) -> None:
        self.name = doing.name
        # a server and a worker of one machine may bear one name, and are two all the same
        self._holder = f"{worker[:NAME_LENGTH]}:{secrets.token_hex(6)}"
        self._worker = worker
        self._doing = doing
        self._database = database
        self._now = now
        self._failures = 0
        self._end = threading.Event()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Starts on a thread of its own; comes back at once."""
        self._thread = threading.Thread(target=self._run, name=f"tenure-{self.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends. What is under way leaves off; where it does not within seconds, another waits until it is given up."""
        self._end.set()
        self._over.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def look(self) -> bool:
        """Does it where it is due and nobody else is at it; whether it was done. Raises what the database raises."""
        with self._database.read() as connection:
            if not self._is_due(connection):
                return False
        with self._database.write() as connection:
            if not hold(connection, self.name, self._holder, self._now()):
                return False
            if not self._is_due(connection):  # another one did it in between
                let_go(connection, self.name, self._holder)
                return False
            before = begin_chore(connection, self.name, self._now())
        failure = self._act(None if before is None else before.kept)
        with self._database.write() as connection:
            if held(connection, self.name, self._holder, self._now()):
                if failure is None:
                    mark_chore(connection, self.name, failure=None, done_at=self._now())
                elif not self._end.is_set():  # what leaves off since the server ends has not failed
                    mark_chore(connection, self.name, failure=failure)
                let_go(connection, self.name, self._holder)
        self._failures = 0 if failure is None else self._failures + 1
        return failure is None

    def _is_due(self, connection: Connection) -> bool:
        record, now = read_chore(connection, self.name), self._now()
        if record is None or record.tried_at > now:  # the latter: the clock was set back
            return True
        return now >= record.due_at(self._doing.every, AGAIN * 2 ** min(max(self._failures - 1, 0), 10))

    def _act(self, kept: str | None) -> str | None:
        """Does it, and holds the lease meanwhile; why it was not done, ``None`` where it was."""
        over, ended = self._over, threading.Event()
        over.clear()
        if self._end.is_set():
            over.set()
        renewing = threading.Thread(target=self._renew, args=(ended,), name=f"tenure-{self.name}-lease", daemon=True)
        renewing.start()
        try:
            self._doing.act(Turn(self._now, self._worker, kept, self._keep, over))
        except ChoreFailedError as error:
            _log.warning("%s: %s", self.name, error)
            return str(error)[:REASON_LENGTH]
        except LostTurnError:
            _log.warning("%s: another worker does it now", self.name)
            return "another worker has taken over"
        except Exception as error:  # noqa: BLE001 - whatever it is: told, and tried again later
            _log.exception("%s failed; it is tried again", self.name)
            return type(error).__name__
        finally:
            ended.set()
            renewing.join()
        return None

    def _keep(self, text: str) -> None:
        with self._database.write() as connection:
            if not held(connection, self.name, self._holder, self._now()):
                raise LostTurnError(self.name)
            mark_chore(connection, self.name, kept=text)

    def _renew(self, ended: threading.Event) -> None:
        """Keeps the lease for as long as a turn lasts; once it is another's the turn is over."""
        while not ended.wait(RENEWED_AFTER.total_seconds()):
            with suppress(SQLAlchemyError), self._database.write() as connection:  # else it is tried once more in time
                if not held(connection, self.name, self._holder, self._now()):
                    self._over.set()
                    return
                hold(connection, self.name, self._holder, self._now())

    def _run(self) -> None:
        self._end.wait(self._doing.delay_s)
        while not self._end.is_set():
            try:
                self.look()
            except Exception:  # noqa: BLE001 - it is told, and tried again
                _log.exception("looking whether %s is due failed", self.name)
            self._end.wait(LOOK_S)
