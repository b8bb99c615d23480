"""Every source with its last answer, how often it has not answered since, and when it is asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.fleet.schedule import USUAL, Schedule
from services.fleet.snapshot import SourceView
from services.model import Observation, Source

InSight = Callable[[Source], bool]
"""Whether a source is asked more often for what is on the screen."""

SPARED = timedelta(seconds=10)
"""Longer than it takes a role to be renewed, or to find out that it cannot be."""
NEVER = datetime.max.replace(tzinfo=UTC)


class Ledger:
    """How each source stands. Not safe for threads: its owner holds a lock."""

    def __init__(self) -> None:
        self.version = 0
        """Grows with everything that changes who is due."""
        self._schedule = Schedule(USUAL, 0, lambda _: (timedelta(seconds=60), timedelta.max))
        self._views: dict[Source, SourceView] = {}
        self._in_sight: InSight = _nothing
        self._spared: dict[Source, datetime] = {}

    @property
    def views(self) -> tuple[SourceView, ...]:
        return tuple(self._views.values())

    def has_answered(self, source: Source) -> bool:
        """Whether a source has ever answered, and something of it is known."""
        view = self._views.get(source)
        return view is not None and view.last_seen_at is not None

    def spare(self, observation: Observation[Any]) -> bool:
        """Take no note of how a source did not answer, as if it had not been asked; granted for ``SPARED`` from the
        first time on, until it answers."""
        first = self._spared.setdefault(observation.source, observation.at)
        return observation.at - first < SPARED

    def follow(self, schedule: Schedule) -> None:
        """From now on sources are asked by ``schedule``."""
        self._schedule = schedule

    def look(self, in_sight: InSight) -> None:
        """Notes what is on the screen."""
        self._in_sight = in_sight

    def asking(self, sources: Iterable[Source]) -> None:
        """Notes that sources are being asked."""
        for source in sources:
            view = self._views.get(source)
            self._views[source] = replace(view, asking=True) if view else SourceView(source, asking=True)

    def asked(self) -> None:
        """Notes that no source is being asked any more."""
        for source, view in self._views.items():
            if view.asking:
                self._views[source] = replace(view, asking=False)

    def note(self, observation: Observation[Any]) -> bool:
        """Notes how a source answered; tells whether that is news."""
        source, before = observation.source, self._views.get(observation.source)
        if before is not None and before.observation is observation:
            return False
        answered = observation.outcome.answered
        if answered:
            self._spared.pop(source, None)
        failures = self._schedule.note(observation)
        self.version += 1
        self._views[source] = SourceView(
            source,
            observation,
            asking=False,
            count=len(observation.value) if answered and isinstance(observation.value, tuple) else None,
            last_seen_at=observation.at if answered else before.last_seen_at if before else None,
            failures=failures,
            next_at=self._schedule.next_at(source, in_sight=self._in_sight(source)),
        )
        return True

    def settle(self, sources: Iterable[Source]) -> None:
        """Keeps these alone, which are all that there are, and says anew when each is asked."""
        self.version += 1
        kept = {source: view for source in sources if (view := self._views.get(source)) is not None}
        for source, view in kept.items():
            next_at = self._schedule.next_at(source, in_sight=self._in_sight(source))
            if next_at != view.next_at:
                kept[source] = replace(view, next_at=next_at)
        self._views = kept
        self._schedule.forget(kept)

    def due(self, sources: Iterable[Source], now: datetime) -> set[Source]:
        """Whoever is to be asked at ``now`` or shortly after; nobody where nobody is to be asked at ``now``."""
        schedule, in_sight = self._schedule, self._in_sight
        soon = {source for source in sources if schedule.may_join(source, now, in_sight=in_sight(source))}
        return soon if any(schedule.is_due(source, now, in_sight=in_sight(source)) for source in soon) else set()

    def first_due(self, sources: Iterable[Source]) -> datetime | None:
        """When the first of the sources is to be asked; ``None``: now."""
        first = NEVER
        for source in sources:
            at = self._schedule.next_at(source, in_sight=self._in_sight(source))
            if at is None:
                return None
            first = min(first, at)
        return first


def _nothing(_: Source) -> bool:
    return False
