"""What one worker of several does alone: a row that names it, for as long as it renews it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from services.controlplane.sample_tables import leases

RECORDING: Final = "recorder"
LENGTH: Final = timedelta(seconds=90)
"""How soon another takes over from a worker that has died."""


def hold(connection: Connection, name: str, holder: str, now: datetime, length: timedelta = LENGTH) -> bool:
    """Take or renew the lease; ``False`` while another holds it.

    One that ends later than any lease taken now is of a clock that was set back: it counts as over.
    """
    mine = leases.c.holder == holder
    over = or_(mine, leases.c.until <= now, leases.c.until > now + length)
    taken = update(leases).where(leases.c.name == name, over).values(holder=holder, until=now + length)
    if connection.execute(taken).rowcount:
        return True
    if connection.execute(select(leases.c.name).where(leases.c.name == name)).first() is not None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(leases).values(name=name, holder=holder, until=now + length))
    except IntegrityError:  # another one took it first
        return False
    return True


def held(connection: Connection, name: str, holder: str, now: datetime) -> bool:
    """Whether the lease is this one's still; locked until the transaction ends where the database locks rows."""
    mine = and_(leases.c.name == name, leases.c.holder == holder, leases.c.until > now)
    return connection.execute(select(leases.c.name).where(mine).with_for_update()).first() is not None


def let_go(connection: Connection, name: str, holder: str) -> None:
    """Leave it to the next one at once."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
