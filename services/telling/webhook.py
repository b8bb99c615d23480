"""A webhook: a signed POST, tried again until it is answered well.

Address and secret go where they must and nowhere else: not into errors, logs or ``repr``, for many an address is a
secret itself.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from hashlib import sha256
from typing import Final

import httpx

from services.now import Now
from services.telling.message import Message
from services.telling.sender import Delivery
from services.telling.signing import HEADER, ID_HEADER, signature

WAITS: Final = (1.0, 2.0, 4.0)
"""Seconds between the tries of one delivery; after the last it is left for the next time."""
TIMEOUT: Final = 10.0
SHORTEST_SECRET: Final = 16
AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may be different in a moment."""

# httpx logs every address that it asks; a process that logs that much would write a webhook's down
logging.getLogger("httpx").setLevel(logging.WARNING)


class WebhookError(ValueError):
    """An address, or a secret, that is not used; the text holds neither."""


class Webhook:
    """The receiver at ``url``; ``secret`` is shared with it. ``real`` tells the time that stands in the signature."""

    def __init__(self, url: str, secret: str, real: Now, wait: Callable[[float], object]) -> None:
        """Raises ``WebhookError``. ``wait`` blocks for so many seconds."""
        self._url = _checked(url)
        if len(secret) < SHORTEST_SECRET:
            raise WebhookError(f"the webhook's secret is too short: {SHORTEST_SECRET} characters at least")
        self._secret = secret
        self._real = real
        self._wait = wait
        self.name = f"webhook {self._url.host} {sha256(str(self._url).encode()).hexdigest()[:8]}"

    def __repr__(self) -> str:
        return f"Webhook({self.name!r})"

    def send(self, message: Message) -> Delivery:
        """See ``Sender``. Any 2xx is an answer; a redirect is none, since it could lead anywhere."""
        client = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=not _is_loopback(self._url.host))
        with client:
            for pause in (*WAITS, None):
                error, again = self._try(client, message)
                if error is None:
                    return Delivery(done=True)
                if not again or pause is None:
                    return Delivery(done=False, error=error, refused=not again)
                self._wait(pause)
        return Delivery(done=False, error="not tried")

    def _try(self, client: httpx.Client, message: Message) -> tuple[str | None, bool]:
        """Why it was not delivered, ``None`` where it was; and whether another try may go better."""
        body = message.body.encode("ascii")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "tenure",
            ID_HEADER: message.id,
            HEADER: signature(self._secret, self._real(), body),
        }
        try:
            with client.stream("POST", self._url, content=body, headers=headers) as response:
                status = response.status_code  # what it has to say beside is not read
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            return type(error).__name__, True
        if 200 <= status < 300:
            return None, False
        return f"answered {status}", status in AGAIN


def _checked(address: str) -> httpx.URL:
    """Only what nobody can listen to, and no other scheme; no user, for it would be sent. Raises ``WebhookError``."""
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, TypeError, ValueError):
        raise WebhookError("the webhook's address is none") from None
    if not url.host or url.userinfo or url.fragment:
        raise WebhookError("the webhook's address names a host, and neither a user nor a fragment")
    if url.scheme != "https" and not (url.scheme == "http" and _is_loopback(url.host)):
        raise WebhookError("the webhook's address begins with https://, or with http:// on this machine alone")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
