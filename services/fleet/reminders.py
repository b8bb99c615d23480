"""When what was judged has to be judged again though nothing new was observed."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime

from services.aws.collect.base import Place


@dataclass(slots=True)
class Due:
    """What has come: each with the instant that it was for."""

    tenants: list[tuple[str, datetime]] = field(default_factory=list)
    orphans: list[tuple[str, datetime]] = field(default_factory=list)
    """By ARN."""
    slots: list[tuple[str, datetime]] = field(default_factory=list)
    places: list[tuple[Place, datetime]] = field(default_factory=list)
    """Where RDS has maintenance pending."""


_TENANT, _ORPHAN, _SLOT, _PLACE = range(4)


class Reminders:
    """A queue by time; several for the same thing are kept, whoever takes them drops what is overtaken."""

    def __init__(self) -> None:
        self._queue: list[tuple[datetime, int, tuple[str, ...]]] = []

    def tenant(self, at: datetime | None, name: str, now: datetime) -> None:
        self._push(at, _TENANT, (name,), now)

    def orphan(self, at: datetime | None, arn: str, now: datetime) -> None:
        self._push(at, _ORPHAN, (arn,), now)

    def slot(self, at: datetime | None, name: str, now: datetime) -> None:
        self._push(at, _SLOT, (name,), now)

    def place(self, at: datetime | None, place: Place, now: datetime) -> None:
        self._push(at, _PLACE, (place.account, place.region), now)

    def take(self, now: datetime) -> Due:
        """All that were for ``now`` or earlier."""
        due = Due()
        while self._queue and self._queue[0][0] <= now:
            at, kind, name = heapq.heappop(self._queue)
            if kind == _PLACE:
                due.places.append((Place(*name), at))
            else:
                (due.tenants, due.orphans, due.slots)[kind].append((name[0], at))
        return due

    def _push(self, at: datetime | None, kind: int, name: tuple[str, ...], now: datetime) -> None:
        if at is not None and at > now:
            heapq.heappush(self._queue, (at, kind, name))
