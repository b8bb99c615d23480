"""``tenure serve token``: made once, listed without what lets one in, worthless once they are revoked."""

from __future__ import annotations

import getpass
import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from console.errors import FAILED, OK, USAGE
from console.main import run
from services.controlplane.audit import read_entries
from services.controlplane.chaining import read_head
from services.controlplane.store import Database
from services.wire.chain import verify
from services.wire.operations import AuditRecord
from tests.support.api import serve_api

Captured = pytest.CaptureFixture[str]
Tokens = Callable[..., int]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture
def token(database: Path) -> Tokens:
    """Runs ``tenure serve token`` on the database."""
    return lambda *words: run(["serve", "token", *words, "--database", str(database)])


def made(token: Tokens, capsys: Captured, *words: str) -> str:
    """A new token."""
    assert token("add", *words) == OK
    return capsys.readouterr().out.strip()


def test_a_token_is_printed_alone(token: Tokens, capsys: Captured) -> None:
    """stdout has the token and nothing else, for whoever pipes it; the words go to stderr."""
    assert token("add", "a:b:viewer", "--expires", "2027-01-31T22:00:00Z") == OK
    said = capsys.readouterr()
    assert re.fullmatch(r"tenure_[0-9a-f]{16}_[A-Za-z0-9_-]{43}\n", said.out)
    assert said.err == "the token of a:b, viewer; it is shown this once:\n"


@pytest.mark.parametrize("whom", ["", "olga", ":viewer", "olga:", "olga:king", "olga:Viewer"])
def test_a_token_of_nobody_or_of_no_role_is_not_made(token: Tokens, capsys: Captured, whom: str) -> None:
    """The roles are named in the refusal, and nothing is kept."""
    assert token("add", whom) == USAGE
    assert "viewer, operator, approver, worker" in capsys.readouterr().err
    assert token("list", "-o", "json") == OK
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize("expires", ["tomorrow", "2027-01-31T22:00:00", "2027"])
def test_an_end_that_is_no_instant_is_refused(token: Tokens, expires: str) -> None:
    """A local time without a zone neither."""
    assert token("add", "olga:viewer", "--expires", expires) == USAGE


def test_the_list_tells_all_but_what_lets_one_in(
    token: Tokens, database: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Id, user, role, state and end of each, by user; neither secret nor digest, in any form."""
    monkeypatch.setenv("TENURE_CLOCK_OFFSET", "0")
    old = made(token, capsys, "vera:viewer", "--expires", "2020-01-01T00:00:00Z")
    new = made(token, capsys, "olga:operator")
    assert token("list", "-o", "json") == OK
    out = capsys.readouterr().out
    assert json.loads(out) == [
        {"id": new.split("_")[1], "user": "olga", "role": "operator", "state": "valid", "expires_at": None},
        {
            "id": old.split("_")[1],
            "user": "vera",
            "role": "viewer",
            "state": "expired",
            "expires_at": "2020-01-01T00:00:00Z",
        },
    ]
    for form in ("table", "csv", "ndjson"):
        token("list", "-o", form)
        out += capsys.readouterr().out
    assert "vera" in out
    for one in (old, new):
        assert one.split("_", 2)[2] not in out


def test_revoked_tokens_are_worthless_at_the_next_request(
    token: Tokens, database: Path, tmp_path: Path, capsys: Captured
) -> None:
    """One by its id, then all of a user's, while the server runs and connections stay open; nobody else's."""
    names = ("first", "second", "third", "vera")
    tokens = {name: made(token, capsys, f"{'vera' if name == 'vera' else 'olga'}:viewer") for name in names}

    def let_in(http: httpx.Client) -> set[str]:
        return {
            name
            for name, one in tokens.items()
            if http.get("/whoami", headers={"Authorization": f"Bearer {one}"}).status_code == 200
        }

    with serve_api(tmp_path) as address, httpx.Client(base_url=address, trust_env=False) as http:
        assert let_in(http) == set(names)
        assert token("revoke", tokens["second"].split("_")[1]) == OK
        assert let_in(http) == {"first", "third", "vera"}
        assert token("revoke", "olga") == OK
        assert let_in(http) == {"vera"}
    assert "of olga, viewer" in capsys.readouterr().err
    assert token("revoke", "olga") == FAILED
    assert "olga is no token's id and no user with a token here" in capsys.readouterr().err


def test_what_is_done_to_tokens_is_in_the_log(token: Tokens, database: Path, capsys: Captured) -> None:
    """Who gives and takes the right to write does not do so unseen: by whom, of whom, and chained as all else."""
    id_ = made(token, capsys, "olga:operator", "--expires", "2027-01-31T22:00:00Z").split("_")[1]
    token("revoke", "olga")
    opened = Database(f"sqlite:///{database}")
    with opened.read() as connection:
        items, _, _ = read_entries(connection, None, None, 10)
        head = read_head(connection)
    opened.close()
    assert [(it["action"], it["who"], it["role"], it["note"]) for it in items] == [
        ("token revoke", getpass.getuser(), "keeper", f"{id_} of olga, operator, until 2027-01-31T22:00:00+00:00"),
        ("token add", getpass.getuser(), "keeper", f"{id_} of olga, operator, until 2027-01-31T22:00:00+00:00"),
    ]
    assert verify([AuditRecord.model_validate(it) for it in items], head) == []
