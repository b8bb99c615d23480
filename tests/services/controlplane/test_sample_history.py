"""What samples come to: the longest RPO, by day, and for how long nobody saw one; on the database and over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.controlplane.sample_book import add_samples
from services.controlplane.sample_history import Look, history
from services.controlplane.store import Database
from services.model import Status
from services.wire.history import HistoryRecord, StoreHistory
from tests.services.controlplane.test_samples import FILES, ORDERS, database, http, sample
from tests.support.api import AT

__all__ = ["database", "http"]

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def of(*looks: tuple[datetime, int | None], days: int = 2) -> StoreHistory:
    (one,) = history([Look(ORDERS, at, rpo) for at, rpo in looks], AT - days * DAY, AT)
    return one


def test_the_longest_rpo_is_told_with_its_time_and_by_day() -> None:
    """Of the last day and of the one before; a day without a figure has none."""
    one = of((AT - 30 * HOUR, 900), (AT - 3 * HOUR, 240), (AT - 2 * HOUR, 600), (AT - HOUR, 60), days=3)
    assert (one.worst_seconds, one.worst_at) == (900, AT - 30 * HOUR)
    assert one.days == (None, 900, 600)
    assert (one.looks, one.unknown, one.first_at, one.last_at) == (4, 0, AT - 30 * HOUR, AT - HOUR)


def test_looks_without_a_figure_are_counted_and_break_no_silence() -> None:
    """They say that somebody looked, not how far back the store could be brought."""
    one = of((AT - 20 * HOUR, 60), (AT - 10 * HOUR, None), (AT - 5 * HOUR, 60))
    assert (one.looks, one.unknown) == (3, 1)
    assert one.silence_seconds == 15 * 3600
    never = of((AT - 20 * HOUR, None))
    assert (never.worst_seconds, never.worst_at, never.days) == (None, None, (None, None))
    assert never.silence_seconds == 20 * 3600


def test_until_now_nobody_has_looked_is_silence_too() -> None:
    """A recorder that stands still is seen."""
    assert of((AT - 20 * HOUR, 60)).silence_seconds == 20 * 3600


@given(st.lists(st.tuples(st.integers(0, 35 * 1440), st.integers(0, 10**6) | st.none()), min_size=1))
def test_the_days_hold_every_look_once(given_looks: list[tuple[int, int | None]]) -> None:
    """The longest of the days is the longest of all, and no look falls beside them."""
    looks = sorted((AT - timedelta(minutes=ago), rpo) for ago, rpo in dict(given_looks).items())
    one = of(*looks, days=35)
    assert len(one.days) == 35
    assert max((it for it in one.days if it is not None), default=None) == one.worst_seconds
    assert one.silence_seconds <= 35 * 86400


def asked(http: httpx.Client, **query: Any) -> httpx.Response:
    given_ = {"tenant": "acme", "since": (AT - 35 * DAY).isoformat(), "until": AT.isoformat()} | query
    return http.get("/samples/history", params=given_)


def test_a_tenants_stores_are_told_over_http(database: Database, http: httpx.Client) -> None:
    """Each store by its ARN, this tenant's alone, and again only where a sample came in between."""
    with database.write() as connection:
        add_samples(connection, [sample(50, "acme", ORDERS, 90, rpo_seconds=None, status=Status.UNKNOWN)])
    answer = asked(http)
    assert answer.status_code == 200, answer.text
    found = HistoryRecord.model_validate_json(answer.content)
    assert [(it.store, it.looks, it.unknown, it.worst_seconds) for it in found.stores] == [
        (ORDERS, 2, 1, 240),
        (FILES, 1, 0, 240),
    ]
    again = http.get(answer.request.url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    nobody = HistoryRecord.model_validate_json(asked(http, tenant="nobody").content)
    assert nobody.stores == ()


@pytest.mark.parametrize(
    "query",
    [{"since": AT.isoformat()}, {"since": (AT - 401 * DAY).isoformat()}, {"until": "1764000000"}, {"tenant": "a b"}],
    ids=["nothing", "too long", "no instant", "no id"],
)
def test_a_stretch_that_cannot_be_told_is_refused(http: httpx.Client, query: dict[str, str]) -> None:
    """Nothing is guessed."""
    assert asked(http, **query).status_code == 422
