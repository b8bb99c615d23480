"""The private links that the registry declares of a tenant, and what the recorder sees of links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.controlplane.columns import Texts

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tenants", sa.Column("links", Texts, nullable=False, server_default="[]"))
    op.add_column("samples", sa.Column("figure", sa.String(16), nullable=False, server_default="recovery"))
    op.add_column("samples", sa.Column("link", sa.Text))
    op.add_column("samples", sa.Column("state", sa.String(16)))
    op.add_column("samples", sa.Column("paths_up", sa.Integer))
    op.add_column("samples", sa.Column("paths", sa.Integer))
    op.create_index("ix_samples_link_observed_at", "samples", ["link", "observed_at"])
