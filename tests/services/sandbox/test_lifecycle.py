"""How a sandbox comes up and ends, as real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.sandbox import AT, END_S, RunningSandbox, read_settings, start, stop, wait_for

pytestmark = pytest.mark.processes
SMALL = ("--tenants", "36", "--at", AT.isoformat())


def children_of(pid: int) -> list[int]:
    """The processes whose parent is ``pid``, as Linux tells."""
    text = "".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(child) for child in text.split()]


def alive(pid: int) -> bool:
    """Whether a process runs: one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up as Linux shows them")


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that the test starts; whatever is left of them is ended."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        stop(process, signal.SIGKILL)


def up(started: list[subprocess.Popen[str]], *arguments: str) -> RunningSandbox:
    process = start(*SMALL, *arguments)
    started.append(process)
    return read_settings(process)


@linux
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_ends_cleanly_on_a_signal(how: signal.Signals, started: list[subprocess.Popen[str]]) -> None:
    """A signal ends it with exit code 0: both servers are gone, and so is the state."""
    running = up(started)
    servers = children_of(running.process.pid)
    state = Path(running.line["state"])
    assert len(servers) == 2
    assert state.is_dir()
    running.process.send_signal(how)
    assert running.process.wait(END_S) == 0
    assert not any(map(alive, servers))
    assert not state.exists()
    assert running.process.stdout is not None
    assert running.process.stdout.read() == "", "one line is all that stands on stdout"


STARTER = """
import subprocess, sys
process = subprocess.Popen([sys.executable, "-m", "services.sandbox", *sys.argv[1:]], stdout=subprocess.PIPE, text=True)
print(process.pid, process.stdout.readline(), end="", flush=True)
sys.stdin.read()
"""


@linux
def test_ends_when_its_starter_is_killed(started: list[subprocess.Popen[str]]) -> None:
    """SIGKILL of whoever started it leaves nobody behind: not the supervisor, not the servers, not the state."""
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, *SMALL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    started.append(starter)
    assert starter.stdout is not None
    pid, _, line = starter.stdout.readline().partition(" ")
    everybody = [int(pid), *children_of(int(pid))]
    assert len(everybody) == 3
    starter.kill()
    assert wait_for(lambda: not any(map(alive, everybody)))
    assert not Path(json.loads(line)["state"]).exists()


@linux
def test_ends_when_a_given_process_ends(started: list[subprocess.Popen[str]]) -> None:
    """With --parent it watches that process, its parent or not; one that is gone already ends it at once."""
    other = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, text=True)
    started.append(other)
    running = up(started, "--parent", str(other.pid))
    stop(other)
    assert running.process.wait(END_S) == 0
    late = start(*SMALL, "--parent", str(other.pid))
    started.append(late)
    assert late.wait(END_S) == 0
    assert late.stdout is not None
    assert late.stdout.read() == ""


@linux
def test_killed_supervisor_leaves_nobody(started: list[subprocess.Popen[str]]) -> None:
    """The servers watch the supervisor: its SIGKILL ends them, and the temporary state goes too."""
    running = up(started)
    servers = children_of(running.process.pid)
    running.process.kill()
    assert wait_for(lambda: not any(map(alive, servers)))
    assert wait_for(lambda: not Path(running.line["state"]).exists())


@linux
def test_says_which_server_died(started: list[subprocess.Popen[str]]) -> None:
    """When a server dies the sandbox says which and how, ends the other one, and exits 1."""
    running = up(started)
    servers = {_module(pid): pid for pid in children_of(running.process.pid)}
    os.kill(servers["services.sandbox.api"], signal.SIGKILL)
    assert running.process.wait(END_S) == 1
    assert running.process.stderr is not None
    assert "the server 'api' died (SIGKILL); its last words:" in running.process.stderr.read()
    assert not alive(servers["services.sandbox.aws"])


def _module(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[2].decode()


def _taken() -> socket.socket:
    """A port that is in use while the one below it is not: of those that the system gives to nobody by itself."""
    for port in range(20_001 + os.getpid() % 9_000, 32_000):
        with closing(socket.socket()) as below:
            taken = socket.socket()
            try:
                below.bind(("127.0.0.1", port - 1))
                taken.bind(("127.0.0.1", port))
            except OSError:
                taken.close()
                continue
        taken.listen()
        return taken
    raise AssertionError("all are in use")


@pytest.mark.parametrize("offset", [0, 1])
def test_a_taken_port_is_named(offset: int, started: list[subprocess.Popen[str]]) -> None:
    """A port in use, of either server, ends the start with exit code 1 and its number."""
    with closing(_taken()) as taken:
        port = taken.getsockname()[1]
        process = start(*SMALL, "--port", str(port - offset))
        started.append(process)
        assert process.wait(END_S) == 1
    assert process.stderr is not None
    assert f"port {port} on 127.0.0.1: Address already in use" in process.stderr.read()


def test_state_is_kept_and_belongs_to_one_fleet(tmp_path: Path, started: list[subprocess.Popen[str]]) -> None:
    """--state keeps registry, seed, instant and clock for the next start, and refuses another fleet."""
    directory = tmp_path / "kept"
    first = up(started, "--state", str(directory), "--seed", "4")
    assert stop(first.process) == 0
    assert (directory / "registry.sqlite").stat().st_size > 0
    again = start("--state", str(directory))
    started.append(again)
    line = read_settings(again).line
    assert stop(again) == 0
    for name in ("seed", "tenants", "at", "clock_offset_s"):
        assert line[name] == first.line[name]
    other = start("--state", str(directory), "--seed", "5")
    started.append(other)
    assert other.wait(END_S) == 1
    assert other.stderr is not None
    assert "was made with --seed 4" in other.stderr.read()


def test_the_api_serves_the_fleet(sandbox: RunningSandbox) -> None:
    """The printed tokens open the internal API by role, nothing else does, and exactly N tenants are listed."""
    people = {name: get(f"{sandbox.api_url}/whoami", token) for name, token in sandbox.tokens.items()}
    assert {name: who["role"] for name, who in people.items()} == {
        "viewer": "viewer",
        "operator": "operator",
        "approver": "approver",
        "approver2": "approver",
    }
    assert len({who["user"] for who in people.values()}) == len(people)
    tenants = get(f"{sandbox.api_url}/tenants?limit=1000", sandbox.tokens["viewer"])["items"]
    assert len(tenants) == 60
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(f"{sandbox.api_url}/tenants", "guess")
    refused.value.close()
    assert refused.value.code == 401


def get(url: str, token: str) -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        value: dict[str, Any] = json.load(answer)
    return value
