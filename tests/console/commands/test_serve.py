"""``tenure serve``: a vendor with no API of its own starts one, and somebody gets in."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from console.commands.serve.run import serve
from console.errors import FAILED, OK, CommandError, UsageError
from console.main import run
from services.controlplane.store import registry_size
from services.internal.client import InternalApi
from services.model import Outcome
from services.wire.chain import verify
from services.wire.operations import AuditHead, AuditRecord
from tests.support.api import AT
from tests.support.postgres import Postgres
from tests.support.registry import small_registry

pytestmark = pytest.mark.processes
COMMAND = (sys.executable, "-c", "from console.main import main; main()", "serve")


@contextmanager
def running(database: Path | str, *more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command as a process of its own; gives its address."""
    process = subprocess.Popen(
        [*COMMAND, "--database", str(database), "--port", "0", *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    alarm = threading.Timer(30, process.kill)
    alarm.start()
    try:
        assert process.stderr is not None
        address = None
        for line in process.stderr:
            found = re.search(r"running on (http://[^\s\"]+)", line)
            if found:
                address = found[1]
                break
        assert address is not None, "the server has ended"
        yield address, process
    finally:
        alarm.cancel()
        process.kill()
        process.communicate()


def asked_until(http: httpx.Client, path: str, done: Callable[[httpx.Response], bool]) -> httpx.Response:
    """The first answer that will do."""
    until = time.monotonic() + 20
    while not done(answer := http.get(path)):
        if time.monotonic() > until:
            raise TimeoutError(answer.text)
    return answer


def test_from_nothing_to_a_registry_that_a_client_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A token is made, the server started, the client is let in and is told who it is; an interrupt ends it."""
    database = tmp_path / "registry.db"
    assert run(["serve", "token", "add", "olga@example.org:operator", "--database", str(database)]) == OK
    token = capsys.readouterr().out.strip()
    with running(database) as (address, process):
        with InternalApi(address, token, now=lambda: AT, default_zone="UTC") as api:
            who = api.whoami()
            answer = api.registry(threading.Event())
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=15)
    assert who.value is not None
    assert (who.value.user, who.value.role) == ("olga@example.org", "operator")
    assert {seen.outcome for seen in answer.observations} == {Outcome.EMPTY}
    assert out == ""
    assert process.returncode == 130


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_before_the_server_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stop: signal.Signals
) -> None:
    """Asked to stop in the middle of a body it takes the rest, keeps the record, says so, and lets nobody else in."""
    database = tmp_path / "registry.db"
    run(["serve", "token", "add", "olga:operator", "--database", str(database)])
    token = capsys.readouterr().out.strip()
    body = b'{"id":"northwind","kind":"customer","name":"Northwind"}'
    head = (
        f"PUT /parties/northwind HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nExpect: 100-continue\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with running(database, "--no-worker") as (address, process):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(head.encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 100")  # the application asks for the body
            connection.sendall(body[:20])
            process.send_signal(stop)
            assert process.stderr is not None
            assert any("Waiting for connections to close" in line for line in process.stderr)
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((host, int(port)), timeout=20)
            connection.sendall(body[20:])
            answer = b""
            while chunk := connection.recv(1000):
                answer += chunk
        process.communicate(timeout=20)
    assert answer.startswith(b"HTTP/1.1 201")
    assert answer.endswith(body)
    assert registry_size(f"sqlite:///{database}")["parties"] == 1


def test_a_log_of_json_has_an_object_a_line_and_no_token(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the first word to the last; probes are not told."""
    database = tmp_path / "registry.db"
    run(["serve", "token", "add", "olga:operator", "--database", str(database)])
    token = capsys.readouterr().out.strip()
    with running(database, "--no-worker", "--log", "json") as (address, process):
        with httpx.Client(base_url=address, trust_env=False, headers={"Authorization": f"Bearer {token}"}) as http:
            assert http.get("/readyz").json()["worker"] == "elsewhere"
            assert http.get("/whoami").status_code == 200
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    lines = [json.loads(line) for line in err.splitlines()]
    (request,) = [line for line in lines if line["logger"] == "tenure.requests"]
    assert (request["path"], request["status"], request["user"]) == ("/whoami", 200, "olga")
    assert lines[-1]["logger"].startswith("uvicorn")
    assert token not in err


@pytest.mark.xdist_group("postgres")
def test_it_serves_on_postgresql(postgres: Postgres, capsys: pytest.CaptureFixture[str]) -> None:
    """A URL as somebody would type it, an empty database, the worker in the process: tokens, an order, the log."""
    url = postgres.empty()
    for role in ("operator", "worker"):
        assert run(["serve", "token", "add", f"olga:{role}", "--database", url]) == OK
    operator, _ = capsys.readouterr().out.split()
    with (
        running(url) as (address, _),
        httpx.Client(base_url=address, trust_env=False, headers={"Authorization": f"Bearer {operator}"}) as http,
    ):
        ready = asked_until(http, "/readyz", lambda it: it.status_code == 200)
        assert ready.json()["worker"] == "alive"
        records = small_registry()
        for name in ("parties", "tenants"):
            for record in getattr(records, name):
                body = record.model_dump(mode="json")
                assert http.put(f"/{name}/{record.id}", json=body).status_code == 201
        asked = {
            "key": "0" * 32,
            "action": "hold-place",
            "tenants": ["acme"],
            "fields": {"basis": "litigation", "owner": "Legal", "reason": "a claim"},
        }
        plan = http.post("/plans", json=asked).json()
        assert http.post("/orders", json={"plan": plan}).status_code == 201
        order = asked_until(http, f"/orders/{'0' * 32}", lambda it: it.json()["ended_at"] is not None).json()
        assert order["state"] == "done", order
        assert [it["tenant"] for it in http.get("/holds").json()["items"]] == ["acme"]
        head = AuditHead.model_validate(http.get("/audit/head").json())
        entries = [AuditRecord.model_validate(it) for it in http.get("/audit").json()["items"]]
        assert verify(entries, head) == []
        assert order["id"] in {it.order for it in entries}


def test_the_tag_of_tenants_is_the_servers_setting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan of a slot shows it, in the call by which its window finds what is the tenant's."""
    database = tmp_path / "registry.db"
    small_registry().load(f"sqlite:///{database}")
    run(["serve", "token", "add", "olga:viewer", "--database", str(database)])
    headers = {"Authorization": f"Bearer {capsys.readouterr().out.strip()}"}
    asked = {
        "key": "0" * 32,
        "action": "slot-schedule",
        "tenants": ["acme"],
        "fields": {"start": "2090-12-01 22:00", "length": "2h", "reason": "Upgrade"},
    }
    with running(database, "--no-worker", "--tags-tenant", "tenure:tenant") as (address, _):
        plan = httpx.post(f"{address}/plans", json=asked, headers=headers, trust_env=False).json()
    assert [it["value"] for it in plan["seen"] if it["what"] == "tags.tenant"] == ["tenure:tenant"]
    with pytest.raises(UsageError, match="--tags-tenant"):
        serve(database=str(database), tags_tenant="x" * 129)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "jump.example.org"])  # noqa: S104 - to be refused
