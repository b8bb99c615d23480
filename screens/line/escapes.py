"""Esc and the keys typed right after it, which over a line arrive as one: ``ESC j`` is what Alt and ``j`` send as well.

A terminal that cannot tell the two apart sends the same bytes for both (xterm's ``metaSendsEscape``). No key here has
Alt, and Esc is pressed all the time, so it is Esc, and then the other key. That one bears a mark, as does what came
with it: whoever typed it had not seen yet what Esc leads to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual._xterm_parser import XTermParser
from textual.events import Key
from textual.message import Message

ESC: Final = "\x1b"
AFTER: Final = "after-escape+"
"""What the name of a key begins with that came with an Esc before it."""
_OTHERS: Final = frozenset("[]OPNX^_bf")
"""After Esc these begin something longer (ECMA-48, 5.3), or are keys that terminals send for a word's step."""


class EscapeParser(XTermParser):
    """Textual's parser, but for Esc and a key in one."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._after = False

    def feed(self, data: str) -> Iterable[Message]:
        """What ``data``, which was read at once, comes to."""
        self._after = False
        yield from super().feed(data)

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        if len(sequence) == len(ESC) + 1 and sequence[0] == ESC and _typed(sequence[1]):
            yield Key("escape", ESC)
            self._after, sequence = True, sequence[1]
        for key in super()._sequence_to_key_events(sequence, alt):
            yield Key(AFTER + key.key, key.character) if self._after else key


def _typed(character: str) -> bool:
    """Whether it is a key by itself, also after Esc."""
    return character not in _OTHERS and (character.isprintable() or character == "\r")
