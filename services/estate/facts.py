"""What is known of each source: how it answered last, and what it said when it last did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.aws.collect.base import Place
from services.model import Observation, Source


@dataclass(frozen=True, slots=True)
class Known:
    """A source's last observation, and its last answer, which is the same one while it answers."""

    latest: Observation[Any]
    good: Observation[Any] | None

    def then(self, observation: Observation[Any]) -> Known:
        return Known(observation, observation if observation.outcome.answered else self.good)


def first(observation: Observation[Any]) -> Known:
    return Known(observation, observation if observation.outcome.answered else None)


class Facts:
    """The AWS observations by place and operation."""

    def __init__(self) -> None:
        self._places: dict[Place, dict[str, Known]] = {}
        self._answered_at: dict[Source, datetime] = {}

    def put(self, observation: Observation[Any]) -> Known:
        operations = self._places.setdefault(place_of(observation.source), {})
        before = operations.get(observation.source.operation)
        known = before.then(observation) if before else first(observation)
        operations[observation.source.operation] = known
        if known.good is not None:
            self._answered_at[observation.source] = known.good.at
        return known

    def answered_at(self, source: Source) -> datetime:
        """When a source last answered. Raises ``KeyError`` for one that never did: nothing was read from it."""
        return self._answered_at[source]

    def get(self, place: Place, operation: str) -> Known | None:
        return self._places.get(place, {}).get(operation)

    def seen(self, place: Place, operation: str) -> tuple[Any, ...]:
        """The records of the last answer; none where there never was one: look at ``get`` before judging that."""
        known = self.get(place, operation)
        return known.good.value or () if known and known.good else ()


def place_of(source: Source) -> Place:
    return Place(source.account or "", source.region or "")
