"""Who records: one of several, until it says so no longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.controlplane.recorder.lease import LENGTH, RECORDING, hold, let_go
from services.controlplane.store import Database
from tests.support.api import AT
from tests.support.postgres import DATABASES, Postgres

SECOND = timedelta(seconds=1)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty one, of each kind."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        opened = Database(server.empty())
    yield opened
    opened.close()


def take(database: Database, holder: str, after: timedelta = timedelta()) -> bool:
    with database.write() as connection:
        return hold(connection, RECORDING, holder, AT + after)


def test_one_holds_it_and_the_other_waits_until_it_is_over(database: Database) -> None:
    """The second of two is refused as long as the first renews, and takes over when that has died."""
    assert take(database, "one")
    assert not take(database, "two")
    assert take(database, "one", LENGTH - SECOND)
    assert not take(database, "two", LENGTH + SECOND)
    assert take(database, "two", LENGTH * 2 - SECOND)
    assert not take(database, "one", LENGTH * 2)


def test_who_ends_leaves_it_to_the_next_at_once(database: Database) -> None:
    """And lets go of nothing that is another's."""
    assert take(database, "one")
    with database.write() as connection:
        let_go(connection, RECORDING, "two")
    assert not take(database, "two")
    with database.write() as connection:
        let_go(connection, RECORDING, "one")
    assert take(database, "two")


def test_a_lease_from_beyond_the_clock_counts_as_over(database: Database) -> None:
    """A holder whose clock ran far ahead does not keep everybody from recording for as long."""
    assert take(database, "one", timedelta(days=300))
    assert take(database, "two")
