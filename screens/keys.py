"""How keys are written on the screen, and which of them work here."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from textual.binding import Binding
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
    "full_stop": ".",
    "@": "space",
    "backslash": "\\",
    "f1": "F1",
    "f2": "F2",
}


def key_name(key: str) -> str:
    """``shift+right`` as ``shift+→``; of several keys the first."""
    *modifiers, last = key.split(",", maxsplit=1)[0].strip().split("+")
    return "+".join([*modifiers, _NAMES.get(last, last)])


_FOOTER = (
    "sign_in",
    "select",
    "choose",
    "why",
    "acknowledge",
    "approve",
    "withdraw",
    "review",
    "actions",
    "filter",
    "command",
    "only_bad",
    "matrix",
    "mark",
    "timeline",
    "sort",
    "back",
    "help",
)
"""Actions in the order of the footer; where there is no room the last ones go first, except help."""

ORDER = "order("
"""What the keys of actions on a tenant begin with: they stand together, and give way before any other."""

_NOT_OURS = ("app.focus_next", "app.focus_previous", "screen.copy_text", "help_quit")


def working_keys(screen: Screen[Any]) -> Iterator[tuple[str, str, Binding]]:
    """Keys, word and binding, for every described key that works on ``screen`` now.

    Several keys of one action are one entry: ``j ↓``.
    """
    entries: dict[tuple[int, str], tuple[list[str], Binding]] = {}
    for name, active in screen.active_bindings.items():
        binding = active.binding
        if binding.description and binding.action not in _NOT_OURS and active.enabled:
            names = entries.setdefault((id(active.node), binding.action), ([], binding))[0]
            if key_name(name) not in names:  # some keys have a name of their own in some terminals
                names.append(key_name(name))
    for names, binding in entries.values():
        yield " ".join(names), binding.description.lower(), binding


def footer_piece(name: str, word: str, rank: int) -> Piece:
    """A key and its word as a piece of the footer."""
    return Piece(line((name, "bold $accent"), " ", (word, DIM)), rank)


def footer(screen: Screen[Any], *, without: Container[str] = ()) -> list[Piece]:
    """The footer's pieces, for the actions not in ``without``."""
    words = {
        binding.action: (names, word)
        for names, word, binding in working_keys(screen)
        if binding.show and binding.action not in without
    }
    known = [action for action in _FOOTER if action in words]
    own = [action for action in words if action.startswith(ORDER)]
    others = [action for action in words if action not in _FOOTER and action not in own]
    at = known.index("actions") + 1 if "actions" in known else 0
    ranks = {action: rank for rank, action in enumerate([*known, *others, *own], start=2)} | {"help": 1}
    return [
        footer_piece(words[action][0].split(" ")[0], words[action][1], ranks[action])
        for action in (*known[:at], *own, *known[at:], *others)
    ]
