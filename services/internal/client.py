"""The typed client of the internal API.

It reads, and writes acknowledgements, imports and orders; it never raises for what the other side does. A refused,
throttled, failed or garbled answer is an observation with that outcome.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Container
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

from pydantic import BaseModel, ValidationError

from services.internal.answer import RegistryAnswer, RegistryRecords
from services.internal.audit import AuditReader
from services.internal.connection import Connection
from services.internal.ordering import Desk
from services.internal.orders import OrdersReader
from services.internal.reading import RegistryReader
from services.internal.retry import Backoff
from services.internal.sending import Ask, Reply, unless
from services.internal.token import Bearer, Token
from services.internal.writing import Writer
from services.model import Acknowledgement, AuditEntry, Credential, Observation, Order, Outcome, Source
from services.now import Now
from services.orders.desk import OrderDesk
from services.wire.anchor import AnchoredRecord
from services.wire.imports import ImportRequest, ImportResult
from services.wire.operations import AuditHead, AuditRecord
from services.wire.registry import Health, WhoAmI

if TYPE_CHECKING:
    from services.wire.history import HistoryRecord
    from services.wire.samples import SampleRecord

PAGE_SIZE: Final = 1000
ANCHOR_PATIENCE: Final = 60.0
"""Seconds: the server waits for S3, which may be slow."""
IMPORT_PATIENCE: Final = 300.0
"""Seconds: 100,000 tenants take the reference server about a minute."""

ModelT = TypeVar("ModelT", bound=BaseModel)


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
        self._bearer = Bearer(token, now)
        self._now = now
        self._send = Connection(
            base_url, self._bearer, timeout=timeout, patience=patience, backoff=backoff or Backoff()
        )
        self._reader = RegistryReader(self._page, now, default_zone)
        self._audit = AuditReader(self._send, now)
        self._orders = OrdersReader(self._send, now)
        self._writer = Writer(self._send, now)
        self._desk = Desk(self._send)

    def __repr__(self) -> str:
        return f"InternalApi({self._send.address!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; readings that still go on end as failed."""
        self._send.close()

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

    def orders(self, cancel: threading.Event) -> Observation[tuple[Order, ...]]:
        """Every order that has not ended and the newest 200, newest first; ``NOT_OFFERED`` by an older server."""
        return self._orders.read(cancel)

    def samples(
        self,
        cancel: threading.Event,
        tenant: str,
        *,
        since: datetime | None = None,
        store: str | None = None,
        figure: str | None = None,
        link: str | None = None,
    ) -> Observation[tuple[SampleRecord, ...]]:
        """What the recorder saw of a tenant's stores and links, of one of them by its ARN, or of all of one figure
        (``recovery``, ``links``), newest first; ``error`` tells of samples that cannot be read."""
        from services.internal.newest import NewestFirst
        from services.wire.samples import SampleRecord

        question = {"tenant": tenant}
        if since is not None:
            question["since"] = since.isoformat()
        question |= {
            name: value for name, value in (("store", store), ("figure", figure), ("link", link)) if value is not None
        }
        reader = NewestFirst(self._send, self._now, "/samples", SampleRecord, lambda it: it.observed_at, "samples")
        return reader.read(cancel, question)

    def history(
        self, cancel: threading.Event, tenant: str, since: datetime, until: datetime
    ) -> Observation[HistoryRecord]:
        """What the recorder's samples of a tenant's stores come to between two instants; ``NOT_OFFERED`` where there is
        no such path."""
        from services.wire.history import HistoryRecord

        started = time.monotonic()
        question = {"tenant": tenant, "since": since.isoformat(), "until": until.isoformat()}
        reply = self._send(Ask("GET", "/samples/history", question), cancel)
        seen = self._read("GET /samples/history", HistoryRecord, reply, started)
        return replace(seen, outcome=Outcome.NOT_OFFERED) if reply.status == HTTPStatus.NOT_FOUND else seen

    def audit_log(self, cancel: threading.Event) -> Observation[tuple[AuditRecord, ...]]:
        """The whole audit log as it is kept, to be verified; ``error`` tells of entries that cannot be read."""
        return self._audit.log(cancel)

    def audit_head(self, cancel: threading.Event | None = None) -> Observation[AuditHead]:
        """Where the audit log ends."""
        return self._one("/audit/head", AuditHead, cancel)

    def anchor(self, cancel: threading.Event | None = None) -> Observation[AnchoredRecord]:
        """Have the server keep where the audit log ends, in S3."""
        started = time.monotonic()
        reply = self._send(Ask("POST", "/anchors", patience=ANCHOR_PATIENCE), cancel or threading.Event())
        return self._read("POST /anchors", AnchoredRecord, reply, started)

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

    @property
    def desk(self) -> OrderDesk:
        """Where orders are handed in and followed."""
        return self._desk

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


def _elapsed(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
