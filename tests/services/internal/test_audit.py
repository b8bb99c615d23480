"""The audit log over HTTP, and from servers that answer oddly."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from services.internal.audit import AuditReader
from services.internal.client import InternalApi
from services.internal.sending import Ask, Reply
from services.model import Outcome
from tests.support.api import AT, Registry, serve_api, token
from tests.support.registry import entry


def page(*items: str, after: str | None = None) -> Reply:
    following = f'"{after}"' if after else "null"
    return Reply(Outcome.SEEN, f'{{"items":[{",".join(items)}],"next":{following}}}'.encode(), status=200)


def raw(id_: str, days: int = 0) -> str:
    return entry(id_, AT - timedelta(days=days)).model_dump_json()


def test_the_newest_entries_come_first_and_no_more_than_asked_for(tmp_path: Path) -> None:
    """All of them or one tenant's, over as many pages as it takes."""
    entries = [
        entry(f"e{number:04}", AT - timedelta(minutes=number), tenant="acme" if number % 2 else "other")
        for number in range(1500)
    ]
    with (
        serve_api(tmp_path, Registry(audit=entries)) as address,
        InternalApi(address, token("viewer"), now=lambda: AT, default_zone="UTC") as api,
    ):
        newest = api.audit(threading.Event(), limit=3)
        all_of_one = api.audit(threading.Event(), "acme", 2000)
        many = api.audit(threading.Event(), limit=1200)
        none = api.audit(threading.Event(), "nobody")
    assert [one.id for one in newest.value or ()] == ["e0000", "e0001", "e0002"]
    assert [one.id for one in all_of_one.value or ()] == [f"e{number:04}" for number in range(1, 1500, 2)]
    assert [one.id for one in many.value or ()] == [f"e{number:04}" for number in range(1200)]
    assert (none.outcome, none.value) == (Outcome.EMPTY, ())
    assert newest.source.name == "internal:GET /audit"


def test_an_entry_that_cannot_be_read_hides_no_other() -> None:
    """It is counted, and the answer says so."""
    reader = AuditReader(lambda ask, cancel: page(raw("one"), '{"id":"odd"}', raw("two", 1)), lambda: AT)
    seen = reader.read(threading.Event(), None, 10)
    assert (seen.outcome, [one.id for one in seen.value or ()]) == (Outcome.SEEN, ["one", "two"])
    assert (seen.error or "").startswith("1 entries cannot be read, the first is odd: ")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(Outcome.DENIED, error="answered 403", status=403), Outcome.DENIED),
        (Reply(Outcome.SEEN, b"<html>", status=200), Outcome.FAILED),
        (page(raw("one"), after="aa"), Outcome.FAILED),
        (page(after="aa"), Outcome.FAILED),
    ],
)
def test_a_log_that_cannot_be_read_to_its_end_is_no_short_log(reply: Reply, outcome: Outcome) -> None:
    """Refused, garbled, a cursor that comes back, empty pages without end."""
    seen = AuditReader(lambda ask, cancel: reply, lambda: AT).read(threading.Event(), None, 10)
    assert (seen.outcome, seen.value) == (outcome, None)
    assert seen.error


def test_only_as_much_is_asked_for_as_is_wanted() -> None:
    """The last page is no longer than what is missing; the tenant goes along on every page."""
    asked: list[Ask] = []

    def send(ask: Ask, cancel: threading.Event) -> Reply:
        asked.append(replace(ask, parameters=dict(ask.parameters)))
        number = len(asked)
        return page(raw(f"a{number}", number), raw(f"b{number}", number), after=f"{number:02}")

    AuditReader(send, lambda: AT).read(threading.Event(), "acme", 5)
    assert [ask.parameters.get("limit") for ask in asked] == ["5", "3", "1"]
    assert [ask.parameters.get("cursor") for ask in asked] == [None, "01", "02"]
    assert {ask.parameters.get("tenant") for ask in asked} == {"acme"}
