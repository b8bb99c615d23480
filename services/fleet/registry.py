"""What the registry is known to say, across answers that come in parts and answers that do not come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.estate.facts import Known, first
from services.fleet.shelf import Shelf, differing_keys, grouped
from services.model import (
    Acknowledgement,
    BadRecord,
    Case,
    Export,
    Hold,
    Observation,
    RecoveryTest,
    Slot,
    Source,
    StoreMapping,
    Tenant,
)

COLLECTIONS = ("tenants", "subscriptions", "parties", "stores")
"""Those that say what a tenant is."""
OF_TENANTS = ("exports", "holds", "cases", "recovery-tests")
"""Those of which each tenant's verdicts depend."""
OPERATIONS = (*OF_TENANTS, "slots", "acknowledgements")
SOURCES = {name: Source("internal", f"GET /{name}") for name in (*COLLECTIONS, *OPERATIONS)}


class RegistryAnswer(Protocol):
    """What ``services.internal`` makes of the registry, in part or whole."""

    @property
    def observations(self) -> tuple[Observation[tuple[str, ...]], ...]: ...
    @property
    def tenants(self) -> tuple[Tenant, ...]: ...
    @property
    def stores(self) -> tuple[StoreMapping, ...]: ...
    @property
    def bad(self) -> tuple[BadRecord, ...]: ...
    @property
    def doubts(self) -> Mapping[str, str]: ...
    @property
    def exports(self) -> tuple[Export, ...]: ...
    @property
    def slots(self) -> tuple[Slot, ...]: ...
    @property
    def holds(self) -> tuple[Hold, ...]: ...
    @property
    def cases(self) -> tuple[Case, ...]: ...
    @property
    def recovery_tests(self) -> tuple[RecoveryTest, ...]: ...
    @property
    def acknowledgements(self) -> tuple[Acknowledgement, ...]: ...
    @property
    def doubtful(self) -> Mapping[str, Mapping[str, str]]: ...
    def answered(self, collection: str) -> bool: ...


@dataclass(slots=True)
class Changes:
    """What an answer of the registry changed."""

    tenants: set[str] = field(default_factory=set)
    stores: set[str] = field(default_factory=set)
    """ARNs."""
    all_stores: bool = False
    """Whether the ownership of every store has to be looked at again."""
    slots: bool = False
    """Whether the slots, or how far they can be relied on, are others than before."""
    acknowledgements: bool = False


