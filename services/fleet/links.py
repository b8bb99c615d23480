"""The private links, by tenant: those seen, those that the registry declares, and what could not be looked for.

Kept as the registry and the answers of AWS change; whoever owns it judges again the tenants that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.agreement import Policy
from services.agreement.links import CLAUSE, OVER, link_figure, link_known
from services.aws.collect.base import Place
from services.estate.join import Estate
from services.estate.link_book import LinkBook
from services.estate.links import LINK_KINDS, LinkKind, link_kind_of
from services.fleet.registry import Registry
from services.fleet.rules import Rules
from services.fleet.scoping import unheard
from services.fleet.snapshot import LinkView
from services.fleet.stores import failure_of
from services.model import Link, Observation, Status, Tenant, Verdict

LINKS = "links"
"""The figure of a tenant whose links could not be told."""


class Links:
    """All links, and whose they are. Its owner tells it what changed."""

    def __init__(self, rules: Rules, policy: Policy, registry: Registry, estate: Estate, tag: str) -> None:
        self.orphans: tuple[LinkView, ...] = ()
        """Those without an owner."""
        self._rules = rules
        self._policy = policy
        self._registry = registry
        self._estate = estate
        self._tag = tag
        self._book = LinkBook(estate.facts, tag)
        self._stale = False
        self._orphans_until: datetime | None = None

    def promised(self, tenant: Tenant) -> bool:
        """Whether a tenant is promised a private link."""
        return tenant.tier in self._policy.peering.tiers and tenant.state not in OVER

    def places(self) -> set[Place]:
        """Where links may be: where tenants are that are promised one, and where the registry declares some."""
        tenants = self._registry.tenants.values()
        homes = {Place(it.account, it.region) for it in tenants if self.promised(it)}
        return homes | self._book.declared_places()

    def place_changed(self, place: Place, there: Iterable[str]) -> set[str]:
        """A list of links of a place was read, or could not be: the tenants to be judged again, those of the place
        (``there``) that are promised a link among them."""
        self._stale = True
        tenants = self._registry.tenants
        promised = {name for name in there if name in tenants and self.promised(tenants[name])}
        return self._book.place_changed(place, tenants) | promised

    def tenants_changed(self, names: Iterable[str]) -> set[str]:
        """Records of these tenants differ, or they came or went: the others to be judged again."""
        self._stale = True
        return self._book.tenants_changed(names, self._registry.tenants)

    def of_tenant(self, tenant: Tenant, now: datetime) -> tuple[LinkView, ...]:
        """A view a link, in the order of their ARNs, and one that says what could not be told."""
        found = [self._view(self._heard(link), tenant, now) for link in self._book.of_tenant(tenant)]
        untold = self._untold(tenant, found) if self.promised(tenant) else None
        return tuple(found) if untold is None else (*found, untold)

    def judge_orphans(self, now: datetime, unsure: str | None) -> bool:
        """Judges those without an owner where something changed; tells whether anything came out different.
        ``unsure`` is why one may have an owner all the same."""
        if not self._stale and (self._orphans_until is None or now < self._orphans_until):
            return False
        before, self._stale = self.orphans, False
        views = [self._orphan(link, now, unsure) for link in self._book.unowned() if self._looked_at(link)]
        self.orphans = tuple(views)
        changes = [view.verdict.changes_at for view in views if view.verdict.changes_at is not None]
        self._orphans_until = min(changes, default=None)
        return before != self.orphans

    def unsettle(self) -> None:
        """What is looked at, or how far the registry can be relied on, changed."""
        self._stale = True

    def _looked_at(self, link: Link) -> bool:
        return self._estate.scope.has(link.account, link.region)

    def _heard(self, link: Link) -> Link:
        """A link of which nothing was heard says of whom it waits."""
        kind = link_kind_of(link.arn)
        if link.sources or kind is None:
            return link
        place = Place(link.account, link.region)
        return replace(link, said=unheard(_call(kind, place), place, self._estate.scope))

    def _view(self, link: Link, tenant: Tenant, now: datetime) -> LinkView:
        figure = link_figure(link)
        verdict = self._rules.link(link, tenant.tier, tenant.state, self._policy, now, figure)
        return _view_of(link, tenant.id, verdict, link_known(link, self._policy, now))

    def _orphan(self, link: Link, now: datetime, unsure: str | None) -> LinkView:
        figure = f"link.{link.arn}"
        verdict = self._rules.link(link, None, None, self._policy, now, figure)
        if unsure is not None:
            why = f"its tenant is unknown: {unsure}"
        elif link.tag_tenant is not None:
            why = f"tagged {self._tag}={link.tag_tenant}, which the registry does not list"
        else:
            why = f"no tenant: not in the registry, no tag {self._tag}"
        known = link_known(link, self._policy, now)
        said = f"{link.id}: {why}; {link.state}, {link.said}" if known else f"{why}; {verdict.reason}"
        return _view_of(link, None, replace(verdict, reason=said), known)

    def _untold(self, tenant: Tenant, found: Iterable[LinkView]) -> LinkView | None:
        """That links cannot be told, their list not read where the tenant is: a tag could attribute one more to it.

        Where the list was read before and a link of it is known, that one's own row says that it is not read now.
        """
        place = Place(tenant.account, tenant.region)
        spoken_for = {
            view.link.kind for view in found if view.link and Place(view.link.account, view.link.region) == place
        }
        lost = list(self._unread(place, spoken_for))
        if not lost:
            return None
        what = " and ".join(f"{kind.word}s" for kind, _, _ in lost)
        reason = f"its {what} cannot be told: {'; '.join(why for _, why, _ in lost)}"
        evidence = tuple(seen for _, _, seen in lost if seen is not None)
        verdict = Verdict(Status.UNKNOWN, LINKS, CLAUSE, reason, evidence=evidence)
        return LinkView(None, tenant.id, verdict, tenant.account, tenant.region, None)

    def _unread(self, place: Place, spoken_for: set[str]) -> Iterator[tuple[LinkKind, str, Observation[Any] | None]]:
        for kind in LINK_KINDS:
            known = self._estate.facts.get(place, kind.listed_by)
            if known is None:
                yield kind, unheard(_call(kind, place), place, self._estate.scope), None
            elif not known.latest.outcome.answered and (kind.name not in spoken_for or known.good is None):
                yield kind, failure_of(known.latest), known.latest


def _view_of(link: Link, tenant: str | None, verdict: Verdict, known: bool) -> LinkView:
    answered = [seen.at for seen in link.sources if seen.outcome.answered]
    return LinkView(link, tenant, verdict, link.account, link.region, min(answered, default=None), known)


def _call(kind: LinkKind, place: Place) -> str:
    source = kind.collector.source(place)
    return f"{source.service} {source.operation} of {source.account} {source.region}"
