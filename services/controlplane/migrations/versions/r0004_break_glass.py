"""Orders that were carried out without a second person, and who has reviewed them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.controlplane.columns import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("break_glass_until", Instant))
    op.add_column("orders", sa.Column("reviewed_by", sa.Text))
    op.add_column("orders", sa.Column("reviewed_at", Instant))
