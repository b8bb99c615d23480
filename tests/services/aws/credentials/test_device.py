"""The device flow, with a service that answers as RFC 8628 has it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from services.aws.credentials.device import sign_in
from services.aws.credentials.origin import SsoSource
from services.model import DeviceCode, MfaDevice

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOURCE = SsoSource("https://x.invalid/start", "eu-central-1", "corp", ("sso:account:access",))
TOKEN = {"accessToken": "token", "expiresIn": 28800}


def refusal(name: str) -> ClientError:
    return ClientError({"Error": {"Code": name, "Message": "said the service"}}, "CreateToken")


@dataclass
class Service:
    """Answers CreateToken in turn; the last answer for ever."""

    answers: list[Any]
    asked: list[dict[str, Any]] = field(default_factory=list)
    registered: dict[str, Any] = field(default_factory=dict)
    interval: int | None = 1

    def register_client(self, **how: Any) -> dict[str, Any]:
        self.registered = how
        return {"clientId": "id", "clientSecret": "secret", "clientSecretExpiresAt": 0}

    def start_device_authorization(self, **how: Any) -> dict[str, Any]:
        assert how == {"clientId": "id", "clientSecret": "secret", "startUrl": SOURCE.start_url}
        begun = {"deviceCode": "dev", "userCode": "ABCD-EFGH", "verificationUri": "https://x.invalid/d"}
        return begun | {"expiresIn": 600} | ({"interval": self.interval} if self.interval else {})

    def create_token(self, **how: Any) -> dict[str, Any]:
        self.asked.append(how)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, dict)
        return answer


class Clock(threading.Event):
    """A cancel event on which waiting takes no time but that of its own clock."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        return self.is_set()

    def monotonic(self) -> float:
        return sum(self.waited)


@dataclass
class Shown:
    codes: list[DeviceCode] = field(default_factory=list)

    def device_code(self, code: DeviceCode) -> None:
        self.codes.append(code)

    def mfa_code(self, device: MfaDevice) -> str | None:
        raise AssertionError(device)


def run(service: Service) -> tuple[Any, Clock, Shown]:
    clock, shown = Clock(), Shown()
    signed = sign_in(service, SOURCE, shown, clock, now=lambda: AT, monotonic=clock.monotonic)
    return signed, clock, shown


def test_polls_until_the_operator_has_confirmed() -> None:
    """The code is shown once, with its end; each poll waits the interval first."""
    service = Service([refusal("AuthorizationPendingException"), refusal("AuthorizationPendingException"), TOKEN])
    signed, clock, shown = run(service)
    assert (signed.problem, signed.answer) == (None, TOKEN)
    assert signed.registration["clientId"] == "id"
    assert shown.codes == [DeviceCode("ABCD-EFGH", "https://x.invalid/d", None, AT + timedelta(minutes=10))]
    assert clock.waited == [1, 1, 1]
    assert service.registered == {"clientName": "tenure", "clientType": "public", "scopes": ["sso:account:access"]}
    assert {how["grantType"] for how in service.asked} == {"urn:ietf:params:oauth:grant-type:device_code"}


def pace(answers: list[Any], interval: int | None) -> list[float]:
    service = Service(answers)
    service.interval = interval
    return run(service)[1].waited


@pytest.mark.parametrize(
    ("answers", "interval", "waited"),
    [
        ([TOKEN], None, [5]),
        ([refusal("SlowDownException"), TOKEN], 1, [1, 6]),
        ([EndpointConnectionError(endpoint_url="x"), refusal("AuthorizationPendingException"), TOKEN], 2, [2, 4, 4]),
        ([refusal("InternalServerException"), TOKEN], 1, [1, 2]),
    ],
)
def test_the_pace_is_the_servers(answers: list[Any], interval: int | None, waited: list[float]) -> None:
    """Five seconds where none is named, five more when asked to slow down, twice as long when nobody answers."""
    assert pace(answers, interval) == waited


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ExpiredTokenException", "the code has expired: sign in again"),
        ("AccessDeniedException", "the sign-in was declined in the browser"),
        ("InvalidGrantException", "InvalidGrantException: said the service"),
    ],
)
def test_an_end_is_told(name: str, said: str) -> None:
    """In words, and without another poll."""
    service = Service([refusal(name)])
    signed, _, _ = run(service)
    assert (signed.problem, signed.answer, len(service.asked)) == (said, None, 1)


def test_a_code_that_nobody_confirms_expires() -> None:
    """By our own clock, should the server never say so."""
    service = Service([refusal("AuthorizationPendingException")])
    signed, clock, _ = run(service)
    assert signed.problem == "the code has expired: sign in again"
    assert clock.monotonic() == 600


def test_cancelled_at_once() -> None:
    """Between two polls; nothing more is asked."""
    clock, shown, service = Clock(), Shown(), Service([TOKEN])
    clock.set()
    signed = sign_in(service, SOURCE, shown, clock, now=lambda: AT, monotonic=clock.monotonic)
    assert signed.problem == "the sign-in was cancelled"
    assert service.asked == []
