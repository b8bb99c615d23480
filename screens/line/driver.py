"""Textual's driver for a terminal at the end of a line: slow, gone for a while, or with a megabyte in its clipboard."""

from __future__ import annotations

import os
import selectors
import signal
import sys
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from textual import constants, events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from screens.line.backlog import ASK, Backlog
from screens.line.escapes import EscapeParser
from screens.line.keyboard import Keyboard
from screens.line.outlet import Outlet, Picture

READ_BYTES: Final = 1 << 16
TICK_S: Final = 0.1
"""How often the parser is told that time has passed while nothing comes."""
ESCAPE_S: Final = 0.05
"""An Esc after which nothing has come for so long is that key, and not the beginning of another: keys are to be
answered within a tenth of a second. ``ESCDELAY`` in the environment, in milliseconds, says otherwise."""
PIECE_S: Final = 2.0
"""Seconds that the line has for the piece that is on its way when the program leaves the screen."""
STOPPED_S: Final = 0.2
"""Within so many seconds a signal that stops the process has done so."""
LOOK_S: Final = 0.01
COME_BACK: Final = (
    "\x1b[?1049h"  # alternate screen
    "\x1b[?25l"  # cursor
    "\x1b[?1004h"  # focus reports
    "\x1b[<u\x1b[>25u"  # kitty keyboard, as deep as before
    "\x1b[?2004h"  # bracketed paste
    "\x1b[?7l"  # line wrap
)
"""What Textual sets when it starts, for a terminal that another program has had meanwhile."""


if "ESCDELAY" not in os.environ:
    constants.ESCAPE_DELAY = ESCAPE_S  # type: ignore[misc] # Textual's parser looks it up at each Esc


class LineFree(Message):
    """The line has taken what it had to; pictures that waited may be drawn."""


class CameBack(Message):
    """The process was stopped by somebody else and goes on."""


class SuspendAsked(Message):
    """Somebody sent SIGTSTP."""


class LineDriver(LinuxDriver):
    """Writes pictures as fast as they are taken, reads keys and pastes apart, and survives SIGSTOP."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.backlog = Backlog()
        self.waiting = False
        """Whether a picture waits for the line; the application sets it."""
        self._outlet = Outlet(sys.__stderr__ or sys.stderr, self.backlog, self._tell_free)
        self._file = self._outlet  # type: ignore[assignment]  # the writer's thread needs write, flush and fileno
        self._picture: list[str] | None = None
        self._raw: list[Any] | None = None
        self._continued = False
        self.keyboard = Keyboard(self._answered)

    # Writing

    @property
    def full(self) -> bool:
        """Whether a picture would only wait on its way."""
        return self.backlog.full(time.monotonic())

    def write(self, data: str) -> None:
        if self._picture is not None:
            self._picture.append(data)
        elif data:
            self.backlog.queued(len(data))
            super().write(data)

    @contextmanager
    def picture(self) -> Iterator[None]:
        """What is written meanwhile is one picture, with a question at its end where one is due."""
        self._picture = []
        try:
            yield
        finally:
            drawn, self._picture = "".join(self._picture), None
            self.write(Picture(drawn + ASK if drawn and self.backlog.to_ask(len(drawn)) else drawn))

    def _tell_free(self) -> None:
        if self.waiting and not self.full:
            self._app.post_message(LineFree())

    # Reading

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.CursorPosition):
            self._answered()
        else:
            super().process_message(message)

    def _answered(self) -> None:
        self.backlog.answered()
        self._tell_free()

    def run_input_thread(self) -> None:
        """Read until told to stop."""
        parser = EscapeParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode  # what is no UTF-8 is no reason to break off
        self.keyboard = Keyboard(self._answered)
        wait_s = TICK_S
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                data = os.read(self.fileno, READ_BYTES) if selector.select(wait_s) else None
                wait_s = constants.ESCAPE_DELAY if data else TICK_S
                if data == b"":
                    self.exit_event.wait(TICK_S)  # it has vanished; the guard ends the program
                now = time.monotonic()
                text = self.keyboard.tick(now) if data is None else self.keyboard.feed(decode(data), now)
                for message in (*(parser.feed(text) if text else ()), *parser.tick()):
                    self.process_message(message)

    # Coming and going

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's
        if self._writer_thread is not None:
            self._raw = _attributes(self.fileno)
            self.write(Picture(ASK))

    def stop_application_mode(self) -> None:
        if self._writer_thread is not None:
            self._outlet.leave_out(self._writer_thread.write, PIECE_S)
            self.backlog.await_answers(time.monotonic())
        self._raw = None
        super().stop_application_mode()

    def stop_group(self) -> bool:
        """Stop this process and those that were started with it, as ctrl+z in a shell does; the terminal is put back.

        Returns when they go on. False where the system stopped nothing: no shell is there to let them go on.
        """
        self._continued = False
        before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        try:
            os.killpg(os.getpgrp(), signal.SIGTSTP)
            for _ in range(round(STOPPED_S / LOOK_S)):
                if self._continued:
                    break
                time.sleep(LOOK_S)  # an Event's lock is not to be had in a signal's handler
            return self._continued
        finally:
            signal.signal(signal.SIGTSTP, before)

    def _sigtstp_application(self, *_: int | FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._app.post_message, SuspendAsked())

    def _sigcont_application(self, *_: int | FrameType | None) -> None:
        self._continued = True
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._app.post_message, CameBack())

    def come_back(self) -> None:
        """Put the terminal into our state again, whoever has had it meanwhile."""
        if self._raw is None:
            return
        try:
            termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw)
        except termios.error:
            return  # it has vanished; the guard ends the program
        self.write(COME_BACK)
        signal.raise_signal(signal.SIGWINCH)  # its size may be another one


def _attributes(descriptor: int) -> list[Any] | None:
    """The state of a terminal; ``None``: it has vanished, and the guard ends the program."""
    try:
        return termios.tcgetattr(descriptor)
    except termios.error:
        return None
