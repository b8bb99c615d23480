"""What the collectors share: a question to one place, as one list or as a chain of calls, and how records are read.

A list is answered when its last page has come: a page that fails, or one without its list, fails the observation.
A record without what identifies it fails it too, by name, since whom it belongs to cannot be told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from services.aws.collect.asking import Asking, Place, Record, UnreadableError
from services.aws.facts import Tags
from services.aws.fanout import Answer, Call
from services.aws.session import Clients
from services.model import Source

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

OFTEN = timedelta(seconds=60)
"""Of what moves by the minute and is promised by the minute: the databases' own restorable times."""
SELDOM = timedelta(minutes=4)
"""Of what moves by the hour: snapshots, recovery points, jobs, settings, tags, windows, holds. Where a verdict needs
them younger than that, they are asked more often; see ``services.fleet.pace``."""


class Collector(Protocol[T_co]):
    """One question to AWS: what it is called, whom it is put to, and which IAM actions it needs."""

    @property
    def service(self) -> str:
        """As boto3 names it."""
        ...

    @property
    def operation(self) -> str:
        """As AWS names it; of a chain, the call that brings what is read."""
        ...

    @property
    def actions(self) -> tuple[str, ...]: ...

    @property
    def every(self) -> timedelta:
        """How often it is asked while nothing else is needed."""
        ...

    def source(self, place: Place) -> Source: ...

    def call(self, clients: Clients, place: Place) -> Call[tuple[T_co, ...]]:
        """The question, to be put by ``fan_out``."""
        ...


@dataclass(frozen=True, slots=True)
class Listing(Generic[T_co]):
    """A collector of one list operation: its records, one by one."""

    service: str
    operation: str
    method: str
    """As boto3's paginator names it."""
    listed_in: str
    """The member of a page that holds the records."""
    read: Callable[[Record, Place], T_co]
    action: str
    """The IAM action that it needs."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    every: timedelta = SELDOM

    @property
    def actions(self) -> tuple[str, ...]:
        return (self.action,)

    def source(self, place: Place) -> Source:
        return Source(self.service, self.operation, place.account, place.region)

    def call(self, clients: Clients, place: Place) -> Call[tuple[T_co, ...]]:
        def ask(cancel: threading.Event) -> Answer[tuple[T_co, ...]]:
            asking = Asking(clients.client(self.service, place.account, place.region), place, cancel)
            records = asking.list(self.method, self.listed_in, **self.parameters)
            return _answer(asking, read_all(records, self.read, place, self.listed_in))

        return Call(self.source(place), ask)


@dataclass(frozen=True, slots=True)
class Chain(Generic[T_co]):
    """A collector that needs the answers of one call to put the next; one observation all the same.

    It is answered when all of its calls are.
    """

    service: str
    operation: str
    ask: Callable[[Asking], tuple[T_co, ...]]
    actions: tuple[str, ...]
    every: timedelta = SELDOM

    def source(self, place: Place) -> Source:
        return Source(self.service, self.operation, place.account, place.region)

    def call(self, clients: Clients, place: Place) -> Call[tuple[T_co, ...]]:
        def ask(cancel: threading.Event) -> Answer[tuple[T_co, ...]]:
            asking = Asking(clients.client(self.service, place.account, place.region), place, cancel)
            return _answer(asking, self.ask(asking))

        return Call(self.source(place), ask)


def _answer(asking: Asking, found: tuple[T, ...]) -> Answer[tuple[T, ...]]:
    return Answer(found, not found, asking.retries, asking.request_id)


def read_all(
    records: Iterable[Record], read: Callable[[Record, Place], T], place: Place, listed_in: str
) -> tuple[T, ...]:
    """Reads the records of a list. Raises ``UnreadableError``, which names the record, by position and identifier."""
    found: list[T] = []
    for record in records:
        try:
            found.append(read(record, place))
        except UnreadableError as error:
            named = next((f" ({record[key]})" for key in record if key.endswith("Identifier") and record[key]), "")
            raise UnreadableError(f"record {len(found)} of {listed_in}{named} {error}") from None
    return tuple(found)


def need(record: Record, member: str) -> str:
    """A text that identifies the record. Raises ``UnreadableError`` where it is absent or empty."""
    found = text(record, member)
    if found is None:
        raise UnreadableError(f"has no {member}")
    return found


def needed_instant(record: Record, member: str) -> datetime:
    """An instant that a record means nothing without. Raises ``UnreadableError`` where it is absent."""
    found = instant(record, member)
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


_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


def arn_of(service: str, place: Place, resource: str) -> str:
    """The ARN of what AWS names by its id alone (AWS General Reference, "Amazon Resource Names")."""
    partition = next((it for prefix, it in _PARTITIONS.items() if place.region.startswith(prefix)), "aws")
    return f"arn:{partition}:{service}:{place.region}:{place.account}:{resource}"


__all__ = [
    "OFTEN",
    "SELDOM",
    "Asking",
    "Chain",
    "Collector",
    "Listing",
    "Place",
    "Record",
    "UnreadableError",
    "arn_of",
    "instant",
    "need",
    "needed_instant",
    "read_all",
    "tags",
    "text",
    "whole",
]
