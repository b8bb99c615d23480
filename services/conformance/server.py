"""The server that is looked at: sends requests with one role's token or without any, and keeps what was answered.

It has a client of its own, requests, since schemathesis sends by it: the console's client repairs and repeats, and
here every answer counts as it came.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from schemathesis import Case

from services.conformance.outcome import SHOWN, Exchange, FailedError, UnreachableError
from services.text import clean
from services.wire.registry import Role, WhoAmI

TIMEOUT_S: Final = 15.0
SILENCES: Final = 3
"""Requests in a row without any answer, after which nothing more is asked."""


class Server:
    """One server. ``tokens`` fills as ``introduce`` learns whose each token is."""

    def __init__(self, address: str) -> None:
        """Raises ``ValueError`` for an address that is none."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the address must begin with http:// or https:// and name a host")
        if parts.username or parts.query or parts.fragment:
            raise ValueError("the address takes no user, query or fragment")
        self.address = address.rstrip("/")
        self.bearers: dict[Role, WhoAmI] = {}
        self._tokens: dict[Role, str] = {}
        self._secrets: list[str] = []
        self._silent = 0
        self._session = requests.Session()
        self._session.trust_env = not _loopback(parts.hostname)
        self._session.auth = _untouched  # or a .netrc would put its own token in

    def close(self) -> None:
        self._session.close()

    def introduce(self, token: str) -> WhoAmI:
        """Ask whose ``token`` is, and keep it for its role. Raises ``FailedError`` where that is not told."""
        self._secrets.append(token)
        seen = self._send("GET", "/whoami", {"Authorization": f"Bearer {token}"})
        if seen.status != 200:
            raise FailedError(f"/whoami answered {seen.status} to the token", seen)
        try:
            who = WhoAmI.model_validate_json(seen.body)
        except ValueError:
            raise FailedError("/whoami does not tell user and role", seen) from None
        self.bearers[who.role] = who
        self._tokens[who.role] = token
        return who

    @property
    def reader(self) -> Role:
        """A role that a token was given of: every one may read."""
        return next(iter(self.bearers))

    def ask(
        self,
        method: str,
        path: str,
        role: Role | None,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | int] | None = None,
        body: object = None,
        raw: bytes | None = None,
    ) -> Exchange:
        """Send, as ``role`` or without a token; ``body`` goes as JSON, ``raw`` as it is. Redirects are not followed."""
        sent = dict(headers or {})
        if body is not None:
            raw = json.dumps(body).encode()
        if raw is not None:
            sent.setdefault("Content-Type", "application/json")
        if role is not None:
            sent["Authorization"] = f"Bearer {self._tokens[role]}"
        return self._send(method, path, sent, query, raw)

    def drive(self, case: Case[Any], role: Role) -> tuple[Any, Exchange]:
        """Send a generated request as ``role``; schemathesis's response, and ours of the same."""
        try:
            response = case.call(
                self.address,
                self._session,
                {"Authorization": f"Bearer {self._tokens[role]}"},
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise self._silence(case.method, case.path, error) from error
        self._silent = 0
        headers = {name.lower(): values[0] for name, values in response.headers.items()}
        sent = response.request
        return response, self._exchange(
            sent.method, sent.url, sent.body, response.status_code, headers, response.content
        )

    def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: Mapping[str, str | int] | None = None,
        body: bytes | None = None,
    ) -> Exchange:
        try:
            answer = self._session.request(
                method,
                self.address + path,
                headers=headers,
                params=query,
                data=body,
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise self._silence(method, path, error) from error
        self._silent = 0
        found = {name.lower(): value for name, value in answer.headers.items()}
        return self._exchange(method, answer.request.url, body, answer.status_code, found, answer.content)

    def _silence(self, method: str, path: str, error: Exception) -> Exception:
        self._silent += 1
        told = f"no answer: {type(error).__name__}"
        if self._silent >= SILENCES:
            return UnreachableError(
                f"{self.address} gives no answer, {SILENCES} times in a row: {type(error).__name__}"
            )
        return FailedError(told, Exchange(f"{method} {self._shown(path)}", 0, {}, b"", told))

    def _exchange(
        self, method: str | None, url: str | None, sent: object, status: int, headers: Mapping[str, str], body: bytes
    ) -> Exchange:
        parts = urlsplit(url or "")
        target = parts.path.removeprefix(urlsplit(self.address).path) + (f"?{parts.query}" if parts.query else "")
        carried = sent.encode() if isinstance(sent, str) else sent if isinstance(sent, bytes) else b""
        request = f"{method} {target}" + (f" {self._shown(carried)}" if carried else "")
        media = headers.get("content-type", "")
        shown = f"{status} {media} {self._shown(body)}".rstrip()
        return Exchange(self._shown(request), status, headers, body, clean(shown))

    def _shown(self, text: bytes | str) -> str:
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        for secret in self._secrets:
            words = words.replace(secret, "(token)")
        return clean(words if len(words) <= SHOWN else words[:SHOWN] + "…")


def _untouched(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
