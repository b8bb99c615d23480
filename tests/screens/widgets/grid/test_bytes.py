"""What the grid writes to a real terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.support.pty import Terminal

PROGRAM = [sys.executable, "-m", "tests.screens.widgets.grid.program"]


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """The program with 100 rows, its first picture complete."""
    with Terminal(PROGRAM) as started:
        started.wait_for("r0 c0")
        started.settle(0.3)
        yield started


def written(terminal: Terminal, *keys: str) -> bytes:
    """What is written in answer to keys."""
    start = len(terminal.raw)
    terminal.press(*keys)
    terminal.settle(0.3)
    return bytes(terminal.raw[start:])


def test_equal_rows_write_nothing(terminal: Terminal) -> None:
    """A refresh that brings what is shown already sends not a byte."""
    assert written(terminal, "e", "e") == b""


def test_only_the_changed_line_is_sent(terminal: Terminal) -> None:
    """One changed row costs one line, up to the end of what changed."""
    sent = written(terminal, "c")
    assert "renamed" in terminal.text
    assert len(sent) < 100


def test_a_tick_sends_the_first_column_alone(terminal: Terminal) -> None:
    """A second costs the countdown's cells of each line, not the lines."""
    sent = written(terminal, "t")
    assert "3599s" in terminal.text
    assert b"name" not in sent
    assert len(sent) < 23 * 45


def test_a_held_arrow_key_writes_little(terminal: Terminal) -> None:
    """Going down over 70 rows, past the edge, costs two lines a key and a window now and then."""
    total = sum(len(written(terminal, "down")) for _ in range(23))
    assert total / 23 < 2 * 80 + 24 * 110 / 11 + 60


def test_no_foreign_byte_reaches_the_terminal(terminal: Terminal) -> None:
    """Whatever a cell holds, the terminal gets Textual's own sequences and printable text; nothing is obeyed."""
    written(terminal, "right", "right", "left", "shift+right", "o", "o", "end", "home")
    assert terminal.foreign() == set()
    assert terminal.screen.title == ""
    written(terminal, "left", "left", "shift+left", "o")
    assert "�]0;owned� [@click=app.quit]x[/] " in terminal.raw.decode()
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


@pytest.mark.parametrize(
    "env",
    [
        {"TERM": "xterm-16color"},
        {"TERM": "xterm", "LC_ALL": "C"},
        {"TERM": "xterm-256color", "NO_COLOR": "1"},
        {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    ],
)
def test_the_cursor_is_seen_whatever_the_terminal(env: dict[str, str]) -> None:
    """With 16 colours, without colour and in true colour a bar marks the cursor's line."""
    with Terminal(PROGRAM, env=env) as terminal:
        terminal.wait_for("r0 c0")
        terminal.press("down", "down")
        terminal.wait_for("▌     3598s")
        assert sum(line.startswith("▌") for line in terminal.display) == 1
        if env["TERM"] != "xterm-256color":
            assert b"38;5;" not in terminal.raw
            assert b"38;2;" not in terminal.raw


def test_a_hundred_thousand_rows_sort_and_filter_while_keys_are_answered() -> None:
    """Keys typed right behind a sort of 100,000 rows are all answered; then the sorted view is there."""
    with Terminal([*PROGRAM, "100000"]) as terminal:
        terminal.wait_for("r0 c0")
        terminal.press("shift+right", "o", *["down"] * 5)
        terminal.wait_for(lambda: "NAME▲" in terminal.display[0])
        terminal.settle(0.3)
        (cursor,) = [line for line in terminal.display if line.startswith("▌")]
        assert "r5 c0" in cursor
