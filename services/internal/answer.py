"""What the internal API said of the registry and of what happens in it, joined into the nouns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from services.model import (
    Acknowledgement,
    BadRecord,
    Case,
    Export,
    Hold,
    Observation,
    RecoveryTest,
    Slot,
    StoreMapping,
    Tenant,
)
from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord

REGISTRY: Final = ("tenants", "subscriptions", "parties", "stores")
"""The collections that say what a tenant is, by the path they stand under."""
OPERATIONS: Final = ("exports", "slots", "holds", "cases", "recovery-tests", "acknowledgements")
"""Those that say what happens with it."""
COLLECTIONS: Final = (*REGISTRY, *OPERATIONS)
"""All that are read."""


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """The registry as far as it could be read.

    ``observations`` holds one for each collection whose reading has ended, its value the ids that were read. Where a
    collection failed half-way, its observation says so and what had been read before is here all the same: known
    tenants stay in sight, and nothing may be concluded from one that is missing. Ask ``answered`` before taking an
    absence for one, and ``doubt`` before believing a tenant's dates.
    """

    observations: tuple[Observation[tuple[str, ...]], ...] = ()
    tenants: tuple[Tenant, ...] = ()
    """In the order of their ids."""
    stores: tuple[StoreMapping, ...] = ()
    """Every mapping that could be read, those of unknown tenants included."""
    bad: tuple[BadRecord, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)
    """Tenant → why its subscription cannot be told: a record that names it is bad."""
    exports: tuple[Export, ...] = ()
    slots: tuple[Slot, ...] = ()
    holds: tuple[Hold, ...] = ()
    cases: tuple[Case, ...] = ()
    recovery_tests: tuple[RecoveryTest, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    doubtful: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Collection (``exports``, ``holds``, …) → tenant → why what it holds of that tenant may not be all."""

    def answered(self, collection: str) -> bool:
        """Whether the collection was read to its end, so that what is not there does not exist."""
        operation = f"GET /{collection}"
        return any(seen.source.operation == operation and seen.outcome.answered for seen in self.observations)

    def doubt(self, tenant: str) -> str | None:
        """Why the tenant's end date (or its lack of one) may not be judged; ``None`` if it may."""
        if not self.answered("subscriptions"):
            return "the subscriptions could not be read"
        return self.doubts.get(tenant)


@dataclass(frozen=True, slots=True)
class RegistryRecords:
    """The registry's own records by id, for whoever compares them with others."""

    observations: tuple[Observation[tuple[str, ...]], ...]
    parties: Mapping[str, PartyRecord] = field(default_factory=dict)
    tenants: Mapping[str, TenantRecord] = field(default_factory=dict)
    subscriptions: Mapping[str, SubscriptionRecord] = field(default_factory=dict)
    stores: Mapping[str, StoreRecord] = field(default_factory=dict)
    bad: tuple[BadRecord, ...] = ()

    @property
    def troubles(self) -> tuple[str, ...]:
        """Why they may not be all: what could not be read to its end."""
        return tuple(
            f"internal {seen.source.operation} {seen.outcome}: {seen.error or 'no answer'}"
            for seen in self.observations
            if not seen.outcome.answered
        )
