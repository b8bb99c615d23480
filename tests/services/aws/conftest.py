from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.aws.session import AwsSession, AwsSettings
from tests.services.aws.rds_server import RdsServer, Script


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up credentials, and nothing of this machine's."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-very-secret-key")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def rds() -> Iterator[Callable[[Script], RdsServer]]:
    """Starts a scripted RDS; all are stopped at the end."""
    started: list[RdsServer] = []

    def start(script: Script) -> RdsServer:
        started.append(RdsServer(script))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def session_for() -> Iterator[Callable[..., AwsSession]]:
    """Makes sessions that try once and wait a second; all are closed at the end."""
    made: list[AwsSession] = []

    def make(url: str, **settings: object) -> AwsSession:
        chosen: dict[str, object] = {"max_attempts": 1, "read_timeout_s": 1.0, "connect_timeout_s": 1.0} | settings
        made.append(AwsSession(AwsSettings(endpoint_url=url, **chosen)))  # type: ignore[arg-type] # a test's shorthand
        return made[-1]

    yield make
    for session in made:
        session.close()
