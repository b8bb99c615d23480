"""Copying: what is sent for which terminal, and through a real tmux."""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from screens.clipboard import LIMIT, PIECE, has_tmux, sequence, through_tmux, too_long
from screens.widgets.row import Row
from tests.support.console import console, settled
from tests.support.fleet import fleet
from tests.support.pilot import drive
from tests.support.pty import Terminal

HELLO = base64.b64encode(b"hello").decode()


@pytest.mark.parametrize(
    ("term", "env", "sent"),
    [
        ("xterm-256color", {}, f"\x1b]52;c;{HELLO}\x07"),
        ("tmux-256color", {}, f"\x1b]52;c;{HELLO}\x07\x1bPtmux;\x1b\x1b]52;c;{HELLO}\x07\x1b\\"),
        ("screen", {"STY": "1.pts"}, f"\x1bP\x1b]52;c;{HELLO}\x07\x1b\\"),
        ("screen.xterm-256color", {}, f"\x1bP\x1b]52;c;{HELLO}\x07\x1b\\"),
    ],
)
def test_the_sequence_suits_the_terminal(term: str, env: dict[str, str], sent: str) -> None:
    """Plain OSC 52, wrapped as well where a tmux before the line may want either, and in a DCS for GNU screen."""
    assert sequence("hello", {"TERM": term, **env}) == sent


@pytest.mark.parametrize("length", [1, 170, 171, 5000, LIMIT])
def test_gnu_screen_is_handed_pieces_that_fit_its_buffer(length: int) -> None:
    """Each piece is a DCS of its own that the oldest buffer holds, and together they are the plain sequence."""
    text = "x" * length
    pieces = sequence(text, {"TERM": "screen", "STY": "1.pts"}).split("\x1b\\")[:-1]
    assert all(piece.startswith("\x1bP") and len(piece) <= 2 + PIECE < 256 for piece in pieces)
    assert "".join(piece.removeprefix("\x1bP") for piece in pieces) == sequence(text, {"TERM": "xterm"})


@pytest.mark.processes
@pytest.mark.unmeasured
@pytest.mark.skipif(shutil.which("screen") is None, reason="GNU screen is not installed")
@pytest.mark.parametrize("length", [5, 30_000])
def test_gnu_screen_hands_a_copy_to_the_terminal_outside(tmp_path: Path, length: int) -> None:
    """A short text and a long one reach the terminal whole, and nothing of them is typed onto the picture."""
    text = "x" * length
    program = (
        "import os, sys; from screens.clipboard import sequence; "
        f"sys.stdout.write(sequence('x' * {length}, os.environ) + 'copied'); sys.stdout.flush(); sys.stdin.read(1)"
    )
    tmp_path.chmod(0o700)
    inner = {"PYTHONPATH": str(Path.cwd()), "SCREENDIR": str(tmp_path), "STY": None, "TMUX": None}
    with Terminal(["screen", "-c", "/dev/null", sys.executable, "-c", program], env=inner) as terminal:
        terminal.wait_for("copied")
        assert sequence(text, {"TERM": "xterm"}).encode() in bytes(terminal.raw)
        assert terminal.text.strip() == "copied"
        terminal.send("\r")
        assert terminal.wait_exit() == 0


def test_a_text_that_terminals_cut_is_refused_with_a_reason() -> None:
    """The largest text fits the 100,000 bytes; one byte more is not sent, and the sentence says how much it is."""
    assert too_long("x" * LIMIT) is None
    assert len(sequence("x" * LIMIT, {"TERM": "xterm"})) <= 100_000
    assert too_long("é" * LIMIT) == "Not copied: 149,988 bytes, and terminals take 74,994."


def test_a_tmux_that_does_not_answer_is_told() -> None:
    """Where tmux cannot be asked, it is said, and nothing is raised."""
    assert not has_tmux({"PATH": "/usr/bin"})
    assert (through_tmux("x", {"PATH": "", "TMUX": "/nowhere,1,0"}) or "").startswith("tmux did not copy it")


def test_what_is_copied_or_not_is_said_on_the_screen() -> None:
    """`c` copies the cell of the chosen column; what is too long is not copied, and that is said."""

    async def steps(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("shift+right", "shift+right", "c")
        await pilot.pause()
        assert app.clipboard == "northgate"
        rule = app.screen.query_one("#rule", Row)
        assert "Copied: northgate" in rule.text
        app.copy_to_clipboard("x" * 80_000)
        await pilot.pause()
        assert "Not copied: 80,000 bytes" in rule.text
        assert app.clipboard == "northgate"

    drive(console(fleet()), steps)


@pytest.mark.processes
@pytest.mark.unmeasured
@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_in_tmux_it_is_copied_and_the_picture_is_whole_after_attach(tmp_path: Path) -> None:
    """In a tmux with its own settings `Y` reaches the clipboard of the terminal outside; after a detach nothing is
    lost, and attached again in another size the picture is whole."""
    tmux = ["tmux", "-S", str(tmp_path / "s"), "-f", "/dev/null"]
    run = f"{sys.executable} -m tests.support.console"
    inner = {"PYTHONPATH": str(Path.cwd()), "TMUX": None}
    try:
        with Terminal([*tmux, "new-session", run], env=inner) as terminal:
            terminal.wait_for("? help")
            terminal.settle()
            terminal.send("Y")
            copied = base64.b64encode(b"tenure list tenants")
            terminal.wait_for(lambda: copied in terminal.raw)
            subprocess.run([*tmux, "detach-client"], check=True)
            terminal.wait_exit()
        with Terminal([*tmux, "attach"], env=inner, columns=100, rows=30) as again:
            again.wait_for(lambda: " tenure" in again.display[0] and "wingtip-sd" in again.text)
            again.wait_for(lambda: any("? help" in line for line in again.display[-3:]))
            again.send("\x11")
            again.wait_exit(3)
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
