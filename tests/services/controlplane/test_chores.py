"""What the server does by itself: when it is due, once for all workers, told whether it was done, in nobody's way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select

from services.controlplane.app import create_app
from services.controlplane.chore_book import ChoreRecord, read_chore
from services.controlplane.chores import AGAIN, Act, Chore, ChoreFailedError, Doing, LostTurnError, Turn
from services.controlplane.recorder.lease import LENGTH, hold, let_go
from services.controlplane.sample_tables import leases
from services.controlplane.store import Database
from tests.support.api import AT, TOKENS, bearer, serve_app
from tests.support.registry import small_registry
from tests.support.sandbox import wait_for

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with closing(Database(url)) as opened:
        yield opened


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def make(database: Database, hand: Hand) -> Callable[..., Chore]:
    """A worker's chore, once an hour."""
    return lambda act, worker="one": Chore(Doing("sweep", HOUR, act), worker, database, hand)


def record(database: Database) -> ChoreRecord:
    with database.read() as connection:
        found = read_chore(connection, "sweep")
    assert found is not None
    return found


def failing(reasons: list[str]) -> Act:
    """Fails for these reasons, one a turn, and is then done."""

    def act(_: Turn) -> None:
        if reasons:
            raise ChoreFailedError(reasons.pop(0))

    return act


def test_it_is_done_when_it_is_due_also_by_another_worker(make: Callable[..., Chore], hand: Hand) -> None:
    """At once where it never was, then when its interval is over; a server that starts anew begins nothing anew."""
    done: list[str] = []
    one, two = (make(lambda turn: done.append(turn.worker), name) for name in ("one", "two"))
    assert (one.look(), one.look(), two.look()) == (True, False, False)
    hand.at += HOUR - SECOND
    assert (one.look(), two.look()) == (False, False)
    hand.at += SECOND
    assert (two.look(), one.look()) == (True, False)
    hand.at -= timedelta(days=400)
    assert one.look(), "a clock that was set back leaves nothing undone for a year"
    assert done == ["one", "two", "one"]


