"""The sanitizer."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from services.text import MARKS, clean

ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=60)
HOSTILE = st.text(
    alphabet=st.sampled_from(
        "a\u0301\u0308éß\x1b\x07\x9b\x7f\t\n\u200b\u200d\u202e\u2066\ufe0f\ufeff日本👩🏽🇮\ue000\ud800\U000e0041\u1160\u1100"
    ),
    max_size=40,
)


def foreign(char: str) -> bool:
    """Whether a character may drive, reorder or hide: the definition, apart from the implementation."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} or (
        unicodedata.category(char) == "Zs" and char not in " \u3000"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("acme-health", "acme-health"),
        ("\x1b[31mred\x1b]0;title\x07", "␛[31mred␛]0;title␇"),
        ("a\tb\r\nc\x7f", "a␉b␍␊c␡"),
        ("csi \x9b31m nel\x85", "csi \ufffd31m nel␤"),
        ("line\u2028para\u2029", "line␤para␤"),
        ("\u202eevil\u202c \u200e\u200f\u061c\u2066x\u2069", "⇄evil⇄ ⇄⇄⇄⇄x⇄"),
        ("ze\u200bro\u2060\ufeff", "ze␢ro␢␢"),
        ("soft\u00adhyphen\u115f\u3164", "soft␢hyphen␢␢"),
        ("nbsp\u00a0here", "nbsp␣here"),
        ("flag 🇮🇹", "flag ��"),
        ("private\ue0b0 \ud83d \uffff", "private� � �"),
        ("👩\u200d🚀 ❤\ufe0f 👍🏽", "👩␢🚀 ❤␢ 👍␢"),
        ("日本語\u3000株式会社", "日本語\u3000株式会社"),
        ("شركة الاتصالات", "شركة الاتصالات"),
        ("Zürich Ångström", "Zürich Ångström"),
        ("\u0301leading", "◌\u0301leading"),
        ("z" + "\u0301" * 6, "z" + "\u0301" * MARKS + "␢␢"),
        ("flag \U0001f3f4\U000e0067\U000e007f", "flag 🏴␢␢"),
    ],
)
def test_each_foreign_character_is_shown(text: str, shown: str) -> None:
    """Every kind of foreign character becomes its visible stand-in, and legitimate writing stays."""
    assert clean(text) == shown


@pytest.mark.unmeasured
def test_no_character_of_unicode_passes_that_could_drive_or_hide() -> None:
    """Every code point outside the ideographs and the empty planes, alone: nothing foreign, and at least one cell."""
    planes = (
        range(0x3400),
        range(0xA000, 0xAC00),
        range(0xD7A0, 0x20000),
        range(0xE0000, 0xE0200),
        range(0x10FFF0, 0x110000),
    )
    for code in itertools.chain(*planes):
        shown = clean(chr(code))
        assert not any(foreign(char) for char in shown), hex(code)
        assert cell_len(shown) >= 1, hex(code)


@given(ANY_TEXT | HOSTILE)
def test_idempotent_and_bounded(text: str) -> None:
    """Cleaning twice changes nothing more, and the result grows by one character at most."""
    once = clean(text)
    assert clean(once) == once
    assert len(text) <= len(once) <= len(text) + 1
    assert len(once.splitlines()) <= 1
    once.encode()


@given(ANY_TEXT | HOSTILE, st.integers(min_value=-1, max_value=30))
def test_never_wider_than_the_limit(text: str, limit: int) -> None:
    """By Textual's own measure the result fits its cells; it says so where something was cut; cutting is idempotent."""
    cut = clean(text, limit=limit)
    whole = clean(text)
    assert cell_len(cut) <= max(limit, 0)
    assert clean(cut, limit=limit) == cut
    assert cut == whole or limit <= 0 or (cut.endswith("…") and whole.startswith(cut[:-1]))


@given(HOSTILE)
def test_hidden_characters_make_a_visible_difference(text: str) -> None:
    """A text never looks like the same text without its foreign characters."""
    bare = "".join(char for char in text if not foreign(char))
    if bare != text:
        assert clean(text) != clean(bare)
