"""Text for the screen: built from parts, every one of them sanitized, never read as markup.

A part is a string or a ``(string, style)`` pair; a style is one of ours (``$dim``, ``bold $status-breached``), the
string may come from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeAlias

from rich.cells import cell_len
from textual.content import Content

from services.areas import words
from services.model import Status
from services.text import clean

Part: TypeAlias = "str | tuple[str, str]"

DIM = "$dim"
ACCENT = "$accent"
STRONG = "bold"
ERROR = "$status-breached"


def line(*parts: Part | Content) -> Content:
    """One line of text, sanitized part by part."""
    return Content.assemble(*(_safe(part) for part in parts))


def _safe(part: Part | Content) -> Content | tuple[str, str]:
    if isinstance(part, Content):
        return part
    text, style = (part, "") if isinstance(part, str) else part
    return (clean(text), style)


def age(then: datetime, now: datetime) -> str:
    """The time since, ``<1m`` for the first minute: a list of ages that count seconds writes itself anew each second,
    and sources are asked every minute."""
    return "<1m" if now - then < timedelta(minutes=1) else words.age(then, now)


def status_style(status: Status | str) -> str:
    """The style of a status word; the word stands first, the colour helps."""
    word = str(status)
    return f"bold $status-{word}" if word == Status.BREACHED else f"$status-{word}"


def cut(text: str, width: int) -> str:
    """``text`` sanitized and in at most ``width`` cells."""
    return clean(text, limit=max(width, 0))


def fit(text: str, width: int, *, right: bool = False) -> str:
    """``text`` sanitized and in exactly ``width`` cells."""
    shown = cut(text, width)
    space = " " * (width - cell_len(shown))
    return space + shown if right else shown + space


def both_ends(left: Content, right: Content, width: int) -> Content:
    """``left`` and ``right`` at the two ends of a line; where both do not fit the right one gives way first."""
    if left.cell_length + 2 + right.cell_length > width:
        room = width - left.cell_length - 2
        right = right.truncate(room, ellipsis=True) if room > 8 else Content("")
    gap = width - left.cell_length - right.cell_length
    return Content.assemble(left, " " * max(gap, 0), right)


def joined(parts: Iterable[Content | str], separator: str = "  ") -> Content:
    """The non-empty parts with ``separator`` between them."""
    whole: list[Content] = []
    for part in parts:
        content = part if isinstance(part, Content) else line(part)
        if content:
            whole += [Content(separator), content] if whole else [content]
    return Content.assemble(*whole)
