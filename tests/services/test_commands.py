"""Commands that print secrets, run away from the terminal."""

from __future__ import annotations

import os
import sys
import time

import pytest

from services.commands import CommandFailedError, printed_by, run

pytestmark = pytest.mark.processes


def python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def test_the_output_is_what_was_printed() -> None:
    """Without the white space around it, and without what was said on stderr."""
    assert printed_by(["sh", "-c", "echo warning >&2; echo ' tok '"], 10) == "tok"


def test_a_command_has_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads nothing, leads a session of its own, has no controlling terminal and is told of none."""
    monkeypatch.setenv("GPG_TTY", "/dev/pts/7")
    code = (
        "import os, sys\n"
        "try: tty = os.open('/dev/tty', os.O_RDWR)\n"
        "except OSError: tty = None\n"
        "print(sys.stdin.read() == '', os.getsid(0) == os.getpid(), tty, os.environ.get('GPG_TTY'))"
    )
    assert printed_by(python(code), 10) == "True True None None"
    assert os.getsid(0) != os.getpid() or sys.platform != "linux"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["sh", "-c", "echo s3cret; echo first >&2; echo 'log in: \x1b[31mvpn\x1b[0m' >&2; exit 3"],
            "sh ended with 3: ",
        ),
        (["sh", "-c", "true"], "sh printed nothing"),
        (["sh", "-c", r"printf '\377'"], "sh: printed what is not text"),
        (["/no/such/program"], "/no/such/program: No such file or directory"),
        ([], "the command is empty"),
    ],
)
def test_a_failure_says_why_and_repeats_no_secret(words: list[str], said: str) -> None:
    """The program, how it ended and its last line on stderr, which cannot drive the terminal."""
    with pytest.raises(CommandFailedError) as failed:
        printed_by(words, 10)
    text = str(failed.value)
    assert text.startswith(said)
    assert "s3cret" not in text
    assert "\x1b" not in text
    assert "first" not in text


def test_a_command_over_its_time_is_ended_with_its_children() -> None:
    """Nobody waits for a grandchild that holds the pipe."""
    begun = time.monotonic()
    with pytest.raises(CommandFailedError, match=r"took over 0\.2 s"):
        run(["sh", "-c", "sleep 60 & wait"], 0.2)
    assert time.monotonic() - begun < 5
