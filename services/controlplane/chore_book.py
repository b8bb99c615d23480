"""What the server does by itself, on the database: when it was tried and done last, why it failed, what it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from services.controlplane.chore_tables import chores


@dataclass(frozen=True, slots=True)
class ChoreRecord:
    """How it stands with a chore."""

    name: str
    tried_at: datetime
    done_at: datetime | None = None
    failure: str | None = None
    """Why the last try failed; ``None``: it did not, or has not ended."""
    kept: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the last try that ended has failed."""
        return self.failure is not None

    def due_at(self, every: timedelta, again: timedelta) -> datetime:
        """When it is due the next time: ``every`` so long, sooner (``again``) where it was not done."""
        if not self.failed and self.done_at is not None and self.done_at >= self.tried_at:
            return self.done_at + every
        return self.tried_at + min(every, again)


def read_chore(connection: Connection, name: str) -> ChoreRecord | None:
    """How it stands with that one; ``None``: it was never tried."""
    row = connection.execute(select(chores).where(chores.c.name == name)).mappings().one_or_none()
    return None if row is None else ChoreRecord(**row)


def read_chores(connection: Connection) -> tuple[ChoreRecord, ...]:
    """All that were ever tried, by name, without what they keep."""
    wanted = [it for it in chores.c if it.name != "kept"]
    rows = connection.execute(select(*wanted).order_by(chores.c.name)).mappings()
    return tuple(ChoreRecord(**row) for row in rows)


def begin_chore(connection: Connection, name: str, now: datetime) -> ChoreRecord | None:
    """Put down that it is tried now; how it stood before."""
    before = read_chore(connection, name)
    if before is None:
        connection.execute(insert(chores).values(name=name, tried_at=now))
    else:
        mark_chore(connection, name, tried_at=now)
    return before


def mark_chore(connection: Connection, name: str, **members: Any) -> None:
    """Put down these members of one that was tried."""
    connection.execute(update(chores).where(chores.c.name == name).values(**members))
