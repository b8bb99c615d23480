"""Signing in to IAM Identity Center with a device code (RFC 8628): typed by the operator in any browser anywhere.

Source: IAM Identity Center OIDC API reference, RegisterClient, StartDeviceAuthorization, CreateToken.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.aws.credentials.origin import SsoSource
from services.model import DeviceCode, Prompts
from services.now import Now

CLIENT_NAME = "tenure"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
USUAL_INTERVAL_S = 5
"""Between two polls where none is named (RFC 8628, section 3.2)."""
SLOW_DOWN_S = 5
"""By so much the interval grows when the server asks for it (section 3.5)."""


@dataclass(frozen=True, slots=True)
class Signed:
    """How it ended: with an answer of CreateToken and the registration that it was made with, or why not."""

    problem: str | None = None
    registration: Any = None
    answer: Any = None


def sign_in(
    client: Any,
    source: SsoSource,
    prompts: Prompts,
    cancel: threading.Event,
    *,
    now: Now,
    monotonic: Callable[[], float] = time.monotonic,
) -> Signed:
    """Ask for a code, show it, and poll until the operator has confirmed it in a browser, or has given up.

    ``client`` is boto3's of ``sso-oidc``; ``now`` is the reader's clock, for the code that is shown. Raises botocore's
    errors for what goes wrong before there is a code.
    """
    scopes = {"scopes": list(source.scopes)} if source.scopes else {}
    registration = client.register_client(clientName=CLIENT_NAME, clientType="public", **scopes)
    names = {"clientId": registration["clientId"], "clientSecret": registration["clientSecret"]}
    begun = client.start_device_authorization(**names, startUrl=source.start_url)
    seconds = begun["expiresIn"]
    deadline = monotonic() + seconds
    prompts.device_code(
        DeviceCode(
            user_code=begun["userCode"],
            verification_uri=begun["verificationUri"],
            complete_uri=begun.get("verificationUriComplete"),
            expires_at=now() + timedelta(seconds=seconds),
        )
    )
    interval: float = begun.get("interval") or USUAL_INTERVAL_S
    while monotonic() < deadline:
        if cancel.wait(interval):
            return Signed("the sign-in was cancelled")
        try:
            answer = client.create_token(**names, grantType=GRANT, deviceCode=begun["deviceCode"])
        except Exception as error:  # noqa: BLE001 - botocore raises what it likes at garbage
            problem, slower = _poll_again(error)
            if problem is not None:
                return Signed(problem)
            interval = slower(interval)
        else:
            return Signed(None, registration, answer)
    return Signed(EXPIRED)


EXPIRED = "the code has expired: sign in again"
_DONE = {
    "ExpiredTokenException": EXPIRED,
    "AccessDeniedException": "the sign-in was declined in the browser",
}


def _poll_again(error: Exception) -> tuple[str | None, Callable[[float], float]]:
    """What ends the polling, or else how the interval changes."""
    from services.aws.errors import code_of, outcome_of

    code = code_of(error)
    if code == "AuthorizationPendingException":
        return None, lambda interval: interval
    if code == "SlowDownException":
        return None, lambda interval: interval + SLOW_DOWN_S
    if code is None or not code.endswith("Exception") or code.startswith("InternalServer"):
        return None, lambda interval: interval * 2  # not answered: exponential back-off (section 3.5)
    return _DONE.get(code) or outcome_of(error)[1], lambda interval: interval
