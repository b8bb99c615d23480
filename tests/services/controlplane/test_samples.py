"""The samples on the database and over HTTP: newest first, by tenant, store and time, and let go in small steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from services.controlplane.marks import AUDIT, SAMPLES, mark_of
from services.controlplane.sample_book import add_samples, has_older, prune_samples
from services.controlplane.sample_tables import samples
from services.controlplane.store import Database
from services.model import LinkState, Outcome, Status
from services.wire.registry import Page
from services.wire.samples import SampleRecord
from tests.support.api import AT, bearer, serve_api
from tests.support.postgres import DATABASES, Postgres

MINUTE = timedelta(minutes=1)
ORDERS = "arn:aws:rds:eu-central-1:111122223333:db:orders"
FILES = "arn:aws:s3:::files"
VPN = "arn:aws:ec2:eu-central-1:444455556666:vpn-connection/vpn-1"


def sample(number: int, tenant: str, store: str | None, minutes_ago: int, **members: Any) -> SampleRecord:
    """One of a store that was well, a point of four minutes behind it."""
    at = AT - minutes_ago * MINUTE
    given: dict[str, Any] = {
        "id": f"{number:032x}",
        "tenant": tenant,
        "store": store,
        "observed_at": at,
        "status": Status.OK,
        "rpo_seconds": 240,
        "restore_point_at": at - 4 * MINUTE,
        "reason": "RPO 4m, promised 1h",
        "outcome": Outcome.SEEN,
    }
    return SampleRecord(**{**given, **members})


KEPT = (
    sample(1, "acme", ORDERS, 30),
    sample(2, "acme", FILES, 20),
    sample(3, "globex", ORDERS, 10),
    sample(
        4,
        "globex",
        None,
        5,
        status=Status.UNKNOWN,
        rpo_seconds=None,
        restore_point_at=None,
        reason="its stores cannot be told: rds DescribeDBInstances denied",
        outcome=Outcome.DENIED,
    ),
    sample(
        5,
        "globex",
        None,
        4,
        status=Status.BREACHED,
        rpo_seconds=None,
        restore_point_at=None,
        reason="DOWN: vpn-1, 0 of 2 tunnels up",
        figure="links",
        link=VPN,
        state=LinkState.DOWN,
        paths_up=0,
        paths=2,
    ),
)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """One of each kind, with the samples in it."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        opened = Database(server.empty())
    with opened.write() as connection:
        add_samples(connection, KEPT)
    yield opened
    opened.close()


@pytest.fixture
def http(database: Database, tmp_path: Path) -> Iterator[httpx.Client]:
    url = database.engine.url.render_as_string(hide_password=False)
    with (
        serve_api(tmp_path, url=url) as address,
        httpx.Client(base_url=address, headers=bearer("viewer"), trust_env=False) as client,
    ):
        yield client


def asked(http: httpx.Client, **query: str) -> Page[SampleRecord]:
    answer = http.get("/samples", params=query)
    assert answer.status_code == 200, answer.text
    return Page[SampleRecord].model_validate_json(answer.content)


def test_samples_are_served_as_they_were_kept_the_newest_first(http: httpx.Client) -> None:
    """Every member survives the way through the table; what is unknown has no figure."""
    page = asked(http)
    assert page.items == list(reversed(KEPT))
    assert (page.next, page.total) == (None, 5)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"tenant": "acme"}, [2, 1]),
        ({"store": ORDERS}, [3, 1]),
        ({"tenant": "globex", "store": ORDERS}, [3]),
        ({"since": "2026-11-23T11:40:00Z"}, [5, 4, 3, 2]),
        ({"figure": "links"}, [5]),
        ({"figure": "recovery", "tenant": "globex"}, [4, 3]),
        ({"link": VPN}, [5]),
        ({"since": "2026-11-23T12:40:00+01:00", "tenant": "acme"}, [2]),
        ({"tenant": "initech"}, []),
    ],
)
def test_they_are_chosen_by_tenant_store_link_figure_and_time(
    http: httpx.Client, query: dict[str, str], numbers: list[int]
) -> None:
    """All that are named have to hold, and the total counts what was chosen."""
    page = asked(http, **query)
    assert [int(it.id, 16) for it in page.items] == numbers
    assert page.total == len(numbers)


def test_pages_follow_each_other_to_the_last(http: httpx.Client) -> None:
    """Each sample once, in one order, though two may be of one instant."""
    found: list[SampleRecord] = []
    cursor: dict[str, str] = {}
    while True:
        page = asked(http, limit="1", **cursor)
        found += page.items
        if page.next is None:
            break
        cursor = {"cursor": page.next}
    assert found == list(reversed(KEPT))


def test_who_has_a_page_is_told_that_nothing_came_after_it(http: httpx.Client, database: Database) -> None:
    """Until a sample is kept; and a page of another question has another tag."""
    tag = http.get("/samples").headers["ETag"]
    assert http.get("/samples", headers={"If-None-Match": tag}).status_code == 304
    assert http.get("/samples", params={"tenant": "acme"}, headers={"If-None-Match": tag}).status_code == 200
    with database.write() as connection:
        add_samples(connection, [sample(6, "acme", ORDERS, 0)])
    assert http.get("/samples", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("since", ["1700000000", "yesterday", "2026-11-23T11:40:00", "-1.5"])
def test_an_instant_without_a_zone_is_none(http: httpx.Client, since: str) -> None:
    """Nobody's clock is guessed."""
    answer = http.get("/samples", params={"since": since})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "query.since"


def test_nobody_adds_a_sample_over_http(http: httpx.Client) -> None:
    """The recorder alone writes them."""
    assert http.post("/samples", json={}, headers=bearer("worker")).status_code in (403, 405)


def test_the_figures_tell_how_long_ago_something_was_recorded(http: httpx.Client, database: Database) -> None:
    """So that an alarm can be raised where nobody records any more; without a sample there is no such figure."""

    def figure() -> list[str]:
        return [line for line in http.get("/metrics").text.splitlines() if line.startswith("tenure_newest_sample")]

    newest = (AT - 4 * MINUTE).timestamp()
    assert [float(line.split()[1]) for line in figure()] == [newest]
    with database.write() as connection:
        prune_samples(connection, AT)
    assert figure() == []


def test_what_is_too_old_goes_in_steps_the_oldest_first(database: Database) -> None:
    """No step takes more than it may, the last one takes nothing, and what is young stays."""
    went = []
    before = AT - 10 * MINUTE
    while True:
        with database.write() as connection:
            went.append(prune_samples(connection, before, limit=1))
            left = list(connection.execute(select(samples.c.id).order_by(samples.c.observed_at)).scalars())
        if not went[-1]:
            break
    assert went == [1, 1, 0]
    assert [int(it, 16) for it in left] == [3, 4, 5]
    with database.read() as connection:
        assert not has_older(connection, before)
        assert has_older(connection, AT)


def test_letting_samples_go_makes_no_other_page_look_changed(database: Database) -> None:
    """A deletion takes others' records along, but nothing names a sample."""
    with database.read() as connection:
        before = mark_of(connection, AUDIT), mark_of(connection, SAMPLES)
    with database.write() as connection:
        assert prune_samples(connection, AT) == len(KEPT)
    with database.read() as connection:
        assert mark_of(connection, AUDIT) == before[0]
        assert mark_of(connection, SAMPLES) != before[1]
        assert connection.execute(select(func.count()).select_from(samples)).scalar_one() == 0
