"""The schema: upgraded where an earlier version made it, refused where a later one did, forgotten by nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, make_url, text

from services.controlplane.audit import read_entries
from services.controlplane.chaining import read_head
from services.controlplane.columns import metadata
from services.controlplane.schema import FOLDER, REVISION, NewerDatabaseError, revision_of
from services.controlplane.store import Database, registry_size
from services.wire.chain import verify
from services.wire.operations import AuditRecord
from tests.services.controlplane.before_orders import BEFORE_ORDERS
from tests.support.postgres import DATABASES, Postgres

RECORDS = """
INSERT INTO parties VALUES ('northwind', 'customer', 'Northwind');
INSERT INTO tenants VALUES
    ('acme', 'Acme', 'public', 'eu-central-1', '111122223333', NULL, 'active', 'northwind', NULL, NULL);
INSERT INTO subscriptions VALUES ('sub-1', 'acme', 'SO-1', '2024-01-01', NULL, NULL);
INSERT INTO cases VALUES
    ('c', 'acme', 'acceptable-use', 'fax', 'open', '2026-11-23 12:00:00+00:00', NULL, NULL, NULL, NULL, '');
INSERT INTO audit VALUES
    ('b', '2026-11-02 12:00:00.125000', 'olga', 'operator', 'hold create', 'done', 'acme', '127.0.0.1', NULL, 'Ünï'),
    ('a', '2026-11-02 12:00:00.125000', 'olga', 'operator', 'hold delete', 'done', 'acme', NULL, 'T-1', NULL),
    ('z', '2026-11-01 12:00:00.000000', 'worker', 'worker', 'disable', 'failed', NULL, NULL, NULL, 'disk full');
"""


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'registry.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.empty()


@pytest.fixture
def plain(empty: str) -> Iterator[Engine]:
    """The database without anything of ours between."""
    url = make_url(empty)
    engine = create_engine(url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url)
    yield engine
    engine.dispose()


def run(engine: Engine, statements: str) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET TIME ZONE 'UTC'"))
        for statement in filter(str.strip, statements.split(";")):
            connection.exec_driver_sql(
                statement.replace("+00:00", "") if engine.dialect.name == "sqlite" else statement
            )


@pytest.fixture
def earlier(empty: str, plain: Engine) -> str:
    """A database that a server made before there were orders, with records and a log."""
    run(plain, BEFORE_ORDERS[plain.dialect.name])
    run(plain, RECORDS)
    return empty


def differences(database: Database) -> list[object]:
    """Between the tables as they stand and as they are declared."""
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def assert_as_declared(url: str) -> None:
    """Opened, the database has the tables that are declared, and their revision."""
    with closing(Database(url)) as database:
        assert differences(database) == []
        with database.read() as connection:
            assert revision_of(connection) == REVISION


def test_what_is_declared_is_what_an_upgrade_makes(earlier: str) -> None:
    """A column or a table that was added without a revision is named here; so is a revision that nobody entered."""
    assert_as_declared(earlier)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_new_database_is_made_as_an_upgraded_one(empty: str) -> None:
    """The same tables, and the same revision."""
    assert_as_declared(empty)


def test_an_upgrade_keeps_every_record_and_chains_the_log(earlier: str) -> None:
    """The entries that were there get their places in the order of time and id, and are else what they were."""
    assert {name: size for name, size in registry_size(earlier).items() if size} == {
        "parties": 1,
        "tenants": 1,
        "subscriptions": 1,
        "cases": 1,
    }
    database = Database(earlier)
    try:
        with database.read() as connection:
            items, after, total = read_entries(connection, None, None, 10)
            head = read_head(connection)
    finally:
        database.close()
    entries = [AuditRecord.model_validate(item) for item in items]
    assert [(it.id, it.position) for it in entries] == [("b", 3), ("a", 2), ("z", 1)]
    assert (after, total, head.position) == (None, 3, 3)
    assert verify(entries, head) == []
    assert (items[0]["at"], items[0]["note"], items[2]["who"]) == ("2026-11-02T12:00:00.125000Z", "Ünï", "worker")


def test_a_registry_of_the_first_version_is_upgraded_too(empty: str, plain: Engine) -> None:
    """It had no log, and nothing that happens with tenants: what is missing is made, what was there stays."""
    first, _, _ = BEFORE_ORDERS[plain.dialect.name].partition("CREATE TABLE acknowledgements")
    run(plain, f"{first} DROP TABLE audit; DROP TABLE marks")
    run(plain, "INSERT INTO parties VALUES ('northwind', 'customer', 'Northwind')")
    assert registry_size(empty)["parties"] == 1
    database = Database(empty)
    try:
        assert differences(database) == []
    finally:
        database.close()


def test_a_database_of_a_later_version_is_refused_and_left_alone(empty: str, plain: Engine) -> None:
    """With a sentence that tells what to do, and without a change."""
    Database(empty).close()
    run(plain, "UPDATE alembic_version SET version_num = '9999'")
    with plain.connect() as connection:
        marks = connection.execute(text("SELECT mark FROM marks ORDER BY collection")).all()
    with pytest.raises(NewerDatabaseError, match=f"newer version of tenure .*9999, this version's {REVISION}.*install"):
        Database(empty)
    with plain.connect() as connection:
        assert connection.execute(text("SELECT mark FROM marks ORDER BY collection")).all() == marks
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(earlier: str, plain: Engine) -> None:
    """An entry that no log can hold stops it: the next start finds the old tables whole, not half of the new ones."""
    run(plain, "UPDATE audit SET who = '' WHERE id = 'a'")
    with pytest.raises(ValueError, match="who"):
        Database(earlier)
    with plain.connect() as connection:
        found = MigrationContext.configure(connection)
        tables = {table for operation, table, *_ in compare_metadata(found, metadata) if operation == "add_table"}
        assert {"orders", "audit_head"} <= {str(table) for table in tables}
    run(plain, "UPDATE audit SET who = 'olga' WHERE id = 'a'")
    database = Database(earlier)
    try:
        assert differences(database) == []
    finally:
        database.close()


def test_servers_that_start_at_once_upgrade_once(earlier: str) -> None:
    """Four of them on one database: each finds it whole, and the log is chained once."""
    failed: list[BaseException] = []

    def start() -> None:
        try:
            Database(earlier).close()
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    database = Database(earlier)
    try:
        with database.read() as connection:
            assert read_head(connection).position == 3
        assert differences(database) == []
    finally:
        database.close()
