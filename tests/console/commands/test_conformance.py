"""``tenure conformance``: what is printed, how it ends, and that nothing is left where it was started."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from console.errors import FAILED, OK, UNANSWERED, USAGE
from tests.services.conformance.test_conform import first_page_alone
from tests.support.api import serve_api
from tests.support.cli import command, environment, tenure
from tests.support.registry import busy_registry

pytestmark = pytest.mark.processes
TOKEN = {"TENURE_API_TOKEN": "viewer-token"}


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """The command at our own server, and the folder in which it was started."""
    home, here = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("here")
    with serve_api(home, busy_registry()) as address:
        ended = subprocess.run(
            command("conformance", address, "--read-only", "--examples", "1", "-o", "json"),
            env=environment(home, TOKEN),
            cwd=here,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    return ended, here


@pytest.mark.xdist_group("passed")
def test_our_own_server_passes_and_each_row_is_printed(
    passed: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    """Exit 0, a row a check as JSON, and how many in each state on stderr."""
    ended, _ = passed
    assert (ended.returncode, ended.stderr.count("\n")) == (OK, 1), ended.stderr
    rows = json.loads(ended.stdout)
    assert {row["state"] for row in rows} == {"ok"}
    assert ended.stderr == f"tenure: ok {len(rows)}\n"
    assert {"state", "operation", "check", "told", "request", "answer"} == set(rows[0])


@pytest.mark.xdist_group("passed")
def test_nothing_is_left_where_it_was_started(passed: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    """The library that makes requests up keeps its files elsewhere."""
    ended, here = passed
    assert ended.returncode == OK
    assert list(here.iterdir()) == []


def test_a_defect_is_told_with_request_and_answer(tmp_path: Path) -> None:
    """Exit 4; the failure stands in full on stderr, and the token, which another variable holds, nowhere."""
    with serve_api(tmp_path, busy_registry(), around=first_page_alone) as address:
        words = ("conformance", address, "--read-only", "--examples", "1", "--token-env", "OTHERS")
        ended = tenure(*words, home=tmp_path, env={"OTHERS": "viewer-token"})
    assert ended.returncode == FAILED
    assert "GET /tenants: pages to the end, and as many as `total`\n" in ended.stderr
    assert "  by pages of 1 it ends after 1 records, `total` says 2\n" in ended.stderr
    assert "  asked:    GET /tenants?limit=1\n  answered: 200 application/json {" in ended.stderr
    assert "viewer-token" not in ended.stdout + ended.stderr
    assert [line.split()[0] for line in ended.stdout.splitlines()].count("failed") == 1


@pytest.mark.parametrize(
    ("url", "env", "code", "told"),
    [
        ("ftp://example.org", TOKEN, USAGE, "must begin with http:// or https://"),
        ("http://127.0.0.1:9", {}, USAGE, "TENURE_API_TOKEN holds no token"),
        ("http://127.0.0.1:9", TOKEN, UNANSWERED, "no answer: ConnectionError"),
    ],
)
def test_what_cannot_be_asked_is_told(tmp_path: Path, url: str, env: dict[str, str], code: int, told: str) -> None:
    """An address that is none, no token, nobody there."""
    ended = tenure("conformance", url, home=tmp_path, env=env)
    assert ended.returncode == code
    assert told in ended.stderr
    assert ended.stdout == ""


def test_a_token_that_is_refused_ends_it(tmp_path: Path) -> None:
    """Nothing is looked at with a token that the server does not know."""
    with serve_api(tmp_path, busy_registry()) as address:
        ended = tenure("conformance", address, home=tmp_path, env={"TENURE_API_TOKEN": "made-up"})
    assert ended.returncode == FAILED
    assert "/whoami answered 401 to the token: 401 application/problem+json" in ended.stderr
    assert "made-up" not in ended.stderr
