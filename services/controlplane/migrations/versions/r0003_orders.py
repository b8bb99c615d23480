"""Orders, who carries them out, and what they record of exports, cases and subscriptions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.controlplane.columns import KEY, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("terminated_for", sa.Text))
    op.add_column("exports", sa.Column("checked_by", sa.Text))
    op.add_column("cases", sa.Column("disabled_scope", sa.Text))
    op.add_column("cases", sa.Column("reinstated_at", Instant))
    op.add_column("cases", sa.Column("outcome", sa.Text))
    op.create_table(
        "orders",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("origin", sa.Text),
        sa.Column("ticket", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("failure", sa.Text),
        sa.Column("worker", sa.Text),
    )
    op.create_index("ix_orders_state", "orders", ["state"])
    op.create_index("ix_orders_created_at_id", "orders", ["created_at", "id"])
    op.create_table(
        "order_tenants",
        sa.Column("order", KEY, sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("tenant", KEY, primary_key=True),
    )
    op.create_index("ix_order_tenants_tenant", "order_tenants", ["tenant"])
    op.create_table(
        "order_steps",
        sa.Column("order", KEY, sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("request_id", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("error", sa.Text),
    )
    op.create_table("workers", sa.Column("name", KEY, primary_key=True), sa.Column("seen_at", Instant, nullable=False))
