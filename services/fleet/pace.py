"""How often each source is asked: as it declares, and as often as the verdicts that rest on it need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from services.agreement import Policy
from services.aws.collect.base import Collector, Place
from services.aws.collect.legal_holds import LEGAL_HOLDS
from services.aws.collect.maintenance_windows import MAINTENANCE_WINDOWS
from services.aws.collect.pending_maintenance import PENDING_MAINTENANCE
from services.estate.links import LINK_KINDS
from services.fleet.asked import Focus
from services.fleet.attribution import Attribution
from services.fleet.needs import rests_on
from services.fleet.pending import PendingWork
from services.fleet.registry import SOURCES, Registry
from services.fleet.rules import Rules
from services.fleet.slots import Slots
from services.fleet.stores import Sighted
from services.model import SlotState, Source, Store, Tenant

WHOAMI = Source("internal", "GET /whoami")
AUDIT = Source("internal", "GET /audit")
ORDERS = Source("internal", "GET /orders")
CALLER = Source("sts", "GetCallerIdentity")

LISTS_EVERY = timedelta(seconds=60)
"""Of the internal API's lists: what an operator writes elsewhere is seen within a minute."""
ORDERS_EVERY = timedelta(seconds=30)
"""Of orders, which the worker moves while somebody looks; most answers say that nothing has changed."""
OWN_EVERY = MappingProxyType({AUDIT: timedelta(minutes=2), WHOAMI: timedelta(minutes=5), CALLER: timedelta(minutes=5)})
"""Of those that nothing is judged by."""
SHARE_OF_AGE = 0.5
"""What verdicts rest on is asked within this share of the age that the policy allows: the other half is for an answer
that is slow, and for a second try."""
OVERVIEWS = frozenset({None, "due", "tenants", "sources"})
"""Areas that show what every source says: none of them is on the screen more than the others."""


