"""A real pseudo-terminal for tests: start a program in it, type, watch the screen, look at every byte.

No call here sleeps: all waiting is a ``select`` on the terminal with a deadline.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyte

ROOT: Final = Path(__file__).resolve().parents[2]
DEADLINE: Final = 20.0
"""Seconds that a wait may take at most, unless the caller says otherwise; generous, since tests share the machine."""

KEYS: Final[Mapping[str, str]] = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "shift+right": "\x1b[1;2C",
    "shift+left": "\x1b[1;2D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "space": " ",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}

ASK: Final = b"\x1b[6n"
ANSWER: Final = b"\x1b[1;1R"

# Makes the pseudo-terminal the controlling one of its own session, then becomes the program.
_EXEC: Final = (
    "import fcntl,os,signal,sys,termios;"
    "fcntl.ioctl(0,termios.TIOCSCTTY,0);"
    "sys.argv[1]=='1' and signal.signal(signal.SIGHUP,signal.SIG_IGN);"
    "os.execvp(sys.argv[2],sys.argv[2:])"
)
_FOREIGN_TO_PYTE: Final = re.compile(
    rb"\x1b\[[<=>][0-9;:]*[@-~]"  # kitty keyboard
    rb"|\x1b\[\??[0-9;]*\$[a-z]"  # mode queries
    rb"|\x1b\]22;[a-z-]*\x07"  # pointer shape
    rb"|\x1b[P_^X].*?\x1b\\",  # DCS, APC, PM, SOS
    re.DOTALL,
)
_UNFINISHED: Final = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[\]P_^X][^\x07\x1b]*\x1b?)?\Z")
_MODES: Final = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_KITTY: Final = re.compile(rb"\x1b\[([<>])[0-9;]*u")

_TEXTUAL: Final = re.compile(
    rb"\x1b\[[0-9;]*m"  # styles
    rb"|\x1b\[[0-9;]*H"  # cursor
    rb"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"  # modes
    rb"|\x1b\[\?(?:2026|2048)\$p|\x1b\[6n"  # queries
    rb"|\x1b\[[<>][0-9;]*u"  # keyboard
    rb"|\x1b\]22;[a-z-]*\x07"  # pointer shape
    rb"|[\r\n]"
)


class _Screen(pyte.Screen):
    """pyte's screen with the alternate screen that it lacks."""

    _main: dict[int, Any] | None = None

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        if 1049 in modes and kwargs.get("private") and self._main is None:
            self._main = dict(self.buffer)
            self.buffer.clear()
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        if 1049 in modes and kwargs.get("private") and self._main is not None:
            self.buffer.clear()
            self.buffer.update(self._main)
            self._main = None
        super().reset_mode(*modes, **kwargs)


