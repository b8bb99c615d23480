"""What the samples of a tenant's stores come to over a stretch of time, as the internal API reckons it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.wire.registry import Arn, Id, Instant, Record

Count = Annotated[int, Field(ge=0)]


class StoreHistory(Record):
    """One store (clause ``recovery``). What lay between two looks nobody saw."""

    store: Arn
    looks: Count
    """Samples of it."""
    unknown: Count
    """Those of them that have no figure."""
    first_at: Instant
    """When it was first looked at within the stretch."""
    last_at: Instant
    worst_seconds: Count | None = None
    """The longest RPO that was seen; absent: none was."""
    worst_at: Instant | None = None
    """When that was seen."""
    silence_seconds: Count = 0
    """The longest time without a figure, from ``first_at`` on."""
    days: Annotated[tuple[Count | None, ...], Field(max_length=400)] = ()
    """The longest RPO seen in each of the trailing days of 24 hours, the oldest first; ``null``: none was seen."""


class HistoryRecord(Record):
    """A tenant's stores of which there is a sample, by ARN."""

    tenant: Id
    since: Instant
    until: Instant
    stores: tuple[StoreHistory, ...] = ()
