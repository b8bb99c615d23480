"""The terminal-loss guard, in a real pseudo-terminal."""

from __future__ import annotations

import errno
import os
import signal
import sys

import pytest

from screens.terminal import _own_terminal
from tests.support.pty import ROOT, Terminal

EXAMPLE = [sys.executable, str(ROOT / "docs/examples/terminal_guard.py")]
PATH = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": None}
"""With a buffer that is still to be flushed at the end, as for most people."""
STUBBORN = """
import sys, threading
from screens.terminal import TerminalGuard
with TerminalGuard(lambda code: None, grace=0.2):
    sys.stdout.write("\\x1b[?1049h\\x1b[?25l\\x1b[?2004h\\x1b[?1000hguarded")
    sys.stdout.flush()
    while True:
        threading.Event().wait(0.05)
"""
SPINNING = """
import os
from screens.terminal import TerminalGuard
with TerminalGuard(lambda code: None):
    os.write(1, b"guarded")
    while True:
        try:
            os.read(0, 1)
        except OSError:
            pass
"""


@pytest.mark.parametrize("ignore_hangup", [False, True])
def test_ends_when_the_terminal_vanishes(ignore_hangup: bool) -> None:
    """An idle Textual application is gone 2 s after its terminal, also where SIGHUP is ignored."""
    with Terminal(EXAMPLE, env=PATH, ignore_hangup=ignore_hangup) as terminal:
        terminal.wait_for("guarded")
        terminal.settle()
        terminal.close()
        assert terminal.wait_exit(2) == 128 + signal.SIGHUP


def test_ends_a_program_that_spins_on_the_dead_terminal() -> None:
    """A program that reads "end of input" for ever and never leaves by itself is ended all the same."""
    with Terminal([sys.executable, "-c", SPINNING], env=PATH, ignore_hangup=True) as terminal:
        terminal.wait_for("guarded")
        terminal.close()
        assert terminal.wait_exit(2) == 128 + signal.SIGHUP


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_leaves_the_terminal_as_it_was_found(number: signal.Signals) -> None:
    """A signal ends the application by its front door: screen, mouse, cursor, paste mode and settings are put back."""
    with Terminal(EXAMPLE, env=PATH) as terminal:
        terminal.wait_for("guarded")
        assert terminal.problems()
        terminal.signal(number)
        assert terminal.wait_exit(2) == 128 + number
        assert terminal.problems() == []


def test_puts_the_terminal_back_for_a_program_that_does_not_leave() -> None:
    """A program deaf to the request to leave is ended after the grace, and the terminal is put back for it."""
    with Terminal([sys.executable, "-c", STUBBORN], env=PATH) as terminal:
        terminal.wait_for("guarded")
        assert len(terminal.problems()) == 4
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit(2) == 128 + signal.SIGTERM
        assert terminal.problems() == []


def test_an_ignored_hangup_stays_ignored() -> None:
    """With SIGHUP ignored, the signal alone, the terminal being there, ends nothing."""
    with Terminal(EXAMPLE, env=PATH, ignore_hangup=True) as terminal:
        terminal.wait_for("guarded")
        terminal.signal(signal.SIGHUP)
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.problems() == []


def test_costs_nothing_and_writes_nothing_while_all_is_well() -> None:
    """The idle application with its guard writes no byte and takes next to no processor time."""
    with Terminal(EXAMPLE, env=PATH) as terminal:
        terminal.wait_for("guarded")
        terminal.settle(0.3)
        before = terminal.cpu_seconds()
        assert terminal.watch(1.0) == b""
        assert terminal.cpu_seconds() - before < 0.1


def test_a_terminal_that_cannot_be_held_is_not_taken_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no descriptor is left the guard raises; a closed stream is passed over, and without any there is none."""

    class Closed:
        def isatty(self) -> bool:
            raise ValueError("I/O operation on closed file")

    class Tty(Closed):
        def isatty(self) -> bool:
            return True

        def fileno(self) -> int:
            return 0

    def full(_descriptor: int) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "dup", full)
    for name in ("__stdin__", "__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, name, Closed())
    assert _own_terminal() is None
    monkeypatch.setattr(sys, "__stdout__", Tty())
    with pytest.raises(OSError, match="Too many open files"):
        _own_terminal()
