"""Whose each store is that was seen, kept as the registry and the estate change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from services.aws.collect.base import Place
from services.aws.collect.legal_holds import LEGAL_HOLDS
from services.estate.arns import parse
from services.estate.join import Estate, Sighting
from services.estate.kinds import kind_of
from services.estate.ownership import owners_of
from services.fleet.registry import Registry
from services.fleet.stores import Sighted
from services.model import Store


class Attribution:
    """The stores by tenant."""

    def __init__(self, registry: Registry, estate: Estate, tag: str) -> None:
        self.sighted: dict[str, Sighted] = {}
        """By ARN."""
        self._registry = registry
        self._estate = estate
        self._tag = tag
        self._of_tenant: dict[str, dict[str, Sighted]] = {}
        self._at: dict[Place, set[str]] = {}

    def of(self, tenant: str) -> tuple[Sighted, ...]:
        """The stores of a tenant."""
        return tuple(self._of_tenant.get(tenant, {}).values())

    def owners(self, arn: str) -> tuple[str, ...]:
        """The tenants of a store; none of one that was not seen."""
        it = self.sighted.get(arn)
        return it.store.tenants if it else ()

    def at(self, place: Place) -> Iterable[str]:
        """Tenants that have, or may have, stores in a place."""
        return self._at.get(place, ())

    def held(self) -> Iterator[tuple[Place, str]]:
        """The place of each legal hold of AWS Backup that stands, with each tenant whose stores it covers."""
        for place in self._at:
            for hold in self._estate.facts.seen(place, LEGAL_HOLDS.operation):
                covered = hold.resources if hold.stands else ()
                yield from ((place, tenant) for arn in covered for tenant in self.owners(arn))

    def own(self, sighting: Sighting) -> set[str]:
        """Tells whose a store is; the tenants that it is of, or was."""
        arn = sighting.resource.arn
        owners = owners_of(
            self._registry.by_arn.get(arn, ()),
            sighting.resource.tags,
            sighting.more_tags,
            tag=self._tag,
            known=self._registry.tenants,
        )
        concerned = self.disown(arn)
        sighted = self.sighted[arn] = Sighted(sighting, self._tested(sighting.as_store(owners)))
        for tenant in sighted.store.tenants:
            self._of_tenant.setdefault(tenant, {})[arn] = sighted
            concerned.add(tenant)
        return concerned

    def disown(self, arn: str) -> set[str]:
        """Forgets a store; the tenants that it was of."""
        before = self.sighted.pop(arn, None)
        if before is None:
            return set()
        for tenant in before.store.tenants:
            del self._of_tenant[tenant][arn]
        return set(before.store.tenants)

    def settle(self) -> None:
        """Notes where each tenant's stores are listed."""
        self._at = {}
        for tenant in self._registry.tenants.values():
            self._at.setdefault(Place(tenant.account, tenant.region), set()).add(tenant.id)
        for arn, mappings in self._registry.by_arn.items():
            if (place := self.place_of(arn)) is not None:
                self._at.setdefault(place, set()).update(mapping.tenant for mapping in mappings)

    def places(self) -> set[Place]:
        """Where the registry's tenants are, and the stores that it maps."""
        places = {Place(tenant.account, tenant.region) for tenant in self._registry.tenants.values()}
        mapped = (self.place_of(arn) for arn in self._registry.by_arn if kind_of(arn) is not None)
        return places | {place for place in mapped if place is not None}

    def place_of(self, arn: str) -> Place | None:
        """Where a store is, as its ARN says or as it was last listed; ``None`` where neither tells."""
        parsed = parse(arn)
        if parsed and parsed.account and parsed.region:
            return Place(parsed.account, parsed.region)
        return self._estate.home_of(arn)

    def _tested(self, store: Store) -> Store:
        """With the tests that were recorded beside those that AWS tells of, newest first."""
        recorded = self._registry.tests_of(store.arn)
        if not recorded:
            return store
        tests = sorted((*store.tests, *recorded), key=lambda test: test.ended_at or test.started_at, reverse=True)
        return replace(store, tests=tuple(tests))
