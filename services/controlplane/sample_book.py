"""The samples on the database: added, read newest first, and let go in small steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, func, insert, or_, select

from services.controlplane.cursors import cursor_text, position
from services.controlplane.registry import Item, jsonable
from services.controlplane.sample_tables import samples
from services.wire.samples import SampleRecord

PRUNED_AT_ONCE: Final = 500
"""Rows of one step: on SQLite nobody else writes while it lasts."""
ADDED_AT_ONCE: Final = 1000


def add_samples(connection: Connection, records: Sequence[SampleRecord]) -> None:
    """Keep these; ``ADDED_AT_ONCE`` a statement."""
    for start in range(0, len(records), ADDED_AT_ONCE):
        connection.execute(insert(samples), [it.model_dump() for it in records[start : start + ADDED_AT_ONCE]])


def newest_at(connection: Connection) -> datetime | None:
    """When the newest sample was observed; ``None`` where there is none."""
    newest = select(samples.c.observed_at).order_by(samples.c.observed_at.desc(), samples.c.id.desc()).limit(1)
    return connection.execute(newest).scalar()


def has_older(connection: Connection, before: datetime) -> bool:
    """Whether there is a sample that was observed before an instant."""
    return connection.execute(select(samples.c.id).where(samples.c.observed_at < before).limit(1)).first() is not None


def prune_samples(connection: Connection, before: datetime, limit: int = PRUNED_AT_ONCE) -> int:
    """Let the oldest samples go that were observed before an instant, ``limit`` at most; tells how many went."""
    query = select(samples.c.id).where(samples.c.observed_at < before)
    oldest = query.order_by(samples.c.observed_at, samples.c.id).limit(limit)
    ids = list(connection.execute(oldest).scalars())
    if ids:
        connection.execute(delete(samples).where(samples.c.id.in_(ids)))
    return len(ids)


def read_samples(
    connection: Connection,
    *,
    tenant: str | None = None,
    store: str | None = None,
    figure: str | None = None,
    link: str | None = None,
    since: datetime | None = None,
    cursor: str | None = None,
    limit: int,
) -> tuple[list[Item], str | None, int]:
    """The ``limit`` samples older than ``cursor``, newest first, all or a tenant's, a store's, a link's, those of a
    figure, those since an instant; the cursor to go on from (``None`` at the end), and how many there are in all."""
    wanted: list[Any] = []
    wanted += [samples.c.tenant == tenant] if tenant is not None else []
    wanted += [samples.c.store == store] if store is not None else []
    wanted += [samples.c.figure == figure] if figure is not None else []
    wanted += [samples.c.link == link] if link is not None else []
    wanted += [samples.c.observed_at >= since] if since is not None else []
    query = select(samples).where(*wanted).order_by(samples.c.observed_at.desc(), samples.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        at, id_ = position(cursor)
        query = query.where(or_(samples.c.observed_at < at, and_(samples.c.observed_at == at, samples.c.id < id_)))
    rows = [dict(row) for row in connection.execute(query).mappings()]
    more = len(rows) > limit
    del rows[limit:]
    total = connection.execute(select(func.count()).select_from(samples).where(*wanted)).scalar_one()
    following = cursor_text(rows[-1]["observed_at"], rows[-1]["id"]) if more else None
    return [jsonable(row) for row in rows], following, total
