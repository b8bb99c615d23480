"""The tables of what is kept beside the registry: exports, slots, holds, cases, tests, acknowledgements, audit log."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from services.controlplane.columns import KEY, Instant, metadata


def _tenant(*, nullable: bool = False, ondelete: str | None = None) -> Column[str]:
    return Column("tenant", KEY, ForeignKey("tenants.id", ondelete=ondelete), nullable=nullable, index=True)


exports = Table(
    "exports",
    metadata,
    Column("id", KEY, primary_key=True),
    _tenant(),
    Column("state", String(32), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("requester", Text, nullable=False),
    Column("reference", Text),
    Column("checked_by", Text),
    Column("progress", Float),
    Column("available_at", Instant),
    Column("complete", Boolean),
    Column("delivered_at", Instant),
    Column("destroyed_at", Instant),
    Column("failure", Text),
)

slots = Table(
    "slots",
    metadata,
    Column("id", KEY, primary_key=True),
    _tenant(nullable=True),
    Column("tier", String(64)),
    Column("region", String(32)),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("local_start", DateTime, nullable=False),
    Column("choice", String(16)),
    Column("state", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("scheduled_at", Instant, nullable=False),
    Column("announced_at", Instant),
)

holds = Table(
    "holds",
    metadata,
    Column("id", KEY, primary_key=True),
    _tenant(),
    Column("basis", String(64), nullable=False),
    Column("owner", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("lifted_at", Instant),
)

cases = Table(
    "cases",
    metadata,
    Column("id", KEY, primary_key=True),
    _tenant(),
    Column("kind", String(32), nullable=False),
    Column("scope", Text, nullable=False),
    Column("state", String(32), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("delivered_at", Instant),
    Column("ended_at", Instant),
    Column("disabled_at", Instant),
    Column("disabled_scope", Text),
    Column("reinstated_at", Instant),
    Column("reference", Text),
    Column("summary", Text, nullable=False),
    Column("outcome", Text),
)

recovery_tests = Table(
    "recovery_tests",
    metadata,
    Column("id", KEY, primary_key=True),
    _tenant(),
    Column("store", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("succeeded", Boolean),
    Column("reference", Text),
)

acknowledgements = Table(
    "acknowledgements",
    metadata,
    Column("id", KEY, primary_key=True),
    _tenant(nullable=True, ondelete="CASCADE"),  # a note about a tenant keeps nobody from deleting it
    Column("figure", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("assignee", Text),
    Column("note", Text),
)

audit = Table(
    "audit",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", String(64), nullable=False),
    Column("action", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("tenant", KEY),  # no reference: the log outlives whom it tells of
    Column("origin", Text),
    Column("ticket", Text),
    Column("note", Text),
    Column("order", KEY),
    Column("plan", String(64)),
    Column("request_id", Text),
    Column("position", BigInteger, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("position", name="uq_audit_position"),
    Index("ix_audit_at_id", "at", "id"),
    Index("ix_audit_tenant_at_id", "tenant", "at", "id"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Its one row is locked by whoever adds to the log."""
