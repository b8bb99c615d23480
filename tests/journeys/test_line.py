"""The console at a line that does what lines do: other sizes, pauses, pastes, another screen."""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Iterator

import pytest

from tests.support.pty import Terminal

CONSOLE = [sys.executable, "-m", "tests.support.console"]
pytestmark = pytest.mark.processes


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """The console on a fleet in memory, at rest."""
    with Terminal(CONSOLE) as terminal:
        terminal.wait_for("? help")
        terminal.settle()
        yield terminal


def leaves_well(terminal: Terminal) -> None:
    terminal.send("\x11")
    assert terminal.wait_exit(2) == 0
    assert terminal.problems() == []


def test_a_storm_of_sizes_ends_in_the_right_picture(terminal: Terminal) -> None:
    """Two hundred sizes in two seconds: the console is there, its picture is that of the last one, and it rests."""
    before = terminal.text
    sizes = random.Random(4)  # noqa: S311 - sizes
    for _ in range(200):
        terminal._set_size(sizes.randint(20, 200), sizes.randint(5, 60))
        terminal.watch(0.01)
    terminal.settle()
    terminal.raw.clear()
    terminal._fed = 0
    terminal.screen.reset()
    terminal.resize(80, 24)
    terminal.wait_for(lambda: terminal.text == before)
    terminal.settle(0.2)
    cpu = terminal.cpu_seconds()
    terminal.watch(0.5)
    assert terminal.cpu_seconds() - cpu < 0.15
    leaves_well(terminal)


def test_stopped_and_continued_it_is_whole(terminal: Terminal) -> None:
    """After SIGSTOP and SIGCONT, another program having written meanwhile, and in another size, the picture is whole,
    no thread was added, and the terminal is left as it was found."""
    threads = terminal.threads()
    terminal.signal(signal.SIGSTOP)
    terminal.settle()
    terminal.screen.reset()
    terminal.resize(100, 30)
    terminal.signal(signal.SIGCONT)
    terminal.wait_for(lambda: " tenure" in terminal.display[0] and "? help" in terminal.display[-1])
    assert "northgate" in terminal.text
    assert terminal.threads() == threads
    terminal.send(":recovery\r")
    terminal.wait_for("Recovery  20")
    leaves_well(terminal)


def test_the_shell_is_one_key_away() -> None:
    """ctrl+z gives a shell its terminal back as it was, `fg` comes back to the whole picture, and the shell is whole
    when the console is left."""
    environment = {"PS1": "$ ", "PYTHONPATH": None, "HISTFILE": None}
    with Terminal(["bash", "--norc", "--noprofile", "-i"], env=environment) as terminal:
        terminal.wait_for("$")
        terminal.send(" ".join(CONSOLE) + "\r")
        terminal.wait_for("? help")
        terminal.send("G")
        terminal.settle()
        before = terminal.text
        terminal.send("\x1a")
        terminal.wait_for("Stopped")
        assert shells_own(terminal) == []
        terminal.send("fg\r")
        terminal.wait_for(lambda: terminal.text == before)
        terminal.send("\x11")
        terminal.wait_for(lambda: terminal.raw.endswith(b"$ "))
        assert shells_own(terminal) == []


def shells_own(terminal: Terminal) -> list[str]:
    """In what the terminal differs from how it was found, but for what a shell at its prompt sets itself."""
    return [problem for problem in terminal.problems() if problem not in ("mode 2004 left True", "termios differs")]


def test_without_a_shell_it_stays(terminal: Terminal) -> None:
    """Where nobody could bring it back, ctrl+z says so and nothing is stopped."""
    terminal.send("\x1a")
    terminal.wait_for("No shell is there to go back to")
    leaves_well(terminal)


def test_esc_and_the_keys_after_it_may_come_in_one(terminal: Terminal) -> None:
    """As over SSH: out of the filter, out of a dialog, into another area; in one packet they are what they are in
    several."""
    terminal.send("/northgate")
    terminal.wait_for(" 1 of ")
    terminal.send("\x1bw")
    terminal.wait_for("─ why ·")
    terminal.send("\x1b:recovery\r")
    terminal.wait_for("Recovery  20")
    terminal.send("w")
    terminal.wait_for("─ why ·")
    terminal.send("\x1b2")
    terminal.wait_for(" Tenants  ")
    assert "─ why ·" not in terminal.text
    leaves_well(terminal)


@pytest.mark.parametrize("marks", [("\x1b[200~", "\x1b[201~"), ("", "")], ids=["bracketed", "plain"])
def test_a_megabyte_pasted_is_no_key(terminal: Terminal, marks: tuple[str, str]) -> None:
    """A megabyte with keys and escape sequences in it: nothing of it acts, what is kept is told, and the next key is
    answered: how fast, the bench tells."""
    start, end = marks
    piece = "\x1b[31mq2\x11:quit x" if start else "SELECT 2; q :x\r"
    megabyte = start + piece * (1_000_000 // len(piece)) + end
    terminal.send(megabyte)
    terminal.wait_for("Nothing here takes what you pasted")
    assert "Tenants" in terminal.text
    terminal.settle()
    terminal.send("/")
    terminal.wait_for("Esc as it was")
    terminal.send(megabyte)
    terminal.wait_for("what you pasted" if not start else "of it were left out")
    terminal.settle()
    before = len(terminal.raw)
    terminal.send("\x1b[27u" if start else "\x7f")
    terminal.wait_for(lambda: len(terminal.raw) > before, 5.0)
    terminal.settle()
    assert terminal.process.poll() is None
    leaves_well(terminal)
