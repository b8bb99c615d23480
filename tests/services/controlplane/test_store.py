"""The database: its mode, its guards, and filling it in bulk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from services.controlplane.columns import metadata
from services.controlplane.store import Database, load_registry, registry_size
from services.controlplane.tables import parties
from tests.support.api import Registry
from tests.support.registry import busy_registry, party, store, subscription, tenant


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'registry.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def test_wal_and_foreign_keys_are_really_on(database: Database, tmp_path: Path) -> None:
    """Read back from SQLite itself, on a connection of the pool and in the file's header."""
    with database.read() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000}
    header = (tmp_path / "registry.db").read_bytes()[18:20]
    assert header == b"\x02\x02"  # the file format's own mark of WAL


def test_the_file_is_its_owner_s_alone(database: Database, tmp_path: Path) -> None:
    """Customers' names and digests of tokens lie on a shared host."""
    assert (tmp_path / "registry.db").stat().st_mode & 0o777 == 0o600


def test_a_reader_is_not_held_up_by_a_writer(database: Database) -> None:
    """While a write transaction is open others read, and see the state before it."""
    with database.write() as writer:
        writer.execute(insert(parties).values(id="new", kind="customer", name="New"))
        with database.read() as reader:
            assert reader.execute(select(parties.c.id)).all() == []
    with database.read() as reader:
        assert reader.execute(select(parties.c.id)).scalars().all() == ["new"]


def test_a_second_writer_waits_for_the_first(database: Database) -> None:
    """Writers follow each other instead of failing."""
    inside, waiting = threading.Event(), threading.Event()

    def second() -> None:
        inside.wait(10)
        waiting.set()
        with database.write() as connection:
            connection.execute(insert(parties).values(id="second", kind="customer", name="Second"))

    thread = threading.Thread(target=second)
    thread.start()
    with database.write() as connection:
        inside.set()
        assert waiting.wait(10)
        connection.execute(insert(parties).values(id="first", kind="customer", name="First"))
    thread.join(10)
    with database.read() as connection:
        assert set(connection.execute(select(parties.c.id)).scalars()) == {"first", "second"}


@pytest.mark.parametrize("memory", ["sqlite://", "sqlite:///:memory:"])
def test_sqlite_in_memory_is_refused(memory: str) -> None:
    """It has no WAL mode, and every connection would see a database of its own."""
    with pytest.raises(ValueError, match="SQLite file"):
        Database(memory)


def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    """Nothing is written over somebody's file."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, and longer than a header so that SQLite looks at it" * 20)
    before = path.read_bytes()
    with pytest.raises(Exception, match="not a database"):
        Database(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_registry_is_loaded_whole(url: str) -> None:
    """Every record of every collection arrives."""
    busy_registry().load(url)
    assert registry_size(url) == {"parties": 4, "tenants": 2, "subscriptions": 2, "stores": 2} | {
        "exports": 1,
        "slots": 2,
        "holds": 1,
        "cases": 1,
        "recovery-tests": 1,
        "acknowledgements": 1,
    }


@pytest.mark.parametrize(
    "broken",
    [
        Registry(parties=[party("northwind")], tenants=[tenant("a", customer="ghost")]),
        Registry(parties=[party("northwind")], tenants=[tenant("a", sp_end_customers=("ghost",))]),
        Registry(parties=[party("northwind")], subscriptions=[subscription("s", "ghost", date(2026, 1, 1))]),
        Registry(parties=[party("northwind")], stores=[store("s", "ghost", "orders")]),
        Registry(parties=[party("northwind"), party("northwind")]),
    ],
)
def test_a_registry_that_does_not_hold_together_is_not_loaded(url: str, broken: Registry) -> None:
    """A reference to nothing or an id given twice: an error, and nothing of the rest stays."""
    with pytest.raises(IntegrityError):
        load_registry(url, broken.parties, broken.tenants, broken.subscriptions, broken.stores)
    assert set(registry_size(url).values()) == {0}


def test_loading_takes_more_records_than_a_statement_holds(url: str) -> None:
    """25,000 tenants go in by several statements and none is lost between them."""
    load_registry(url, [party("northwind")], (tenant(f"t{number}") for number in range(25_000)), [], [])
    assert registry_size(url)["tenants"] == 25_000


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    """A transaction is undone as a whole."""

    def write_and_fail() -> None:
        with database.write() as connection:
            connection.execute(insert(parties).values(id="new", kind="customer", name="New"))
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    with database.read() as connection:
        assert connection.execute(select(parties)).all() == []


def test_the_file_can_be_read_by_sqlite_alone(database: Database, tmp_path: Path) -> None:
    """Whatever else a vendor uses on the file sees the same tables."""
    with sqlite3.connect(tmp_path / "registry.db") as plain:
        names = {name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    plain.close()
    assert names == {*metadata.tables, "alembic_version"}
    assert {"parties", "tenants", "orders", "audit", "audit_head"} <= names
