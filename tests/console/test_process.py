"""The command as a process: what it imports, how it ends when nobody reads, when it is interrupted, with no profile."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import DEADLINE_S, command, environment, tenure
from tests.support.pty import Terminal

pytestmark = pytest.mark.processes
HEAVY = ("boto3", "botocore", "textual", "moto", "httpx", "sqlalchemy", "fastapi", "flask")

PROBE = """
import json, sys
from console.main import run
code = run(sys.argv[1:])
print("\\n" + json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["clocks", "--ended", "2026-02-28", "-o", "json"],
        ["list", "--help"],
        ["demo", "--help"],
        ["list", "tenants", "wrong="],
    ],
    ids=" ".join,
)
def test_light_commands_import_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    """What needs no service loads none of the packages that services need."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=True,
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == (2 if "wrong=" in arguments else 0), done.stderr
    assert not set(HEAVY) & set(modules)


def test_help_names_every_command_and_the_exit_codes(tmp_path: Path) -> None:
    """--help on stdout, exit 0."""
    done = tenure("--help", home=tmp_path)
    assert done.returncode == 0
    for word in ("list", "show", "clocks", "agreement", "doctor", "demo", "sandbox", "serve", "Exit codes"):
        assert word in done.stdout


def test_version_is_told(tmp_path: Path) -> None:
    """--version prints the version alone."""
    done = tenure("--version", home=tmp_path)
    assert (done.returncode, done.stdout.strip().count(".")) == (0, 2)


@pytest.mark.parametrize("arguments", [(), ("list", "tenants"), ("show", "x")])
def test_without_a_profile_it_says_how_to_make_one(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """An empty HOME: exit 2, the file to write, and the demo; nothing on stdout."""
    done = tenure(*arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "tenure demo" in done.stderr
    assert str(tmp_path / ".config" / "tenure" / "config.toml") in done.stderr


@pytest.mark.parametrize("arguments", [(), ("demo",)])
def test_the_console_needs_a_terminal(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Without a terminal the console says so, and no sandbox is started for it."""
    done = tenure(*arguments, home=tmp_path, env={"TENURE_API_URL": "http://127.0.0.1:1", "TENURE_API_TOKEN": "t"})
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs a terminal" in done.stderr
    assert "sandbox:" not in done.stderr


def test_an_interrupt_ends_a_list_though_the_api_hangs(tmp_path: Path) -> None:
    """SIGINT while a server has taken the connection and says nothing: exit 130 at once, no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        env = {"TENURE_API_URL": url, "TENURE_API_TOKEN": "t", "AWS_EC2_METADATA_DISABLED": "true"}
        process = subprocess.Popen(
            command("list", "tenants"),
            env=environment(tmp_path, env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        server.settimeout(DEADLINE_S)
        connection, _ = server.accept()
        with connection:
            connection.recv(1)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=2)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err


def test_progress_is_shown_to_a_terminal_alone_and_wiped(tmp_path: Path) -> None:
    """Whoever watches sees what is being asked; ctrl+c ends it with 130 and leaves a clean line."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        config = tmp_path / "config.toml"
        config.write_text(f'[api]\nurl = "{url}"\ntoken = "t"\ntimeout_s = 60\n')
        env = {"TENURE_CONFIG": str(config), "AWS_EC2_METADATA_DISABLED": "true"}
        with Terminal(command("list", "tenants"), env=environment(tmp_path, env)) as terminal:
            terminal.wait_for(" sources")
            terminal.press("ctrl+c")
            assert terminal.wait_exit() == 130
            assert "asked" not in terminal.text
            assert "Traceback" not in terminal.text


def test_a_token_command_runs_without_a_shell_and_keeps_its_secret(tmp_path: Path) -> None:
    """Its output is the token; when it fails, the message names the program and not what it printed."""
    env = {"TENURE_API_URL": "http://127.0.0.1:1", "TENURE_API_TOKEN_COMMAND": "sh -c 'echo s3cret; exit 3'"}
    done = tenure("list", "tenants", home=tmp_path, env=env)
    assert done.returncode == 4
    assert "sh ended with 3" in done.stderr
    assert "s3cret" not in done.stderr
