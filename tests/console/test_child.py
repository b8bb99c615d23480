"""The sandbox as a child: what its console is told, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from console.child import PROFILE, client_environment, sandbox
from console.errors import CommandError, UsageError
from console.settings import settings_of
from tests.support.cli import DEADLINE_S, ROOT
from tests.support.sandbox import wait_for

pytestmark = pytest.mark.processes
READY = {
    "aws_endpoint_url": "http://127.0.0.1:1",
    "aws_access_key_id": "AKIA",
    "aws_secret_access_key": "secret",
    "api_url": "http://127.0.0.1:2",
    "tokens": {"viewer": "v", "operator": "o", "approver": "a"},
    "regions": ["eu-central-1", "us-east-1"],
    "accounts": ["111122223333"],
    "role_arn": "arn:aws:iam::{account}:role/tenure-read",
    "clock_offset_s": -12.5,
}


def test_nothing_of_the_operators_own_accounts_reaches_the_sandboxs_console() -> None:
    """Profiles, sessions and endpoints of the real world are gone; PATH and TERM stay."""
    own = {
        "PATH": "/bin",
        "TERM": "xterm",
        "AWS_PROFILE": "prod",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_RDS": "https://real",
        "TENURE_PROFILE": "eu-prod",
        "TENURE_API_TOKEN_COMMAND": "pass",
        "NO_PROXY": "internal.example",
    }
    env = client_environment(READY, own)
    assert (env["PATH"], env["TERM"]) == ("/bin", "xterm")
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_RDS", "TENURE_PROFILE"} & env.keys()
    assert "TENURE_API_TOKEN_COMMAND" not in env
    assert env["AWS_SHARED_CREDENTIALS_FILE"] == env["AWS_CONFIG_FILE"] == "/dev/null"
    assert env["NO_PROXY"] == env["no_proxy"] == "internal.example,127.0.0.1,localhost"


def test_the_sandboxs_console_is_told_by_the_same_settings_as_any() -> None:
    """What the sandbox prints becomes settings by the way of the environment."""
    settings = settings_of(PROFILE, client_environment(READY, {}))
    assert (settings.profile, settings.banner) == ("sandbox", "SANDBOX")
    assert settings.api.url == "http://127.0.0.1:2"
    assert settings.api.token is not None
    assert settings.api.token.get_secret_value() == "o"
    assert settings.aws.role_arn == READY["role_arn"]
    assert settings.clock_offset_s == -12.5


def test_options_that_the_sandbox_refuses_are_a_usage_error(capfd: pytest.CaptureFixture[str]) -> None:
    """Its message is relayed, and the demo ends as for any other wrong option."""
    with sandbox(["--tenants=2"], os.environ) as child, pytest.raises(UsageError):
        child.wait_ready()
    assert "the stories alone take" in capfd.readouterr().err


def test_a_sandbox_that_prints_garbage_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Something else than settings on its first line is an error, and the child is ended."""
    program = tmp_path / "garbage"
    program.write_text("#!/bin/sh\necho hello\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with sandbox([], os.environ) as child:
        process = child._process
        with pytest.raises(CommandError, match="something else"):
            child.wait_ready()
    assert process.returncode is not None


def ended(pid: int) -> bool:
    """Whether a process is gone, or only waits for its parent to take note."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def test_the_sandbox_ends_when_its_console_is_killed() -> None:
    """A console that dies by SIGKILL leaves no sandbox behind."""
    program = textwrap.dedent(
        """
        import os, signal
        from console.child import sandbox
        with sandbox(["--tenants=36"], os.environ) as child:
            child.wait_ready()
            print(child._process.pid, flush=True)
            signal.pause()
        """
    )
    console = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert console.stdout is not None
    with console.stdout:
        pid = int(console.stdout.readline())
    console.send_signal(signal.SIGKILL)
    console.wait(DEADLINE_S)
    assert wait_for(lambda: ended(pid))
