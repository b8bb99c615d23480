"""The pseudo-terminal that the other tests stand on."""

from __future__ import annotations

import signal
import sys

import pytest

from tests.support.pty import Terminal

ECHO = """
import os, sys, termios, tty
before = termios.tcgetattr(0)
tty.setraw(0)
os.write(1, b'\\x1b[?1049h\\x1b[?25l\\x1b[>25u\\x1b[?2026$p' + 'ready 日本'.encode())
while (key := os.read(0, 64)) != b'q':
    os.write(1, b'\\r\\n' + repr((key, os.get_terminal_size()[:])).encode())
if sys.argv[1:] != ['rude']:
    os.write(1, b'\\x1b[<u\\x1b[?25h\\x1b[?1049l')
    termios.tcsetattr(0, termios.TCSANOW, before)
sys.exit(7)
"""


def test_types_watches_and_sees_the_end() -> None:
    """Keys reach the program, its output reaches the screen, its size and its exit code are seen."""
    with Terminal([sys.executable, "-c", ECHO], columns=60, rows=10) as terminal:
        terminal.wait_for("ready")
        terminal.press("pagedown")
        terminal.wait_for(r"(b'\x1b[6~', (60, 10))")
        terminal.resize(50, 8)
        terminal.press("x")
        terminal.wait_for("(b'x', (50, 8))")
        assert terminal.problems() == [
            "mode 25 left False",
            "mode 1049 left True",
            "kitty keyboard left 1 deep",
            "termios differs",
        ]
        terminal.press("q")
        assert terminal.wait_exit() == 7
        assert terminal.problems() == []
        assert "ready" not in terminal.text


def test_sees_a_terminal_left_behind_rudely() -> None:
    """A program that does not put the terminal back is found out after its end."""
    with Terminal([sys.executable, "-c", ECHO, "rude"]) as terminal:
        terminal.wait_for("ready")
        terminal.press("q")
        terminal.wait_exit()
        assert len(terminal.problems()) == 4


def test_the_vanishing_terminal_hangs_up() -> None:
    """Closing the terminal sends SIGHUP to the program, unless it was started to ignore that."""
    wait = "import signal,time; print('ready', flush=True); time.sleep(60)"
    with Terminal([sys.executable, "-c", wait]) as terminal:
        terminal.wait_for("ready")
        terminal.close()
        assert terminal.wait_exit() == -signal.SIGHUP
    with Terminal([sys.executable, "-c", wait], ignore_hangup=True) as terminal:
        terminal.wait_for(lambda: terminal.raw.endswith(b"\n"))  # else the rest of its line would fail
        terminal.close()
        with pytest.raises(TimeoutError):
            terminal.wait_exit(0.3)