class Terminal:
    """A program in a pseudo-terminal of ``columns`` × ``rows``; a context manager that leaves no process behind.

    The program starts in the repository's root with this interpreter's environment, cleaned of what changes how
    Textual draws; ``env`` adds to it, a value of ``None`` removes. ``ignore_hangup`` starts it as ``nohup`` does.
    Asked for its cursor, the terminal ``answers``, as terminals do; its answer names the first cell.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str | None] | None = None,
        ignore_hangup: bool = False,
        cwd: Path = ROOT,
        answers: bool = True,
    ) -> None:
        self.raw = bytearray()
        """Every byte that the program has written."""
        self._screen = _Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._fed = 0
        self._answers = answers
        self._asked = b""
        self._open = True
        self.master, slave = os.openpty()
        self._set_size(columns, rows)
        self.attributes_before = termios.tcgetattr(slave)
        wrapper = [sys.executable, "-I", "-S", "-c", _EXEC, "1" if ignore_hangup else "0"]
        self.process = subprocess.Popen(
            [*wrapper, *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(env),
            cwd=cwd,
            start_new_session=True,
        )
        os.close(slave)
        os.set_blocking(self.master, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.close()

    # -- what it shows

    @property
    def screen(self) -> pyte.Screen:
        """The screen after all that was read; looking at it costs more than reading."""
        data = bytes(self.raw[self._fed :])
        unfinished = _UNFINISHED.search(data)
        data = data[: unfinished.start()] if unfinished else data
        self._fed += len(data)
        self._stream.feed(_FOREIGN_TO_PYTE.sub(b"", data))
        return self._screen

    @property
    def display(self) -> list[str]:
        """The screen's lines, without trailing blanks."""
        # pyte's own ``display`` fails on the second half of a wide character whose first half was overwritten
        screen = self.screen
        rows = (screen.buffer[y] for y in range(screen.lines))
        return ["".join(row[x].data for x in range(screen.columns)).rstrip() for row in rows]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.display)

    def problems(self) -> list[str]:
        """In what the terminal differs from how it was found; empty if it was left as it was."""
        modes: dict[int, bool] = {}
        for numbers, switch in _MODES.findall(bytes(self.raw)):
            modes.update(dict.fromkeys(map(int, numbers.split(b";")), switch == b"h"))
        usual = {7: True, 25: True}  # line wrap, cursor
        found = [f"mode {mode} left {on}" for mode, on in sorted(modes.items()) if on != usual.get(mode, False)]
        keyboard = sum(1 if push == b">" else -1 for push in _KITTY.findall(bytes(self.raw)))
        if keyboard > 0:
            found.append(f"kitty keyboard left {keyboard} deep")
        if self._open and termios.tcgetattr(self.master)[:4] != self.attributes_before[:4]:
            found.append("termios differs")
        return found

    def foreign(self) -> set[str]:
        """Characters written that are neither printable nor part of what Textual itself writes."""
        return {char for char in _TEXTUAL.sub(b"", bytes(self.raw)).decode() if not char.isprintable()}

    def cpu_seconds(self) -> float:
        """Processor time, user and system, that the program has taken so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def threads(self) -> int:
        """How many threads the program has."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    # -- what is done to it

    def send(self, keys: str) -> None:
        """Type ``keys``, bytes as a terminal sends them."""
        data = keys.encode()
        deadline = time.monotonic() + DEADLINE
        while data:
            self._read(0)
            _, writable, _ = select.select([], [self.master], [], max(0.0, deadline - time.monotonic()))
            if not writable:
                raise TimeoutError(f"the program does not read; the screen:\n{self.text}")
            data = data[os.write(self.master, data) :]

    def press(self, *names: str) -> None:
        """Press keys by name, as Textual calls them (``ctrl+d``, ``pagedown``, ``j``)."""
        self.send("".join(KEYS.get(name, name) for name in names))

    def resize(self, columns: int, rows: int) -> None:
        """Change the terminal's size; the program gets SIGWINCH."""
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def close(self) -> None:
        """Let the terminal vanish, as a dropped SSH line does."""
        if self._open:
            self._open = False
            os.close(self.master)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    # -- waiting

    def wait_for(self, what: str | Callable[[], bool], timeout: float = DEADLINE) -> None:
        """Wait until the screen shows a text, or a condition holds; TimeoutError, with the screen, if it does not."""

        def met() -> bool:
            return what in self.text if isinstance(what, str) else what()

        deadline = time.monotonic() + timeout
        while not met():
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                if met():
                    return
                state = "gone" if self.process.poll() is not None else "running"
                raise TimeoutError(
                    f"{what!r} not seen in {timeout} s; the program is {state}; the screen:\n{self.text}"
                )

    def settle(self, quiet: float = 0.1, timeout: float = DEADLINE) -> None:
        """Read until nothing came for ``quiet`` seconds."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0 and self._read(min(quiet, left)):
            pass

    def watch(self, seconds: float) -> bytes:
        """What the program writes during so many seconds."""
        start, deadline = len(self.raw), time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not self._read(left) and self.process.poll() is not None:
                break
        return bytes(self.raw[start:])

    def wait_exit(self, timeout: float = DEADLINE) -> int:
        """The program's exit code (negative: the signal that ended it); TimeoutError if it does not end in time."""
        deadline = time.monotonic() + timeout
        while self._open and self.process.poll() is None and (left := deadline - time.monotonic()) > 0:
            if not self._read(min(left, 0.05)) and not self._alive():
                break
        try:
            code = self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"the program did not end in {timeout} s; the screen:\n{self.text}") from None
        while self._open and self._read(0):
            pass
        return code

    # -- within

    def _alive(self) -> bool:
        """Whether anything still holds the other end of the terminal."""
        if not self._open:
            return False
        poll = select.poll()
        poll.register(self.master, select.POLLIN)
        return not any(event & select.POLLHUP for _, event in poll.poll(0))

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self, timeout: float) -> bool:
        """Take in what the program wrote within ``timeout``; False if nothing came, or nothing can come any more."""
        readable, _, _ = select.select([self.master], [], [], timeout)
        if not readable:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError as error:
            if error.errno != errno.EIO:  # EIO: nobody holds the other end any more
                raise
            return False
        self.raw += data
        self._answer(data)
        return bool(data)

    def _answer(self, data: bytes) -> None:
        """Answer the questions for the cursor in what came: ``CSI 6 n``, ECMA-48 8.3.35."""
        data = self._asked + data
        self._asked = data[-len(ASK) + 1 :]
        if self._answers and ASK in data and self._alive():
            os.write(self.master, ANSWER * data.count(ASK))


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """This process's environment without what changes how Textual draws, in 256 colours, then ``changes``."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TEXTUAL", "TENURE_", "AWS_", "COV_", "PYTEST_"))
        and name not in {"NO_COLOR", "COLORTERM", "COLUMNS", "LINES"}  # a worker of xdist sets the last two
    }
    kept |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TEXTUAL_ANIMATIONS": "none"}
    for name, value in (changes or {}).items():
        kept.pop(name, None)
        if value is not None:
            kept[name] = value
    return kept
