"""The typed client of the internal API, and the only file that knows httpx.

It reads, and writes acknowledgements; it never raises for what the other side does. A refused, throttled, failed or
garbled answer is an observation with that outcome. The token goes into one header and nowhere else: not into errors,
logs or ``repr``.
"""

from __future__ import annotations

import ipaddress
import random
import threading
import time
import uuid
from collections.abc import Callable, Container
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from services.internal.answer import RegistryAnswer, RegistryRecords
from services.internal.audit import AuditReader
from services.internal.reading import RegistryReader
from services.internal.records import bounded
from services.internal.refusal import refusal
from services.internal.retry import RETRIED, RETRIED_WRITE, Backoff, outcome_of, retry_after_seconds
from services.internal.sending import COLLECTION_TAG, Ask, Reply, unless
from services.internal.token import Bearer, Token, TokenError
from services.internal.writing import Writer
from services.model import Acknowledgement, AuditEntry, Credential, Observation, Outcome, Source
from services.now import Now
from services.wire.imports import ImportRequest, ImportResult
from services.wire.registry import Health, WhoAmI

PAGE_SIZE: Final = 1000
UNAUTHORIZED: Final = 401
MAX_BODY: Final = 64 * 1024 * 1024
"""Bytes of one answer."""
ERROR_LENGTH: Final = 300
IMPORT_PATIENCE: Final = 300.0
"""Seconds: 100,000 tenants take the reference server about a minute."""

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One try: a status with its body, or (status 0) the reason why there is none."""

    status: int
    body: bytes = b""
    reason: str | None = None
    again: bool = False
    """Whether another try may go better."""
    retry_after: float | None = None
    request_id: str | None = None
    tag: str | None = None
    collection_tag: str | None = None


class InternalApi:
    """The internal API at ``base_url``. Safe to use from several threads; ``close`` it when done.

    ``timeout`` (seconds) bounds each wait for the network, ``patience`` (seconds) a request with its retries.
    ``default_zone`` is the policy's, for tenants that name none; ``now`` dates the observations. A ``token`` that is
    fetched is fetched by the threads that ask.
    """

    def __init__(
        self,
        base_url: str,
        token: Token,
        *,
        now: Now,
        default_zone: str,
        timeout: float = 5.0,
        patience: float = 15.0,
        backoff: Backoff | None = None,
    ) -> None:
        """Raises ``ValueError`` for an address that is none, and for a token that no header can carry."""
        url = _checked_url(base_url)
        self._bearer = Bearer(token, now)
        self._address = str(url)
        self._now = now
        self._timeout = timeout
        self._patience = patience
        self._backoff = backoff or Backoff()
        self._client = httpx.Client(
            base_url=url,
            headers={"Accept": "application/json", "User-Agent": "tenure"},
            timeout=timeout,
            follow_redirects=False,  # the token is for this address alone
            trust_env=not _loopback(url.host),  # no proxy reaches a server on this machine
        )
        self._reader = RegistryReader(self._page, now, default_zone)
        self._audit = AuditReader(self._send, now)
        self._writer = Writer(self._send, now)

    def __repr__(self) -> str:
        return f"InternalApi({self._address!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; readings that still go on end as failed."""
        self._client.close()

    def whoami(self, cancel: threading.Event | None = None) -> Observation[WhoAmI]:
        """The bearer of the token."""
        seen = self._one("/whoami", WhoAmI, cancel)
        if seen.value is not None:
            self._bearer.introduced(seen.value)
        return seen

    def fetch_token(self) -> None:
        """Have the token at hand, before the first question needs it. May block; raises ``TokenError``."""
        self._bearer.value()

    def credential(self) -> Credential:
        """What is known of the token. Asks nobody."""
        return self._bearer.credential()

    def health(self, cancel: threading.Event | None = None) -> Observation[Health]:
        """Whether the server answers, and its idea of now."""
        return self._one("/healthz", Health, cancel)

    def registry(
        self,
        cancel: threading.Event,
        publish: Callable[[RegistryAnswer], None] | None = None,
        *,
        only: Container[str] | None = None,
        anew: bool = True,
    ) -> RegistryAnswer:
        """The whole registry and what happens in it; all collections are read at the same time, on daemon threads.

        ``only`` names the collections to read; the others are in the answer as they were read last, with the very
        observation of then. Unless all is wanted ``anew``, of what was read whole before it is asked only whether it
        has changed.

        ``publish`` is called in this thread with what is known so far: whenever a collection has ended, and whenever
        the number of records has doubled. Once ``cancel`` is set this returns at once; collections that had not
        ended are failed then.
        """
        return self._reader.read(cancel, publish, only, anew)

    def audit(
        self, cancel: threading.Event, tenant: str | None = None, limit: int = 500
    ) -> Observation[tuple[AuditEntry, ...]]:
        """The newest ``limit`` entries of the audit log, newest first, all or one tenant's.

        Entries that cannot be read are left out, and ``error`` tells how many though the outcome is ``SEEN``.
        """
        return self._audit.read(cancel, tenant, limit)

    def acknowledge(
        self, ack: Acknowledgement, cancel: threading.Event | None = None, *, over: Acknowledgement | None = None
    ) -> Observation[Acknowledgement]:
        """Keep ``ack`` for all to see; its ``by`` must be the bearer. ``SEEN`` once it stands there.

        ``over`` is the acknowledgement of the item that the operator saw: another's that still runs and is not that
        one is never overwritten; the error then names who was first.
        """
        return self._writer.acknowledge(ack, cancel or threading.Event(), over)

    def withdraw(
        self,
        tenant: str | None,
        figure: str,
        cancel: threading.Event | None = None,
        *,
        over: Acknowledgement | None = None,
    ) -> Observation[Acknowledgement]:
        """Take an item's acknowledgement back; the value is what stood there, ``EMPTY`` tells that nothing did.

        ``over`` is the one that the operator saw: a later one is left where it is.
        """
        return self._writer.withdraw(tenant, figure, cancel or threading.Event(), over)

    def records(self, cancel: threading.Event) -> RegistryRecords:
        """The registry's own records, to compare others with."""
        return self._reader.records(cancel)

    def import_registry(
        self, request: ImportRequest, cancel: threading.Event | None = None
    ) -> tuple[Observation[ImportResult], bool]:
        """Send an import, once; and whether it is known how that ended. Where it is not, compare again: what was kept
        is no longer a difference."""
        started = time.monotonic()
        ask = Ask("POST", "/import", body=request.model_dump_json().encode(), patience=IMPORT_PATIENCE)
        reply = self._send(ask, cancel or threading.Event())
        return self._read("POST /import", ImportResult, reply, started), not reply.undecided

    def _page(self, path: str, cursor: str | None, tag: str | None, cancel: threading.Event) -> Reply:
        parameters = {"limit": str(PAGE_SIZE)}
        if cursor is not None:
            parameters["cursor"] = cursor
        return self._send(Ask("GET", path, parameters, unless(tag)), cancel)

    def _one(self, path: str, model: type[ModelT], cancel: threading.Event | None) -> Observation[ModelT]:
        started = time.monotonic()
        reply = self._send(Ask("GET", path), cancel or threading.Event())
        return self._read(f"GET {path}", model, reply, started)

    def _read(self, operation: str, model: type[ModelT], reply: Reply, started: float) -> Observation[ModelT]:
        value, outcome, error = None, reply.outcome, reply.error
        if outcome is Outcome.SEEN:
            try:
                value = model.model_validate_json(reply.body)
            except ValidationError as invalid:
                outcome, error = Outcome.FAILED, f"the answer cannot be read: {invalid.errors()[0]['msg']}"
        return Observation(
            source=Source("internal", operation),
            at=self._now(),
            outcome=outcome,
            value=value,
            latency_ms=_elapsed(started),
            retries=reply.retries,
            request_id=reply.request_id,
            error=error,
        )

    def _send(self, ask: Ask, cancel: threading.Event) -> Reply:
        """Ask with the token, and once more with another where that one is refused and there is another."""
        try:
            token = self._bearer.value()
        except TokenError as error:
            return Reply(Outcome.DENIED, error=self._safe(str(error)))
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
                good = seen.status in ask.good
                return Reply(
                    Outcome.SEEN if good else outcome_of(seen.status),
                    seen.body,
                    None if good else self._safe(seen.reason or f"answered {seen.status}"),
                    retries=attempt - 1,
                    request_id=seen.request_id,
                    status=seen.status,
                    tag=seen.tag,
                    collection_tag=seen.collection_tag,
                )
            if cancel.wait(wait):
                return Reply(Outcome.FAILED, error="cancelled", retries=attempt - 1, request_id=seen.request_id)
            attempt += 1

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
                        return _Exchange(0, reason=reason, request_id=theirs)
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
            again = isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
            return _Exchange(0, reason=f"timed out ({_kind(error)})", again=again, request_id=request_id)
        except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError) as error:
            # what was cut off may have arrived: only who never got through may write again
            again = not ask.writes or isinstance(error, httpx.ConnectError)
            return _Exchange(0, reason=f"{_kind(error)}: {error}", again=again, request_id=request_id)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            return _Exchange(0, reason=f"{_kind(error)}: {error}", request_id=request_id)
        except RuntimeError as error:
            if not self._client.is_closed:
                raise
            return _Exchange(0, reason=f"the client is closed: {error}", request_id=request_id)

    def _safe(self, text: str) -> str:
        """Text from outside, without the token should the other side have repeated it, and of bounded length."""
        return bounded(self._bearer.hide(text), ERROR_LENGTH)


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


def _kind(error: Exception) -> str:
    return type(error).__name__


def _elapsed(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
