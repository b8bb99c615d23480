"""When each source is asked next: intervals with jitter, and back-off where it did not answer. Pure.

Instants, intervals and outcomes come in, instants go out; who asks is elsewhere. The jitter is drawn from the seed of
the console and from whom a source asks, so that many consoles do not ask in step and a test knows what is drawn.

Back-off is exponential with full jitter: each wait lies anywhere below a ceiling that doubles with each failure in a
row. The ceiling stops at ``Tempo.longest_wait``, so that whatever comes back is found again within that time.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from types import MappingProxyType

from services.model import Observation, Outcome, Source

SHORTEST = timedelta(seconds=1)
"""No wait is shorter: so often it is looked at who is due."""
TOGETHER = timedelta(seconds=5)
"""What is due within so long is asked with what is due now: fewer and larger rounds cost less."""
TOGETHER_SHARE = 0.1
"""But no earlier than by this share of its own interval."""
FIRST_WAIT = MappingProxyType(
    {
        Outcome.FAILED: timedelta(seconds=5),
        Outcome.STALE: timedelta(seconds=5),
        Outcome.THROTTLED: timedelta(seconds=20),
        Outcome.DENIED: timedelta(seconds=30),
    }
)
"""The ceiling of the wait after a first failure. Who is throttled asks too often; who is denied will most likely be
denied again until somebody has mended it."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """How often a profile asks."""

    pace: float = 1.0
    """Every interval is multiplied by it."""
    focus: float = 0.5
    """The share of an interval after which what is on the screen is asked."""
    jitter: float = 0.1
    """By what share of itself an interval is lengthened or shortened at most."""
    longest_wait: timedelta = timedelta(minutes=2)
    """The longest back-off."""


USUAL = Tempo()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the asking of one source stands."""

    at: datetime
    """When it last answered, or did not."""
    outcome: Outcome
    failures: int
    """How often it did not answer since it last did."""
    chance: float
    """What was drawn for the next asking, in [0, 1)."""


def chance(seed: int, source: Source, number: int) -> float:
    """In [0, 1), by the console's seed, the service and place of the source, and the how-manieth asking of it.

    What one service is asked about one place it is asked at once: a console that asks a hundred times a minute, each
    time one thing, spares nobody.
    """
    lane = Source(source.service, "", source.account, source.region).name
    digest = blake2b(f"{seed}:{lane}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def interval_wait(every: timedelta, drawn: float, tempo: Tempo, *, in_sight: bool, longest: timedelta) -> timedelta:
    """From an answer to the next question. ``longest`` bounds the interval before its jitter: what the policy
    allows."""
    interval = min(every * (tempo.pace * (tempo.focus if in_sight else 1.0)), longest)
    return max(interval * (1 + tempo.jitter * (2 * drawn - 1)), SHORTEST)


def backoff_wait(outcome: Outcome, failures: int, drawn: float, tempo: Tempo) -> timedelta:
    """From the last of ``failures`` failures in a row to the next question."""
    doublings = min(failures - 1, 32)
    ceiling: timedelta = min(FIRST_WAIT[outcome] * (1 << doublings), tempo.longest_wait)
    return max(ceiling * drawn, SHORTEST)


class Schedule:
    """The standing of every source that was asked. Not safe for threads: its owner holds a lock."""

    def __init__(self, tempo: Tempo, seed: int, interval: Callable[[Source], tuple[timedelta, timedelta]]) -> None:
        """``interval`` tells of a source how often it is asked, and how often at least, whatever the tempo."""
        self._tempo = tempo
        self._seed = seed
        self._interval = interval
        self._standings: dict[Source, Standing] = {}
        self._asked: dict[Source, int] = {}

    def note(self, observation: Observation[object]) -> int:
        """Takes how a source answered; tells how often it has not since it last did."""
        source, outcome = observation.source, observation.outcome
        before = self._standings.get(source)
        failures = 0 if outcome.answered else 1 + (before.failures if before else 0)
        number = self._asked[source] = self._asked.get(source, 0) + 1
        self._standings[source] = Standing(observation.at, outcome, failures, chance(self._seed, source, number))
        return failures

    def next_at(self, source: Source, *, in_sight: bool = False) -> datetime | None:
        """When a source is to be asked; ``None`` for one that never was: now."""
        standing = self._standings.get(source)
        if standing is None:
            return None
        if standing.outcome.answered:
            every, longest = self._interval(source)
            wait = interval_wait(every, standing.chance, self._tempo, in_sight=in_sight, longest=longest)
        else:
            wait = backoff_wait(standing.outcome, standing.failures, standing.chance, self._tempo)
        return standing.at + wait

    def is_due(self, source: Source, now: datetime, *, in_sight: bool = False) -> bool:
        """Whether a source is to be asked at ``now``; also where the clock was set back since it last was."""
        standing, next_at = self._standings.get(source), self.next_at(source, in_sight=in_sight)
        return standing is None or next_at is None or now >= next_at or now < standing.at - TOGETHER

    def may_join(self, source: Source, now: datetime, *, in_sight: bool = False) -> bool:
        """Whether a source is so nearly due that it is asked with those that are; not while it is backed off from."""
        standing, next_at = self._standings.get(source), self.next_at(source, in_sight=in_sight)
        if standing is None or next_at is None or not standing.outcome.answered:
            return self.is_due(source, now, in_sight=in_sight)
        return now >= next_at - min(TOGETHER, (next_at - standing.at) * TOGETHER_SHARE)

    def forget(self, kept: Container[Source]) -> None:
        """Drops the standing of every source but ``kept``."""
        for source in [source for source in self._standings if source not in kept]:
            del self._standings[source], self._asked[source]
