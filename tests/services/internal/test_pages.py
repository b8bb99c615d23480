"""Following pages, whatever the other side does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence

import pytest

from services.internal.pages import BARREN_PAGES, Reading, read_pages
from services.internal.records import PageParser
from services.internal.sending import Reply
from services.model import Outcome
from services.wire.registry import PartyRecord

PARSER = PageParser("parties", PartyRecord)


def page(ids: Sequence[str], following: str | None, total: int | None = None) -> Reply:
    items = [{"id": id_, "kind": "customer", "name": id_} for id_ in ids]
    return Reply(
        Outcome.SEEN,
        json.dumps({"items": items, "next": following, "total": total}).encode(),
        request_id=f"r-{following}",
    )


def read(
    fetch: Callable[[str | None], Reply], cancel: threading.Event | None = None
) -> tuple[Reading[PartyRecord], int]:
    """The reading, and how often it was published in between."""
    reading: Reading[PartyRecord] = Reading("parties")
    told: list[int] = []
    read_pages(
        reading, PARSER, lambda cursor, _: fetch(cursor), cancel or threading.Event(), lambda: told.append(reading.size)
    )
    return reading, len(told)


def ids(reading: Reading[PartyRecord]) -> list[str]:
    return [record.id for _, record in reading.records]


def test_pages_are_followed_to_the_end() -> None:
    """Positions count over the whole collection, each page but the last is told, the last request id is kept."""
    pages = {None: page(["a", "b"], "1"), "1": page(["c"], "2"), "2": page(["d"], None)}
    reading, told = read(lambda cursor: pages[cursor])
    assert reading.outcome is Outcome.SEEN
    assert [position for position, _ in reading.records] == [0, 1, 2, 3]
    assert (ids(reading), told, reading.request_id) == (["a", "b", "c", "d"], 2, "r-None")


def test_nothing_is_an_answer() -> None:
    """An empty collection is empty, not failed."""
    reading, _ = read(lambda _: page([], None))
    assert (reading.outcome, reading.records) == (Outcome.EMPTY, [])


def test_an_empty_page_with_a_cursor_is_followed() -> None:
    """Some servers filter after paging; the end is where the cursor says."""
    pages = {None: page([], "1"), "1": page([], "2"), "2": page(["a"], None)}
    reading, _ = read(lambda cursor: pages[cursor])
    assert (reading.outcome, ids(reading)) == (Outcome.SEEN, ["a"])


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_cursor_that_comes_back_ends_the_reading(length: int) -> None:
    """A circle of any length is a failure, and what was read stays."""

    def fetch(cursor: str | None) -> Reply:
        number = 0 if cursor is None else int(cursor)
        return page([f"p{number}"], str((number + 1) % length))

    reading, _ = read(fetch)
    assert reading.outcome is Outcome.FAILED
    assert "came back" in (reading.error or "")
    assert "p0" in ids(reading)


@pytest.mark.parametrize("brings", [[], ["a"]])
def test_cursors_without_end_end(brings: list[str]) -> None:
    """New cursors for ever, and nothing new behind them: given up after a few pages."""
    asked: list[str | None] = []

    def fetch(cursor: str | None) -> Reply:
        asked.append(cursor)
        return page(brings, str(len(asked)))

    reading, _ = read(fetch)
    assert reading.outcome is Outcome.FAILED
    assert "no end in sight" in (reading.error or "")
    assert len(asked) <= BARREN_PAGES + 1


def test_the_first_record_of_an_id_counts() -> None:
    """The second is a bad record, on the same page or a later one."""
    pages = {None: page(["a", "a", "b"], "1"), "1": page(["b", "c"], None)}
    reading, _ = read(lambda cursor: pages[cursor])
    assert ids(reading) == ["a", "b", "c"]
    assert [(one.record.id, one.record.position) for one in reading.bad] == [("a", 1), ("b", 3)]


@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.THROTTLED, Outcome.FAILED])
def test_a_page_that_is_refused_ends_the_reading(outcome: Outcome) -> None:
    """The outcome is that of the page; the pages before it stay, and retries add up."""
    pages = {None: page(["a"], "1"), "1": Reply(outcome, error="why", retries=3, request_id="r-9")}
    reading, _ = read(lambda cursor: pages[cursor])
    assert (reading.outcome, reading.error, reading.retries, reading.request_id) == (outcome, "why", 3, "r-9")
    assert ids(reading) == ["a"]


def test_a_page_that_cannot_be_read_ends_the_reading() -> None:
    """Garbage in the middle is a failure, not an end."""
    pages = {None: page(["a"], "1"), "1": Reply(Outcome.SEEN, b"<html>")}
    reading, _ = read(lambda cursor: pages[cursor])
    assert reading.outcome is Outcome.FAILED
    assert "not JSON" in (reading.error or "")


def test_cancelling_ends_it_before_the_next_page() -> None:
    """No further page is asked for."""
    cancel = threading.Event()
    asked: list[str | None] = []

    def fetch(cursor: str | None) -> Reply:
        asked.append(cursor)
        cancel.set()
        return page([f"p{len(asked)}"], str(len(asked)))

    reading, _ = read(fetch, cancel)
    assert (reading.outcome, reading.error, asked) == (Outcome.FAILED, "cancelled", [None])


@pytest.mark.parametrize(
    ("totals", "outcome"),
    [
        ((4, 4), Outcome.SEEN),
        ((5, 5), Outcome.FAILED),
        ((4, 5), Outcome.SEEN),
        ((5, 4), Outcome.SEEN),
        ((3, 3), Outcome.SEEN),
        ((None, None), Outcome.SEEN),
        ((9, None), Outcome.SEEN),
    ],
)
def test_pages_that_end_too_early_are_a_failure(totals: tuple[int | None, int | None], outcome: Outcome) -> None:
    """Fewer records than the collection had all the while; what comes or goes meanwhile is no fault."""
    pages = {None: page(["a", "b"], "1", totals[0]), "1": page(["c", "d"], None, totals[1])}
    reading, _ = read(lambda cursor: pages[cursor])
    assert reading.outcome is outcome
    assert ids(reading) == ["a", "b", "c", "d"]
    assert reading.error == ("the pages ended after 4 of 5 records" if outcome is Outcome.FAILED else None)


def test_a_record_given_twice_does_not_make_up_for_one_that_is_missing() -> None:
    """Distinct records are counted, the unreadable among them."""
    reading, _ = read(lambda _: page(["a", "a"], None, 2))
    assert (reading.outcome, reading.error) == (Outcome.FAILED, "the pages ended after 1 of 2 records")
    body = b'{"items":[{"id":"odd"},null],"next":null,"total":2}'
    reading, _ = read(lambda _: Reply(Outcome.SEEN, body))
    assert (reading.outcome, len(reading.bad)) == (Outcome.SEEN, 2)
