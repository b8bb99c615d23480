"""Runs a command of the operator's that prints a secret, away from the terminal.

It reads nothing, belongs to a session of its own, so that ``/dev/tty`` is not there for it, and is told of no terminal
to ask on; what it says on stderr is kept, never passed on. So it can neither draw over the console nor take its keys.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.text import clean

TERMINALS = ("GPG_TTY", "SSH_TTY")
"""Variables that name a terminal: what asks for a passphrase would draw on it, whatever session it is of."""
COMPLAINT_CELLS = 160
LAST_WORDS_S = 1.0
"""How long one that was killed may take to let go of its pipes."""


class CommandFailedError(Exception):
    """Why there is no output. Names the program and the last line that it said on stderr, never what it printed."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    code: int
    printed: bytes = field(repr=False)
    complaint: str
    """The last line of its stderr, sanitized and short; empty where it said nothing."""


def run(words: Sequence[str], timeout_s: float) -> Ran:
    """Run ``words`` without a shell, and wait for its end. Raises ``CommandFailedError`` where it does not come to it.

    What is over its time is killed with all that it started.
    """
    if not words:
        raise CommandFailedError("the command is empty")
    environment = {name: value for name, value in os.environ.items() if name not in TERMINALS}
    try:
        process = subprocess.Popen(  # noqa: S603 - the operator's own words from the operator's own file, and no shell
            list(words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=environment,
        )
    except OSError as error:
        raise CommandFailedError(f"{words[0]}: {error.strerror or type(error).__name__}") from None
    except ValueError:  # a NUL in a word
        raise CommandFailedError(f"{words[0]!r}: is no command") from None
    with process:
        try:
            printed, said = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise CommandFailedError(f"{words[0]}: took over {timeout_s:g} s") from None
    return Ran(process.returncode, printed, _last_line(said))


def printed_by(words: Sequence[str], timeout_s: float) -> str:
    """What a command prints, without the white space around it. Raises ``CommandFailedError`` where it fails, and
    where it prints nothing or no text."""
    ran = run(words, timeout_s)
    if ran.code:
        raise CommandFailedError(f"{words[0]} ended with {ran.code}{f': {ran.complaint}' if ran.complaint else ''}")
    try:
        text = ran.printed.decode().strip()
    except UnicodeDecodeError:
        raise CommandFailedError(f"{words[0]}: printed what is not text") from None
    if not text:
        raise CommandFailedError(f"{words[0]} printed nothing")
    return text


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):  # one that left the session holds the pipes: leave it
        process.communicate(timeout=LAST_WORDS_S)


def _last_line(said: bytes) -> str:
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return clean(lines[-1].strip(), limit=COMPLAINT_CELLS) if lines else ""
