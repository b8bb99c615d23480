"""The log becomes a chain: every entry that is there gets its place, the oldest first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.controlplane.columns import KEY, Instant
from services.wire.chain import BEGINNING, hash_of
from services.wire.operations import AuditRecord

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

AT_ONCE = 1000
"""Entries in memory."""

_KEPT = ("id", "who", "role", "action", "outcome", "tenant", "origin", "ticket", "note")


def upgrade() -> None:
    with op.batch_alter_table("audit") as audit:
        audit.add_column(sa.Column("order", KEY))
        audit.add_column(sa.Column("plan", sa.String(64)))
        audit.add_column(sa.Column("request_id", sa.Text))
        audit.add_column(sa.Column("position", sa.BigInteger))
        audit.add_column(sa.Column("previous", sa.String(64)))
        audit.add_column(sa.Column("hash", sa.String(64)))
    position, hash_ = _chain()
    with op.batch_alter_table("audit") as audit:
        for name, type_ in (("position", sa.BigInteger()), ("previous", sa.String(64)), ("hash", sa.String(64))):
            audit.alter_column(name, existing_type=type_, nullable=False)
        audit.create_unique_constraint("uq_audit_position", ["position"])
    head = op.create_table(
        "audit_head",
        sa.Column(
            "id", sa.Integer, sa.CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False
        ),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "position": position, "hash": hash_}])


def _chain() -> tuple[int, str]:
    """Gives every entry its place; where the log ends then."""
    audit = sa.table(
        "audit",
        *(sa.column(name, sa.String) for name in (*_KEPT, "previous", "hash")),
        sa.column("at", Instant),
        sa.column("position", sa.BigInteger),
    )
    columns = [audit.c.at, *(audit.c[name] for name in _KEPT)]
    place = (
        sa.update(audit)
        .where(audit.c.id == sa.bindparam("of"))
        .values({name: sa.bindparam(f"to_{name}") for name in ("position", "previous", "hash")})
    )
    connection = op.get_bind()
    position, hash_ = 0, BEGINNING
    while True:
        query = sa.select(*columns).where(audit.c.position.is_(None)).order_by(audit.c.at, audit.c.id).limit(AT_ONCE)
        places = []
        for row in connection.execute(query).mappings():
            position, previous = position + 1, hash_
            hash_ = hash_of(AuditRecord(**row, position=position), previous)
            places.append({"of": row["id"], "to_position": position, "to_previous": previous, "to_hash": hash_})
        if not places:
            return position, hash_
        connection.execute(place, places)
