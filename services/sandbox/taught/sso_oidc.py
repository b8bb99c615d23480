"""IAM Identity Center OIDC: clients, device codes and tokens; a code waits until somebody confirms it.

moto has nothing of it, so these are the operations themselves. Read from the API reference of 2019-06-10
(RegisterClient, StartDeviceAuthorization, CreateToken) and RFC 8628. Confirmed at ``/sandbox/sso`` on the AWS port: GET
answers ``{"waiting": [CODE…]}``, POST takes ``{"user_code": CODE}``, declined with ``"approve": false``.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.sandbox.taught.keys import Keys

PATH = "/sandbox/sso"
SERVICE = "sso-oidc"
ROUTES = ("/client/register", "/device_authorization", "/token")
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
INTERVAL_S = 1
CODE_S = 600
TOKEN_S = 28800
CLIENT_LIFE = timedelta(days=90)
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""RFC 8628, section 6.1: no vowels, so that no word is spelt."""


class OidcError(Exception):
    """An error of the service: its name, its OAuth code and the status."""

    def __init__(self, name: str, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.name = name
        self.status = status
        self.body = {"error": code, "error_description": description}


@dataclass(slots=True)
class _Code:
    client: str
    user_code: str
    ends: datetime
    answer: bool | None = None
    """Whether it was confirmed; ``None``: it waits."""
    polled: datetime | None = None


@dataclass(slots=True)
class SsoOidc:
    """Thread-safe as far as its dictionaries are: each call touches one entry."""

    keys: Keys
    clients: dict[str, str] = field(default_factory=dict)
    """Secret by id."""
    refreshing: set[str] = field(default_factory=set)
    """Ids of clients that registered a scope, and so get refresh tokens."""
    codes: dict[str, _Code] = field(default_factory=dict)
    tokens: dict[str, datetime] = field(default_factory=dict)
    """When an access token ends."""
    refreshes: dict[str, str] = field(default_factory=dict)
    """The client of a refresh token."""

    def __post_init__(self) -> None:
        self.keys.on_end(self._end)

    def call(self, path: str, body: bytes, home: str) -> Mapping[str, Any]:
        """The answer to a POST; ``home`` is the address that browsers are sent to. Raises ``OidcError``."""
        try:
            asked = json.loads(body)
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            raise OidcError("InvalidRequestException", "invalid_request", "The body is no JSON object.")
        if path == "/client/register":
            return self._register(asked)
        client = asked.get("clientId")
        if not isinstance(client, str) or self.clients.get(client) != asked.get("clientSecret"):
            raise OidcError("InvalidClientException", "invalid_client", "Invalid client.", 401)
        if path == "/device_authorization":
            return self._authorize(client, asked, home)
        return self._token(client, asked)

    def is_good(self, token: str) -> bool:
        """Whether an access token opens anything."""
        ends = self.tokens.get(token)
        return ends is not None and ends > self.keys.now()

    def handle(self, method: str, body: bytes) -> tuple[int, bytes]:
        """Status and JSON body of a call to the control endpoint: what a browser would do."""
        if method == "POST":
            try:
                self._confirm(json.loads(body))
            except ValueError as error:
                return 400, json.dumps({"error": str(error)}).encode()
        elif method != "GET":
            return 405, json.dumps({"error": "GET or POST"}).encode()
        now = self.keys.now()
        waiting = [code.user_code for code in list(self.codes.values()) if code.answer is None and code.ends > now]
        return 200, json.dumps({"waiting": waiting}).encode()

    def _register(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        if not asked.get("clientName") or asked.get("clientType") != "public":
            raise OidcError("InvalidClientMetadataException", "invalid_client_metadata", "Name it; public alone.")
        client, secret, now = secrets.token_urlsafe(16), secrets.token_urlsafe(32), self.keys.now()
        self.clients[client] = secret
        if asked.get("scopes"):
            self.refreshing.add(client)
        return {
            "clientId": client,
            "clientSecret": secret,
            "clientIdIssuedAt": int(now.timestamp()),
            "clientSecretExpiresAt": int((now + CLIENT_LIFE).timestamp()),
        }

    def _authorize(self, client: str, asked: Mapping[str, Any], home: str) -> Mapping[str, Any]:
        if not asked.get("startUrl"):
            raise OidcError("InvalidRequestException", "invalid_request", "startUrl is missing.")
        word = "".join(secrets.choice(LETTERS) for _ in range(8))
        user_code, device_code = f"{word[:4]}-{word[4:]}", secrets.token_urlsafe(32)
        self.codes[device_code] = _Code(client, user_code, self.keys.now() + timedelta(seconds=CODE_S))
        uri = f"{home}{PATH}"
        return {
            "deviceCode": device_code,
            "userCode": user_code,
            "verificationUri": uri,
            "verificationUriComplete": f"{uri}?user_code={user_code}",
            "expiresIn": CODE_S,
            "interval": INTERVAL_S,
        }

    def _token(self, client: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        grant = asked.get("grantType")
        if grant == DEVICE_GRANT:
            self._redeem(client, str(asked.get("deviceCode")))
        elif grant == "refresh_token":
            if self.refreshes.pop(str(asked.get("refreshToken")), None) != client:
                raise OidcError("InvalidGrantException", "invalid_grant", "Invalid refresh token.")
        else:
            raise OidcError("UnsupportedGrantTypeException", "unsupported_grant_type", "Unsupported grant type.")
        return self._issue(client)

    def _redeem(self, client: str, device_code: str) -> None:
        code, now = self.codes.get(device_code), self.keys.now()
        if code is None or code.client != client:
            raise OidcError("InvalidGrantException", "invalid_grant", "Invalid device code.")
        if code.ends <= now:
            raise OidcError("ExpiredTokenException", "expired_token", "The device code has expired.")
        early = code.polled is not None and now - code.polled < timedelta(seconds=INTERVAL_S / 2)
        code.polled = now
        if code.answer is False:
            raise OidcError("AccessDeniedException", "access_denied", "The request was declined.")
        if code.answer is None:
            if early:
                raise OidcError("SlowDownException", "slow_down", "Polled more often than every second.")
            raise OidcError("AuthorizationPendingException", "authorization_pending", "Waiting for the user.")
        del self.codes[device_code]

    def _issue(self, client: str) -> Mapping[str, Any]:
        token, seconds = secrets.token_urlsafe(48), self.keys.lasting(TOKEN_S)
        self.tokens[token] = self.keys.now() + timedelta(seconds=seconds)
        answer: dict[str, Any] = {"accessToken": token, "tokenType": "Bearer", "expiresIn": seconds}
        if client in self.refreshing:
            answer["refreshToken"] = secrets.token_urlsafe(48)
            self.refreshes[answer["refreshToken"]] = client
        return answer

    def _confirm(self, value: object) -> None:
        wanted = value.get("user_code") if isinstance(value, dict) else None
        approve = value.get("approve", True) if isinstance(value, dict) else None
        if not isinstance(wanted, str) or not isinstance(approve, bool):
            why = 'the body must be {"user_code": CODE} or {"user_code": CODE, "approve": false}'
            raise ValueError(why)  # noqa: TRY004 # as for any body that cannot be read
        found = [code for code in list(self.codes.values()) if code.user_code == wanted.strip().upper()]
        if not found or found[0].ends <= self.keys.now():
            raise ValueError(f"no code {wanted!r} waits")
        found[0].answer = approve

    def _end(self) -> None:
        self.tokens.clear()
        self.refreshes.clear()
