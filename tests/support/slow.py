"""A pseudo-terminal at the end of a slow line."""

from __future__ import annotations

import errno
import os
import select
import time
from collections.abc import Sequence
from typing import Any

from tests.support.pty import Terminal

STEP_S = 0.02


class SlowTerminal(Terminal):
    """A terminal that gets ``rate`` bytes a second.

    ``relay``: as over SSH, what the program writes is taken from it at once and waits in buffers on the way, without
    bound; the terminal at the end answers when it is asked for its cursor. Without, as on a serial line, the program
    itself has to wait, and nobody answers.
    """

    def __init__(self, argv: Sequence[str], *, rate: int = 1200, relay: bool = False, **given: Any) -> None:
        self.rate = rate
        self.relay = relay
        self.on_its_way = bytearray()
        self.most_on_its_way = 0
        self._since = time.monotonic()
        self._delivered = 0
        super().__init__(argv, answers=relay, **given)

    def _read(self, timeout: float) -> bool:
        """As the terminal's, at the line's pace; waits in small steps, since time alone brings bytes."""
        deadline = time.monotonic() + timeout
        while True:
            room = self._room()
            if self.relay:
                self._take(1 << 16)
            elif room >= 64:
                self._take(min(room, 512))
            self.most_on_its_way = max(self.most_on_its_way, len(self.on_its_way))
            if self.on_its_way and room > 0:
                self._deliver(room)
                return True
            left = deadline - time.monotonic()
            here = self.on_its_way or select.select([self.master], [], [], 0)[0]
            if left <= 0 or (not here and not self._alive()):
                return False
            if here or not self.relay:
                select.select([], [], [], min(STEP_S, left))
            else:
                select.select([self.master], [], [], left)

    def _room(self) -> int:
        """How many bytes the line could have carried since it last stood still."""
        now = time.monotonic()
        idle = (now - self._since) * self.rate - self._delivered
        if not self.on_its_way and idle > 512:  # time without bytes is not saved up
            self._since, self._delivered = now - 512 / self.rate, 0
        return int((now - self._since) * self.rate) - self._delivered

    def _take(self, most: int) -> None:
        try:
            if select.select([self.master], [], [], 0)[0]:
                self.on_its_way += os.read(self.master, most)
        except OSError as error:
            if error.errno != errno.EIO:
                raise

    def _deliver(self, room: int) -> None:
        data = bytes(self.on_its_way[:room])
        del self.on_its_way[:room]
        self._delivered += len(data)
        self.raw += data
        self._answer(data)
