"""Adding to the audit log: each entry gets its place in the chain, and two writers never the same."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from services.controlplane.operation_tables import audit, audit_head
from services.wire.chain import BEGINNING, hash_of
from services.wire.operations import AuditHead, AuditRecord

CHUNK: Final = 1000
"""Entries a statement."""


def read_head(connection: Connection) -> AuditHead:
    """Where the log ends."""
    row = connection.execute(select(audit_head.c.position, audit_head.c.hash)).one()
    return AuditHead(position=row.position, hash=row.hash)


def lock_head(connection: Connection) -> AuditHead:
    """Where the log ends, and stays until the transaction does or ``extend`` moves it.

    SQLite's writers are alone from their start; elsewhere the row is locked.
    """
    row = connection.execute(select(audit_head.c.position, audit_head.c.hash).with_for_update()).one()
    return AuditHead(position=row.position, hash=row.hash)


def extend(connection: Connection, head: AuditHead, records: Iterable[AuditRecord]) -> AuditHead:
    """Add ``records`` in their order after ``head``, which is locked; where the log ends then."""
    iterator = iter(records)
    while some := list(islice(iterator, CHUNK)):
        rows: list[dict[str, Any]] = []
        for record in some:
            placed = record.model_copy(update={"position": head.position + 1, "previous": head.hash})
            head = AuditHead(position=head.position + 1, hash=hash_of(placed, head.hash))
            rows.append(placed.model_dump() | {"hash": head.hash})
        connection.execute(insert(audit), rows)
    connection.execute(update(audit_head).values(position=head.position, hash=head.hash))
    return head


def begin(connection: Connection) -> None:
    """Make the head of a log without entries, where there is none."""
    if connection.execute(select(audit_head.c.id)).one_or_none() is None:
        connection.execute(insert(audit_head).values(id=1, position=0, hash=BEGINNING))
