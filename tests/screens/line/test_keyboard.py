"""What a parser of keys gets to see of what was typed and pasted."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.line.keyboard import BURST, END, LIMIT, QUIET_S, START, STUCK_S, Keyboard


def fed(keyboard: Keyboard, *pieces: str, at: float = 0.0) -> str:
    return "".join(keyboard.feed(piece, at) for piece in pieces)


@pytest.mark.parametrize(
    "keys", ["j", "\x1b", "\x1b[A", "\x1b[6;1u", ":recovery\r/globex\r", "j" * 4000, "\x1b[B" * 99]
)
def test_keys_go_through(keys: str) -> None:
    """Keys are not touched, neither fast ones nor one that is held down while the line stood still."""
    assert fed(Keyboard(), keys) == keys


@given(st.text(st.sampled_from("ab\r\t\x1b[20~1\x00\x9b"), max_size=60), st.lists(st.integers(0, 90), max_size=6))
def test_a_paste_is_the_same_however_it_is_cut(content: str, cuts: list[int]) -> None:
    """A paste between two keys arrives as one, without a control character, whatever reads its bytes came in."""
    content = content.replace(END, "")
    whole = "j" + START + content + END + "k"
    places = sorted({0, len(whole), *(min(cut, len(whole)) for cut in cuts)})
    got = fed(Keyboard(), *(whole[a:b] for a, b in pairwise(places)))
    if not content.endswith(tuple(END[:n] for n in range(1, len(END)))):  # else its end is in doubt, but not its danger
        assert got.startswith("j" + START)
        assert got.endswith(END + "k")
    inside = got.partition(START)[2].partition(END)[0]
    assert not {char for char in inside if char not in "\t\r\n" and not char.isprintable() and char != "�"}


@given(st.integers(0, 24), st.booleans())
def test_an_answer_in_a_paste_is_heard_and_no_part_of_it(cut: int, marked: bool) -> None:
    """The terminal tells where its cursor is while it sends a paste, in whatever reads that comes."""
    heard: list[None] = []
    keyboard = Keyboard(lambda: heard.append(None))
    if marked:
        whole = "a pasted\x1b[12;40R word" + END
        got = fed(keyboard, START, whole[:cut], whole[cut:])
        assert got == START + "a pasted word" + END
    else:
        got = fed(keyboard, "ab" * BURST, "cd\x1b[12;40Ref") + keyboard.tick(QUIET_S)
        assert got == START + "ab" * BURST + "cdef" + END
    assert heard == [None]


def test_a_megabyte_is_cut() -> None:
    """Of a megabyte what fits is kept, the rest is counted, and the key after it is a key."""
    keyboard = Keyboard()
    megabyte = "x\x1b[31m" * 170_000
    got = fed(keyboard, START, *(megabyte[at : at + 4096] for at in range(0, len(megabyte), 4096)), END + "j")
    assert got == START + megabyte[:LIMIT].replace("\x1b", "␛") + END + "j"
    assert keyboard.left_out == len(megabyte) - LIMIT


def test_a_burst_without_marks_is_a_paste() -> None:
    """What nobody can have typed between two reads is one paste, until nothing comes for a while."""
    keyboard = Keyboard()
    text = "SELECT 1;\r" * 40
    assert keyboard.feed(text, 0) == START + text
    assert keyboard.feed("qqqq", QUIET_S / 2) == "qqqq"
    assert keyboard.tick(QUIET_S) == ""
    assert keyboard.tick(QUIET_S * 1.6) == END
    assert keyboard.feed("j", 1) == "j"


def test_a_key_after_a_burst_is_a_key() -> None:
    """The end of a burst is told before the key that follows it, though no tick came between."""
    keyboard = Keyboard()
    keyboard.feed("ab" * BURST, 0)
    assert keyboard.feed("j", QUIET_S) == END + "j"


def test_a_paste_without_end_does_not_swallow_keys_for_ever() -> None:
    """When the end of a paste got lost, keys are keys again after some quiet seconds."""
    keyboard = Keyboard()
    keyboard.feed(START + "half\x1b[20", 0)
    assert keyboard.tick(STUCK_S / 2) == ""
    assert keyboard.feed("j", STUCK_S) == "␛[20" + END + "j"
