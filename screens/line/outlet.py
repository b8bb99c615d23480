"""The terminal as a file that takes what it is given in small pieces, and can be told to leave pictures out."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable
from typing import Final, TextIO

from screens.line.backlog import ASK, Backlog

PIECE: Final = 512
"""Characters written at once: a picture that nobody wants any more is broken off after so many."""
BROKEN_OFF: Final = "\x18\x1b[?2026l"
"""Ends whatever sequence a picture was broken off in (CAN), and its synchronized update."""


class Picture(str):
    """A text that only draws: it may be left out when the program leaves the screen."""

    __slots__ = ()


class _Mark(str):
    __slots__ = ()


class Outlet:
    """What Textual's writer thread writes to. ``free`` is called from that thread after each write."""

    def __init__(self, file: TextIO, backlog: Backlog, free: Callable[[], object]) -> None:
        self._file = file
        self._descriptor = file.fileno()
        self._backlog = backlog
        self._free = free
        self._leaving_out = False
        self._broken_off = False
        self._gone = False
        self._passed = threading.Event()

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return self._file.isatty()

    def flush(self) -> None:
        """Nothing is kept back."""

    def write(self, text: str) -> int:
        """Write ``text``; one that has vanished takes everything."""
        if isinstance(text, _Mark):
            self._leaving_out = False
            text = BROKEN_OFF if self._broken_off else ""
            self._broken_off = False
            self._write(text)
            self._passed.set()
            return 0
        drop = isinstance(text, Picture)
        at = 0
        while at < len(text) and not (drop and self._leaving_out):
            piece = text[at : at + PIECE]
            at += PIECE
            if at >= len(text) and text.endswith(ASK):
                self._backlog.asked(len(piece), time.monotonic())  # before the answer can come
            self._write(piece)
            self._backlog.taken(len(piece))
        if at < len(text):
            self._backlog.taken(len(text) - at)
            self._broken_off = True
        self._backlog.write_taken()
        self._free()
        return len(text)

    def leave_out(self, write: Callable[[str], object], patience_s: float) -> None:
        """Leave out the pictures that were handed over before now; returns when the writer has come so far."""
        self._leaving_out = True
        self._passed.clear()
        write(_Mark("mark"))
        self._passed.wait(patience_s)

    def _write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        while data and not self._gone:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:  # another program of the terminal made it so
                select.select([], [self._descriptor], [], 0.1)
            except OSError:
                self._gone = True  # the guard ends the program