class Pacing:
    """The interval of every source. ``settle`` after each round, since it follows from what is known."""

    def __init__(self, collectors: Iterable[Collector[Any]], policy: Policy, rules: Rules, pace: float) -> None:
        """``pace`` multiplies the intervals that collectors declare."""
        self._every = {(it.service, it.operation): it.every for it in collectors}
        self._slowest = max(self._every.values(), default=LISTS_EVERY) * pace
        self._pace = pace
        self._policy = policy
        self._rules = rules
        self._lists_within = min(policy.recovery.max_age.values()) * SHARE_OF_AGE
        self._within: dict[Source, timedelta] = {}
        self._spared: dict[tuple[str, str], tuple[Sighted, bool]] = {}

    def interval(self, source: Source) -> tuple[timedelta, timedelta]:
        """How often a source is asked, before the profile's pace, and how often at least, whatever that is."""
        if source in OWN_EVERY:
            return OWN_EVERY[source], timedelta.max
        if source.service == "internal":
            return ORDERS_EVERY if source == ORDERS else LISTS_EVERY, self._lists_within
        every = self._every.get((source.service, source.operation), LISTS_EVERY)
        return every, self._within.get(source, timedelta.max)

    def settle(
        self,
        registry: Registry,
        attribution: Attribution,
        slots: Slots,
        pending: PendingWork,
        linked: Iterable[Place],
        now: datetime,
    ) -> None:
        """Works out of which sources the policy wants answers younger than they declare, by what is known at
        ``now``. ``linked`` is where links may be."""
        self._within.clear()
        spared, self._spared = self._spared, {}
        for tenant in registry.tenants.values():
            within = self._bound(tenant)
            if within is None:
                continue
            for it in attribution.of(tenant.id):
                for source in self._needed(tenant, it, spared, now):
                    self._bind(source, within)
        held = _of_holds(attribution, registry)
        for source, tier in (*_of_slots(slots, registry, now), *_of_pending(pending, registry), *held):
            within = self._rules.max_age(self._policy, tier) * SHARE_OF_AGE
            self._bind(source, within)
        for place in linked:
            for kind in LINK_KINDS:
                self._bind(kind.collector.source(place), self._policy.peering.max_age * SHARE_OF_AGE)

    def _bound(self, tenant: Tenant) -> timedelta | None:
        """How often what a tenant's verdicts rest on is asked at least; ``None`` where every source is anyway."""
        within = self._rules.max_age(self._policy, tenant.tier) * SHARE_OF_AGE
        return within if within < self._slowest else None

    def _bind(self, source: Source, within: timedelta) -> None:
        self._within[source] = min(within, self._within.get(source, within))

    def _needed(
        self, tenant: Tenant, it: Sighted, spared: dict[tuple[str, str], tuple[Sighted, bool]], now: datetime
    ) -> Iterator[Source]:
        """The sources of a store whose age counts: where it is proven without the slow ones, only the others."""
        key = (tenant.id, it.store.arn)
        before = spared.get(key)
        if before is None or before[0] is not it:
            before = (it, self._stands_without_slow(tenant, it.store, now))
        self._spared[key] = before
        age = self._rules.max_age(self._policy, tenant.tier)
        for seen in it.store.sources:
            if seen.source == it.store.listed_by or not (before[1] and self._is_slow(seen.source, age)):
                yield seen.source

    def _stands_without_slow(self, tenant: Tenant, store: Store, now: datetime) -> bool:
        """Whether the store would be judged the same though its slow sources were too old to count."""
        age = self._rules.max_age(self._policy, tenant.tier)
        old = now - 2 * age
        sources = tuple(
            replace(seen, at=min(seen.at, old))
            if seen.source != store.listed_by and self._is_slow(seen.source, age)
            else seen
            for seen in store.sources
        )
        if sources == store.sources:
            return True
        judge = self._rules.rpo
        here = judge(store, tenant.tier, self._policy, now, figure="recovery")
        without = judge(replace(store, sources=sources), tenant.tier, self._policy, now, figure="recovery")
        return here.status is without.status

    def _is_slow(self, source: Source, age: timedelta) -> bool:
        every = self._every.get((source.service, source.operation), LISTS_EVERY)
        return every * self._pace > age * SHARE_OF_AGE


def _of_slots(slots: Slots, registry: Registry, now: datetime) -> Iterator[tuple[Source, str]]:
    """The maintenance windows of slots that are to come, with the tier that is promised them."""
    for view in slots.views.values():
        if view.slot.state is not SlotState.SCHEDULED or view.slot.starts_at <= now:
            continue
        tenants = [registry.tenants[name] for name in view.tenants if name in registry.tenants]
        tier = view.slot.tier or (tenants[0].tier if tenants else "")
        for place in {Place(tenant.account, tenant.region) for tenant in tenants}:
            yield MAINTENANCE_WINDOWS.source(place), tier


def _of_pending(pending: PendingWork, registry: Registry) -> Iterator[tuple[Source, str]]:
    """What RDS has pending on stores, with the tier of the tenant whose it is."""
    for place, views in pending.views.items():
        for view in views:
            tenant = registry.tenants.get(view.tenant) if view.tenant is not None else None
            yield PENDING_MAINTENANCE.source(place), tenant.tier if tenant else ""


def _of_holds(attribution: Attribution, registry: Registry) -> Iterator[tuple[Source, str]]:
    """The legal holds of AWS Backup, with the tier of each tenant whose stores they cover."""
    for place, name in attribution.held():
        tenant = registry.tenants.get(name)
        yield LEGAL_HOLDS.source(place), tenant.tier if tenant else ""


def is_in_sight(source: Source, focus: Focus, home: Place | None) -> bool:
    """Whether a source is asked more often for what is on the screen; ``home`` is where the tenant is whose page
    that is."""
    if home is not None:
        return source in LISTS or (source.account, source.region) == (home.account, home.region)
    return focus.area not in OVERVIEWS and rests_on(focus.area or "", source)


LISTS = frozenset(SOURCES.values())
