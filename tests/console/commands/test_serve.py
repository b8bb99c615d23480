"""``tenure serve``: a vendor with no API of its own starts one, and somebody gets in."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.commands.serve.run import serve
from console.errors import FAILED, OK, CommandError, UsageError
from console.main import run
from services.internal.client import InternalApi
from services.model import Outcome
from tests.support.api import AT

pytestmark = pytest.mark.processes
COMMAND = (sys.executable, "-c", "from console.main import main; main()", "serve")


@contextmanager
def running(database: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command as a process of its own; gives its address."""
    process = subprocess.Popen(
        [*COMMAND, "--database", str(database), "--port", "0"],
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
            found = re.search(r"running on (http://\S+)", line)
            if found:
                address = found[1]
                break
        assert address is not None, "the server has ended"
        yield address, process
    finally:
        alarm.cancel()
        process.kill()
        process.communicate()


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


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "jump.example.org"])  # noqa: S104 - to be refused
def test_other_machines_are_served_with_tls_only(tmp_path: Path, host: str) -> None:
    """Tokens do not travel in the clear because somebody forgot."""
    with pytest.raises(UsageError, match="--certificate and --key"):
        serve(database=str(tmp_path / "registry.db"), host=host)


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
