"""What is written for colours, by what the terminal says of itself."""

from __future__ import annotations

import re
import sys

import pytest

from tests.support.pty import Terminal

_SGR = re.compile(rb"\x1b\[([0-9;]*)m")


def colours(raw: bytes) -> set[str]:
    """The kinds of colour written: ``true``, ``256``, ``16``."""
    kinds = set()
    for found in _SGR.finditer(raw):
        codes = found[1].decode().split(";")
        while codes:
            code = codes.pop(0)
            if code in {"38", "48"} and codes:
                kind = codes.pop(0)
                kinds.add({"2": "true", "5": "256"}[kind])
                del codes[: 3 if kind == "2" else 1]
            elif code and (30 <= int(code) <= 49 or 90 <= int(code) <= 107) and code not in {"39", "49"}:
                kinds.add("16")
    return kinds


@pytest.mark.parametrize(
    ("term", "colorterm", "kind"),
    [("xterm-256color", None, "256"), ("xterm-16color", None, "16"), ("xterm-256color", "truecolor", "true")],
)
def test_only_colours_that_the_terminal_has(term: str, colorterm: str | None, kind: str) -> None:
    """Over SSH, which does not pass COLORTERM on, 256 colours; 16 where there are 16; the statuses stay in words."""
    argv = [sys.executable, "-m", "tests.support.console"]
    with Terminal(argv, env={"TERM": term, "COLORTERM": colorterm}) as terminal:
        terminal.wait_for("northgate")
        terminal.settle()
        assert colours(bytes(terminal.raw)) == {kind}
        assert "breached" in terminal.text
        terminal.press("ctrl+q")
