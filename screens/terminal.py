"""Leaving with the terminal: a full-screen program whose terminal has vanished must end, and soon.

A dropped SSH line sends SIGHUP, unless the program was started to ignore it (``nohup``, some multiplexers and service
managers); then only the terminal itself tells. A program that goes on reading from a dead terminal gets "end of input"
at once, again and again, and takes a whole processor; one that waits for its last words to be written waits for ever.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Final, Self

RESTORE: Final = (
    "\x1b[?2004l"  # bracketed paste
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # mouse
    "\x1b[?1004l"  # focus reports
    "\x1b[?2048l"  # size reports
    "\x1b[?2026l"  # synchronized output
    "\x1b[<u"  # kitty keyboard
    "\x1b[?7h"  # line wrap
    "\x1b[0m"
    "\x1b[?1049l"  # alternate screen
    "\x1b[?25h"  # cursor
)
"""Undoes what a full-screen program may have set; what was not set is not harmed by it."""

_INTERVAL_MS: Final = 500
_GONE: Final = select.POLLHUP | select.POLLERR


class TerminalGuard:
    """Sees to it that the program ends within ``grace`` seconds, and half a second, of its terminal or a signal.

    While it is entered, a daemon thread watches the terminal, at no cost while all is well. When the terminal has
    vanished, or SIGHUP or SIGTERM came, it calls ``leave(code)`` from that thread, which asks the program to end (for
    a Textual application ``lambda code: app.exit(return_code=code)``). If the program has not left the guard when the
    grace is over, the terminal is put back as it was found and the process ends with that code: 129 for a vanished
    terminal and SIGHUP, 143 for SIGTERM. An ignored SIGHUP stays ignored. Signals are watched only where the guard is
    entered on the main thread; without a terminal, only signals are.
    """

    def __init__(self, leave: Callable[[int], object], *, grace: float = 1.0) -> None:
        self._leave = leave
        self._grace = grace
        self._left = threading.Event()
        self._signal = 0
        self._handlers: dict[int, Any] = {}
        self._terminal: int | None = None
        self._written: tuple[int, ...] = ()
        """Descriptors of the standard streams that write to it."""
        self._attributes: list[Any] | None = None
        self._wake_read = self._wake_write = -1

    def __enter__(self) -> Self:
        self._terminal = _own_terminal()
        if self._terminal is not None:
            self._attributes = termios.tcgetattr(self._terminal)
            self._written = tuple(number for number in (1, 2) if os.isatty(number))
        self._wake_read, self._wake_write = os.pipe()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGHUP, signal.SIGTERM):
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._handlers[number] = signal.signal(number, self._on_signal)
        threading.Thread(target=self._watch, name="terminal-guard", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        try:
            if self._terminal is not None and termios.tcgetattr(self._terminal) != self._attributes:
                termios.tcsetattr(self._terminal, termios.TCSANOW, self._attributes or [])
        except termios.error:
            self._attributes = None  # the terminal is gone, and its settings with it
            self._write_nowhere()
        os.write(self._wake_write, b".")  # first: once it knows that we left, the thread closes the pipe
        self._left.set()

    def _write_nowhere(self) -> None:
        """What is still to be written goes nowhere: the interpreter would end with 120 for what it cannot flush."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for number in self._written:
            os.dup2(nowhere, number)
        os.close(nowhere)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._signal = self._signal or number
        os.write(self._wake_write, b".")

    def _watch(self) -> None:
        """Wait for one of the two, then end the program; the descriptors are this thread's to close."""
        while not self._gone():
            if self._left.is_set():
                break
            if self._signal:
                self._ask_to_leave(128 + self._signal)
                break
        else:
            self._ask_to_leave(128 + signal.SIGHUP)
        for descriptor in (self._terminal, self._wake_read, self._wake_write):
            if descriptor is not None:
                os.close(descriptor)

    def _ask_to_leave(self, code: int) -> None:
        try:
            self._leave(code)
        finally:
            if not self._left.wait(self._grace):
                self._end(code)

    def _gone(self) -> bool:
        """Wait a moment, or for a wake-up; whether the terminal has vanished."""
        poll = select.poll()
        poll.register(self._wake_read, select.POLLIN)
        if self._terminal is not None:
            poll.register(self._terminal, 0)  # hang-up and error are told unasked
        told = dict(poll.poll(_INTERVAL_MS))
        if self._terminal is None:
            return False
        if told.get(self._terminal, 0) & _GONE:
            return True
        try:
            termios.tcgetattr(self._terminal)
        except termios.error:
            return True  # where poll knows nothing of terminals
        return False

    def _end(self, code: int) -> None:
        """End the process, the terminal put back if it is still there and takes it."""
        threading.Thread(target=self._put_back, daemon=True).start()
        self._left.wait(0.3)
        os._exit(code)

    def _put_back(self) -> None:
        if self._terminal is None or self._attributes is None:
            return
        try:
            os.write(self._terminal, RESTORE.encode())
            termios.tcsetattr(self._terminal, termios.TCSANOW, self._attributes)
        except (OSError, termios.error):
            return  # it is gone


def _own_terminal() -> int | None:
    """A descriptor of our own for the terminal of the standard streams; None if there is none.

    Raises ``OSError`` where there is one and no further descriptor can be had: unguarded is not without a terminal.
    """
    for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None and stream.isatty():
                return os.dup(stream.fileno())
        except ValueError:
            continue  # it is closed
    return None
