"""The audit log on the database: entries are added and read, never changed.

What a person changes through the API is noted here by the server itself, in the transaction that changes it. The worker
notes its own acts, for it alone knows the plan behind them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select

from services.controlplane.chaining import extend, lock_head
from services.controlplane.cursors import cursor_text, position
from services.controlplane.operation_tables import audit
from services.controlplane.registry import Item, jsonable
from services.wire.operations import AuditRecord
from services.wire.registry import WhoAmI

NOTE_LENGTH: Final = 4000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something, when and from where."""

    who: WhoAmI
    at: datetime
    origin: str | None

    @property
    def noted(self) -> bool:
        """Whether the server notes what it does."""
        return self.who.role != "worker"


def write_entry(
    connection: Connection,
    *,
    at: datetime,
    who: str,
    role: str,
    action: str,
    outcome: str,
    tenant: str | None = None,
    origin: str | None = None,
    ticket: str | None = None,
    note: str | None = None,
    order: str | None = None,
    plan: str | None = None,
    request_id: str | None = None,
) -> None:
    """Add an entry to the log, in the caller's transaction; ``order`` is an order's key, ``plan`` its plan's digest.

    A note that is too long is cut. The head of the log stays locked until the transaction ends, so records are
    written before it, never after. Raises ``pydantic.ValidationError`` for text that no entry can hold.
    """
    head = lock_head(connection)
    record = AuditRecord(
        # what was written in one instant is told in the order in which it was written
        id=f"{head.position + 1:012x}{secrets.token_hex(10)}",
        at=at,
        who=who,
        role=role,
        action=action,
        outcome=outcome,
        tenant=tenant,
        origin=origin,
        ticket=ticket,
        note=None if note is None else note[:NOTE_LENGTH],
        order=order,
        plan=plan,
        request_id=request_id,
    )
    extend(connection, head, (record,))


def note(connection: Connection, actor: Actor, action: str, tenant: str | None, text: str) -> None:
    """Add what ``actor`` has just done to the log."""
    write_entry(
        connection,
        at=actor.at,
        who=actor.who.user,
        role=actor.who.role,
        action=action,
        outcome="done",
        tenant=tenant,
        origin=actor.origin,
        note=text,
    )


def add_entry(connection: Connection, record: AuditRecord) -> tuple[Item, bool]:
    """Add an entry; tells what stands under its id afterwards, and whether it is new."""
    query = select(audit).where(audit.c.id == record.id)
    head = lock_head(connection)  # first: who adds the same entry at once waits here, and then finds it
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        extend(connection, head, (record,))
    return jsonable(dict(row or connection.execute(query).mappings().one())), row is None


def read_entries(
    connection: Connection, tenant: str | None, cursor: str | None, limit: int
) -> tuple[list[Item], str | None, int]:
    """The ``limit`` entries that are older than ``cursor``, newest first, all or one ``tenant``'s; the cursor to go on
    from (``None`` at the end), and how many there are in all."""
    wanted = () if tenant is None else (audit.c.tenant == tenant,)
    query = select(audit).where(*wanted).order_by(audit.c.at.desc(), audit.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        at, id_ = position(cursor)
        query = query.where(or_(audit.c.at < at, and_(audit.c.at == at, audit.c.id < id_)))
    rows = [dict(row) for row in connection.execute(query).mappings()]
    more = len(rows) > limit
    del rows[limit:]
    total = connection.execute(select(func.count()).select_from(audit).where(*wanted)).scalar_one()
    return [jsonable(row) for row in rows], cursor_text(rows[-1]["at"], rows[-1]["id"]) if more else None, total
