"""What the recorder sees of each store's RPO, and which worker records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.controlplane.columns import KEY, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "samples",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("tenant", KEY, nullable=False),
        sa.Column("store", sa.Text),
        sa.Column("observed_at", Instant, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("rpo_seconds", sa.Integer),
        sa.Column("restore_point_at", Instant),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
    )
    op.create_index("ix_samples_observed_at_id", "samples", ["observed_at", "id"])
    op.create_index("ix_samples_tenant_observed_at", "samples", ["tenant", "observed_at"])
    op.create_index("ix_samples_store_observed_at", "samples", ["store", "observed_at"])
    op.create_table(
        "leases",
        sa.Column("name", KEY, primary_key=True),
        sa.Column("holder", KEY, nullable=False),
        sa.Column("until", Instant, nullable=False),
    )
