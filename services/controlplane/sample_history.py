"""What samples come to: of each store the longest RPO that was seen, and for how long nobody saw one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from services.controlplane.sample_tables import samples
from services.wire.history import HistoryRecord, StoreHistory

DAY: Final = timedelta(days=1)


class Look(NamedTuple):
    """One sample of a store."""

    store: str
    at: datetime
    rpo_seconds: int | None


def read_history(connection: Connection, tenant: str, since: datetime, until: datetime) -> HistoryRecord:
    """The history of a tenant's stores; samples that name no store say nothing of one, and are left out."""
    query = (
        select(samples.c.store, samples.c.observed_at, samples.c.rpo_seconds)
        .where(samples.c.tenant == tenant, samples.c.observed_at >= since, samples.c.observed_at <= until)
        .where(samples.c.store.is_not(None))
        .order_by(samples.c.store, samples.c.observed_at, samples.c.id)
    )
    looks = (Look(*row) for row in connection.execute(query))
    return HistoryRecord(tenant=tenant, since=since, until=until, stores=tuple(history(looks, since, until)))


def history(looks: Iterable[Look], since: datetime, until: datetime) -> Iterator[StoreHistory]:
    """A record for each store; ``looks`` are sorted by store and time and lie between the instants."""
    days = -((since - until) // DAY)
    for store, group in groupby(looks, lambda it: it.store):
        own = list(group)
        seen = [it for it in own if it.rpo_seconds is not None]
        worst = max(seen, key=lambda it: it.rpo_seconds or 0, default=None)
        of_days: list[int | None] = [None] * days
        for it in seen:
            at = days - 1 - min((until - it.at) // DAY, days - 1)
            of_days[at] = max(of_days[at] or 0, it.rpo_seconds or 0)
        times = [own[0].at, *(it.at for it in seen), until]
        silence = max(later - earlier for earlier, later in pairwise(times))
        yield StoreHistory(
            store=store,
            looks=len(own),
            unknown=len(own) - len(seen),
            first_at=own[0].at,
            last_at=own[-1].at,
            worst_seconds=worst.rpo_seconds if worst is not None else None,
            worst_at=worst.at if worst is not None else None,
            silence_seconds=int(silence.total_seconds()),
            days=tuple(of_days),
        )
