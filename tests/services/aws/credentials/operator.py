"""An operator at a sandbox: profiles of its AWS configuration, a browser, a device, and what is asked of them."""

from __future__ import annotations

import getpass
import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest

from services.aws.session import AwsSession, AwsSettings
from services.model import DeviceCode, MfaDevice
from tests.support.sandbox import RunningSandbox

ROLE = "arn:aws:iam::{account}:role/tenure-read"


def control(running: RunningSandbox, path: str, **value: Any) -> Any:
    """What a control endpoint of the sandbox's AWS answers."""
    connection = http.client.HTTPConnection(urlsplit(running.aws_endpoint_url).netloc, timeout=10)
    try:
        connection.request("POST", path, json.dumps(value))
        answer = connection.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, text
        return json.loads(text)
    finally:
        connection.close()


@dataclass
class Operator:
    """Confirms each device code in the browser, and reads this code from the device."""

    running: RunningSandbox
    approve: bool = True
    code: str | None = "123456"
    codes: list[DeviceCode] = field(default_factory=list)
    devices: list[MfaDevice] = field(default_factory=list)

    def device_code(self, code: DeviceCode) -> None:
        self.codes.append(code)
        control(self.running, "/sandbox/sso", user_code=code.user_code, approve=self.approve)

    def mfa_code(self, device: MfaDevice) -> str | None:
        self.devices.append(device)
        return self.code


@dataclass
class Desk:
    """A home directory of its own, with the sandbox's AWS configuration and no key in the environment."""

    running: RunningSandbox
    home: Path
    monkeypatch: pytest.MonkeyPatch
    sessions: list[AwsSession] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return Path(self.running.line["aws_config_file"])

    def session(self, profile: str | None, **settings: Any) -> AwsSession:
        chosen: dict[str, Any] = {"role_arn": ROLE, "max_attempts": 1, "read_timeout_s": 5.0} | settings
        made = AwsSession(AwsSettings(profile=profile, **chosen))
        self.sessions.append(made)
        return made

    def operator(self, **how: Any) -> Operator:
        return Operator(self.running, **how)

    def configure(self, text: str) -> None:
        """Another AWS configuration than the sandbox's."""
        path = self.home / "config"
        path.write_text(text)
        self.monkeypatch.setenv("AWS_CONFIG_FILE", str(path))


def never(*_: object, **__: object) -> NoReturn:
    pytest.fail("somebody prompted on the terminal")


def sit_down(running: RunningSandbox, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk at a sandbox, cleared at the end."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / "credentials"))
    monkeypatch.setattr(getpass, "getpass", never)
    monkeypatch.setattr("botocore.credentials.getpass.getpass", never)
    desk = Desk(running, home, monkeypatch)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(desk.config))
    yield desk
    for session in desk.sessions:
        session.close()


def read(session: AwsSession, account: str = "111122223333", region: str = "us-east-1") -> Any:
    """One call of an account, as the collectors make them."""
    client: Any = session.client("rds", account, region)
    return client.describe_db_instances()


class Hurried(threading.Event):
    """Waits no time between two polls: the operators of these tests confirm before the first."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def sign_in(session: AwsSession, operator: Operator) -> str | None:
    return session.sign_in(operator, Hurried())
