"""A sandbox as a test needs one: a real process, told apart from every other.

``sandbox`` is shared by all tests of a worker and only to be read; ``faulty`` is a smaller one, whose faults each test
sets; ``make_sandbox`` starts one of a test's own, with its own options. All have a fixed seed and a clock that
starts at ``AT`` and runs on.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from services.now import Now, make_now

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SEED = 1
TENANTS = 60
START_S = 60.0
END_S = 20.0


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """The settings that a sandbox printed."""

    process: subprocess.Popen[str]
    aws_endpoint_url: str
    aws_access_key_id: str
    aws_secret_access_key: str
    api_url: str
    tokens: Mapping[str, str]
    regions: tuple[str, ...]
    accounts: tuple[str, ...]
    role_arn: str
    clock_offset_s: float
    line: Mapping[str, Any]
    """The whole line."""

    @property
    def now(self) -> Now:
        """The sandbox's clock."""
        return make_now(timedelta(seconds=self.clock_offset_s))

    @property
    def aws_environment(self) -> dict[str, str]:
        """The standard AWS variables that lead here; no profile of this machine is read."""
        return {
            "AWS_ENDPOINT_URL": self.aws_endpoint_url,
            "AWS_ACCESS_KEY_ID": self.aws_access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.aws_secret_access_key,
            "AWS_DEFAULT_REGION": self.regions[0],
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def environment(self) -> dict[str, str]:
        """What a ``tenure`` needs in its environment to look at this sandbox."""
        return {
            **self.aws_environment,
            "TENURE_API_URL": self.api_url,
            "TENURE_API_TOKEN": self.tokens["viewer"],
            "TENURE_AWS_ROLE_ARN": self.role_arn,
            "TENURE_CLOCK_OFFSET": str(self.clock_offset_s),
        }

    def set_faults(self, *specs: str) -> None:
        """Replace the faults in force on both servers. Not on the shared sandbox."""
        for url, mine in ((self.aws_endpoint_url, False), (self.api_url, True)):
            post(url, [spec for spec in specs if spec.startswith("api-") is mine])

    def stand(self, at: datetime | None) -> None:
        """Let AWS's clock stand at an instant, so that its answers stay as they are; ``None``: let it run on."""
        control(self.aws_endpoint_url, "clock", {"at": at.isoformat() if at is not None else None})


def post(url: str, specs: list[str]) -> None:
    """Set the faults of one server."""
    control(url, "faults", {"faults": specs})


def control(url: str, what: str, value: Mapping[str, object]) -> None:
    """Put a value to a control endpoint of one server."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request("POST", f"/sandbox/{what}", json.dumps(value))
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise ValueError(text)
    finally:
        connection.close()


def start(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start ``python -m services.sandbox`` with pipes, as the child of this process."""
    return subprocess.Popen(
        [sys.executable, "-m", "services.sandbox", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def read_settings(process: subprocess.Popen[str]) -> RunningSandbox:
    """Wait for the one line; fails with what the sandbox said if it ends without it."""
    assert process.stdout is not None
    assert process.stderr is not None
    text = process.stdout.readline()
    if not text:
        pytest.fail(f"the sandbox ended with {process.wait(END_S)}:\n{process.stderr.read()}")
    line = json.loads(text)
    return RunningSandbox(
        process=process,
        regions=tuple(line["regions"]),
        accounts=tuple(line["accounts"]),
        line=line,
        **{
            name: line[name]
            for name in (
                "aws_endpoint_url",
                "aws_access_key_id",
                "aws_secret_access_key",
                "api_url",
                "tokens",
                "role_arn",
                "clock_offset_s",
            )
        },
    )


def stop(process: subprocess.Popen[str], how: signal.Signals = signal.SIGTERM) -> int:
    """End a sandbox and return its exit code."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        return process.wait(END_S)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def running_sandbox(*arguments: str) -> Iterator[RunningSandbox]:
    """A sandbox for as long as the block lasts; other arguments come after those of the shared one and win.

    Nobody records in it unless a test wants that: what AWS is asked, and which call a fault strikes, is the test's own.
    """
    usual = ("--seed", str(SEED), "--tenants", str(TENANTS), "--at", AT.isoformat(), "--record-after", "0")
    process = start(*usual, *arguments)
    try:
        yield read_settings(process)
    finally:
        stop(process)


def wait_for(condition: Callable[[], bool], seconds: float = END_S) -> bool:
    """Whether ``condition`` came true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    """The sandbox that a worker's tests share: read it, change nothing in it."""
    with running_sandbox() as running:
        yield running


@pytest.fixture(scope="session")
def _breakable() -> Iterator[RunningSandbox]:
    with running_sandbox("--tenants", "36") as running:
        yield running


@pytest.fixture
def faulty(_breakable: RunningSandbox) -> Iterator[RunningSandbox]:
    """A small sandbox that a worker's tests share, for each to set its faults; there are none at first."""
    _breakable.set_faults()
    yield _breakable
    _breakable.set_faults()
    _breakable.stand(None)


@pytest.fixture
def make_sandbox() -> Iterator[Callable[..., RunningSandbox]]:
    """Starts sandboxes of a test's own: ``make_sandbox("--tenants", "36", "--fault", "throttle:rds")``."""
    contexts: list[Any] = []

    def make(*arguments: str) -> RunningSandbox:
        context = running_sandbox(*arguments)
        running = context.__enter__()
        contexts.append(context)
        return running

    yield make
    for context in contexts:
        context.__exit__(None, None, None)