class Registry:
    """The last word on each tenant and mapping. What an answer did not reach stays as it was last seen."""

    def __init__(self) -> None:
        self.tenants: dict[str, Tenant] = {}
        self.doubts: dict[str, str] = {}
        self.by_arn: dict[str, tuple[StoreMapping, ...]] = {}
        self.by_tenant: dict[str, tuple[StoreMapping, ...]] = {}
        self.bad: tuple[BadRecord, ...] = ()
        self._known: dict[str, Known] = {}
        self._mappings: tuple[StoreMapping, ...] = ()
        self._exports: Shelf[Export] = Shelf(lambda it: it.id, lambda it: it.tenant)
        self._holds: Shelf[Hold] = Shelf(lambda it: it.id, lambda it: it.tenant)
        self._cases: Shelf[Case] = Shelf(lambda it: it.id, lambda it: it.tenant)
        self._tests: Shelf[RecoveryTest] = Shelf(lambda it: it.id, lambda it: it.store)
        self._slots: Shelf[Slot] = Shelf(lambda it: it.id, lambda it: it.scope)
        self._acknowledgements: Shelf[Acknowledgement] = Shelf(lambda it: it.id, lambda it: it.tenant or "")
        self._doubtful: dict[str, Mapping[str, str]] = {}

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self._slots.all

    @property
    def acknowledgements(self) -> tuple[Acknowledgement, ...]:
        return self._acknowledgements.all

    def tier_of(self, tenant: str | None) -> str:
        """The tier of a tenant; empty for one that is not known, and for nobody."""
        known = self.tenants.get(tenant) if tenant is not None else None
        return known.tier if known else ""

    def exports_of(self, tenant: str) -> tuple[Export, ...]:
        return self._exports.of(tenant)

    def holds_of(self, tenant: str) -> tuple[Hold, ...]:
        return self._holds.of(tenant)

    def cases_of(self, tenant: str) -> tuple[Case, ...]:
        return self._cases.of(tenant)

    def tests_of(self, store: str) -> tuple[RecoveryTest, ...]:
        """The recorded tests of the store of that ARN."""
        return self._tests.of(store)

    def take(self, answer: RegistryAnswer) -> Changes:
        """Takes an answer, or the part of it that has come so far."""
        changes = Changes()
        troubles = {name: self.trouble(name) for name in SOURCES}
        for observation in answer.observations:
            collection = observation.source.operation.removeprefix("GET /")
            before = self._known.get(collection)
            if before is None or before.latest is not observation:
                self._known[collection] = before.then(observation) if before else first(observation)
        self._take_tenants(answer, changes)
        self._take_mappings(answer, changes)
        self._take_operations(answer, changes)
        self.bad = self._bad(answer)
        changed = {name for name, before in troubles.items() if self.trouble(name) != before}
        changes.all_stores = changes.all_stores or not changed.isdisjoint(COLLECTIONS)
        changes.slots = changes.slots or "slots" in changed
        changes.acknowledgements = changes.acknowledgements or "acknowledgements" in changed
        if not changed.isdisjoint((*COLLECTIONS, *OF_TENANTS)):
            changes.tenants |= self.tenants.keys()
        return changes

    def trouble(self, *collections: str) -> str | None:
        """Why collections cannot be relied on to be whole and current; ``None`` if they can."""
        for collection in collections:
            known = self._known.get(collection)
            if known is None:
                return f"waiting for GET /{collection} of the internal API"
            if not known.latest.outcome.answered:
                return f"internal GET /{collection} {known.latest.outcome}: {known.latest.error or 'no answer'}"
        return None

    def never(self, *collections: str) -> bool:
        """Whether any of them was never read to its end."""
        return any((known := self._known.get(it)) is None or known.good is None for it in collections)

    def since(self, *collections: str) -> datetime | None:
        """When the one that answered longest ago did; ``None`` if one never has."""
        goods = [known.good if (known := self._known.get(it)) else None for it in collections]
        times = [good.at for good in goods if good is not None]
        return min(times) if len(times) == len(collections) else None

    def doubt(self, tenant: str) -> str | None:
        """Why a tenant's end date may not be judged."""
        return self.doubts.get(tenant)

    def incomplete(self, tenant: str, collection: str) -> str | None:
        """Why what ``collection`` (``exports``, ``holds``, …) is known to hold of a tenant may not be all: it could not
        be read, or a bad record names the tenant; ``None`` if it is all."""
        return self.trouble(collection) or self._doubtful.get(collection, {}).get(tenant)

    def _take_tenants(self, answer: RegistryAnswer, changes: Changes) -> None:
        whole = answer.answered("tenants")
        dated = answer.answered("subscriptions")
        fresh: dict[str, Tenant] = {}
        doubts: dict[str, str] = {}
        unread = self._unread("subscriptions")
        for tenant in answer.tenants:
            before = self.tenants.get(tenant.id)
            if not dated and before is not None and tenant.id not in self.doubts:
                fresh[tenant.id] = before  # its dates were read earlier; their age is judged elsewhere
                continue
            fresh[tenant.id] = tenant
            doubt = answer.doubts.get(tenant.id) if dated else unread
            if doubt is not None:
                doubts[tenant.id] = doubt
        if not whole:
            for name, tenant in self.tenants.items():
                if name not in fresh:
                    fresh[name] = tenant
                    if name in self.doubts:
                        doubts[name] = self.doubts[name]
        appeared = fresh.keys() ^ self.tenants.keys()
        changes.tenants |= appeared
        changes.tenants |= {
            name
            for name, tenant in fresh.items()
            if self.tenants.get(name) != tenant or self.doubts.get(name) != doubts.get(name)
        }
        changes.all_stores = changes.all_stores or bool(appeared)
        self.tenants, self.doubts = fresh, doubts

    def _unread(self, collection: str) -> str:
        return self.trouble(collection) or f"GET /{collection} was not read to its end"

    def _take_mappings(self, answer: RegistryAnswer, changes: Changes) -> None:
        mappings = answer.stores
        if not answer.answered("stores"):
            mappings = tuple(dict.fromkeys((*self._mappings, *answer.stores)))
        if mappings == self._mappings:
            return
        self._mappings = mappings
        by_arn = grouped(mappings, lambda it: it.store)
        by_tenant = grouped(mappings, lambda it: it.tenant)
        changes.stores |= differing_keys(self.by_arn, by_arn)
        changes.tenants |= differing_keys(self.by_tenant, by_tenant)
        self.by_arn, self.by_tenant = by_arn, by_tenant

    def _take_operations(self, answer: RegistryAnswer, changes: Changes) -> None:
        changes.tenants |= self._exports.take(answer.exports, whole=answer.answered("exports"))
        changes.tenants |= self._holds.take(answer.holds, whole=answer.answered("holds"))
        changes.tenants |= self._cases.take(answer.cases, whole=answer.answered("cases"))
        changes.stores |= self._tests.take(answer.recovery_tests, whole=answer.answered("recovery-tests"))
        if self._slots.take(answer.slots, whole=answer.answered("slots")):
            changes.slots = True
        if self._acknowledgements.take(answer.acknowledgements, whole=answer.answered("acknowledgements")):
            changes.acknowledgements = True
        for name in OF_TENANTS:
            before = self._doubtful.get(name, {})
            after = answer.doubtful.get(name, {})
            after = after if answer.answered(name) else {**before, **after}
            if after != before:
                self._doubtful[name] = after
                changes.tenants |= differing_keys(before, after)

    def _bad(self, answer: RegistryAnswer) -> tuple[BadRecord, ...]:
        """Bad records of the collections just read, and of the others those last seen."""
        read = {seen.source.operation.removeprefix("GET /") for seen in answer.observations}
        return (
            *(record for record in self.bad if record.collection not in read and record not in answer.bad),
            *answer.bad,
        )
