"""How much of what was written the terminal has not shown yet.

What the program hands to its system is not what the operator sees: over SSH the way there holds hundreds of kilobytes,
minutes on a slow line. So the terminal is asked for its cursor now and then (DSR 6, ECMA-48 8.3.35): it answers when it
has come so far. One that does not answer is reckoned to have shown what the system took.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

ASK: Final = "\x1b[6n"
"""Asks the terminal for its cursor's position."""
ASK_AFTER: Final = 1024
"""Characters after which it is asked how far it is."""
FULL: Final = 2048
"""Characters under way that make the next picture wait: less than two seconds of a line of 1,200 bytes a second."""
FULL_WRITES: Final = 12
"""Writes not yet begun that make it wait, too: a stalled line is not to hold up who writes to its queue of thirty."""
LOST_S: Final = 10.0
"""Seconds after which an answer is not awaited any more."""
FIRST_S: Final = 0.5
"""Seconds that the first answer is awaited, before it is known that the terminal answers."""


class Backlog:
    """Counts characters from ``queued`` to ``taken`` by the system to ``answered`` by the terminal.

    Each counter is changed by one thread alone: ``queued`` by the program's, ``taken`` and ``asked`` by the writer's,
    ``answered`` by the reader's. Instants are ``time.monotonic`` seconds.
    """

    def __init__(self) -> None:
        self._queued = self._queued_writes = 0
        self._taken = self._taken_writes = 0
        self._asked_at = 0
        self._shown = 0
        self._asks: deque[tuple[int, float]] = deque()
        self._silent = threading.Event()
        self._silent.set()
        self.answers = False
        """Whether the terminal has ever answered."""

    def queued(self, characters: int) -> None:
        """A write was handed over."""
        self._queued += characters
        self._queued_writes += 1

    def to_ask(self, characters: int) -> bool:
        """Whether a picture of so many characters should end with a question."""
        due = self._queued + characters - self._asked_at >= ASK_AFTER
        if due:
            self._asked_at = self._queued + characters
        return due

    def taken(self, characters: int) -> None:
        """The system has taken so many characters, or they were dropped."""
        self._taken += characters

    def write_taken(self) -> None:
        """The system has taken a write, or it was dropped."""
        self._taken_writes += 1

    def asked(self, characters: int, now: float) -> None:
        """The system is about to take so many characters, the last of them a question."""
        self._silent.clear()
        self._asks.append((self._taken + characters, now))

    def answered(self) -> None:
        """The terminal has answered the oldest question."""
        self.answers = True
        if self._asks:
            self._shown, _ = self._asks.popleft()
        if not self._asks:
            self._silent.set()

    def full(self, now: float) -> bool:
        """Whether a picture would only wait on its way."""
        if self._queued_writes - self._taken_writes >= FULL_WRITES:
            return True
        awaited = bool(self._asks) and now - self._asks[0][1] < self._patience_s
        return self._queued - (self._shown if awaited else self._taken) >= FULL

    @property
    def _patience_s(self) -> float:
        """Seconds that an answer is awaited; at first it is not known whether the terminal answers at all."""
        return LOST_S if self.answers else FIRST_S

    def await_answers(self, now: float) -> bool:
        """Wait until no question is open, so that its answer does not reach who reads the terminal next.

        Waits for what the line needs, at most ``LOST_S`` from the question; ``FIRST_S`` where none was ever answered.
        """
        if not self._asks:
            return True
        return self._silent.wait(max(self._asks[-1][1] + self._patience_s - now, 0.0))
