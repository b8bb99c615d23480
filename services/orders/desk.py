"""Where orders are handed in and followed: the client of the internal API implements it, screens and commands ask it.

Each call blocks and never raises for what the other side does.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from services.model import Outcome
from services.wire.orders import Asked, Decision, OrderRecord, OrderRequest, Plan
from services.wire.registry import ProblemPart

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What came of it: a value, or why there is none. Text from outside, without secrets."""

    value: T | None
    outcome: Outcome
    status: int = 0
    """The HTTP status; 0: nobody answered."""
    error: str | None = None
    parts: tuple[ProblemPart, ...] = ()
    """Where and what: the fields that are wrong, or what has changed since the plan was made."""
    request_id: str | None = None
    undecided: bool = False
    """Of a write: whether it may have been carried out all the same. Ask with ``order`` before it is sent again."""


class OrderDesk(Protocol):
    """``cancel`` ends the waiting."""

    def plan(self, asked: Asked, cancel: threading.Event) -> Answer[Plan]:
        """The plan of what is asked (``POST /plans``). Refused: status 409, ``parts`` names the fields."""

    def submit(self, request: OrderRequest, cancel: threading.Event) -> Answer[OrderRecord]:
        """Hand a plan over to be carried out (``POST /orders``), once for its key however often it is sent.

        Status 412: it rests on what is no longer so; ``parts`` says what has changed.
        """

    def order(self, key: str, cancel: threading.Event) -> Answer[OrderRecord]:
        """How far an order is (``GET /orders/{key}``); status 404: there is none of that key."""

    def orders(
        self, cancel: threading.Event, *, tenant: str | None = None, open_only: bool = False, limit: int = 200
    ) -> Answer[tuple[OrderRecord, ...]]:
        """The newest orders first (``GET /orders``)."""

    def approve(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:
        """The second person agrees (``POST /orders/{key}/approve``)."""

    def review(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:
        """Another approver has looked at an order that did without a second person (``POST /orders/{key}/review``)."""

    def withdraw_order(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:
        """Take back an order that waits (``POST /orders/{key}/cancel``); the second person's no as well."""


class Refusing:
    """A desk that takes nothing, and says why."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def plan(self, asked: Asked, cancel: threading.Event) -> Answer[Plan]:  # noqa: ARG002 - as every desk takes them
        """See ``OrderDesk``."""
        return self._refused()

    def submit(self, request: OrderRequest, cancel: threading.Event) -> Answer[OrderRecord]:  # noqa: ARG002 - as above
        """See ``OrderDesk``."""
        return self._refused()

    def order(self, key: str, cancel: threading.Event) -> Answer[OrderRecord]:  # noqa: ARG002 - as above
        """See ``OrderDesk``."""
        return self._refused()

    def orders(
        self,
        cancel: threading.Event,  # noqa: ARG002 - as above
        *,
        tenant: str | None = None,  # noqa: ARG002 - as above
        open_only: bool = False,  # noqa: ARG002 - as above
        limit: int = 200,  # noqa: ARG002 - as above
    ) -> Answer[tuple[OrderRecord, ...]]:
        """See ``OrderDesk``."""
        return self._refused()

    def approve(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:  # noqa: ARG002 - as above
        """See ``OrderDesk``."""
        return self._refused()

    def review(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:  # noqa: ARG002 - as above
        """See ``OrderDesk``."""
        return self._refused()

    def withdraw_order(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:  # noqa: ARG002 - as above
        """See ``OrderDesk``."""
        return self._refused()

    def _refused(self) -> Answer[Any]:
        return Answer(None, Outcome.FAILED, error=self._reason)
