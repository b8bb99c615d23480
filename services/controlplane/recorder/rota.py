"""When each place is looked at next. Pure, but for the dice that are handed in.

A place is looked at as often as the strictest tenant in it needs: an interval is how old the policy lets evidence be
for its tier (``recovery.max_age``; of links ``peering.max_age``), so that no sample rests on older evidence than the
one before. Each wait is shortened by up to a tenth at
random, lest all places be asked in the same moment, and none is shorter than a minute. A place that does not answer is
asked half as often each time, down to the longest interval of any tier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.aws.collect.base import Place

SHORTEST: Final = timedelta(seconds=60)
JITTER: Final = 0.1
"""The part of a wait that chance may take off."""
DOUBLINGS: Final = 10
"""More would change nothing: the longest interval is reached before."""


@dataclass(frozen=True, slots=True)
class _Asked:
    at: datetime
    wait: timedelta
    failures: int


class Rota:
    """The places and when each was asked last. Not safe for threads."""

    def __init__(self, ages: Mapping[str, timedelta], dice: Callable[[], float]) -> None:
        """``ages`` is how old evidence may be, by tier; ``dice`` gives 0 to 1."""
        self._ages = ages
        self._dice = dice
        self._intervals: dict[Place, timedelta] = {}
        self._asked: dict[Place, _Asked] = {}

    def interval(self, tiers: Iterable[str]) -> timedelta:
        """How often a place with tenants of these tiers is looked at; of an unknown tier as of the strictest."""
        strictest = min(self._ages.values())
        return max(SHORTEST, min((self._ages.get(tier, strictest) for tier in tiers), default=strictest))

    def settle(self, tiers: Mapping[Place, Iterable[str]]) -> None:
        """These are the places; one that is new is due at once, and one whose interval is shorter now is due by it."""
        self._intervals = {place: self.interval(own) for place, own in tiers.items()}
        self._asked = {place: it for place, it in self._asked.items() if place in tiers}

    def due(self, now: datetime) -> list[Place]:
        """Who is to be asked; after a clock was set back everybody who was asked later than now."""
        return sorted(place for place in self._intervals if self._is_due(place, now))

    def asked(self, place: Place, now: datetime, *, answered: bool) -> None:
        """Notes that a place was asked, and whether all of it answered."""
        before = self._asked.get(place)
        failures = 0 if answered else min((before.failures if before else 0) + 1, DOUBLINGS)
        interval = self._intervals.get(place, SHORTEST)
        longest = max(interval, *self._ages.values())
        wait = min(interval * 2 ** max(failures - 1, 0), longest) if failures else interval
        self._asked[place] = _Asked(now, max(SHORTEST, wait * (1 - JITTER * self._dice())), failures)

    def _is_due(self, place: Place, now: datetime) -> bool:
        it = self._asked.get(place)
        if it is None or now < it.at:
            return True
        wait = it.wait if it.failures else min(it.wait, self._intervals[place])
        return now - it.at >= wait
