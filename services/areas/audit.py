"""The audit log: who did what, when, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator

from services.areas.base import Area, Field, Kind
from services.model import AuditEntry


def _fields() -> Iterator[Field[AuditEntry]]:
    yield Field("at", Kind.INSTANT, lambda row: row.at, "AT", 20, priority=1)
    yield Field("tenant", Kind.TEXT, lambda row: row.tenant, "TENANT", 14, priority=2)
    yield Field("who", Kind.TEXT, lambda row: row.who, "WHO", 16, priority=1)
    yield Field("role", Kind.TEXT, lambda row: row.role, "ROLE", 8, priority=5)
    yield Field("action", Kind.TEXT, lambda row: row.action, "ACTION", 22, priority=1)
    yield Field("outcome", Kind.TEXT, lambda row: row.outcome, "OUTCOME", 11, priority=1)
    yield Field("ticket", Kind.TEXT, lambda row: row.ticket, "TICKET", 10, priority=4)
    yield Field("origin", Kind.TEXT, lambda row: row.origin, "FROM", 12, priority=6)
    yield Field("id", Kind.TEXT, lambda row: row.id)
    yield Field("note", Kind.TEXT, lambda row: row.note, "NOTE", 24, priority=3)
    yield Field("order", Kind.TEXT, lambda row: row.order)
    yield Field("plan", Kind.TEXT, lambda row: row.plan)
    yield Field("request_id", Kind.TEXT, lambda row: row.request_id)
    yield Field("position", Kind.NUMBER, lambda row: row.position)


AUDIT: Area[AuditEntry] = Area(
    name="audit",
    title="Audit",
    key=None,
    fields=tuple(_fields()),
    rows=lambda fleet: fleet.audit,
    row_key=lambda row: row.id,
    tenant=lambda row: row.tenant,
    status=lambda _row: None,
    help="Who did what, when, and how it ended; the newest first.",
    empty="nothing was done yet, as far as the log goes back",
)
