"""The one sanitizer of text from outside: tenant names, tags, error messages, anything this program did not write.

Such text may carry what drives a terminal (escape sequences), what reorders a line (bidi controls) and what nobody
can see (zero-width characters). ``clean`` replaces each such character by a visible, harmless one of a single cell;
nothing vanishes, so a name that hides something never looks like the name that hides nothing:

====================================================================  ========================================
foreign                                                               shown as
====================================================================  ========================================
C0 controls and DEL (tab and newline among them)                      their control picture: ``␛``, ``␉``, ``␡``
NEL, line and paragraph separators                                    ``␤``
C1 controls, surrogates, private use, noncharacters, unassigned       ``�``
letters of flags (regional indicators)                                ``�`` each
bidi controls: marks, embeddings, overrides, isolates                 ``⇄``
zero-width and other invisible characters, tags, variation selectors  ``␢``
spaces that are not U+0020 (U+3000 stays: it is two cells wide)       ``␣``
combining marks beyond four on one base                               ``␢`` each
====================================================================  ========================================

Private use and unassigned characters and the letters of flags have no width that terminals agree on; emoji and CJK
ideographs that are newer than this Python's Unicode tables stay. Joined emoji and skin tones are shown as their parts,
since a terminal that does not know the joined form would measure the line otherwise than we do.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

MARKS: Final = 4
"""Combining marks that one base may carry; written languages need at most four."""

ELLIPSIS: Final = "…"
_HIDDEN: Final = "␢"
_BIDI: Final = "⇄"
_SPACE: Final = "␣"
_NEWLINE: Final = "␤"
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_BASE: Final = "\N{DOTTED CIRCLE}"

_NEWLINES: Final = frozenset("\x85\u2028\u2029")
_BIDI_CONTROLS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # joiners, fillers and blanks that call themselves letters
    + "".join(map(chr, range(0x180B, 0x1810)))  # Mongolian variation selectors
    + "".join(map(chr, range(0xFE00, 0xFE10)))  # variation selectors
    + "".join(map(chr, range(0xE0100, 0xE01F0)))  # variation selectors, supplement
    + "".join(map(chr, range(0x1F3FB, 0x1F400)))  # skin tones: no width, or two cells, as the terminal pleases
)
_WIDE_AND_MAYBE_NEW: Final = ((0x1F000, 0x1FAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD))
_WIDE_SINCE_UNICODE_16: Final = (
    (0x2630, 0x2637),
    (0x268A, 0x268F),
    (0x4DC0, 0x4DFF),
    (0x1D300, 0x1D356),
    (0x1D360, 0x1D376),
)
_REGIONAL: Final = ((0x1F1E6, 0x1F1FF),)
_JOINING_JAMO: Final = ((0x1160, 0x11FF), (0xD7B0, 0xD7FF))


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _unprintable(char: str, code: int) -> str:
    """What stands for a character that Python calls unprintable."""
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if char in _NEWLINES:
        return _NEWLINE
    if char in _BIDI_CONTROLS:
        return _BIDI
    category = unicodedata.category(char)
    if category == "Zs":
        return char if char == "\u3000" else _SPACE
    if category == "Cf" or 0xE0000 <= code <= 0xE0FFF:
        return _HIDDEN
    if category == "Cn" and _within(code, _WIDE_AND_MAYBE_NEW) and code & 0xFFFE != 0xFFFE:
        return char
    return _REPLACEMENT


@lru_cache(maxsize=4096)
def _shown(char: str) -> tuple[str, int]:
    """What stands for one character, and its width in cells; width 0 means that it joins the character before it."""
    code = ord(char)
    if char in _INVISIBLE:
        return _HIDDEN, 1
    if _within(code, _REGIONAL):
        return _REPLACEMENT, 1
    if not char.isprintable():
        char = _unprintable(char, code)
        code = ord(char)
    if unicodedata.category(char) in {"Mn", "Mc", "Me"} or _within(code, _JOINING_JAMO):
        return char, 0
    wide = unicodedata.east_asian_width(char) in {"W", "F"} or _within(code, _WIDE_SINCE_UNICODE_16)
    return char, 2 if wide or _within(code, _WIDE_AND_MAYBE_NEW) else 1


def _parts(text: str) -> list[tuple[str, int]]:
    """The text's clean characters, each with its width, marks bounded."""
    parts: list[tuple[str, int]] = []
    marks = 0
    for char in text:
        part = _shown(char)
        if part[1]:
            marks = 0
        else:
            if not parts:
                parts.append((_BASE, 1))  # else the mark would sit on whatever the screen shows to its left
            marks += 1
            if marks > MARKS:
                part = (_HIDDEN, 1)
        parts.append(part)
    return parts


def clean(text: str, *, limit: int | None = None) -> str:
    """``text`` with nothing in it that could drive a terminal, reorder a line, hide, or break it in two.

    The result is one line and never longer than ``text`` by more than one character; ``clean(clean(x)) == clean(x)``.
    With ``limit`` it takes at most so many terminal cells, the last of them ``…`` where something was cut; a wide
    character is never split.
    """
    if text.isascii() and text.isprintable():
        if limit is None or len(text) <= limit:
            return text
        return text[: limit - 1] + ELLIPSIS if limit > 0 else ""
    if limit is not None:
        # A cell holds at most a base and its marks: what lies further cannot be seen, so it need not be looked at.
        text = text[: (max(limit, 0) + 1) * (MARKS + 2)]
    parts = _parts(text)
    if limit is None or sum(width for _, width in parts) <= limit:
        return "".join(char for char, _ in parts)
    if limit <= 0:
        return ""
    kept: list[str] = []
    left = limit - len(ELLIPSIS)
    for char, width in parts:
        if width > left:
            break
        left -= width
        kept.append(char)
    return "".join(kept) + ELLIPSIS
