"""What the sandbox's recorder keeps, printed by the command line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import httpx
import pytest

from tests.support.cli import tenure
from tests.support.sandbox import RunningSandbox, running_sandbox, wait_for

pytestmark = [pytest.mark.xdist_group("samples"), pytest.mark.processes]
TENANT = "wonka-desk"


def recorded(sandbox: RunningSandbox) -> int:
    """How many samples the server serves of the tenant."""
    header = {"Authorization": f"Bearer {sandbox.tokens['viewer']}"}
    with httpx.Client(base_url=sandbox.api_url, headers=header, trust_env=False) as http:
        answer = http.get("/samples", params={"tenant": TENANT})
    answer.raise_for_status()
    total: int = answer.json()["total"]
    return total


@pytest.fixture(scope="module")
def recording() -> Iterator[RunningSandbox]:
    """A sandbox whose own recorder has looked once."""
    with running_sandbox("--tenants", "36", "--record-after", "1") as running:
        assert wait_for(lambda: recorded(running) > 0, 60)
        yield running


def run(sandbox: RunningSandbox, home: Path, *arguments: str) -> CompletedProcess[str]:
    return tenure("samples", *arguments, home=home, env=sandbox.environment)


def test_what_was_recorded_is_printed_with_its_figure(recording: RunningSandbox, tmp_path: Path) -> None:
    """By the recorder that the server starts by itself: for each store a status, and where that is known the time
    between restore point and observation."""
    ended = run(recording, tmp_path, TENANT, "-o", "json")
    assert ended.returncode == 0, ended.stderr
    rows = json.loads(ended.stdout)
    assert len(rows) == recorded(recording)
    assert {row["tenant"] for row in rows} == {TENANT}
    assert [row["observed_at"] for row in rows] == sorted((row["observed_at"] for row in rows), reverse=True)
    figured = [row for row in rows if row["rpo_seconds"] is not None]
    assert figured
    for row in figured:
        gap = datetime.fromisoformat(row["observed_at"]) - datetime.fromisoformat(row["restore_point_at"])
        assert abs(gap - timedelta(seconds=row["rpo_seconds"])) <= timedelta(seconds=1)


def test_one_store_and_other_forms(recording: RunningSandbox, tmp_path: Path) -> None:
    """By its ARN, as CSV and as a table that names it."""
    rows = json.loads(run(recording, tmp_path, TENANT, "-o", "json").stdout)
    store = next(row["store"] for row in rows if row["store"])
    ended = run(recording, tmp_path, TENANT, "--store", store, "-o", "csv")
    read = list(csv.DictReader(io.StringIO(ended.stdout)))
    assert {row["store"] for row in read} == {store}
    assert len(read) == sum(row["store"] == store for row in rows)
    table = run(recording, tmp_path, TENANT).stdout.splitlines()
    assert table[0].split()[:2] == ["OBSERVED", "STATUS"]
    assert len(table) == 1 + len(rows)


def test_the_links_of_a_tenant_are_printed_with_their_state(recording: RunningSandbox, tmp_path: Path) -> None:
    """Alone by ``--figure``, one of them by its ARN; a store has no state, and a link no RPO."""
    rows = json.loads(run(recording, tmp_path, "weyland-lines", "--figure", "links", "-o", "json").stdout)
    assert rows
    assert {(it["state"], it["paths_up"], it["paths"], it["status"]) for it in rows} == {("DOWN", 0, 2, "breached")}
    assert {(it["figure"], it["store"], it["rpo_seconds"]) for it in rows} == {("links", None, None)}
    alone = run(recording, tmp_path, "weyland-lines", "--link", rows[0]["link"], "-o", "json")
    assert len(json.loads(alone.stdout)) >= len(rows)
    stores = json.loads(run(recording, tmp_path, "weyland-lines", "--figure", "recovery", "-o", "json").stdout)
    assert {(it["figure"], it["link"], it["state"]) for it in stores} == {("recovery", None, None)}


def test_nothing_recorded_is_said_and_is_no_row(recording: RunningSandbox, tmp_path: Path) -> None:
    """Of a tenant that there is not, and since a moment ago in the sandbox's own time."""
    ended = run(recording, tmp_path, "nobody", "-o", "json")
    assert (ended.returncode, json.loads(ended.stdout)) == (0, [])
    assert "nothing was recorded of nobody" in ended.stderr


def test_a_time_that_is_none_is_told(recording: RunningSandbox, tmp_path: Path) -> None:
    """Before anybody is asked."""
    ended = run(recording, tmp_path, TENANT, "--since", "soon")
    assert ended.returncode == 2
    assert "--since" in ended.stderr


def test_a_server_that_does_not_answer_is_no_empty_list(recording: RunningSandbox, tmp_path: Path) -> None:
    """Nothing is printed, and the code says that nobody knows."""
    environment = {**recording.environment, "TENURE_API_TOKEN": "another"}
    ended = tenure("samples", TENANT, "-o", "json", home=tmp_path, env=environment)
    assert (ended.returncode, ended.stdout) == (3, "")
