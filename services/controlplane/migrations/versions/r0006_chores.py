"""What the server does by itself, and in which state tenants were removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.controlplane.columns import KEY, Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chores",
        sa.Column("name", KEY, primary_key=True),
        sa.Column("tried_at", Instant, nullable=False),
        sa.Column("done_at", Instant),
        sa.Column("failure", sa.Text),
        sa.Column("kept", sa.Text),
    )
    op.create_table(
        "removed_tenants",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("state", sa.String(32), nullable=False),
    )
