"""Telling: written down first, delivered at least once, each target by itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest

from services.model import Status
from services.telling.items import Item
from services.telling.message import MOST_ITEMS, Message
from services.telling.sender import Delivery, Sender
from services.telling.state import State, StateError, load, save
from services.telling.tell import Report, tell
from tests.services.telling.things import AT, Memory, item

NUMBERS = count(1)
DOWN = Delivery(done=False, error="answered 503")
REFUSED = Delivery(done=False, error="answered 413", refused=True)


def told(path: Path, senders: Sequence[Sender], *items: Item) -> Report:
    return tell(
        items,
        load(path),
        senders,
        lambda it: save(path, it),
        at=AT,
        whole=True,
        make_id=lambda: f"id-{next(NUMBERS)}",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "notify.json"


def test_what_is_new_is_told_once_over_several_looks(path: Path) -> None:
    """The file remembers; only its owner reads it."""
    memory = Memory()
    assert len(told(path, [memory], item("acme", Status.DUE), item("contoso", Status.DUE)).new) == 2
    assert told(path, [memory], item("acme", Status.DUE), item("contoso", Status.BREACHED)).delivered == 1
    assert told(path, [memory], item("acme", Status.DUE), item("contoso", Status.BREACHED)).delivered == 0
    said = [[it["tenant"] for it in json.loads(message.body)["items"]] for message in memory.got]
    assert said == [["acme", "contoso"], ["contoso"]]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_target_that_is_down_gets_it_later_under_the_same_id(path: Path) -> None:
    """The other has it at once, and not again; what came meanwhile comes after it."""
    well, down = Memory("well"), Memory("down", ends=[DOWN])
    first = told(path, [down, well], item("acme", Status.DUE))
    assert (first.delivered, first.failures) == (1, ("down: answered 503",))
    told(path, [down, well], item("acme", Status.DUE), item("contoso", Status.DUE))
    assert [it.id for it in down.got] == [it.id for it in well.got]
    assert len(down.got) == 2
    assert load(path).outbox == ()


def test_what_is_down_is_not_tried_with_each_message(path: Path) -> None:
    """One failure tells for all that wait; they keep their order."""
    down = Memory("down", ends=[DOWN, DOWN])
    told(path, [down], item("acme", Status.DUE))
    report = told(path, [down], item("acme", Status.DUE), item("contoso", Status.DUE))
    assert report.failures == ("down: answered 503",)
    assert (down.ends, len(load(path).outbox)) == ([], 2)


def test_a_message_that_is_refused_keeps_no_other_waiting(path: Path) -> None:
    """It is tried again all the same: what refuses it may be mended."""
    picky = Memory("picky", ends=[DOWN, REFUSED])
    told(path, [picky], item("acme", Status.DUE))
    report = told(path, [picky], item("acme", Status.DUE), item("contoso", Status.DUE))
    assert (report.delivered, report.failures) == (1, ("picky: answered 413",))
    told(path, [picky], item("acme", Status.DUE), item("contoso", Status.DUE))
    assert [json.loads(it.body)["items"][0]["tenant"] for it in picky.got] == ["contoso", "acme"]


def test_one_that_ends_before_it_has_noted_the_delivery_sends_again(path: Path) -> None:
    """Killed between the answer and the note: at least once, and by its id known to be the same."""
    memory = Memory()
    noted = 0

    def keep(state: State) -> None:
        nonlocal noted
        noted += 1
        if noted == 2:
            raise KeyboardInterrupt
        save(path, state)

    with pytest.raises(KeyboardInterrupt):
        tell([item("acme", Status.DUE)], State(), [memory], keep, at=AT, whole=True, make_id=lambda: "id-7")
    told(path, [memory], item("acme", Status.DUE))
    assert [it.id for it in memory.got] == ["id-7", "id-7"]


def test_an_interrupt_leaves_noted_what_has_arrived(path: Path) -> None:
    """The next time goes on with what had not."""

    class Interrupted(Memory):
        def send(self, message: Message) -> Delivery:
            if len(self.got) == 1:
                raise KeyboardInterrupt
            return super().send(message)

    first, items = Interrupted("target"), [item(f"t-{number:02}", Status.DUE) for number in range(2 * MOST_ITEMS)]
    with pytest.raises(KeyboardInterrupt):
        told(path, [first], *items)
    second = Memory("target")
    assert told(path, [second], *items).delivered == 1
    assert first.got[0].id != second.got[0].id


def test_nothing_is_sent_that_cannot_be_noted(tmp_path: Path) -> None:
    """A disk that is full would tell the same at every look."""
    (tmp_path / "file").write_text("")
    memory = Memory()

    def keep(state: State) -> None:
        save(tmp_path / "file" / "state.json", state)

    with pytest.raises(StateError, match="cannot be written"):
        tell([item("acme", Status.DUE)], State(), [memory], keep, at=AT, whole=True, make_id=lambda: "id")
    assert memory.got == []


def test_what_waits_for_a_target_that_is_gone_is_given_up_and_said(path: Path) -> None:
    """The others keep what waits for them."""
    gone, down = Memory("gone", ends=[DOWN]), Memory("down", ends=[DOWN])
    told(path, [gone, down], item("acme", Status.DUE))
    report = told(path, [down], item("acme", Status.DUE))
    assert report.given_up == ("gone: 1 messages, since it is not told any more",)
    assert len(down.got) == 1


def test_no_more_wait_than_a_bound(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest are given up, and it is said."""
    monkeypatch.setattr("services.telling.tell.MOST_WAITING", 2)
    down = Memory("down", ends=[DOWN] * 3)
    tenants = ("acme", "contoso", "fabrikam")
    reports = [told(path, [down], *(item(it, Status.DUE) for it in tenants[: n + 1])) for n in range(3)]
    assert [it.given_up for it in reports] == [(), (), ("1 of the oldest messages, since too many wait",)]
    assert len(load(path).outbox) == 2


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"version":2,"told":[],"outbox":[]}', '{"version":1,"told":[{"tenant":1}],"outbox":[]}'],
)
def test_a_file_that_is_no_state_is_said_and_kept(path: Path, text: str) -> None:
    """Whoever named the wrong file loses nothing."""
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(StateError, match="is no state of tenure notify"):
        load(path)
    assert path.read_text() == text
