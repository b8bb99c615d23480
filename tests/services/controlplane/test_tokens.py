"""Tokens: made once, kept as digests, ended in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from services.controlplane.store import Database
from services.controlplane.tables import tokens as table
from services.controlplane.tokens import Rejected, Tokens, add_token
from services.wire.registry import WhoAmI
from tests.support.api import AT, serve_api

OLGA = WhoAmI(user="olga", role="operator", expires_at=AT + timedelta(hours=1))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    yield database
    database.close()


def test_a_made_token_names_its_bearer(database: Database) -> None:
    """What was told once is accepted; the database alone does not give it away."""
    token = add_token(database, OLGA)
    assert Tokens(database, {}).bearer(token, AT) == OLGA
    with database.read() as connection:
        row = connection.execute(select(table)).one()
    assert token not in repr(row)
    assert token.split("_", 2)[2] not in repr(row)


def test_a_token_of_which_a_letter_differs_is_unknown(database: Database) -> None:
    """Neither the id alone nor nearly the right secret will do, nor what is not text at all."""
    token = add_token(database, OLGA)
    tokens = Tokens(database, {"given": OLGA})
    last = "A" if token[-1] != "A" else "B"
    for wrong in (
        token[:-1],
        token[:-1] + last,
        token + "A",
        token.upper(),
        "given ",
        "give",
        "",
        "\ud800",
        "x" * 9999,
    ):
        assert tokens.bearer(wrong, AT) is Rejected.UNKNOWN


@pytest.mark.parametrize("kept", ["database", "given"])
def test_a_token_ends_at_its_instant(database: Database, kept: str) -> None:
    """It counts until the instant before, wherever it is kept."""
    token = add_token(database, OLGA) if kept == "database" else "given"
    tokens = Tokens(database, {"given": OLGA})
    assert tokens.bearer(token, AT + timedelta(minutes=59, seconds=59)) == OLGA
    assert tokens.bearer(token, AT + timedelta(hours=1)) is Rejected.EXPIRED


def test_an_expired_token_is_told_so(tmp_path: Path) -> None:
    """401, with the reason for the operator and in the challenge."""
    past = WhoAmI(user="olga", role="operator", expires_at=AT)
    with serve_api(tmp_path, tokens={"old": past}) as address:
        answer = httpx.get(f"{address}/whoami", headers={"Authorization": "Bearer old"}, trust_env=False)
    assert (answer.status_code, answer.json()["detail"]) == (401, "the token has expired")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_token_made_while_the_server_runs_counts_at_once(tmp_path: Path) -> None:
    """The database is asked at each request, so no restart is needed."""
    with serve_api(tmp_path, tokens={}) as address:
        database = Database(f"sqlite:///{tmp_path / 'registry.db'}")
        token = add_token(database, WhoAmI(user="vera", role="viewer"))
        database.close()
        answer = httpx.get(f"{address}/whoami", headers={"Authorization": f"Bearer {token}"}, trust_env=False)
    assert answer.json() == {"user": "vera", "role": "viewer", "expires_at": None}
