"""Acknowledging: nobody's word is overwritten unseen, and a lost answer is no reason to write again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from services.internal.client import InternalApi
from services.internal.retry import Backoff
from services.internal.sending import Ask, Reply
from services.internal.writing import Writer
from services.model import Acknowledgement, Outcome
from services.wire.nouns import acknowledgement
from services.wire.registry import Role, WhoAmI
from tests.support.api import AT, TOKENS, bearer, serve_api, token
from tests.support.faulty import Exchange, serve_faulty
from tests.support.registry import acknowledgement as record
from tests.support.registry import busy_registry

MINE = acknowledgement(record("fabrikam", "grace", note="called them", assignee="vera"))
THEIRS = replace(MINE, by="olga@example.org", until=AT + timedelta(hours=3))
OLGA = {"olga-token": WhoAmI(user="olga@example.org", role="operator")}
QUICK = Backoff(first=0.01, longest=0.02)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with serve_api(tmp_path, busy_registry(), tokens={**TOKENS, **OLGA}) as address:
        yield address


def client(address: str, bearing: str = "operator-token") -> InternalApi:
    return InternalApi(address, bearing, now=lambda: AT, default_zone="UTC", backoff=QUICK)


def standing(address: str) -> list[Acknowledgement]:
    """What the server tells everybody of the item."""
    with client(address, token("viewer")) as api:
        answer = api.registry(threading.Event())
    return [one for one in answer.acknowledgements if one.figure == "grace"]


def test_an_acknowledgement_is_seen_by_all(address: str) -> None:
    """Kept with every member, noted in the audit log, renewed and taken back by whoever gave it."""
    with client(address) as api:
        kept = api.acknowledge(MINE)
        assert (kept.outcome, kept.value, kept.error) == (Outcome.SEEN, MINE, None)
        assert kept.source.operation == "PUT /acknowledgements"
        assert standing(address) == [MINE]
        longer = replace(MINE, until=MINE.until + timedelta(hours=1))
        assert api.acknowledge(longer).outcome is Outcome.SEEN
        assert standing(address) == [longer]
        assert api.withdraw("fabrikam", "grace").value == longer
        assert standing(address) == []
        assert api.withdraw("fabrikam", "grace").outcome is Outcome.EMPTY
        log = api.audit(threading.Event(), "fabrikam", 3).value or ()
    assert {(one.action, one.who, one.note) for one in log} == {
        (f"acknowledgement {verb}", "operator@example.org", "grace") for verb in ("create", "replace", "delete")
    }


def test_another_s_running_word_is_overwritten_only_by_who_has_seen_it(address: str) -> None:
    """Whoever was first is named; having seen it, an operator may take the item over."""
    with client(address, "olga-token") as olga, client(address) as api:
        assert olga.acknowledge(THEIRS).outcome is Outcome.SEEN
        refused = api.acknowledge(MINE)
        assert (refused.outcome, refused.value) == (Outcome.FAILED, None)
        assert refused.error == "olga@example.org has acknowledged it meanwhile, until 2026-11-23T15:00:00Z"
        assert standing(address) == [THEIRS]
        assert api.acknowledge(MINE, over=THEIRS).outcome is Outcome.SEEN
        assert standing(address) == [MINE]
        late = olga.withdraw("fabrikam", "grace", over=THEIRS)
        assert (late.outcome, late.error) == (Outcome.FAILED, "it is another one meanwhile, of operator@example.org")
        assert standing(address) == [MINE]


def test_a_word_whose_time_is_over_stands_in_nobody_s_way(address: str) -> None:
    """An acknowledgement that has ended is replaced like none."""
    ended = replace(THEIRS, at=AT - timedelta(hours=9), until=AT - timedelta(hours=2))
    with client(address, "olga-token") as olga, client(address) as api:
        assert olga.acknowledge(ended).outcome is Outcome.SEEN
        assert api.acknowledge(MINE).outcome is Outcome.SEEN


@pytest.mark.parametrize("role", ["viewer", "worker"])
def test_who_may_not_acknowledge_is_denied(address: str, role: Role) -> None:
    """In the server's words."""
    with client(address, token(role)) as api:
        refused = api.acknowledge(replace(MINE, by=f"{role}@example.org"))
    assert refused.outcome is Outcome.DENIED
    assert f"the role {role} may not do this" in (refused.error or "")


