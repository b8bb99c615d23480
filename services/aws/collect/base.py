"""What the collectors share: paging to the end, and reading members that AWS may leave out.

A list is answered when its last page has come: a page that fails, or one without its list, fails the observation.
A record without what identifies it fails it too, by name, since whom it belongs to cannot be told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeAlias, TypeVar

from services.aws.facts import Tags
from services.aws.fanout import Answer, Call, CancelledError
from services.aws.session import Clients
from services.model import Source

T_co = TypeVar("T_co", covariant=True)

Record: TypeAlias = Mapping[str, Any]
"""A record as boto3 parsed it, by AWS's own model of the service."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An account and region: where AWS is asked."""

    account: str
    region: str


class UnreadableError(Exception):
    """An answer, or a record in it, lacks what it cannot be understood without."""


@dataclass(frozen=True, slots=True)
class Collector(Generic[T_co]):
    """One list operation of AWS and how to read its records."""

    service: str
    """As boto3 names it."""
    operation: str
    """As AWS names it."""
    method: str
    """As boto3's paginator names it."""
    listed_in: str
    """The member of a page that holds the records."""
    read: Callable[[Record, Place], T_co]
    action: str
    """The IAM action that it needs."""
    parameters: Mapping[str, object] = field(default_factory=dict)

    def source(self, place: Place) -> Source:
        return Source(self.service, self.operation, place.account, place.region)

    def call(self, clients: Clients, place: Place) -> Call[tuple[T_co, ...]]:
        """The question, to be put by ``fan_out``."""

        def ask(cancel: threading.Event) -> Answer[tuple[T_co, ...]]:
            return self._ask(clients, place, cancel)

        return Call(self.source(place), ask)

    def _ask(self, clients: Clients, place: Place, cancel: threading.Event) -> Answer[tuple[T_co, ...]]:
        client = clients.client(self.service, place.account, place.region)
        found: list[T_co] = []
        retries, request_id = 0, None
        for page in client.get_paginator(self.method).paginate(**self.parameters):
            if cancel.is_set():
                raise CancelledError
            metadata = page.get("ResponseMetadata", {})
            retries += int(metadata.get("RetryAttempts", 0))
            request_id = metadata.get("RequestId", request_id)
            records = page.get(self.listed_in)
            if records is None:
                raise UnreadableError(f"the answer has no {self.listed_in}")
            for record in records:
                found.append(self._read(record, place, len(found)))
        return Answer(tuple(found), not found, retries, request_id)

    def _read(self, record: Record, place: Place, position: int) -> T_co:
        try:
            return self.read(record, place)
        except UnreadableError as error:
            named = next((f" ({record[key]})" for key in record if key.endswith("Identifier") and record[key]), "")
            raise UnreadableError(f"record {position} of {self.listed_in}{named} {error}") from None


def need(record: Record, member: str) -> str:
    """A text that identifies the record. Raises ``UnreadableError`` where it is absent or empty."""
    found = text(record, member)
    if found is None:
        raise UnreadableError(f"has no {member}")
    return found


def text(record: Record, member: str) -> str | None:
    found = record.get(member)
    return str(found) if found not in (None, "") else None


def instant(record: Record, member: str) -> datetime | None:
    """In UTC. The session reads every instant with a zone."""
    found = record.get(member)
    return found.astimezone(UTC) if isinstance(found, datetime) else None


def whole(record: Record, member: str) -> int | None:
    found = record.get(member)
    return int(found) if found is not None else None


def tags(record: Record, member: str = "TagList") -> Tags:
    return tuple((str(tag.get("Key", "")), str(tag.get("Value", ""))) for tag in record.get(member) or ())
