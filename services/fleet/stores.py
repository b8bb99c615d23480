"""The stores of a tenant, judged: those seen, those mapped and not seen, and what could not be looked for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from services.agreement import Policy
from services.aws.collect.base import Place
from services.aws.collect.tags import TAGS
from services.estate.arns import parse
from services.estate.join import Estate, Sighting
from services.estate.kinds import BUCKET, KINDS, StoreKind, kind_of
from services.fleet.figures import RECOVERY, figures_of, parts_of, rto_figure
from services.fleet.registry import Registry
from services.fleet.reliance import TESTS, unknown
from services.fleet.rules import Rules
from services.fleet.scoping import unheard
from services.fleet.snapshot import StoreView
from services.model import (
    LifecycleState,
    Observation,
    Source,
    Status,
    Store,
    StoreMapping,
    Tenant,
    Verdict,
)
from services.words import say_instant, say_length

GONE = frozenset({LifecycleState.DISMISSED, LifecycleState.DESTROYED})
"""States in which no live store is the rule."""


@dataclass(frozen=True, slots=True)
class Sighted:
    """A store as it was seen, its owners told."""

    sighting: Sighting
    store: Store


@dataclass(frozen=True, slots=True)
class StoreJudging:
    """The rules for stores and everything known of them."""

    rules: Rules
    policy: Policy
    registry: Registry
    estate: Estate
    troubles: dict[Place, list[tuple[StoreKind, str]]] = field(default_factory=dict)
    """What was found of each place; whoever changes the estate clears it."""
    untagged: dict[Place, Observation[Any] | None] = field(default_factory=dict)
    """What was found of each place's tags; whoever changes the estate or the registry clears it."""

    def of_tenant(
        self, tenant: Tenant, sighted: Sequence[Sighted], now: datetime, doubts: Mapping[str, str]
    ) -> tuple[StoreView, ...]:
        """A row a store and part; ``doubts`` are the lists of the internal API that may not be relied on."""
        mappings = self.registry.by_tenant.get(tenant.id, ())
        seen = {it.store.arn for it in sighted}
        absent = [mapping for mapping in mappings if mapping.store not in seen]
        figures = figures_of(tenant.id, (it.store for it in sighted), absent)
        rows = [
            self.row(it, tenant, part, figures[it.store.arn, part], now, doubts)
            for it in sorted(sighted, key=lambda it: it.store.arn)
            for part in parts_of(it.store, tenant.id)
        ]
        rows += [self._absent(mapping, figures[mapping.store, mapping.part], tenant) for mapping in absent]
        rows = self._with_unread(tenant, rows, [*seen, *(mapping.store for mapping in absent)])
        if not rows:
            rows.append(self._without(tenant))
        return tuple(rows)

    def row(
        self,
        it: Sighted,
        tenant: Tenant | None,
        part: str | None,
        figure: str,
        now: datetime,
        doubts: Mapping[str, str],
    ) -> StoreView:
        """A store that was seen, for one of its tenants or for nobody."""
        observed_at = min((observation.at for observation in it.sighting.good), default=None)
        return StoreView(
            store=it.store,
            tenant=tenant.id if tenant else None,
            part=part,
            verdict=self.rpo(it, tenant.tier if tenant else None, figure, now),
            account=it.store.account,
            region=it.store.region,
            observed_at=observed_at,
            rto=self.rto(it, tenant.tier, rto_figure(figure), now, doubts) if tenant else None,
            gap_window=self.policy.recovery.gap_window,
        )

    def rto(self, it: Sighted, tier: str, figure: str, now: datetime, doubts: Mapping[str, str]) -> Verdict:
        """How fast a store is brought back."""
        verdict = self.rules.rto(it.store, tier, self.policy, now, figure=figure)
        if it.sighting.waiting or it.sighting.test_waiting:
            first = (*it.sighting.waiting, *it.sighting.test_waiting)[0]
            return unknown(verdict, f"waiting for {_call(first)}")
        unheard = [failure_of(seen) for seen in it.store.test_sources if not seen.outcome.answered]
        unheard += [doubts[TESTS]] if TESTS in doubts else []
        if unheard and verdict.status is not Status.NOT_APPLICABLE:
            return unknown(verdict, f"further tests cannot be told: {'; '.join(unheard)}")
        return verdict

    def rpo(self, it: Sighted, tier: str | None, figure: str, now: datetime) -> Verdict:
        """How much a store would lose."""
        verdict = self.rules.rpo(it.store, tier, self.policy, now, figure=figure)
        if verdict.status in (Status.OK, Status.NOT_APPLICABLE):
            return verdict  # an answer that is missing, or still to come, cannot worsen what is proven
        if it.sighting.waiting:
            return Verdict(
                Status.UNKNOWN,
                figure,
                RECOVERY,
                f"waiting for {_call(it.sighting.waiting[0])}",
                evidence=it.store.sources,
            )
        if verdict.status is not Status.UNKNOWN or all(seen.outcome.answered for seen in it.store.sources):
            return verdict
        return replace(verdict, reason=f"{verdict.reason}; {_last_seen(it.sighting, verdict.value)}")

    def _absent(self, mapping: StoreMapping, figure: str, tenant: Tenant) -> StoreView:
        """A store that the registry maps and that was not seen."""
        kind, arn = kind_of(mapping.store), parse(mapping.store)
        place = self._place_of(mapping.store, tenant)
        evidence: tuple[Observation[Any], ...] = ()
        observed_at = None
        if arn is None or kind is None:
            reason = f"nothing here reads this kind of store: {mapping.store}"
        elif (trouble := self._trouble(place, kind)) is not None:
            reason, evidence = f"{arn.name} could not be read: {trouble}", self._listing(place, kind)
        elif (cluster := self.estate.cluster_of(mapping.store, place)) is not None:
            reason, evidence = (
                f"{arn.name} is an instance of cluster {cluster}: map the cluster",
                self._listing(place, kind),
            )
        else:
            reason = f"the mapped store {mapping.store} was not found in AWS"
            evidence = self._listing(place, kind)
            observed_at = evidence[0].at if evidence else None
        verdict = Verdict(Status.UNKNOWN, figure, RECOVERY, reason, evidence=evidence)
        return StoreView(
            None, mapping.tenant, mapping.part, verdict, place.account or None, place.region or None, observed_at
        )

    def _place_of(self, arn: str, tenant: Tenant) -> Place:
        """Where a store is by its ARN; where that does not tell, where it was last listed, or else the tenant is."""
        parsed = parse(arn)
        if parsed is None or (parsed.account and parsed.region):
            return Place((parsed.account if parsed else None) or "", (parsed.region if parsed else None) or "")
        return self.estate.home_of(arn) or Place(tenant.account, tenant.region)

    def _with_unread(self, tenant: Tenant, rows: list[StoreView], arns: Iterable[str]) -> list[StoreView]:
        """Tells of stores that cannot be told, their inventory or the registry's mappings not read.

        A tag could attribute more to the tenant than its mappings name. Where a mapped or known store of the same
        place is unread too, its row, unknown already, says so as well; elsewhere a row of its own does.
        """
        place = Place(tenant.account, tenant.region)
        troubles, untagged = self._troubles(place), self.tags_unread(place)
        if not troubles and untagged is None and not self.registry.never("stores"):
            return rows
        if troubles:
            spoken_for = {kind.name for arn in arns if (kind := kind_of(arn)) and self._place_of(arn, tenant) == place}
            troubles = [(kind, trouble) for kind, trouble in troubles if kind.name not in spoken_for]
        if untagged is not None:
            troubles = [*troubles, (BUCKET, failure_of(untagged))]
        what = " and ".join(dict.fromkeys(f"{kind.word}s" for kind, _ in troubles)) or "stores"
        reasons = [trouble for _, trouble in troubles]
        evidence = tuple(known for kind, _ in troubles for known in self._listing(place, kind))
        evidence += (untagged,) if untagged is not None else ()
        if self.registry.never("stores") and (trouble := self.registry.trouble("stores")) is not None:
            what, reasons = "stores", [*reasons, trouble]
        elif (bearer := self._bearer(rows, place, [kind for kind, _ in troubles])) is not None:
            told = _and_more(rows[bearer], f"further {what} cannot be told: {'; '.join(reasons)}", evidence)
            return [*rows[:bearer], told, *rows[bearer + 1 :]]
        if not reasons:
            return rows
        said = f"its {what} cannot be told: {'; '.join(reasons)}"
        return [*rows, self._nothing(tenant, Status.UNKNOWN, said, evidence)]

    def _bearer(self, rows: Sequence[StoreView], place: Place, unread: Sequence[StoreKind]) -> int | None:
        """The row that can say of a place that these kinds are unread there; ``None`` if that takes one of its own.

        It is that of a store not seen; or, where all that is unread was read once, of one not seen any more.
        """
        if not unread:
            return None
        known = [self.estate.listing(place, kind) for kind in unread]
        once = all(it is not None and it.good is not None for it in known)
        for index, row in enumerate(rows):
            lost = row.store is None or (once and not all(it.outcome.answered for it in row.store.sources))
            if lost and row.verdict.status is Status.UNKNOWN and Place(row.account or "", row.region or "") == place:
                return index
        return None

    def _without(self, tenant: Tenant) -> StoreView:
        place = Place(tenant.account, tenant.region)
        evidence = tuple(known for kind in KINDS for known in self._listing(place, kind))
        if tenant.state in GONE:
            return self._nothing(tenant, Status.NOT_APPLICABLE, f"{tenant.state}: no live store is left", evidence)
        return self._nothing(tenant, Status.UNKNOWN, "no store seen for this tenant", evidence)

    def _nothing(
        self, tenant: Tenant, status: Status, reason: str, evidence: tuple[Observation[Any], ...]
    ) -> StoreView:
        verdict = Verdict(status, RECOVERY, RECOVERY, reason, evidence=evidence)
        observed_at = min((it.at for it in evidence if it.outcome.answered), default=None)
        return StoreView(None, tenant.id, None, verdict, tenant.account, tenant.region, observed_at)

    def _home(self, mapping: StoreMapping) -> Place:
        """Where a mapped store is, or was last seen; a bucket's ARN does not tell: then where its tenant is."""
        arn, tenant = parse(mapping.store), self.registry.tenants.get(mapping.tenant)
        if arn is not None and arn.account and arn.region:
            return Place(arn.account, arn.region)
        seen = self.estate.home_of(mapping.store)
        return seen or (Place(tenant.account, tenant.region) if tenant is not None else Place("", ""))

    def _is_in(self, arn: str, place: Place) -> bool:
        """Whether a store is in a place, as far as its ARN, or having seen it, tells."""
        parsed = parse(arn)
        if parsed is None or parsed.account is None:
            return self.estate.home_of(arn) in (None, place)
        return (parsed.account, parsed.region) == (place.account, place.region)

    def _troubles(self, place: Place) -> list[tuple[StoreKind, str]]:
        """The kinds whose inventory is not known in a place, each with why."""
        if place not in self.troubles:
            self.troubles[place] = [
                (kind, trouble) for kind in KINDS if (trouble := self._trouble(place, kind)) is not None
            ]
        return self.troubles[place]

    def _trouble(self, place: Place, kind: StoreKind) -> str | None:
        """Why the inventory of a kind is not known; ``None`` if it is."""
        known = self.estate.listing(place, kind)
        if known is None:
            return unheard(_call(kind.listing(place)), place, self.estate.scope)
        if known.latest.outcome.answered:
            return None
        return failure_of(known.latest)

    def tags_unread(self, place: Place) -> Observation[Any] | None:
        """How the call failed that would tell whose a bucket is; ``None`` where it is known of all of them.

        A bucket's tags are heard from the tagging API alone, a database's from its own listing too.
        """
        if place not in self.untagged:
            self.untagged[place] = self._tags_unread(place)
        return self.untagged[place]

    def _tags_unread(self, place: Place) -> Observation[Any] | None:
        known, tags = self.estate.listing(place, BUCKET), self.estate.facts.get(place, TAGS.operation)
        if known is None or tags is None or tags.latest.outcome.answered:
            return None
        since = tags.good.at if tags.good is not None else None
        unmapped = (it for it in known.latest.value or () if it.arn not in self.registry.by_arn)
        new = (it for it in unmapped if since is None or it.created_at is None or it.created_at > since)
        return tags.latest if any(new) else None

    def _listing(self, place: Place, kind: StoreKind) -> tuple[Observation[Any], ...]:
        known = self.estate.listing(place, kind)
        return (known.latest,) if known else ()


def _and_more(row: StoreView, told: str, evidence: tuple[Observation[Any], ...]) -> StoreView:
    verdict = row.verdict
    said = replace(verdict, reason=f"{verdict.reason}; {told}", evidence=(*verdict.evidence, *evidence))
    return replace(row, verdict=said)


def _call(source: Source) -> str:
    return f"{source.service} {source.operation} of {source.account} {source.region}"


def failure_of(observation: Observation[Any]) -> str:
    """Which call did not answer, and how that ended."""
    return f"{_call(observation.source)} {observation.outcome}: {observation.error or 'no answer'}"


def _last_seen(sighting: Sighting, rpo: timedelta | None) -> str:
    """What was known before the answers failed to come."""
    seen_at = min((observation.at for observation in sighting.good), default=None)
    if seen_at is None or rpo is None:
        return "no restore point was seen before"
    return f"last seen {say_instant(seen_at)}: RPO {say_length(rpo)}"
