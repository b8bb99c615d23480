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


_SLACK = 64
"""So many that are overtaken are always let lie."""


class Reminders:
    """A queue by time, of one reminder for each thing: a newer one takes the place of the one before.

    What is overtaken lies in the queue until it is as much as what counts: a console that is open for weeks, and judges
    each minute what changes in months, keeps no more of them than there are things.
    """

    def __init__(self) -> None:
        self._queue: list[tuple[datetime, int, tuple[str, ...]]] = []
        self._counts: dict[tuple[int, tuple[str, ...]], datetime] = {}

    def __len__(self) -> int:
        """How many are kept, those that are overtaken too."""
        return len(self._queue)

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
            if self._counts.get((kind, name)) != at:
                continue
            del self._counts[kind, name]
            if kind == _PLACE:
                due.places.append((Place(*name), at))
            else:
                (due.tenants, due.orphans, due.slots)[kind].append((name[0], at))
        return due

    def _push(self, at: datetime | None, kind: int, name: tuple[str, ...], now: datetime) -> None:
        if at is None or at <= now:
            self._counts.pop((kind, name), None)
            return
        if self._counts.get((kind, name)) == at:
            return
        self._counts[kind, name] = at
        heapq.heappush(self._queue, (at, kind, name))
        if len(self._queue) > 2 * len(self._counts) + _SLACK:
            self._queue = [(at, *what) for what, at in self._counts.items()]
            heapq.heapify(self._queue)
