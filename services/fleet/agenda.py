"""Whom a refresh asks: who there is, who is due, and what is left alone while credentials have ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import MappingProxyType
from typing import Any

from services.aws.collect.base import Collector, Place
from services.estate.links import LINK_LISTINGS
from services.fleet.asked import Asked, Due, Everything, Focus, Only
from services.fleet.merge import Picture
from services.fleet.pace import AUDIT, CALLER, LISTS, ORDERS, WHOAMI, Pacing, is_in_sight
from services.fleet.schedule import Schedule, Tempo
from services.model import BASE, INTERNAL, Renewal, Source

OWN = (*LISTS, ORDERS, AUDIT, WHOAMI, CALLER)
"""Those that are asked wherever the tenants are."""
PROBES = MappingProxyType({BASE: CALLER, INTERNAL: WHOAMI})
"""The one question that tells whether a credential opens anything again."""


class Agenda:
    """Not safe for threads: its owner holds a lock."""

    def __init__(
        self, collectors: tuple[Collector[Any], ...], extra: frozenset[Place], tempo: Tempo, seed: int, picture: Picture
    ) -> None:
        """``extra`` is looked at beside where the tenants are."""
        self._collectors = collectors
        self._extra = extra
        self._picture = picture
        self._pacing = Pacing(collectors, picture.policy, picture.rules, tempo.pace)
        self._ledger = picture.ledger
        picture.ledger.follow(Schedule(tempo, seed, self._pacing.interval))
        self._of_place: dict[tuple[Place, bool], tuple[Source, ...]] = {}
        self._calls: dict[Source, tuple[Place, Collector[Any]]] = {}
        self._focus = Focus()
        self._first: tuple[tuple[object, ...], datetime, datetime | None] | None = None
        """What it follows from, when it was looked at, and when the first is due then."""

    @property
    def services(self) -> frozenset[str]:
        """Those of AWS that are asked."""
        return frozenset(collector.service for collector in self._collectors)

    def everybody(self) -> Iterable[Source]:
        """All sources that there are as far as the registry is known, within the scope."""
        yield from OWN
        scope, linked = self._picture.estate.scope, self._picture.links.places() | self._extra
        for place in sorted(self._extra | self._picture.places()):
            if not scope.has(place.account, place.region):
                continue
            key = (place, place in linked)
            if key not in self._of_place:
                calls = {it.source(place): (place, it) for it in self._collectors if _is_asked(it, linked=key[1])}
                self._calls |= calls
                self._of_place[key] = tuple(calls)
            yield from self._of_place[key]

    def call(self, source: Source) -> tuple[Place, Collector[Any]] | None:
        """The question to AWS that a source is asked by; ``None``: it is no collector's."""
        return self._calls.get(source)

    def select(self, asked: Asked, now: datetime) -> list[Source]:
        """Whom ``asked`` means at ``now``, in the order in which they are asked."""
        every = list(self.everybody())
        match asked:
            case Everything():
                return every
            case Only(sources):
                return [source for source in every if source in sources]
            case Due(focus):
                self._look(focus)
                due = self._ledger.due(self._allowed(every), now)
                return [source for source in every if source in due]

    def is_due(self, now: datetime, focus: Focus) -> bool:
        """Whether ``Due(focus)`` means anybody at ``now``."""
        self._look(focus)
        basis = (self._ledger.version, focus, self._picture.snapshot.frozen)
        known = self._first
        if known is None or known[0] != basis or now < known[1]:
            known = self._first = (basis, now, self._ledger.first_due(self._allowed(self.everybody())))
        return known[2] is None or now >= known[2]

    def settle(self, now: datetime) -> None:
        """Takes note of what a round has brought: intervals, who there is, and who is due first."""
        picture = self._picture
        linked = picture.links.places()
        self._pacing.settle(picture.registry, picture.attribution, picture.slots, picture.pending, linked, now)
        self._ledger.settle(self.everybody())
        self.is_due(now, self._focus)

    def _look(self, focus: Focus) -> None:
        if focus != self._focus:
            self._focus = focus
            tenant = self._picture.registry.tenants.get(focus.tenant) if focus.tenant is not None else None
            home = Place(tenant.account, tenant.region) if tenant else None
            self._ledger.look(lambda source: is_in_sight(source, focus, home))

    def _allowed(self, every: Iterable[Source]) -> Iterable[Source]:
        """Whoever may be asked by time: while credentials have ended nobody, but for the one question that finds out
        whether those that renew themselves are good again."""
        frozen = self._picture.snapshot.frozen
        if frozen is None:
            return every
        return [PROBES[frozen.name]] if frozen.renewal is Renewal.ITSELF else []


def _is_asked(collector: Collector[Any], *, linked: bool) -> bool:
    """Whether a collector is put to a place: links are asked about only where there may be some (``linked``)."""
    return linked or collector.operation not in LINK_LISTINGS
