"""Esc and what was typed right after it, as they come in one read."""

from __future__ import annotations

import pytest
from textual import constants
from textual.events import Key

from screens.line.escapes import AFTER, EscapeParser


@pytest.fixture
def parser(monkeypatch: pytest.MonkeyPatch) -> EscapeParser:
    """A parser for which the time after which an Esc stands alone has always passed."""
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 0.0)
    return EscapeParser()


def keys(parser: EscapeParser, *reads: str) -> list[str]:
    """The names of the keys, with ``>`` for those that came with an Esc."""
    told = [it for read in reads for it in (*parser.feed(read), *parser.tick())]
    return [it.key.replace(AFTER, ">") for it in told if isinstance(it, Key)]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("\x1bj", ["escape", ">j"]),
        ("\x1bG", ["escape", ">G"]),
        ("\x1b1", ["escape", ">1"]),
        ("\x1b-", ["escape", ">minus"]),
        ("\x1b\r", ["escape", ">enter"]),
        ("\x1b:x\r", ["escape", ">colon", ">x", ">enter"]),
        ("\x1bj\x1bk", ["escape", ">j", "escape", ">k"]),
        ("j\x1b", ["j", "escape"]),
        ("\x1b\x1b", ["escape", "escape"]),
    ],
)
def test_esc_and_a_key_are_two(parser: EscapeParser, read: str, expected: list[str]) -> None:
    """The key after it, and all that came in the same read, is told apart from what is typed later."""
    assert keys(parser, read, "j") == [*expected, "j"]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("\x1b[A", ["up"]),
        ("\x1bOA", ["up"]),
        ("\x1b[1;2C", ["shift+right"]),
        ("\x1b[27u", ["escape"]),
        ("\x1b[106;3u", ["alt+j"]),
        ("\x1bb", ["ctrl+left"]),
        ("\x1b\x7f", ["ctrl+w"]),
        ("\x1b\t", ["shift+tab"]),
    ],
)
def test_what_is_one_key_stays_one(parser: EscapeParser, read: str, expected: list[str]) -> None:
    """Arrows, the keys of terminals that tell Alt from Esc, and those of readline."""
    assert keys(parser, read, "j") == [*expected, "j"]


def test_esc_and_a_key_in_two_reads_are_two_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key came before it was sure that the Esc stands alone."""
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 60.0)
    parser = EscapeParser()
    assert keys(parser, "\x1b", "j", "k") == ["escape", ">j", "k"]


def test_a_paste_is_a_paste(parser: EscapeParser) -> None:
    """Between its marks nothing is a key."""
    assert keys(parser, "\x1b[200~abc\x1b[201~", "j") == ["j"]
