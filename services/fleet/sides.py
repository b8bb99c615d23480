"""The two sides that a fleet asks: the internal API and AWS."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Iterable
from datetime import datetime
from typing import Any, Protocol

from services.aws.session import Clients
from services.fleet.registry import RegistryAnswer
from services.model import Acknowledgement, AuditEntry, Credential, Identity, Observation, Order, Prompts
from services.orders.desk import OrderDesk
from services.wire.history import HistoryRecord


class RegistrySource(Protocol):
    """The internal API, as ``services.internal.client.InternalApi`` has it. Never raises for what the server does."""

    def credential(self) -> Credential: ...

    def whoami(self, cancel: threading.Event | None = None) -> Observation[Any]: ...

    def registry(
        self,
        cancel: threading.Event,
        publish: Callable[[Any], None] | None = None,
        *,
        only: Container[str] | None = None,
        anew: bool = True,
    ) -> RegistryAnswer: ...

    def audit(
        self, cancel: threading.Event, tenant: str | None = None, limit: int = 500
    ) -> Observation[tuple[AuditEntry, ...]]: ...

    def orders(self, cancel: threading.Event) -> Observation[tuple[Order, ...]]: ...

    def acknowledge(
        self, ack: Acknowledgement, cancel: threading.Event | None = None, *, over: Acknowledgement | None = None
    ) -> Observation[Acknowledgement]: ...

    def withdraw(
        self,
        tenant: str | None,
        figure: str,
        cancel: threading.Event | None = None,
        *,
        over: Acknowledgement | None = None,
    ) -> Observation[Acknowledgement]: ...

    def history(
        self, cancel: threading.Event, tenant: str, since: datetime, until: datetime
    ) -> Observation[HistoryRecord]: ...

    @property
    def desk(self) -> OrderDesk: ...


class AwsReader(Clients, Protocol):
    """AWS, as ``services.aws.session.AwsSession`` has it."""

    def identity(self) -> Identity: ...

    def prepare(self, services: Iterable[str]) -> None: ...

    def credentials(self) -> tuple[Credential, ...]: ...

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None: ...
