"""The tables of the registry, and the one of the tokens."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, LargeBinary, String, Table, Text

from services.controlplane.columns import KEY, Instant, Texts, metadata

parties = Table(
    "parties",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("name", Text, nullable=False),
)

tenants = Table(
    "tenants",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", Text, nullable=False),
    Column("tier", String(64), nullable=False),
    Column("region", String(32), nullable=False),
    Column("account", String(12), nullable=False),
    Column("zone", String(64)),
    Column("state", String(32), nullable=False),
    Column("customer", KEY, ForeignKey("parties.id"), nullable=False, index=True),
    Column("reseller", KEY, ForeignKey("parties.id"), index=True),
    Column("service_provider", KEY, ForeignKey("parties.id"), index=True),
    Column("links", Texts, nullable=False, server_default="[]"),
)

sp_end_customers = Table(
    "tenant_sp_end_customers",
    metadata,
    Column("tenant", KEY, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("party", KEY, ForeignKey("parties.id"), nullable=False, index=True),
)

removed_tenants = Table(
    "removed_tenants",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("state", String(32), nullable=False),
)
"""In which state a tenant was removed: under its id none begins in another one."""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("tenant", KEY, ForeignKey("tenants.id"), nullable=False, index=True),
    Column("order", Text),
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("termination_confirmed_at", Instant),
    Column("terminated_for", Text),
)

stores = Table(
    "stores",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("tenant", KEY, ForeignKey("tenants.id"), nullable=False, index=True),
    Column("store", Text, nullable=False),
    Column("part", Text),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("user", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("expires_at", Instant),
)
