"""The database of the reference internal API: opening it, and filling it in bulk.

SQLite runs in WAL mode (readers and one writer do not wait for each other) with foreign keys enforced; a writer waits
up to five seconds for another one. Any URL that SQLAlchemy knows will do; PostgreSQL is meant for more than one host.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, insert, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from services.controlplane.chaining import extend, lock_head
from services.controlplane.collection import COLLECTIONS, OPERATIONS, AnyRecord
from services.controlplane.marks import EVERY, renew, touched_by
from services.controlplane.schema import bring_up_to_date
from services.controlplane.tables import parties, sp_end_customers, stores, subscriptions, tenants
from services.wire.operations import AuditRecord
from services.wire.registry import PartyRecord, Record, StoreRecord, SubscriptionRecord, TenantRecord

BUSY_TIMEOUT_MS = 5000
_CHANGED = "tenure_changed"
CHUNK = 10_000
"""Rows a statement in bulk."""


class Database:
    """An open database with all its tables; ``close`` it when done. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Open ``url``, make its tables where there are none, and upgrade those of an earlier version.

        A SQLite file is created for its owner alone. Raises ``ValueError`` for SQLite in memory, which has no WAL
        mode, and for a database that a later version has written; ``sqlalchemy.exc.SQLAlchemyError`` where it cannot
        be opened.
        """
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self._sqlite = parsed.get_backend_name() == "sqlite"
        if self._sqlite:
            if parsed.database in (None, "", ":memory:"):
                raise ValueError("the registry needs a SQLite file: sqlite:///path/to/tenure.db")
            _create_private(Path(str(parsed.database)))
        self._engine = create_engine(
            parsed, pool_size=10, max_overflow=40, hide_parameters=True
        )  # customers' data is not for logs
        if self._sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        event.listen(self._engine, "after_execute", _note_change)
        self._writer = self._engine.execution_options(tenure_writes=True)
        # of SQLite's writers the one that looks at the right moment is next, however long another has waited: with
        # forty threads looking, another process starves
        self._turn: AbstractContextManager[object] = threading.Lock() if self._sqlite else nullcontext()
        # SQLite's readers see one state by themselves, PostgreSQL's are told to
        self._reader = (
            self._engine if self._sqlite else self._engine.execution_options(isolation_level="REPEATABLE READ")
        )
        try:
            with self._writer.begin() as connection:
                bring_up_to_date(connection)
                renew(connection, EVERY)
        except BaseException:
            self.close()
            raise

    @property
    def engine(self) -> Engine:
        return self._engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write; on SQLite it is the only one from its start. Rolled back on an exception.

        The collections that it changed bear new marks at its end.
        """
        with self._turn, self._writer.begin() as connection:
            changed = connection.info[_CHANGED] = set[str]()
            yield connection
            renew(connection, changed)

    def close(self) -> None:
        self._engine.dispose()


def load_registry(
    url: str,
    parties_: Iterable[PartyRecord],
    tenants_: Iterable[TenantRecord],
    subscriptions_: Iterable[SubscriptionRecord],
    stores_: Iterable[StoreRecord],
    *,
    operations: Iterable[AnyRecord] = (),
    audit_: Iterable[AuditRecord] = (),
) -> None:
    """Add records to the registry at ``url``, in one transaction: all of them or none.

    ``operations`` are records of any collection beside the registry: exports, slots, holds, cases, recovery tests,
    acknowledgements. For seeding: 100,000 tenants take seconds. Raises ``sqlalchemy.exc.IntegrityError`` for an id that
    is there already and for a reference to nothing.
    """
    database = Database(url)
    try:
        with database.write() as connection:
            _insert(connection, parties, map(_row, parties_))
            ends: list[Mapping[str, Any]] = []
            _insert(connection, tenants, _tenant_rows(tenants_, ends))
            _insert(connection, sp_end_customers, ends)
            _insert(connection, subscriptions, map(_row, subscriptions_))
            _insert(connection, stores, map(_row, stores_))
            kept = list(operations)
            for collection in OPERATIONS:
                _insert(connection, collection.table, (_row(it) for it in kept if type(it) is collection.record))
            extend(connection, lock_head(connection), sorted(audit_, key=lambda it: (it.at, it.id)))
    finally:
        database.close()


def registry_size(url: str) -> dict[str, int]:
    """How many records each collection of the registry at ``url`` holds."""
    database = Database(url)
    try:
        with database.read() as connection:
            return {
                collection.name: connection.execute(select(func.count()).select_from(collection.table)).scalar_one()
                for collection in COLLECTIONS
            }
    finally:
        database.close()


def end_customer_rows(tenant: str, ids: Iterable[str]) -> list[Mapping[str, Any]]:
    """The rows that keep a tenant's SP end customers in their order."""
    return [{"tenant": tenant, "position": position, "party": party} for position, party in enumerate(ids)]


def _row(record: Record) -> Mapping[str, Any]:
    return record.model_dump()


def _tenant_rows(records: Iterable[TenantRecord], ends: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Rows of ``tenants``; those of their SP end customers are added to ``ends``."""
    for record in records:
        row = record.model_dump(exclude={"sp_end_customers"})
        ends.extend(end_customer_rows(record.id, record.sp_end_customers))
        yield row


def _insert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        connection.execute(insert(table), chunk)


def _note_change(connection: Connection, statement: object, *_: object) -> None:
    if (changed := connection.info.get(_CHANGED)) is not None:
        changed |= touched_by(statement)


def _create_private(path: Path) -> None:
    """Names of customers and digests of tokens are nobody else's business on a shared host."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # the driver would begin transactions on its own, at the first write: too late for a consistent read
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA journal_mode = WAL")
        mode = cursor.fetchone()
        if mode is None or mode[0] != "wal":
            raise ValueError(f"this SQLite file cannot be put into WAL mode: {mode}")
        cursor.execute("PRAGMA synchronous = NORMAL")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("tenure_writes", False)
    # a transaction that reads first and writes later could find that it may not: take the lock at once
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
