"""What the grid writes to a real terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from tests.support.pty import Terminal

PROGRAM = [sys.executable, "-m", "tests.screens.widgets.grid.program"]


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """The program with 100 rows, its first picture complete."""
    with Terminal(PROGRAM) as started:
        started.wait_for("r0 c0")
        started.wait_for(lambda: b"\x1b[?2004h" in started.raw)
        started.settle()
        yield started


def written(terminal: Terminal, *keys: str, until: Callable[[], bool]) -> bytes:
    """What is written in answer to keys, until the screen shows the last one's effect."""
    start = len(terminal.raw)
    terminal.press(*keys)
    terminal.wait_for(until)
    return bytes(terminal.raw[start:])


def cursor_at(terminal: Terminal, row: int) -> Callable[[], bool]:
    """Whether the cursor's bar stands at a row, and no other line has one."""
    return lambda: [f"r{row} c0 " in line for line in terminal.display if line.startswith("▌")] == [True]


def test_equal_rows_write_nothing(terminal: Terminal) -> None:
    """A refresh that brings what is shown already sends none of it: only the cursor's two lines, for the key after."""
    sent = written(terminal, "e", "e", "down", until=cursor_at(terminal, 1))
    assert [row for row in range(23) if f"r{row} c0 ".encode() in sent] == [0, 1]


def test_only_the_changed_line_is_sent(terminal: Terminal) -> None:
    """One changed row costs one line, up to the end of what changed."""
    sent = written(terminal, "c", until=lambda: "renamed" in terminal.text)
    assert len(sent) < 100


def test_a_tick_sends_the_first_column_alone(terminal: Terminal) -> None:
    """A second costs the countdown's cells of each line, not the lines."""
    sent = written(terminal, "t", until=lambda: "3577s" in terminal.display[23])
    assert b"name" not in sent
    assert len(sent) < 23 * 45


def test_a_held_arrow_key_writes_little(terminal: Terminal) -> None:
    """Going down past the edge costs two lines a key, and a whole window only at every eleventh."""
    costs = [len(written(terminal, "down", until=cursor_at(terminal, row))) for row in range(1, 45)]
    assert sorted(row + 1 for row, cost in enumerate(costs) if cost > 500) == [23, 35]


def test_no_foreign_byte_reaches_the_terminal(terminal: Terminal) -> None:
    """Whatever a cell holds, the terminal gets Textual's own sequences and printable text; nothing is obeyed."""
    for shown in ("�]0;owned��[31mred ", "[@click=app.quit]x[/] ", "[/foo] �31m���. ", "�evil� ze�ro "):
        assert shown in terminal.text
    keys = ["right", "right", "left", "left", "shift+right", "o", "o", "end", "home", "shift+left", "o", "down"]
    written(terminal, *keys, until=lambda: "LEFT▲" in terminal.display[0])
    assert terminal.foreign() == set()
    assert terminal.screen.title == ""
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
        terminal.wait_for(cursor_at(terminal, 5))
