"""Whether what was seen of a store may be judged at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from services.agreement.schedule import TICK, after
from services.model import Observation, Store
from services.words import say_instant


def observed_at(store: Store) -> datetime | None:
    """When a store was seen: the earliest of its sources; ``None`` where one did not answer or there is none."""
    return answered_at(store.sources)


def answered_at(sources: Iterable[Observation[object]]) -> datetime | None:
    """When it was seen what sources tell: the earliest of them; ``None`` where one did not answer or there is none."""
    earliest: datetime | None = None
    for source in sources:
        if not source.outcome.answered:
            return None
        if earliest is None or source.at < earliest:
            earliest = source.at
    return earliest


@lru_cache(maxsize=1024)  # all stores of an account were seen at once
def stale_from(observed: datetime, max_age: timedelta) -> datetime:
    """Evidence may be as old as ``max_age``; it is too old from the next representable instant on."""
    return after(after(observed, max_age), TICK)


def refusal(sources: Iterable[Observation[object]]) -> str:
    """Which sources did not answer, and how that ended."""
    refused = [source for source in sources if not source.outcome.answered]
    return "; ".join(map(say_refused, refused)) or "nothing was observed"


def listing(store: Store) -> tuple[Observation[object], ...]:
    """The observations that tell that a store is there, and how it is built; all of its sources where it is not known
    which do."""
    by = store.listed_by
    listed = [source for source in store.sources if source.source is by or source.source == by]
    return tuple(listed) or store.sources


def say_refused(source: Observation[object]) -> str:
    """How a source failed to answer."""
    where = " ".join(part for part in (source.source.account, source.source.region) if part)
    call = f"{source.source.service} {source.source.operation}"
    why = f": {source.error}" if source.error else ""
    return f"{call}{' in ' + where if where else ''} {source.outcome} {say_instant(source.at.astimezone(UTC))}{why}"
