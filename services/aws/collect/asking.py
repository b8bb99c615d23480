"""The calls that one question is made of, put to one client, with an account of retries and request ids."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar, cast

from services.aws.fanout import Answer, Call, CancelledError, fan_out
from services.aws.session import Client
from services.model import Source

T = TypeVar("T")
U = TypeVar("U")

Record: TypeAlias = Mapping[str, Any]
"""A record as boto3 parsed it, by AWS's own model of the service."""

AT_ONCE = 8
"""Calls of one question that are under way at the same time."""

_TIMELESS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An account and region: where AWS is asked."""

    account: str
    region: str


class UnreadableError(Exception):
    """An answer, or a record in it, lacks what it cannot be understood without."""


class Asking:
    """One question under way. Raises whatever botocore raises, and ``CancelledError`` between calls."""

    def __init__(self, client: Client, place: Place, cancel: threading.Event) -> None:
        self.place = place
        self.retries = 0
        self.request_id: str | None = None
        """Of the last answer."""
        self._client = client
        self._cancel = cancel
        self._lock = threading.Lock()

    def list(self, method: str, listed_in: str, **parameters: object) -> Iterator[Record]:
        """The records of a list operation, page by page. Raises ``UnreadableError`` for a page without its list."""
        for page in self._client.get_paginator(method).paginate(**parameters):
            self._go_on()
            self._note(page)
            yield from self.member(page, listed_in)

    def whole(self, method: str, listed_in: str, **parameters: object) -> Iterable[Record]:
        """The records of a list operation that has no pages. Raises as ``list`` does."""
        return self.member(self.get(method, **parameters), listed_in)

    @staticmethod
    def member(answer: Record, listed_in: str) -> Iterable[Record]:
        """The records in an answer. Raises ``UnreadableError`` for one without its list."""
        records: Iterable[Record] | None = answer.get(listed_in)
        if records is None:
            raise UnreadableError(f"the answer has no {listed_in}")
        return records

    def get(self, method: str, **parameters: object) -> Record:
        """The answer of an operation that has no pages."""
        self._go_on()
        operation = cast(Callable[..., Record], getattr(self._client, method))
        answer = operation(**parameters)
        self._note(answer)
        return answer

    def each(self, items: Sequence[T], ask: Callable[[T], U]) -> tuple[U | Exception, ...]:
        """Asks about each of the items, several at once: the answers in their order, or what was raised instead."""
        found: dict[int, U | Exception] = {}

        def one(index: int) -> Answer[None]:
            try:
                found[index] = ask(items[index])
            except CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 # told apart by who asks, as any other answer
                found[index] = error
            return Answer(None)

        source = Source(self._client.__class__.__name__, "each", self.place.account, self.place.region)
        calls = [Call(source, lambda _, index=index: one(index)) for index in range(len(items))]  # type: ignore[misc]
        for _ in fan_out(calls, cancel=self._cancel, limit=AT_ONCE, now=lambda: _TIMELESS):
            pass
        self._go_on()
        return tuple(found.get(index, TimeoutError("no answer")) for index in range(len(items)))

    def _go_on(self) -> None:
        if self._cancel.is_set():
            raise CancelledError

    def _note(self, answer: Record) -> None:
        metadata = answer.get("ResponseMetadata", {})
        with self._lock:
            self.retries += int(metadata.get("RetryAttempts", 0))
            self.request_id = metadata.get("RequestId", self.request_id)
