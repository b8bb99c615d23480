"""How keys are written on the screen, and which of them work here."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.screen import Screen

from screens.text import DIM, line
from screens.widgets.row import Piece

_NAMES = {
    "enter": "⏎",
    "escape": "Esc",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "exclamation_mark": "!",
    "minus": "-",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "space": "space",
    "tab": "Tab",
}


def key_name(key: str) -> str:
    """``shift+right`` as ``shift+→``; of several keys the first."""
    *modifiers, last = key.split(",", maxsplit=1)[0].strip().split("+")
    return "+".join([*modifiers, _NAMES.get(last, last)])


def working_keys(screen: Screen[None]) -> Iterator[tuple[str, str, bool]]:
    """Key, word and whether the footer shows it, for every described key that works on ``screen`` now.

    Several keys of one action are one entry: ``j ↓``.
    """
    entries: dict[tuple[int, str], tuple[list[str], str, bool]] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if not binding.description or binding.system or not active.enabled:
            continue
        entry = entries.setdefault((id(active.node), binding.action), ([], binding.description, binding.show))
        entry[0].append(key_name(key))
    for names, word, show in entries.values():
        yield " ".join(names), word, show


def footer_piece(key: str, word: str, rank: int) -> Piece:
    """A key and its word as a piece of the footer."""
    return Piece(line((key, "bold $accent"), " ", (word, DIM)), rank)


def footer(screen: Screen[None]) -> list[Piece]:
    """The footer's pieces: what is declared first stays longest, help always."""
    shown = [(key.split(" ")[0], word) for key, word, show in working_keys(screen) if show]
    pieces = [footer_piece(key, word, 1 if key == "?" else rank) for rank, (key, word) in enumerate(shown, start=2)]
    return [Piece(Content(" ")), *sorted(pieces, key=lambda piece: piece.rank == 1)]
