"""The tables of the reference internal API, and the collections that are served from them.

Columns bear the names of the wire records' members, so that a row is a record. Types are those that SQLite and
PostgreSQL agree on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import Column, Date, DateTime, Dialect, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord

AnyRecord: TypeAlias = PartyRecord | TenantRecord | SubscriptionRecord | StoreRecord


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite has no zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(  # the signature is SQLAlchemy's
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

KEY = String(64).with_variant(String(64, collation="C"), "postgresql")
"""An id; ordered by its bytes on every database, for pages must not depend on a locale."""

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
)

sp_end_customers = Table(
    "tenant_sp_end_customers",
    metadata,
    Column("tenant", KEY, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("party", KEY, ForeignKey("parties.id"), nullable=False, index=True),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("tenant", KEY, ForeignKey("tenants.id"), nullable=False, index=True),
    Column("order", Text),
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("termination_confirmed_at", Instant),
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


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of the API: its path, its record, its table and who may not go while it stands."""

    name: str
    """The path's first segment: ``tenants``."""
    one: str
    """A record of it in words: ``tenant``."""
    record: type[AnyRecord]
    table: Table
    names: tuple[tuple[str, str, Table], ...] = ()
    """What a record refers to: (member, the other's name in words, its table)."""
    named_by: tuple[tuple[str, Column[str]], ...] = ()
    """Who refers to a record: (the others in words, the column that holds the reference)."""


COLLECTIONS: tuple[Collection, ...] = (
    Collection(
        "parties",
        "party",
        PartyRecord,
        parties,
        named_by=(
            ("tenants", tenants.c.customer),
            ("tenants", tenants.c.reseller),
            ("tenants", tenants.c.service_provider),
            ("tenants", sp_end_customers.c.party),
        ),
    ),
    Collection(
        "tenants",
        "tenant",
        TenantRecord,
        tenants,
        names=(
            ("customer", "party", parties),
            ("reseller", "party", parties),
            ("service_provider", "party", parties),
            ("sp_end_customers", "party", parties),
        ),
        named_by=(("subscriptions", subscriptions.c.tenant), ("stores", stores.c.tenant)),
    ),
    Collection(
        "subscriptions", "subscription", SubscriptionRecord, subscriptions, names=(("tenant", "tenant", tenants),)
    ),
    Collection("stores", "store mapping", StoreRecord, stores, names=(("tenant", "tenant", tenants),)),
)
