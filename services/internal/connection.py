"""The connection to the internal API, and the only file of it that knows httpx: tries, time-outs, the token's header.

A refused, throttled, failed or garbled answer is a reply with that outcome, never an exception. The token goes into one
header and nowhere else: not into errors, logs or ``repr``.
"""

from __future__ import annotations

import ipaddress
import random
import re
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Final

import httpx

from services.internal.records import bounded
from services.internal.refusal import Refusal, refusal
from services.internal.retry import RETRIED, RETRIED_WRITE, Backoff, outcome_of, retry_after_seconds
from services.internal.sending import COLLECTION_TAG, Ask, Reply
from services.internal.token import Bearer, TokenError
from services.model import Outcome
from services.wire.registry import ProblemPart

UNAUTHORIZED: Final = 401
MAX_BODY: Final = 64 * 1024 * 1024
"""Bytes of one answer."""
ERROR_LENGTH: Final = 300
_ERRNO: Final = re.compile(r"^\[Errno -?\d+\] ")


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One try: a status with its body, or status 0."""

    status: int
    body: bytes = b""
    refused: Refusal | None = None
    """Why there is no answer, or why it is none."""
    again: bool = False
    """Whether another try may go better."""
    retry_after: float | None = None
    request_id: str | None = None
    tag: str | None = None
    collection_tag: str | None = None
    sent: bool = True
    """Whether anything can have arrived."""


class Connection:
    """Sends to ``base_url`` what it is asked, with the bearer's token; a ``Send``. Safe to use from several threads."""

    def __init__(self, base_url: str, bearer: Bearer, *, timeout: float, patience: float, backoff: Backoff) -> None:
        """``timeout`` and ``patience``: see ``InternalApi``. Raises ``ValueError`` for an address that is none."""
        url = _checked_url(base_url)
        self.address = str(url)
        self._bearer = bearer
        self._timeout = timeout
        self._patience = patience
        self._backoff = backoff
        self._client = httpx.Client(
            base_url=url,
            headers={"Accept": "application/json", "User-Agent": "tenure"},
            timeout=timeout,
            follow_redirects=False,  # the token is for this address alone
            trust_env=not _loopback(url.host),  # no proxy reaches a server on this machine
        )

    def close(self) -> None:
        """Close the connections; requests that still go on end as failed."""
        self._client.close()

    def __call__(self, ask: Ask, cancel: threading.Event) -> Reply:
        """Ask with the token, and once more with another where that one is refused and there is another."""
        try:
            token = self._bearer.value()
        except TokenError as error:
            return Reply(Outcome.DENIED, error=self._safe(str(error)), sent=False)
        reply = self._try(ask, token, cancel)
        if reply.status == UNAUTHORIZED and (other := self._bearer.another(token)) is not None:
            reply = self._try(ask, other, cancel)
        if reply.status == UNAUTHORIZED:
            self._bearer.refused(reply.error or "answered 401")
        elif reply.status in ask.good:
            self._bearer.accepted()
        return reply

    def _try(self, ask: Ask, token: str, cancel: threading.Event) -> Reply:
        """Ask, and ask again where that may help, until ``patience`` ends or ``cancel`` is set."""
        deadline = time.monotonic() + max(self._patience, ask.patience or 0)
        request_id = uuid.uuid4().hex  # the same for every try, so that the server's log shows them together
        attempt = 1
        while True:
            seen = self._exchange(ask, token, request_id, deadline, cancel)
            wait = None
            if seen.again:
                chance = random.random()  # noqa: S311 - spreads load, guards nothing
                wait = self._backoff.wait(attempt, seen.retry_after, chance)
            if wait is None or time.monotonic() + wait >= deadline:
                return self._reply(ask, seen, attempt)
            if cancel.wait(wait):
                return Reply(
                    Outcome.FAILED,
                    error="cancelled",
                    retries=attempt - 1,
                    request_id=seen.request_id,
                    sent=not ask.writes,  # a write that may go again has not been carried out
                )
            attempt += 1

    def _reply(self, ask: Ask, seen: _Exchange, attempt: int) -> Reply:
        good = seen.status in ask.good
        refused = None if good else seen.refused or Refusal(f"answered {seen.status}")
        return Reply(
            Outcome.SEEN if good else outcome_of(seen.status),
            seen.body,
            None if refused is None else self._safe(refused.words),
            detail=None if refused is None or refused.detail is None else self._safe(refused.detail),
            parts=tuple(self._safe_part(part) for part in refused.parts) if refused is not None else (),
            retries=attempt - 1,
            request_id=seen.request_id,
            status=seen.status,
            sent=seen.sent,
            tag=seen.tag,
            collection_tag=seen.collection_tag,
        )

    def _exchange(self, ask: Ask, token: str, request_id: str, deadline: float, cancel: threading.Event) -> _Exchange:
        headers = {"X-Request-Id": request_id, "Authorization": f"Bearer {token}", **ask.headers}
        if ask.body is not None:
            headers["Content-Type"] = "application/json"
        timeout = max(self._timeout, ask.patience or 0)
        try:
            with self._client.stream(
                ask.method, ask.path, params=ask.parameters, headers=headers, content=ask.body, timeout=timeout
            ) as response:
                theirs = bounded(self._safe(response.headers.get("X-Request-Id", request_id)), 128)
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    # the time-outs bound each wait only: a server that drips would hold us for ever
                    if cancel.is_set() or time.monotonic() >= deadline or len(body) > MAX_BODY:
                        reason = "cancelled" if cancel.is_set() else "the answer is too long or comes too slowly"
                        return _Exchange(0, refused=Refusal(reason), request_id=theirs)
                status = response.status_code
                return _Exchange(
                    status,
                    bytes(body),
                    None
                    if status == 200
                    else refusal(status, response.reason_phrase, response.headers.get("Content-Type", ""), bytes(body)),
                    again=status in (RETRIED_WRITE if ask.writes else RETRIED),
                    retry_after=retry_after_seconds(response.headers.get("Retry-After"), response.headers.get("Date")),
                    request_id=theirs,
                    tag=response.headers.get("ETag"),
                    collection_tag=response.headers.get(COLLECTION_TAG),
                )
        except httpx.TimeoutException as error:
            unsent = isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
            words = Refusal(self._unreached(error) if unsent else f"timed out ({_kind(error)})")
            return _Exchange(0, refused=words, again=unsent, request_id=request_id, sent=not unsent)
        except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError) as error:
            # what was cut off may have arrived: only who never got through may write again
            unsent = isinstance(error, httpx.ConnectError)
            said = self._unreached(error) if unsent else f"{_kind(error)}: {error}"
            return _failed(said, request_id, again=not ask.writes or unsent, sent=not unsent)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            return _failed(f"{_kind(error)}: {error}", request_id)
        except RuntimeError as error:
            if not self._client.is_closed:
                raise
            return _Exchange(0, refused=Refusal(f"the client is closed: {error}"), request_id=request_id)

    def _unreached(self, error: Exception) -> str:
        """Whither no connection was made, and why; the system's number of an error tells nobody anything."""
        url = self._client.base_url
        where = f"{url.host}:{url.port}" if url.port is not None else url.host
        why = "timed out" if isinstance(error, httpx.TimeoutException) else _ERRNO.sub("", str(error)) or _kind(error)
        return f"no connection to {where}: {why}"

    def _safe(self, text: str) -> str:
        """Text from outside, without the token should the other side have repeated it, and of bounded length."""
        return bounded(self._bearer.hide(text), ERROR_LENGTH)

    def _safe_part(self, part: ProblemPart) -> ProblemPart:
        return ProblemPart(where=self._safe(part.where), what=self._safe(part.what))


def _checked_url(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ValueError(f"the address of the internal API is none: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("the address of the internal API must begin with http:// or https:// and name a host")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("the address of the internal API takes no user, query or fragment")
    return url


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _failed(said: str, request_id: str, *, again: bool = False, sent: bool = True) -> _Exchange:
    return _Exchange(0, refused=Refusal(said), again=again, request_id=request_id, sent=sent)


def _kind(error: Exception) -> str:
    return type(error).__name__
