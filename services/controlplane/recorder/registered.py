"""What the recorder knows of the registry: who is where, in which tier, and what is mapped to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.aws.collect.base import Place
from services.controlplane.estates import place_of_arn
from services.controlplane.tables import stores, tenants
from services.estate.kinds import kind_of
from services.model import LifecycleState, StoreMapping

GONE = frozenset({LifecycleState.DISMISSED, LifecycleState.DESTROYED})
"""States in which no live store is the rule."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A tenant as far as the recorder has to know it."""

    id: str
    tier: str
    home: Place
    state: LifecycleState
    links: tuple[str, ...] = ()
    """The ARNs of those that it declares."""


@dataclass(frozen=True, slots=True)
class Known:
    """All tenants and mappings of one moment."""

    tenants: Mapping[str, Registered]
    by_arn: Mapping[str, tuple[StoreMapping, ...]]
    by_tenant: Mapping[str, tuple[StoreMapping, ...]]

    def tiers(self) -> dict[Place, set[str]]:
        """Every place with tenants, or with stores mapped to tenants, and the tiers that they are of."""
        found: dict[Place, set[str]] = {}
        for tenant in self.tenants.values():
            for place in {tenant.home, *self._mapped(tenant.id)}:
                found.setdefault(place, set()).add(tenant.tier)
        return found

    def _mapped(self, tenant: str) -> Iterator[Place]:
        for mapping in self.by_tenant.get(tenant, ()):
            place = place_of_arn(mapping.store)
            if place is not None and kind_of(mapping.store) is not None:
                yield place


def read_registered(connection: Connection) -> Known:
    """The registry as it stands."""
    columns = (tenants.c.id, tenants.c.tier, tenants.c.account, tenants.c.region, tenants.c.state, tenants.c.links)
    found = {
        id_: Registered(id_, tier, Place(account, region), LifecycleState(state), tuple(links))
        for id_, tier, account, region, state, links in connection.execute(select(*columns).order_by(tenants.c.id))
    }
    by_arn: dict[str, list[StoreMapping]] = {}
    by_tenant: dict[str, list[StoreMapping]] = {}
    mapped = select(stores.c.tenant, stores.c.store, stores.c.part).order_by(stores.c.id)
    for tenant, store, part in connection.execute(mapped):
        mapping = StoreMapping(tenant, store, part)
        by_arn.setdefault(store, []).append(mapping)
        by_tenant.setdefault(tenant, []).append(mapping)
    return Known(
        found, {arn: tuple(them) for arn, them in by_arn.items()}, {one: tuple(them) for one, them in by_tenant.items()}
    )
