"""The sandbox as a child process: started, waited for, and ended with us however we end."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any

from console.config_file import Profile
from console.errors import USAGE, CommandError, UsageError
from console.output import say
from console.waiting import Task

END_S = 1.5
"""How long the sandbox has for an orderly end before it is killed."""

PROFILE = Profile("sandbox", {"banner": "SANDBOX"})
"""The profile of a console on a sandbox; all else is in its environment."""

_FOREIGN = ("AWS_", "TENURE_")
"""What the operator's own environment says of real accounts must not reach the sandbox's console."""


class Child:
    """A running ``python -m services.sandbox``. It watches us itself, so that it ends though we are killed."""

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str]) -> None:
        # A process group of its own: the terminal's ctrl+c is for the console, which ends the sandbox in order.
        self._process = subprocess.Popen(  # noqa: S603 - our own module with checked options
            [sys.executable, "-m", "services.sandbox", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=dict(env),
            process_group=0,
        )
        self._starting = True
        self._relay = threading.Thread(target=self._relay_messages, name="sandbox-messages", daemon=True)
        self._relay.start()

    def _relay_messages(self) -> None:
        """Shows the sandbox's progress until it is up; afterwards the screen belongs to the console."""
        with _pipe(self._process.stderr) as messages:
            for line in messages:
                if self._starting:
                    say(line.rstrip("\n"))

    def wait_ready(self) -> dict[str, Any]:
        """The settings that the sandbox prints when it is up. Raises ``CommandError`` where it does not come up."""
        line = Task("sandbox-settings", _pipe(self._process.stdout).readline).wait()
        if not line:
            code = self._process.wait()
            self._relay.join(END_S)  # its last words are shown before ours
            if code == USAGE:
                raise UsageError("the sandbox refuses these options; why stands above")
            raise CommandError(f"the sandbox did not come up (exit code {code}); its messages stand above")
        self._starting = False
        try:
            ready = json.loads(line)
        except ValueError:
            raise CommandError(f"the sandbox said something else than its settings: {line[:200]}") from None
        if not isinstance(ready, dict):
            raise CommandError("the sandbox's settings are not an object")
        return ready

    def end(self) -> None:
        """Ends the sandbox, by force where it takes too long."""
        self._starting = False
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        _pipe(self._process.stdout).close()
        self._relay.join(END_S)


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("the child was started without this pipe")
    return stream


@contextmanager
def sandbox(arguments: Sequence[str], env: Mapping[str, str]) -> Iterator[Child]:
    """A sandbox that is coming up, and that ends when the block does."""
    child = Child(arguments, {key: value for key, value in env.items() if not key.startswith(_FOREIGN)})
    try:
        yield child
    finally:
        child.end()


def client_environment(ready: Mapping[str, Any], env: Mapping[str, str], *, role: str = "operator") -> dict[str, str]:
    """The environment of a client of the sandbox: what it printed, and nothing of the operator's own AWS or Tenure."""
    kept = {key: value for key, value in env.items() if not key.startswith(_FOREIGN)}
    quiet = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "TENURE_CONFIG"), "/dev/null")
    loopback = ",".join(
        part for part in (kept.get("NO_PROXY") or kept.get("no_proxy"), "127.0.0.1", "localhost") if part
    )
    return {
        **kept,
        **quiet,
        "NO_PROXY": loopback,
        "no_proxy": loopback,
        "AWS_ENDPOINT_URL": str(ready["aws_endpoint_url"]),
        "AWS_ACCESS_KEY_ID": str(ready["aws_access_key_id"]),
        "AWS_SECRET_ACCESS_KEY": str(ready["aws_secret_access_key"]),
        "AWS_DEFAULT_REGION": str(ready["regions"][0]),
        "AWS_EC2_METADATA_DISABLED": "true",
        "TENURE_API_URL": str(ready["api_url"]),
        "TENURE_API_TOKEN": str(ready["tokens"][role]),
        "TENURE_AWS_ROLE_ARN": str(ready["role_arn"]),
        "TENURE_CLOCK_OFFSET": str(ready["clock_offset_s"]),
    }