def test_other_machines_are_served_with_tls_only(tmp_path: Path, host: str) -> None:
    """Tokens do not travel in the clear because somebody forgot."""
    with pytest.raises(UsageError, match="--certificate and --key"):
        serve(database=str(tmp_path / "registry.db"), host=host)


@pytest.mark.parametrize(
    "anchor",
    [
        {"anchor": "s3://bucket/audit"},
        {"anchor_account": "111122223333", "anchor_region": "eu-central-1"},
        {"anchor": "bucket", "anchor_account": "111122223333", "anchor_region": "eu-central-1"},
        {"anchor": "s3://bucket", "anchor_account": "111122223333", "anchor_region": "eu-central-1", "worker": False},
        {"anchor_every": "59s"},
        {"anchor_every": "daily"},
    ],
)
def test_half_a_place_for_anchors_is_refused(tmp_path: Path, anchor: dict[str, Any]) -> None:
    """A bucket without its account and region, what is no bucket, one that nobody is there to write to, no interval."""
    with pytest.raises(UsageError, match="--anchor"):
        serve(database=str(tmp_path / "registry.db"), **anchor)


def test_a_certificate_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """As a message, not as a traceback; half a pair is a mistake of the command line."""
    database = str(tmp_path / "registry.db")
    nothing = tmp_path / "nothing.pem"
    with pytest.raises(UsageError):
        serve(database=database, certificate=nothing)
    with pytest.raises(CommandError, match="certificate"):
        serve(database=database, port=0, certificate=nothing, key=nothing)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    """The command fails with the code for failures, and its log has the reason."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--database", str(tmp_path / "registry.db"), "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == FAILED
    assert "address already in use" in done.stderr
    assert f"tenure: cannot serve on 127.0.0.1:{port}" in done.stderr


@pytest.mark.parametrize("database", ["nowhere/registry.db", "sqlite://", "king://x", "postgresql+nothing://x"])
def test_a_database_that_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    """Whatever is wrong with it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match="the database cannot be opened"):
        serve(database=database)


def test_the_usual_place_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --database the registry lies under XDG_DATA_HOME, in a folder for its owner alone."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert run(["serve", "token", "add", "olga:viewer"]) == OK
    folder = tmp_path / "data" / "tenure"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "registry.db").stat().st_mode & 0o777 == 0o600