def test_a_failure_is_told_and_tried_again_sooner(
    make: Callable[..., Chore], database: Database, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    """After a minute, then two; once it is done nothing is left of it, and the last time it was done stays known."""
    reasons: list[str] = []
    chore = make(failing(reasons))
    chore.look()
    hand.at += HOUR
    reasons += ["the bucket refused", "again"]
    assert not chore.look()
    assert (record(database).done_at, record(database).failure) == (AT, "the bucket refused")
    assert "sweep: the bucket refused" in caplog.text
    hand.at += AGAIN - SECOND
    chore.look()
    assert reasons == ["again"]
    hand.at += SECOND
    chore.look()
    assert (reasons, record(database).failure) == ([], "again")
    hand.at += 2 * AGAIN - SECOND
    assert not chore.look()
    hand.at += SECOND
    assert chore.look()
    assert (record(database).done_at, record(database).failed) == (hand.at, False)


def test_what_nobody_foresaw_is_a_failure_without_its_words(make: Callable[..., Chore], database: Database) -> None:
    """Its text may hold anything; its kind is told."""

    def act(_: Turn) -> None:
        raise KeyError("s3cret")

    assert not make(act).look()
    assert record(database).failure == "KeyError"


def test_while_one_is_at_it_no_other_is(make: Callable[..., Chore]) -> None:
    """The other finds the lease taken and goes on; when the first has ended it is not due any more."""
    begun, go_on = threading.Event(), threading.Event()

    def act(_: Turn) -> None:
        begun.set()
        assert go_on.wait(20)

    one, two = make(act), make(act, "two")
    working = threading.Thread(target=one.look)
    working.start()
    assert begun.wait(20)
    assert not two.look()
    go_on.set()
    working.join(20)
    assert not two.look()


def test_what_a_turn_keeps_the_next_one_has(make: Callable[..., Chore], hand: Hand) -> None:
    """Also of a turn that failed after it."""
    had: list[str | None] = []

    def act(turn: Turn) -> None:
        had.append(turn.kept)
        turn.keep(f"{len(had)} turns")
        raise ChoreFailedError("whatever")

    for _ in range(3):
        make(act).look()
        hand.at += HOUR
    assert had == [None, "1 turns", "2 turns"]


def test_who_has_lost_the_lease_keeps_nothing(make: Callable[..., Chore], database: Database, hand: Hand) -> None:
    """Another has taken over meanwhile: neither what this one would leave nor its outcome goes over the other's."""

    def act(turn: Turn) -> None:
        hand.at += LENGTH
        with database.write() as connection:
            assert hold(connection, "sweep", "another", hand.at)
        with pytest.raises(LostTurnError):
            turn.keep("mine")
        raise LostTurnError("sweep")

    assert not make(act).look()
    assert record(database) == ChoreRecord("sweep", AT)
    assert not make(failing([])).look(), "the other is at it"
    with database.write() as connection:
        let_go(connection, "sweep", "another")
    assert make(failing([])).look()


def test_the_lease_is_renewed_while_it_lasts_and_its_loss_ends_the_turn(
    make: Callable[..., Chore], database: Database, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a lease it is still one's own; taken away, the turn is told that it is over."""
    monkeypatch.setattr("services.controlplane.chores.RENEWED_AFTER", timedelta(milliseconds=10))

    def until() -> datetime | None:
        with database.read() as connection:
            return connection.execute(select(leases.c.until)).scalar()

    def act(turn: Turn) -> None:
        for _ in range(3):
            hand.at += LENGTH - SECOND
            assert wait_for(lambda: until() == hand.at + LENGTH, 20)
        assert not turn.over.is_set()
        with database.write() as connection:
            connection.execute(delete(leases))
        assert turn.over.wait(20)

    make(act).look()


def test_it_runs_on_its_own_thread_and_leaves_off_when_the_server_ends(
    make: Callable[..., Chore], database: Database
) -> None:
    """The turn that is under way is told, and the thread ends; leaving off is no failure."""
    begun, left = threading.Event(), threading.Event()

    def act(turn: Turn) -> None:
        begun.set()
        if turn.over.wait(20):
            left.set()
            raise ChoreFailedError("left off")

    chore = make(act)
    chore.start()
    assert begun.wait(20)
    assert chore.alive
    chore.stop()
    assert (left.is_set(), chore.alive, record(database).failed) == (True, False, False)


def test_a_server_tells_of_it_and_answers_while_it_is_at_it(url: str) -> None:
    """Nothing is blocked by a turn that lasts: records and orders are written. Figures and readiness say when it was
    done, and that it failed; neither makes the server unready."""
    small_registry().load(url)
    begun, go_on = threading.Event(), threading.Event()

    def long(_: Turn) -> None:
        begun.set()
        assert go_on.wait(30)

    doings = (Doing("long", HOUR, long), Doing("bad", HOUR, failing(["no bucket"])), Doing("good", HOUR, failing([])))
    app = create_app(url, now=lambda: AT, tokens=TOKENS, doings=doings)
    with (
        serve_app(app) as address,
        httpx.Client(base_url=address, trust_env=False, headers=bearer("operator"), timeout=10) as http,
    ):
        assert begun.wait(20)
        fields = {"basis": "litigation", "owner": "Legal", "reason": "a claim"}
        asked = {"key": "1" * 32, "action": "hold-place", "tenants": ["acme"], "fields": fields}
        plan = http.post("/plans", json=asked).json()
        assert http.post("/orders", json={"plan": plan}).status_code == 201

        def told() -> dict[str, dict[str, Any]]:
            found: dict[str, dict[str, Any]] = http.get("/readyz").json()["chores"]
            return found

        assert wait_for(lambda: bool(told()["bad"]["failed"] and told()["good"]["done_at"]), 20)
        done = "2026-11-23T12:00:00Z"
        assert told() == {
            "bad": {"done_at": None, "failed": True},
            "good": {"done_at": done, "failed": False},
            "long": {"done_at": None, "failed": False},
        }
        figures = http.get("/metrics").text
        go_on.set()
    (good,) = [it for it in figures.splitlines() if it.startswith('tenure_chore_done_seconds{chore="good"}')]
    assert float(good.split()[1]) == AT.timestamp()
    assert 'tenure_chore_done_seconds{chore="bad"}' not in figures
    assert 'tenure_chore_failed{chore="bad"} 1.0' in figures
    assert 'tenure_chore_failed{chore="good"} 0.0' in figures
    assert "no bucket" not in figures