def test_nobody_acknowledges_in_another_s_name(address: str) -> None:
    """`by` must be the bearer of the token."""
    with client(address) as api:
        refused = api.acknowledge(THEIRS)
    assert refused.outcome is Outcome.DENIED
    assert "its bearer's own word" in (refused.error or "")
    assert standing(address) == []


@pytest.mark.parametrize("figure", ["", "x" * 1001, "nul\x00"])
def test_what_no_record_can_hold_is_refused_before_anything_is_sent(address: str, figure: str) -> None:
    """With the member that is wrong."""
    with client(address) as api:
        refused = api.acknowledge(replace(MINE, figure=figure))
    assert refused.outcome is Outcome.FAILED
    assert (refused.error or "").startswith("it cannot be kept: figure: ")


def test_an_item_that_no_tenant_owns_can_be_acknowledged(address: str) -> None:
    """Its tenant is absent, and its id is still its own."""
    with client(address) as api:
        assert api.acknowledge(replace(MINE, tenant=None)).outcome is Outcome.SEEN
        assert standing(address) == [replace(MINE, tenant=None)]
        assert api.withdraw(None, "grace").outcome is Outcome.SEEN


@dataclass
class Scripted:
    """Answers as told, in order, and keeps what it was asked."""

    replies: list[Reply]
    asked: list[Ask] = field(default_factory=list)

    def __call__(self, ask: Ask, cancel: threading.Event) -> Reply:
        self.asked.append(ask)
        return self.replies.pop(0)

    @property
    def methods(self) -> list[str]:
        return [ask.method for ask in self.asked]


def there(ack: Acknowledgement, tag: str = '"a"') -> Reply:
    body = record(ack.tenant, ack.figure, by=ack.by, at=ack.at, until=ack.until, note=ack.note, assignee=ack.assignee)
    return Reply(Outcome.SEEN, body.model_dump_json().encode(), status=200, tag=tag)


NOTHING = Reply(Outcome.FAILED, error="answered 404", status=404)
LOST = Reply(Outcome.FAILED, error="timed out (ReadTimeout)")
BUSY = Reply(Outcome.FAILED, error="answered 503", status=503)
CHANGED = Reply(Outcome.FAILED, error="answered 412", status=412)
BROKEN = Reply(Outcome.FAILED, error="ConnectError", status=0)


@pytest.mark.parametrize("lost", [LOST, BUSY, CHANGED])
@pytest.mark.parametrize(
    ("after", "outcome", "words"),
    [
        (there(MINE), Outcome.SEEN, None),
        (NOTHING, Outcome.FAILED, ""),
        (there(THEIRS), Outcome.FAILED, ""),
        (BROKEN, Outcome.FAILED, "it is not known whether it was carried out"),
    ],
)
def test_a_lost_answer_is_settled_by_looking(lost: Reply, after: Reply, outcome: Outcome, words: str | None) -> None:
    """One write, and then what stands there decides; where that cannot be read, nothing is claimed."""
    send = Scripted([NOTHING, lost, after])
    seen = Writer(send, lambda: AT).acknowledge(MINE, threading.Event(), None)
    assert send.methods == ["GET", "PUT", "GET"]
    assert send.asked[1].headers == {"If-None-Match": "*"}
    assert (seen.outcome, seen.value) == (outcome, MINE if outcome is Outcome.SEEN else None)
    assert (seen.error is None) == (words is None)
    assert (words or "") in (seen.error or "")


