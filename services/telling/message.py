"""A message: the items that it tells of, its id, and the bytes that are sent. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.model import Status
from services.telling.items import GRAVITY, Item
from services.text import clean
from services.words import say_instant

MOST_ITEMS: Final = 30
"""Of one message. With ``LONGEST`` it stays below the 256 KB that SNS takes, whatever the characters."""
LONGEST: Final = 200
"""Characters of a text from outside."""
SHOWN: Final = 5
"""Items that are told one by one in the text for people."""
SUBJECT: Final = 100
"""Characters of an SNS subject: ASCII."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, the same however often it is."""

    id: str
    """At random: by it a receiver knows a message that it has had before."""
    worst: Status
    subject: str
    body: str
    """JSON, ASCII-escaped: text from outside stays exact and cannot drive a terminal."""


def messages(items: Sequence[Item], at: datetime, make_id: Callable[[], str]) -> Iterator[Message]:
    """``items``, seen at ``at``, in as many messages as it takes."""
    for start in range(0, len(items), MOST_ITEMS):
        yield _message(items[start : start + MOST_ITEMS], at, make_id())


def _message(items: Sequence[Item], at: datetime, id_: str) -> Message:
    subject = _subject(items)
    body = {
        "id": id_,
        "type": "tenure.due",
        "at": say_instant(at),
        "text": "\n".join([subject, *_lines(items)]),
        "items": [_item(item) for item in items],
    }
    worst = max((item.status for item in items), key=lambda it: GRAVITY[it])
    return Message(id_, worst, subject, json.dumps(body, ensure_ascii=True))


def _item(item: Item) -> dict[str, str | None]:
    return {
        "tenant": item.key.tenant,
        "figure": item.key.figure[:LONGEST],
        "area": item.area,
        "status": str(item.status),
        "due_at": say_instant(item.due_at) if item.due_at else None,
        "clause": item.clause,
        "reason": item.reason[:LONGEST],
        "acknowledged_by": item.acknowledged_by[:64] if item.acknowledged_by else None,
    }


def _subject(items: Sequence[Item]) -> str:
    """``Tenure: 1 breached, 2 due``."""
    counts = Counter(item.status for item in items)
    said = ", ".join(f"{counts[status]} {status}" for status in sorted(counts, key=lambda it: -GRAVITY[it]))
    return f"Tenure: {said}"[:SUBJECT]


def _lines(items: Sequence[Item]) -> Iterator[str]:
    """For people: the first of them, sanitized."""
    for item in items[:SHOWN]:
        yield clean(f"{item.status} {item.key.tenant or '-'} {item.key.figure}: {item.reason}", limit=LONGEST)
    if len(items) > SHOWN:
        yield f"and {len(items) - SHOWN} more"
