"""Where the registry and AWS differ: resources of nobody the registry knows, mappings that lead nowhere, and the two
saying different things of one store. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.aws.collect.base import Place
from services.estate.arns import parse
from services.estate.kinds import KINDS, kind_of
from services.fleet.snapshot import FleetSnapshot, SourceView, StoreView
from services.model import LifecycleState, Source, Store
from services.wire.registry import StoreRecord

GONE = frozenset({LifecycleState.DISMISSED, LifecycleState.DESTROYING, LifecycleState.DESTROYED})
"""States in which a mapping may outlive its store."""


class Kind(StrEnum):
    """What differs."""

    CONTRADICTING = "contradicting"
    """The registry maps a store to one tenant, and its tag names another."""
    ELSEWHERE = "elsewhere"
    """A store lies in another account or region than its tenant."""
    NOT_REGISTERED = "not-registered"
    """A store's tag, or a mapping, names a tenant that the registry does not have."""
    UNOWNED = "unowned"
    """Neither a mapping nor a tag says whose a store is."""
    NOT_SEEN = "not-seen"
    """A mapped store that AWS does not list; or, without a resource, a tenant of which it lists none."""
    UNKNOWN = "unknown"
    """It could not be looked at."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the registry and AWS do not say alike. Text comes from outside and is not sanitized."""

    kind: Kind
    tenant: str | None
    resource: str | None
    """The ARN."""
    account: str | None
    region: str | None
    registry: str | None
    """What the registry says."""
    aws: str | None
    """What AWS says."""
    reason: str


def differences(fleet: FleetSnapshot, mappings: Iterable[StoreRecord]) -> list[Difference]:
    """All of them, in the order of ``Kind`` and then by tenant and resource.

    ``mappings`` are the registry's. What could not be read is no difference: it is ``UNKNOWN``.
    """
    views = [view for tenant in fleet.tenants.values() for view in tenant.stores] + list(fleet.orphans)
    stores = {view.store.arn: view.store for view in views if view.store is not None}
    mapped: dict[str, list[StoreRecord]] = {}
    for mapping in mappings:
        mapped.setdefault(mapping.store, []).append(mapping)
    answered = {view.source: view for view in fleet.sources}
    found = [one for store in stores.values() for one in _of_store(fleet, store, mapped.get(store.arn, []))]
    for arn, records in mapped.items():
        if arn not in stores:
            found += [one for record in records if (one := _unseen(fleet, record, answered)) is not None]
    named = {record.tenant for records in mapped.values() for record in records}
    found += _without(fleet, views, named, answered)
    order = {kind: rank for rank, kind in enumerate(Kind)}
    return sorted(found, key=lambda one: (order[one.kind], one.tenant or "", one.resource or ""))


def _of_store(fleet: FleetSnapshot, store: Store, records: list[StoreRecord]) -> Iterator[Difference]:
    def differing(kind: Kind, tenant: str | None, registry: str | None, aws: str | None, reason: str) -> Difference:
        return Difference(kind, tenant, store.arn, store.account, store.region, registry, aws, reason)

    tag = store.tag_tenant
    owners = tuple(dict.fromkeys(record.tenant for record in records))
    for owner in owners:
        if owner not in fleet.tenants:
            reason = f"mapped to {owner}, which the registry does not list"
            yield differing(Kind.NOT_REGISTERED, owner, owner, tag, reason)
    if owners and tag is not None and tag not in owners:
        reason = f"mapped to {', '.join(owners)}, tagged {tag}"
        yield differing(Kind.CONTRADICTING, owners[0], ", ".join(owners), tag, reason)
    elif not owners and tag is not None and tag not in fleet.tenants:
        yield differing(Kind.NOT_REGISTERED, tag, None, tag, f"tagged {tag}, which the registry does not list")
    elif not owners and tag is None:
        yield differing(Kind.UNOWNED, None, None, None, "neither mapped nor tagged")
    for name in owners or ((tag,) if tag is not None else ()):
        view = fleet.tenants.get(name)
        if view is None:
            continue
        said, seen = f"{view.tenant.account} {view.tenant.region}", f"{store.account} {store.region}"
        if said != seen:
            yield differing(Kind.ELSEWHERE, name, said, seen, f"the tenant is in {said}, its store in {seen}")


def _unseen(fleet: FleetSnapshot, record: StoreRecord, answered: Mapping[Source, SourceView]) -> Difference | None:
    """A mapping whose store was not seen."""
    view = fleet.tenants.get(record.tenant)
    arn, kind = parse(record.store), kind_of(record.store)
    account = (arn.account if arn else None) or (view.tenant.account if view else None)
    region = (arn.region if arn else None) or (view.tenant.region if view else None)

    def differing(which: Kind, reason: str) -> Difference:
        return Difference(which, record.tenant, record.store, account, region, record.tenant, None, reason)

    if kind is None:
        return differing(Kind.UNKNOWN, "nothing here reads this kind of store")
    if account is None or region is None:
        return differing(Kind.UNKNOWN, "it cannot be told where to look for it")
    trouble = _trouble(answered.get(kind.listing(Place(account, region))), kind.listing(Place(account, region)))
    if trouble is not None:
        return differing(Kind.UNKNOWN, trouble)
    if view is not None and view.tenant.state in GONE:
        return None
    return differing(Kind.NOT_SEEN, f"{kind.listed_by} of {account} {region} does not list it")


def _without(
    fleet: FleetSnapshot, views: list[StoreView], mapped: set[str], answered: Mapping[Source, SourceView]
) -> Iterator[Difference]:
    """Tenants of which nothing was seen and to which nothing is mapped."""
    having = {view.tenant for view in views if view.store is not None} | mapped
    for name, view in fleet.tenants.items():
        tenant = view.tenant
        if name in having or tenant.state in GONE:
            continue
        place = Place(tenant.account, tenant.region)
        troubles = [
            trouble
            for kind in KINDS
            if (trouble := _trouble(answered.get(kind.listing(place)), kind.listing(place))) is not None
        ]
        kind, reason = (
            (Kind.UNKNOWN, "; ".join(dict.fromkeys(troubles)))
            if troubles
            else (
                Kind.NOT_SEEN,
                "no store of it is mapped, tagged or seen",
            )
        )
        yield Difference(kind, name, None, tenant.account, tenant.region, tenant.state, None, reason)


def _trouble(view: SourceView | None, source: Source) -> str | None:
    """Why a list may not be relied on; ``None`` if it may."""
    call = f"{source.service} {source.operation} of {source.account} {source.region}"
    if view is None or view.observation is None:
        return f"{call} was not asked"
    if view.observation.outcome.answered:
        return None
    return f"{call} {view.observation.outcome}: {view.observation.error or 'no answer'}"
