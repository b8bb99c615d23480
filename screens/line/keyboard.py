"""What comes from the terminal: keys go through, and a paste is cut, cleaned and never taken for keys.

A terminal says where a paste begins and ends (bracketed paste). Between the two anything may stand: a megabyte, a
binary file, escape sequences. A terminal that does not say it sends the paste as if somebody typed it; a person does
not type a hundred different characters between two reads, so that is a paste as well, until nothing comes for a while.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

START, END = "\x1b[200~", "\x1b[201~"
LIMIT: Final = 4096
"""Characters of a paste that are kept."""
BURST: Final = 100
"""Characters in one read that nobody has typed."""
QUIET_S: Final = 0.3
"""A burst is over when nothing has come for so long."""
STUCK_S: Final = 5.0
"""A paste whose end does not come is over when nothing has come for so long."""

_ANSWER: Final = re.compile(r"\x1b\[[0-9]{1,5};[0-9]{1,5}R")
"""Where the cursor is (CPR, ECMA-48 8.3.14). A terminal may answer in the middle of a paste, and the next picture waits
for it. Text that looks like it makes that picture come too early, no more."""
_HALF: Final = re.compile(r"\x1b(?:\[[0-9]{0,5}(?:;[0-9]{0,5})?)?$")
"""The first half of one, or of a paste's end."""
_State: TypeAlias = Callable[[str], tuple[str, str]]

_PICTURES: Final = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: "␡",
    **dict.fromkeys(range(0x80, 0xA0), "\N{REPLACEMENT CHARACTER}"),
}


class Keyboard:
    """Turns what was read into what a parser of keys may see; instants are ``time.monotonic`` seconds."""

    def __init__(self, answered: Callable[[], object] = lambda: None) -> None:
        """``answered``: called for each answer of the terminal that stands in a paste, where no parser sees it."""
        self._answered = answered
        self._seen = ""
        """The last characters that went through, in which a paste's start may have begun."""
        self._held = ""
        """What may be the first half of a paste's end, or of an answer."""
        self._state: _State = self._keys
        self._room = 0
        self._last = 0.0
        self.left_out = 0
        """Characters of the last paste that were not kept."""

    def feed(self, data: str, now: float) -> str:
        """What a parser gets for ``data``."""
        before = self.tick(now)
        self._last = now
        parts = [before]
        while data:
            part, data = self._state(data)
            parts.append(part)
        return "".join(parts)

    def tick(self, now: float) -> str:
        """What it gets when nothing has come until ``now``."""
        quiet = now - self._last
        patience = QUIET_S if self._state == self._burst else STUCK_S
        if self._state != self._keys and quiet >= patience:
            return self._kept(self._held) + self._over()
        return ""

    def _keys(self, data: str) -> tuple[str, str]:
        before = self._seen
        at = (before + data).find(START)
        if at >= 0:
            cut = at + len(START) - len(before)
            self._begin(self._paste)
            return data[:cut], data[cut:]
        if len(data) >= BURST and "\x1b" not in data and len(set(data)) > 1:
            self._begin(self._burst)
            return START, data
        self._seen = (before + data)[-len(START) + 1 :]
        return data, ""

    def _begin(self, state: _State) -> None:
        self._state = state
        self._seen = self._held = ""
        self._room, self.left_out = LIMIT, 0

    def _paste(self, data: str) -> tuple[str, str]:
        data, self._held = self._held + data, ""
        content, end, rest = data.partition(END)
        if end:
            return self._kept(content) + self._over(), rest
        if half := _HALF.search(content):
            content, self._held = content[: half.start()], half[0]
        return self._kept(content), ""

    def _burst(self, data: str) -> tuple[str, str]:
        return self._kept(data), ""

    def _kept(self, content: str) -> str:
        content = _ANSWER.sub(self._heard, content)
        kept = content[: self._room]
        self._room -= len(kept)
        self.left_out += len(content) - len(kept)
        return kept.translate(_PICTURES)

    def _heard(self, _: re.Match[str]) -> str:
        self._answered()
        return ""

    def _over(self) -> str:
        self._held = ""
        self._state = self._keys
        return END