@pytest.mark.parametrize(
    ("after", "outcome"), [(NOTHING, Outcome.SEEN), (there(MINE), Outcome.FAILED), (BROKEN, Outcome.FAILED)]
)
def test_a_lost_withdrawal_is_settled_by_looking(after: Reply, outcome: Outcome) -> None:
    """Gone is withdrawn; still there, or not to be seen, is not."""
    send = Scripted([there(MINE), LOST, after])
    seen = Writer(send, lambda: AT).withdraw("fabrikam", "grace", threading.Event(), MINE)
    assert (send.methods, seen.outcome) == (["GET", "DELETE", "GET"], outcome)
    assert send.asked[1].headers == {"If-Match": '"a"'}


@pytest.mark.parametrize(
    "first", [BUSY, LOST, Reply(Outcome.SEEN, b"{}", status=200, tag='"a"'), replace(there(THEIRS), tag=None)]
)
def test_without_knowing_what_stands_there_nothing_is_written(first: Reply) -> None:
    """No answer, one that cannot be read, or one without a tag."""
    for act in ("acknowledge", "withdraw"):
        send = Scripted([first])
        writer = Writer(send, lambda: AT)
        if act == "acknowledge":
            seen = writer.acknowledge(MINE, threading.Event(), None)
        else:
            seen = writer.withdraw("fabrikam", "grace", threading.Event(), None)
        assert (send.methods, seen.outcome, seen.value) == (["GET"], Outcome.FAILED, None)
        assert seen.error


def test_the_tag_of_what_was_read_guards_the_write() -> None:
    """A change between the reading and the writing is noticed by the server."""
    send = Scripted([there(THEIRS, '"seen"'), Reply(Outcome.SEEN, status=200)])
    Writer(send, lambda: AT).acknowledge(MINE, threading.Event(), THEIRS)
    assert send.asked[1].headers == {"If-Match": '"seen"'}


def put_heads(requests: list[str]) -> int:
    return sum(head.startswith("PUT ") for head in requests)


@pytest.mark.parametrize(("status", "tries"), [(503, 1), (500, 1), (429, 4)])
def test_a_write_is_sent_again_only_where_it_was_surely_refused(status: int, tries: int) -> None:
    """Over HTTP: throttled is tried again, an outage is not, and a broken connection neither."""

    def handler(exchange: Exchange) -> None:
        exchange.answer(status if exchange.head.startswith("PUT ") else 404)

    with serve_faulty(handler) as server, client(server.address) as api:
        assert api.acknowledge(MINE).outcome is (Outcome.THROTTLED if status == 429 else Outcome.FAILED)
    assert put_heads(server.requests) == tries


def test_a_connection_that_breaks_under_a_write_is_not_sent_again() -> None:
    """It may have arrived."""

    def handler(exchange: Exchange) -> None:
        if exchange.head.startswith("PUT "):
            exchange.reset()
        else:
            exchange.answer(404)

    with serve_faulty(handler) as server, client(server.address) as api:
        seen = api.acknowledge(MINE)
    assert put_heads(server.requests) == 1
    assert (seen.error or "").startswith("it was not carried out: ")


def test_of_two_operators_at_the_same_time_one_is_first(address: str) -> None:
    """Both have seen nothing; one word is kept, and the other operator is told whose."""
    together = threading.Barrier(2)
    outcomes = {}

    def write(bearing: str, ack: Acknowledgement) -> None:
        with client(address, bearing) as api:
            together.wait(10)
            outcomes[ack.by] = api.acknowledge(ack)

    pair = [("operator-token", MINE), ("olga-token", THEIRS)]
    threads = [threading.Thread(target=write, args=one) for one in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    kept = [seen.value for seen in outcomes.values() if seen.outcome is Outcome.SEEN]
    assert (len(kept), kept) == (1, standing(address))


def test_the_body_is_the_record_alone(address: str) -> None:
    """What is sent is what the document says, and comes back to the letter."""
    with client(address) as api:
        api.acknowledge(replace(MINE, note="\x1b[31m 漢字 \u202e"))
    with httpx.Client(base_url=address, headers=bearer("viewer"), trust_env=False) as http:
        item = http.get(f"/acknowledgements/{MINE.id}").json()
    assert json.loads(json.dumps(item))["note"] == "\x1b[31m 漢字 \u202e"
    assert set(item) == {"id", "tenant", "figure", "by", "at", "until", "assignee", "note"}
