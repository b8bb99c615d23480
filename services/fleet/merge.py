"""Joins what arrives into one picture, and makes snapshots of it at a cost that follows what changed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from services.agreement import Policy
from services.aws.collect.base import Place
from services.aws.collect.legal_holds import LEGAL_HOLDS
from services.aws.collect.maintenance_windows import MAINTENANCE_WINDOWS
from services.aws.collect.pending_maintenance import PENDING_MAINTENANCE
from services.aws.collect.tags import TAGS
from services.estate.facts import place_of
from services.estate.join import Estate
from services.estate.kinds import KINDS
from services.estate.links import LINK_LISTINGS
from services.fleet.attribution import Attribution
from services.fleet.figures import RECOVERY
from services.fleet.judge import Judging, Life
from services.fleet.ledger import Ledger
from services.fleet.links import Links
from services.fleet.operations import OperationsJudging
from services.fleet.orders import Orders
from services.fleet.pending import PendingWork
from services.fleet.registry import COLLECTIONS, OF_TENANTS, SOURCES, Registry, RegistryAnswer
from services.fleet.reminders import Reminders
from services.fleet.rules import Rules
from services.fleet.scoping import narrowed
from services.fleet.slots import Slots
from services.fleet.snapshot import NOBODY, FleetSnapshot, StoreView, TenantView
from services.fleet.stores import StoreJudging
from services.model import (
    EVERYWHERE,
    Acknowledgement,
    AuditEntry,
    Credential,
    Identity,
    Observation,
    Order,
    Scope,
    Tenant,
)

LISTINGS = frozenset(kind.listed_by for kind in KINDS)


class Picture:
    """The fleet as far as it is known. Not safe for threads: its owner holds a lock."""

    def __init__(self, policy: Policy, rules: Rules, tag: str, at: datetime) -> None:
        self.registry = Registry()
        self.estate = Estate()
        self.policy = policy
        self.rules = rules
        self.attribution = Attribution(self.registry, self.estate, tag)
        stores = StoreJudging(rules, policy, self.registry, self.estate)
        self.links = Links(rules, policy, self.registry, self.estate, tag)
        operations = OperationsJudging(rules, policy)
        self.judging = Judging(rules, policy, self.registry, self.estate, tag, stores, operations, self.links)
        self.slots = Slots(rules, policy, self.registry, self.estate)
        self.pending = PendingWork(rules, policy, self.estate)
        self.orders = Orders(rules, min(policy.recovery.max_age.values()))
        self._views: dict[str, TenantView] = {}
        self._orphans: dict[str, StoreView] = {}
        self.ledger = Ledger()
        self._lives: dict[str, Life] = {}
        self._stale_tenants: set[str] = set()
        self._stale_orphans: set[str] = set()
        self._unsorted = False
        self._reminders = Reminders()
        self._identity = NOBODY
        self._acknowledged: MappingProxyType[tuple[str | None, str], Acknowledgement] = MappingProxyType({})
        self._audit: tuple[AuditEntry, ...] = ()
        self._unpublished = False
        self._credentials: tuple[Credential, ...] = ()
        self.news = True
        """Whether a snapshot would differ from the last one."""
        self.snapshot = FleetSnapshot(at, default_zone=policy.default_zone, tiers=tuple(policy.tiers), policy=policy)

    def take_registry(self, answer: RegistryAnswer, now: datetime) -> None:
        """Takes the registry's answer, or the part of it that has come."""
        before = {name: self.registry.since(name) for name in SOURCES}
        changes = self.registry.take(answer)
        self.judging.relied.clear()
        self.judging.stores.untagged.clear()
        for observation in answer.observations:
            self.note(observation)
        revived = {name for name, since in before.items() if self._is_revived(name, since, now)}
        if not revived.isdisjoint((*COLLECTIONS, *OF_TENANTS)):
            changes.tenants |= self.registry.tenants.keys()
        changes.slots = changes.slots or "slots" in revived
        self._stale_tenants |= changes.tenants | self.links.tenants_changed(changes.tenants)
        if changes.tenants or changes.stores:
            self.attribution.settle()
        if changes.slots:
            self.slots.slots_changed()
        self.slots.tenants_changed(changes.tenants)
        if changes.acknowledgements:
            self.take_acknowledgements(self.registry.acknowledgements)
        sighted = self.attribution.sighted
        for arn in list(sighted) if changes.all_stores else changes.stores & sighted.keys():
            self._own(arn)

    def _is_revived(self, collection: str, since: datetime | None, now: datetime) -> bool:
        """Whether a list that was not known, or perhaps too old to be relied on, was read anew."""
        if self.registry.since(collection) == since:
            return False
        return since is None or now - since >= min(self.policy.recovery.max_age.values())

    def take_acknowledgements(self, acknowledgements: Iterable[Acknowledgement]) -> None:
        """Takes all that is acknowledged."""
        self._acknowledged = MappingProxyType({(it.tenant, it.figure): it for it in acknowledgements})
        self._unpublished = self.news = True

    def take_credentials(self, credentials: Iterable[Credential], now: datetime) -> None:
        """Takes what opens the doors; what is past its time has ended, whoever has said so."""
        known = tuple(replace(it, ended=True) if _is_past(it, now) else it for it in credentials)
        if known != self._credentials:
            self._credentials = known
            self._unpublished = self.news = True

    def take_audit(self, observation: Observation[tuple[AuditEntry, ...]]) -> None:
        """Takes the newest entries of the audit log; those last seen stay where it did not answer."""
        self.note(observation)
        if observation.outcome.answered and observation.value is not None:
            self._audit = observation.value

    def take_orders(self, observation: Observation[tuple[Order, ...]]) -> None:
        """Takes the orders that were read; those last seen stay where nobody answered."""
        self.note(observation)
        self.orders.take(observation)

    def take_identity(self, observation: Observation[Any], identity: Identity) -> None:
        """Takes part of who is looking: the members that are not ``None``."""
        self.note(observation)
        known = {name: value for name in Identity.__slots__ if (value := getattr(identity, name)) is not None}
        self._identity = replace(self._identity, **known)

    def take(self, observations: Iterable[Observation[Any]]) -> None:
        """Takes what AWS said."""
        stores = self.judging.stores
        stores.troubles.clear()
        for observation in observations:
            self.note(observation)
            if observation.source.operation == TAGS.operation:
                self._take_tags(observation)
                continue
            self.estate.put(observation)
            stores.untagged.clear()
            place, operation = place_of(observation.source), observation.source.operation
            if operation in LISTINGS or operation == LEGAL_HOLDS.operation:
                self._stale_tenants.update(self.attribution.at(place))
                self.pending.place_changed(place)  # whose it is may have become known
            elif operation in LINK_LISTINGS:
                self._stale_tenants |= self.links.place_changed(place, self.attribution.at(place))
            elif operation == MAINTENANCE_WINDOWS.operation:
                self.slots.place_changed(place)
            elif operation == PENDING_MAINTENANCE.operation:
                self.pending.place_changed(place)

    def _take_tags(self, observation: Observation[Any]) -> None:
        place, stores = place_of(observation.source), self.judging.stores
        before = stores.tags_unread(place)
        self.estate.put(observation)
        stores.untagged.clear()
        if stores.tags_unread(place) != before:
            self._stale_tenants.update(self.attribution.at(place))
            self._stale_orphans.update(arn for arn in self._orphans if self.attribution.place_of(arn) == place)

    @property
    def behind(self) -> bool:
        """Whether something was taken of which it is not yet worked out what follows."""
        stale = self._stale_tenants or self._stale_orphans
        return self.estate.behind or bool(stale) or self.slots.behind or self.pending.behind

    def catch_up(self, now: datetime, budget: timedelta | None = None) -> bool:
        """Joins and judges what is stale, for about as long as ``budget`` allows; tells whether anything came out
        different."""
        until = None if budget is None else time.monotonic() + budget.total_seconds()
        while self.estate.behind and not _is_over(until):
            changed, gone = self.estate.refresh_one()
            for arn in gone:
                self._touch(arn, self.attribution.disown(arn))
            for sighting in changed.values():
                self._touch(sighting.resource.arn, self.attribution.own(sighting))
        return False if self.estate.behind else self._judge(now, until)

    def look_within(self, scope: Scope) -> None:
        """Looks at ``scope`` alone from now on; what was seen elsewhere is kept, and not shown."""
        before = self.estate.scope
        if scope == before:
            return
        self.estate.scope = scope
        self.judging.stores.troubles.clear()
        for place in self.places():
            if before.has(place.account, place.region) != scope.has(place.account, place.region):
                self._stale_tenants.update(self.attribution.at(place))
                self.slots.place_changed(place)
        self.links.unsettle()
        self._unpublished = self.news = True

    def places(self) -> set[Place]:
        """Where the registry's tenants are, and the stores and links that it maps."""
        return self.attribution.places() | self.links.places()

    def publish(self, now: datetime, generation: int, budget: timedelta | None = None) -> FleetSnapshot:
        """Judges what changed and makes a snapshot; within a budget perhaps not all is judged: see ``behind``."""
        self._take_due(now)
        self.catch_up(now, budget)
        if self._unsorted:
            self._views = dict(sorted(self._views.items()))
            self._unsorted = False
        self._unpublished = self.news = False
        self.snapshot = FleetSnapshot(
            at=now,
            generation=generation,
            tenants=MappingProxyType(dict(self._views)),
            orphans=tuple(self._orphans[arn] for arn in sorted(self._orphans)),
            orphan_links=self.links.orphans,
            sources=self.ledger.views,
            bad_records=self.registry.bad,
            default_zone=self.policy.default_zone,
            tiers=tuple(self.policy.tiers),
            identity=self._identity,
            credentials=self._credentials,
            slots=self.slots.sorted(),
            pending_maintenance=self.pending.sorted(),
            acknowledgements=self._acknowledged,
            audit=self._audit,
            orders=self.orders.views,
            policy=self.policy,
        )
        if self.estate.scope != EVERYWHERE:
            self.snapshot = narrowed(self.snapshot, self.estate.scope)
        return self.snapshot

    def rejudge(self, now: datetime, budget: timedelta | None = None) -> FleetSnapshot:
        """The snapshot with what time alone has changed; the same one if that is nothing."""
        self._take_due(now)
        if not self.catch_up(now, budget) and not self._unpublished:
            return self.snapshot
        return self.publish(now, self.snapshot.generation, timedelta())

    def note(self, observation: Observation[Any]) -> None:
        """Notes how a source answered."""
        self.news = self.ledger.note(observation) or self.news

    def _own(self, arn: str) -> None:
        """Tells anew whose a store is that was seen."""
        self._touch(arn, self.attribution.own(self.attribution.sighted[arn].sighting))

    def _touch(self, arn: str, tenants: set[str]) -> None:
        """Notes who has to be judged again for a store."""
        self._stale_tenants |= tenants
        self._stale_orphans.add(arn)
        if (place := self.attribution.place_of(arn)) is not None:
            self.pending.place_changed(place)

    def _judge(self, now: datetime, until: float | None) -> bool:
        """Judges again whoever is stale; tells whether anything came out different."""
        differs = self._judge_stale(now, until)
        self.news |= differs
        return differs

    def _judge_stale(self, now: datetime, until: float | None) -> bool:
        differs = False
        while self._stale_tenants and not _is_over(until):
            differs |= self._judge_tenant(self._stale_tenants.pop(), now)
        while self._stale_orphans and not _is_over(until):
            differs |= self._judge_orphan(self._stale_orphans.pop(), now)
        if self._stale_tenants or self._stale_orphans:
            return differs
        return self._judge_maintenance(now) or differs

    def _judge_maintenance(self, now: datetime) -> bool:
        slots, differ = self.slots.judge(now)
        for name in slots:
            self._reminders.slot(self.slots.changes.get(name), name, now)
        places, differs = self.pending.judge(
            now, self.attribution.owners, self._named, self.registry.tier_of, self.registry.trouble("tenants", "stores")
        )
        for place in places:
            self._reminders.place(self.pending.changes.get(place), place, now)
        differs |= self.links.judge_orphans(now, self.registry.trouble("tenants"))
        return self.orders.judge(now) or differ or differs

    def _named(self, tenant: str | None, arn: str) -> str:
        """By what name the figures of a tenant call a store; nobody's by its ARN."""
        view = self._views.get(tenant) if tenant is not None else None
        for row in view.stores if view else ():
            if row.store is not None and row.store.arn == arn:
                return row.verdict.figure.removeprefix(f"{RECOVERY}.")
        return arn

    def _judge_tenant(self, name: str, now: datetime) -> bool:
        before = self._views.get(name)
        tenant = self.registry.tenants.get(name)
        if tenant is None:
            self._lives.pop(name, None)
            self._views.pop(name, None)
            return before is not None
        view = self.judging.tenant(tenant, self._life(tenant, now), self.attribution.of(name), now)
        self._views[name] = view
        self._unsorted = self._unsorted or before is None
        self._reminders.tenant(view.changes_at, name, now)
        return before != view

    def _judge_orphan(self, arn: str, now: datetime) -> bool:
        before = self._orphans.get(arn)
        sighted = self.attribution.sighted.get(arn)
        if sighted is None or sighted.store.tenants:
            self._orphans.pop(arn, None)
            return before is not None
        orphan = self._orphans[arn] = self.judging.orphan(sighted, now)
        self._reminders.orphan(orphan.verdict.changes_at, arn, now)
        return before != orphan

    def _life(self, tenant: Tenant, now: datetime) -> Life:
        """What the agreement says of a tenant, reckoned anew only when it may have changed."""
        life = self._lives.get(tenant.id)
        if life is None or not self.judging.stands(life, tenant, now):
            life = self._lives[tenant.id] = self.judging.life(tenant, now)
        return life

    def _take_due(self, now: datetime) -> None:
        """Notes whose verdicts time has changed. A reminder that newer facts have overtaken is dropped."""
        due = self._reminders.take(now)
        for name, at in due.tenants:
            if (view := self._views.get(name)) and view.changes_at == at:
                self._stale_tenants.add(name)
        for arn, at in due.orphans:
            if (orphan := self._orphans.get(arn)) and orphan.verdict.changes_at == at:
                self._stale_orphans.add(arn)
        for name, at in due.slots:
            self.slots.take_due(name, at)
        for place, at in due.places:
            self.pending.take_due(place, at)


def _is_past(credential: Credential, now: datetime) -> bool:
    return credential.expires_at is not None and credential.expires_at <= now and not credential.ended


def _is_over(until: float | None) -> bool:
    return until is not None and time.monotonic() >= until
