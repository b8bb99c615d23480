"""The tables of the recorder: what was seen of each store's RPO and of each link, and who records."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from services.controlplane.columns import KEY, Instant, metadata

samples = Table(
    "samples",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("tenant", KEY, nullable=False),
    Column("store", Text),
    Column("observed_at", Instant, nullable=False),
    Column("status", String(16), nullable=False),
    Column("rpo_seconds", Integer),
    Column("restore_point_at", Instant),
    Column("reason", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("figure", String(16), nullable=False, server_default="recovery"),
    Column("link", Text),
    Column("state", String(16)),
    Column("paths_up", Integer),
    Column("paths", Integer),
    Index("ix_samples_observed_at_id", "observed_at", "id"),
    Index("ix_samples_tenant_observed_at", "tenant", "observed_at"),
    Index("ix_samples_store_observed_at", "store", "observed_at"),
    Index("ix_samples_link_observed_at", "link", "observed_at"),
)
"""No reference to a tenant: what was observed is kept as long as the policy says, whatever becomes of its record."""

leases = Table(
    "leases",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("holder", KEY, nullable=False),
    Column("until", Instant, nullable=False),
)
"""What one worker of several does alone, and which one does until when."""
