"""Hostile text on every screen, in a real pseudo-terminal: nothing of it may reach the terminal or the application."""

from __future__ import annotations

import base64
import re
import sys
import unicodedata

from screens.line.outlet import BROKEN_OFF
from services.sandbox.stories import HOSTILE
from tests.journeys.poison import tenant_id
from tests.support.pty import Terminal

# What Textual writes: colours, cursor, erasing, modes, queries, the kitty keyboard, the pointer's default shape; and
# with what the outlet ends a frame that it has broken off.
_OWN = re.compile(
    rb"\x1b\[[<>=?]?[0-9;:]*\$?[ABCDHJKhlmnpqtu]|\x1b[78=>]|\x1b\]22;default\x07|\r|\n|"
    + re.escape(BROKEN_OFF.encode())
)
_STARTS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


_COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")


def foreign(raw: bytes) -> list[str]:
    """Whatever in ``raw`` is neither one of Textual's own sequences, nor a command of ours that was copied, nor a
    character that is shown as it is."""
    text = _OWN.sub(b"", _COPIED.sub(_strange, raw)).decode("utf-8")
    return sorted({char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}})


def _strange(copied: re.Match[bytes]) -> bytes:
    """Nothing of a command that has only what can be typed."""
    text = base64.b64decode(copied[1]).decode("utf-8", "replace")
    return b"" if re.fullmatch(r"tenure [ -~]+", text) else copied[0]


def pieces(text: str) -> list[bytes]:
    """The surroundings of each control in a hostile string: to find one written proves that it got through."""
    around = (text[max(0, found.start() - 2) : found.start() + 12].encode() for found in _STARTS.finditer(text))
    return [piece for piece in around if not piece.endswith(b"\x1b[0m")]  # which Textual writes too


def test_foreign_bytes_would_be_found() -> None:
    """The measure itself sees a title, a clipboard write, an eight-bit control and a bidi override."""
    for text in (
        "\x1b]0;owned\x07",
        "\x1b]52;c;AA\x1b\\",
        "\x1b]52;c;b3duZWQ=\x07",
        "\x9b31m",
        "a\u202eb",
        "\x1bc",
        "\x1bPq\x1b\\",
    ):
        assert foreign(b"\x1b[1mfine\x1b[0m" + text.encode())


def test_no_hostile_text_reaches_the_terminal_or_the_application() -> None:
    """Every hostile string passes every screen, the bars and the matrix; no control of it is written or obeyed."""
    with Terminal([sys.executable, "-m", "tests.journeys.poison"], columns=120, rows=24) as terminal:
        terminal.wait_for(tenant_id(0))
        for area in ("due", "tenants", "recovery", "retention", "exports", "maintenance", "cases", "audit", "sources"):
            terminal.send(f":{area}\r")
            terminal.wait_for(area.capitalize())
            terminal.press(*["pagedown"] * 3, *["right"] * 8, "g", "home")
        for text in HOSTILE:
            typed = "".join(char for char in text if char.isprintable())[:12]
            terminal.send(f":tenants\r/\x15{typed}")
            terminal.settle()
            terminal.press("escape")
        terminal.send(":tenants\r")
        terminal.press("m")
        terminal.settle()
        terminal.press("escape")
        terminal.settle()
        for number in range(len(HOSTILE)):
            terminal.send(f":{tenant_id(number)}\r")
            terminal.wait_for(tenant_id(number))
            terminal.press(*["pagedown"] * 3)
        terminal.send(":due\r")
        terminal.press("w")
        terminal.settle()
        terminal.press("G", "Y", "escape", "a")
        terminal.settle()
        terminal.press("escape", "j", "w", "escape", "Y")
        terminal.press("?")
        terminal.settle()
        terminal.press("escape")
        assert terminal.process.poll() is None, terminal.text
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert foreign(bytes(terminal.raw)) == []
        got_through = [piece for text in HOSTILE for piece in pieces(text) if piece in terminal.raw]
        assert got_through == []
        assert terminal.problems() == []
