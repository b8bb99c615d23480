"""Joins what arrives into one picture, and makes snapshots of it at a cost that follows what changed."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from services.agreement import Policy
from services.aws.collect.base import Place
from services.estate.arns import parse
from services.estate.facts import place_of
from services.estate.join import Estate, Sighting
from services.estate.kinds import KINDS, kind_of
from services.estate.ownership import owners_of
from services.fleet.judge import Judging, Life, Sighted
from services.fleet.registry import COLLECTIONS, Registry, RegistryAnswer
from services.fleet.rules import Rules
from services.fleet.snapshot import NOBODY, FleetSnapshot, SourceView, StoreView, TenantView
from services.model import Identity, Observation, Source, Store, Tenant

ORPHAN = "\0"
"""Marks a store without a tenant in the queue of what time changes; no tenant's id begins so."""


class Picture:
    """The fleet as far as it is known. Not safe for threads: its owner holds a lock."""

    def __init__(self, policy: Policy, rules: Rules, tag: str, at: datetime) -> None:
        self.registry = Registry()
        self.estate = Estate()
        self._policy = policy
        self._tag = tag
        self._judging = Judging(rules, policy, self.registry, self.estate, tag)
        self._sighted: dict[str, Sighted] = {}
        self._of_tenant: dict[str, dict[str, Sighted]] = {}
        self._views: dict[str, TenantView] = {}
        self._orphans: dict[str, StoreView] = {}
        self._sources: dict[Source, SourceView] = {}
        self._lives: dict[str, Life] = {}
        self._at: dict[Place, set[str]] = {}
        """Tenants that have, or may have, databases in a place."""
        self._stale_tenants: set[str] = set()
        self._stale_orphans: set[str] = set()
        self._unsorted = False
        self._due: list[tuple[datetime, str]] = []
        self._identity = NOBODY
        self.snapshot = FleetSnapshot(at, default_zone=policy.default_zone, tiers=tuple(policy.tiers))

    def asking(self, sources: Iterable[Source]) -> None:
        """Notes that sources are being asked."""
        for source in sources:
            view = self._sources.get(source)
            self._sources[source] = replace(view, asking=True) if view else SourceView(source, asking=True)

    def asked(self) -> None:
        """Notes that no source is being asked any more."""
        for source, view in self._sources.items():
            if view.asking:
                self._sources[source] = replace(view, asking=False)

    def take_registry(self, answer: RegistryAnswer, now: datetime) -> None:
        """Takes the registry's answer, or the part of it that has come."""
        since = self.registry.since(*COLLECTIONS)
        changes = self.registry.take(answer)
        for observation in answer.observations:
            self._note(observation)
        if since is None or now - since >= min(self._policy.recovery.max_age.values()):
            changes.tenants |= self.registry.tenants.keys()
        self._stale_tenants |= changes.tenants
        if changes.tenants or changes.stores:
            self._settle()
        for arn in self._sighted if changes.all_stores else changes.stores & self._sighted.keys():
            self._own(self._sighted[arn].sighting)

    def take_identity(self, observation: Observation[Any], identity: Identity) -> None:
        """Takes part of who is looking: the members that are not ``None``."""
        self._note(observation)
        known = {name: value for name in Identity.__slots__ if (value := getattr(identity, name)) is not None}
        self._identity = replace(self._identity, **known)

    def note(self, observation: Observation[Any]) -> None:
        """Takes an observation that only speaks of its source."""
        self._note(observation)

    def take(self, observations: Iterable[Observation[Any]]) -> None:
        """Takes what AWS said."""
        for observation in observations:
            self._note(observation)
            self.estate.put(observation)
            if any(observation.source.operation == kind.listed_by for kind in KINDS):
                self._stale_tenants |= self._at.get(place_of(observation.source), set())

    @property
    def behind(self) -> bool:
        """Whether something was taken of which it is not yet worked out what follows."""
        return self.estate.behind or bool(self._stale_tenants or self._stale_orphans)

    def catch_up(self, now: datetime, budget: timedelta | None = None) -> bool:
        """Joins and judges what is stale, for about as long as ``budget`` allows; tells whether anything came out
        different."""
        until = None if budget is None else time.monotonic() + budget.total_seconds()
        while self.estate.behind and not _is_over(until):
            changed, gone = self.estate.refresh_one()
            for arn in gone:
                self._disown(arn)
            for sighting in changed.values():
                self._own(sighting)
        return False if self.estate.behind else self._judge(now, until)

    def places(self) -> set[Place]:
        """Where the registry's tenants are, and the stores that it maps."""
        places = {Place(tenant.account, tenant.region) for tenant in self.registry.tenants.values()}
        for arn in self.registry.by_arn:
            parsed = parse(arn)
            if kind_of(arn) is not None and parsed and parsed.account and parsed.region:
                places.add(Place(parsed.account, parsed.region))
        return places

    def publish(self, now: datetime, generation: int, budget: timedelta | None = None) -> FleetSnapshot:
        """Judges what changed and makes a snapshot; within a budget perhaps not all is judged: see ``behind``."""
        self._take_due(now)
        self.catch_up(now, budget)
        if self._unsorted:
            self._views = dict(sorted(self._views.items()))
            self._unsorted = False
        self.snapshot = FleetSnapshot(
            at=now,
            generation=generation,
            tenants=MappingProxyType(dict(self._views)),
            orphans=tuple(self._orphans[arn] for arn in sorted(self._orphans)),
            sources=tuple(self._sources.values()),
            bad_records=self.registry.bad,
            default_zone=self._policy.default_zone,
            tiers=tuple(self._policy.tiers),
            identity=self._identity,
        )
        return self.snapshot

    def rejudge(self, now: datetime, budget: timedelta | None = None) -> FleetSnapshot:
        """The snapshot with what time alone has changed; the same one if that is nothing."""
        self._take_due(now)
        if not self.catch_up(now, budget):
            return self.snapshot
        return self.publish(now, self.snapshot.generation, timedelta())

    def _note(self, observation: Observation[Any]) -> None:
        before = self._sources.get(observation.source)
        answered = observation.outcome.answered
        self._sources[observation.source] = SourceView(
            observation.source,
            observation,
            asking=False,
            count=len(observation.value) if answered and isinstance(observation.value, tuple) else None,
            last_seen_at=observation.at if answered else before.last_seen_at if before else None,
        )

    def _settle(self) -> None:
        """Notes where each tenant's inventory is read."""
        self._at = {}
        for tenant in self.registry.tenants.values():
            self._at.setdefault(Place(tenant.account, tenant.region), set()).add(tenant.id)
        for arn, mappings in self.registry.by_arn.items():
            if (parsed := parse(arn)) and parsed.account and parsed.region:
                place = Place(parsed.account, parsed.region)
                self._at.setdefault(place, set()).update(mapping.tenant for mapping in mappings)

    def _own(self, sighting: Sighting) -> None:
        """Tells whose a database is, and notes who has to be judged again for it."""
        resource = sighting.resource
        owners = owners_of(
            self.registry.by_arn.get(resource.arn, ()),
            resource.tags,
            sighting.more_tags,
            tag=self._tag,
            known=self.registry.tenants,
        )
        store = Store(
            arn=resource.arn,
            name=resource.identifier,
            kind=sighting.kind.name,
            account=resource.account,
            region=resource.region,
            engine=resource.engine,
            created_at=resource.created_at,
            tenants=owners.tenants,
            parts=owners.parts,
            tag_tenant=owners.tag_tenant,
            points=sighting.points,
            sources=sighting.latest,
            multi_az=resource.multi_az,
        )
        before = self._sighted.get(resource.arn)
        for tenant in before.store.tenants if before else ():
            del self._of_tenant[tenant][resource.arn]
            self._stale_tenants.add(tenant)
        sighted = self._sighted[resource.arn] = Sighted(sighting, store)
        for tenant in store.tenants:
            self._of_tenant.setdefault(tenant, {})[resource.arn] = sighted
            self._stale_tenants.add(tenant)
        self._stale_orphans.add(resource.arn)

    def _disown(self, arn: str) -> None:
        for tenant in self._sighted.pop(arn).store.tenants:
            del self._of_tenant[tenant][arn]
            self._stale_tenants.add(tenant)
        self._stale_orphans.add(arn)

    def _judge(self, now: datetime, until: float | None) -> bool:
        """Judges again whoever is stale; tells whether anything came out different."""
        differs = False
        while self._stale_tenants and not _is_over(until):
            differs |= self._judge_tenant(self._stale_tenants.pop(), now)
        while self._stale_orphans and not _is_over(until):
            differs |= self._judge_orphan(self._stale_orphans.pop(), now)
        return differs

    def _judge_tenant(self, name: str, now: datetime) -> bool:
        before = self._views.get(name)
        tenant = self.registry.tenants.get(name)
        if tenant is None:
            self._lives.pop(name, None)
            self._views.pop(name, None)
            return before is not None
        sighted = tuple(self._of_tenant.get(name, {}).values())
        view = self._views[name] = self._judging.tenant(tenant, self._life(tenant, now), sighted, now)
        self._unsorted = self._unsorted or before is None
        self._remind(view.changes_at, name, now)
        return before != view

    def _judge_orphan(self, arn: str, now: datetime) -> bool:
        before = self._orphans.get(arn)
        sighted = self._sighted.get(arn)
        if sighted is None or sighted.store.tenants:
            self._orphans.pop(arn, None)
            return before is not None
        orphan = self._orphans[arn] = self._judging.orphan(sighted, now)
        self._remind(orphan.verdict.changes_at, ORPHAN + arn, now)
        return before != orphan

    def _life(self, tenant: Tenant, now: datetime) -> Life:
        """What the agreement says of a tenant, reckoned anew only when it may have changed."""
        life = self._lives.get(tenant.id)
        if (
            life is None
            or life.tenant != tenant
            or life.doubt != self.registry.doubt(tenant.id)
            or (life.changes_at is not None and life.changes_at <= now)
        ):
            life = self._lives[tenant.id] = self._judging.life(tenant, now)
        return life

    def _remind(self, at: datetime | None, name: str, now: datetime) -> None:
        if at is not None and at > now:
            heapq.heappush(self._due, (at, name))

    def _take_due(self, now: datetime) -> None:
        """Notes whose verdicts time has changed. A reminder that newer facts have overtaken is dropped."""
        while self._due and self._due[0][0] <= now:
            at, name = heapq.heappop(self._due)
            if name.startswith(ORPHAN):
                arn = name.removeprefix(ORPHAN)
                if (orphan := self._orphans.get(arn)) and orphan.verdict.changes_at == at:
                    self._stale_orphans.add(arn)
            elif (view := self._views.get(name)) and view.changes_at == at:
                self._stale_tenants.add(name)


def _is_over(until: float | None) -> bool:
    return until is not None and time.monotonic() >= until
