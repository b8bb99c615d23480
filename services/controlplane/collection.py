"""The collections that the reference internal API serves alike: a page, a record, create or replace, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Column, Table

from services.controlplane.operation_tables import acknowledgements, cases, exports, holds, recovery_tests, slots
from services.controlplane.tables import parties, sp_end_customers, stores, subscriptions, tenants
from services.wire.operations import (
    AcknowledgementRecord,
    CaseRecord,
    ExportRecord,
    HoldRecord,
    RecoveryTestRecord,
    SlotRecord,
)
from services.wire.registry import PartyRecord, Role, StoreRecord, SubscriptionRecord, TenantRecord

AnyRecord: TypeAlias = (
    PartyRecord
    | TenantRecord
    | SubscriptionRecord
    | StoreRecord
    | ExportRecord
    | SlotRecord
    | HoldRecord
    | CaseRecord
    | RecoveryTestRecord
    | AcknowledgementRecord
)

PEOPLE: frozenset[Role] = frozenset({"operator", "approver"})
"""Roles that may change the registry."""
WORKER: frozenset[Role] = frozenset({"worker"})
"""Who alone writes what happens with tenants: people order it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """That a record names another."""

    member: str
    word: str
    """The other in words: ``party``."""
    table: Table
    """The other's."""
    kind: str | None = None
    """The kind that the other must be of; ``None``: it has none, or any will do."""


@dataclass(frozen=True, slots=True)
class Named:
    """That a record may be named by others."""

    words: str
    """The others: ``tenants``."""
    column: Column[str]
    """Where they name it."""
    kind: str | None = None
    """The kind that it must be of for this."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of the API: its path, its record, its table, who names whom, and who may change it."""

    name: str
    """The path's first segment: ``tenants``."""
    one: str
    """A record of it in words: ``tenant``."""
    record: type[AnyRecord]
    table: Table
    names: tuple[Reference, ...] = ()
    named_by: tuple[Named, ...] = ()
    """Who refers to a record, and so keeps it from being deleted."""
    writers: frozenset[Role] = WORKER


_OF_TENANT = (Reference("tenant", "tenant", tenants),)

REGISTRY: tuple[Collection, ...] = (
    Collection(
        "parties",
        "party",
        PartyRecord,
        parties,
        named_by=(
            Named("tenants", tenants.c.customer, "customer"),
            Named("tenants", tenants.c.reseller, "reseller"),
            Named("tenants", tenants.c.service_provider, "service-provider"),
            Named("tenants", sp_end_customers.c.party, "sp-end-customer"),
        ),
        writers=PEOPLE,
    ),
    Collection(
        "tenants",
        "tenant",
        TenantRecord,
        tenants,
        names=(
            Reference("customer", "party", parties, "customer"),
            Reference("reseller", "party", parties, "reseller"),
            Reference("service_provider", "party", parties, "service-provider"),
            Reference("sp_end_customers", "party", parties, "sp-end-customer"),
        ),
        named_by=tuple(
            Named(words, table.c.tenant)
            for words, table in (
                ("subscriptions", subscriptions),
                ("stores", stores),
                ("exports", exports),
                ("slots", slots),
                ("holds", holds),
                ("cases", cases),
                ("recovery-tests", recovery_tests),
            )
        ),
        writers=PEOPLE,
    ),
    Collection("subscriptions", "subscription", SubscriptionRecord, subscriptions, names=_OF_TENANT, writers=PEOPLE),
    Collection("stores", "store mapping", StoreRecord, stores, names=_OF_TENANT, writers=PEOPLE),
)
"""What a tenant is; in the order in which records may name each other."""

OPERATIONS: tuple[Collection, ...] = (
    Collection("exports", "export", ExportRecord, exports, names=_OF_TENANT),
    Collection("slots", "slot", SlotRecord, slots, names=_OF_TENANT),
    Collection("holds", "hold", HoldRecord, holds, names=_OF_TENANT),
    Collection("cases", "case", CaseRecord, cases, names=_OF_TENANT),
    Collection("recovery-tests", "recovery test", RecoveryTestRecord, recovery_tests, names=_OF_TENANT),
    Collection(
        "acknowledgements", "acknowledgement", AcknowledgementRecord, acknowledgements, names=_OF_TENANT, writers=PEOPLE
    ),
)
"""What happens with it."""

COLLECTIONS: tuple[Collection, ...] = (*REGISTRY, *OPERATIONS)
