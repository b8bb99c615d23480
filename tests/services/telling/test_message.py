"""What is sent."""

from __future__ import annotations

import json
from itertools import count

from services.model import Status
from services.telling.items import Item
from services.telling.message import MOST_ITEMS, Message, messages
from tests.services.telling.things import AT, item

SNS_LIMIT = 256 * 1024


def made(*items: Item) -> list[Message]:
    numbers = count(1)
    return list(messages(items, AT, lambda: f"id-{next(numbers)}"))


def test_a_message_says_what_where_and_until_when() -> None:
    """As JSON for machines, with a text for people and its id."""
    (message,) = made(item("acme", Status.DUE), item("contoso", Status.BREACHED, "recovery.crm", "RPO 9m of 5m"))
    body = json.loads(message.body)
    assert (message.id, message.worst, message.subject) == ("id-1", Status.BREACHED, "Tenure: 1 breached, 1 due")
    assert (body["id"], body["type"], body["at"]) == ("id-1", "tenure.due", "2026-11-22T03:00:00Z")
    assert body["text"].splitlines() == [
        "Tenure: 1 breached, 1 due",
        "due acme grace: grace ends",
        "breached contoso recovery.crm: RPO 9m of 5m",
    ]
    assert body["items"][0] == {
        "tenant": "acme",
        "figure": "grace",
        "area": "retention",
        "status": "due",
        "due_at": "2026-11-22T03:00:00Z",
        "clause": "right-to-be-forgotten",
        "reason": "grace ends",
        "acknowledged_by": None,
    }


def test_many_items_are_several_messages_each_small_enough() -> None:
    """Whatever the characters are: SNS counts bytes, and JSON escapes."""
    worst = [
        item("t", Status.DUE, f"record.{number}." + "\U0001f6f0" * 5000, "\U0001f6f0" * 5000) for number in range(120)
    ]
    sent = made(*worst)
    assert [len(json.loads(it.body)["items"]) for it in sent] == [MOST_ITEMS] * 4
    assert len({it.id for it in sent}) == 4
    assert all(len(it.body) < SNS_LIMIT and it.body.isascii() and it.subject.isascii() for it in sent)


def test_nothing_new_is_no_message() -> None:
    """Nobody is told that there is nothing."""
    assert made() == []


def test_text_from_outside_drives_no_terminal() -> None:
    """In the text for people it is sanitized, for machines exact."""
    (message,) = made(item("acme", Status.DUE, reason="\x1b]0;owned\x07"))
    body = json.loads(message.body)
    assert "\x1b" not in body["text"]
    assert body["items"][0]["reason"] == "\x1b]0;owned\x07"
