"""A tenant's verdicts from what is known of it, and those of stores without a tenant. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.agreement import Policy
from services.aws.collect.base import Place
from services.estate.arns import parse
from services.estate.join import Estate, Sighting
from services.estate.kinds import KINDS, StoreKind, kind_of
from services.fleet.registry import Registry
from services.fleet.rules import Rules
from services.fleet.snapshot import StoreView, TenantView
from services.model import (
    Clock,
    LifecycleState,
    Observation,
    Source,
    Status,
    Store,
    StoreMapping,
    Tenant,
    Verdict,
    worst,
)
from services.words import say_instant, say_length

RECOVERY = "recovery"
GONE = frozenset({LifecycleState.DISMISSED, LifecycleState.DESTROYED})
"""States in which no live store is the rule."""


@dataclass(frozen=True, slots=True)
class Sighted:
    """A database and the store that it is, its owners told."""

    sighting: Sighting
    store: Store


@dataclass(frozen=True, slots=True)
class Life:
    """What the agreement alone says of a tenant."""

    tenant: Tenant
    doubt: str | None
    """Why its end date may not be judged."""
    clocks: tuple[Clock, ...]
    state_due: LifecycleState | None
    verdicts: tuple[Verdict, ...]
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Judging:
    """The rules and everything known, as of one moment."""

    rules: Rules
    policy: Policy
    registry: Registry
    estate: Estate
    tag: str

    def tenant(self, tenant: Tenant, life: Life, sighted: Sequence[Sighted], now: datetime) -> TenantView:
        """Everything about one tenant; ``life`` is what ``life`` made of it."""
        expires, stale = self._registry_age(tenant, now)
        stores = self._stores(tenant, sighted, now)
        if stale is not None:
            life = replace(life, verdicts=tuple(_unknown(verdict, stale) for verdict in life.verdicts))
            stores = tuple(replace(view, verdict=_unknown(view.verdict, stale)) for view in stores)
        verdicts = (*life.verdicts, *(view.verdict for view in stores))
        changes = [verdict.changes_at for verdict in verdicts if verdict.changes_at is not None]
        if expires is not None and stale is None:
            changes.append(expires)
        return TenantView(
            tenant=tenant,
            state_due=life.state_due,
            clocks=life.clocks,
            verdicts=verdicts,
            stores=stores,
            status=worst(verdict.status for verdict in verdicts),
            changes_at=min(changes, default=None),
        )

    def orphan(self, it: Sighted, now: datetime) -> StoreView:
        """A store without a tenant, or one whose tenant cannot be told."""
        figure = f"{RECOVERY}.{it.store.name}"
        verdict = self._judge(it, None, figure, now)
        unsure = self.registry.trouble("tenants", "stores")
        if unsure is not None:
            verdict = replace(verdict, status=Status.UNKNOWN, reason=f"its tenant is unknown: {unsure}")
        else:
            verdict = replace(verdict, reason=self._why_nobody(it.store))
        return _row(it, None, None, verdict)

    def _why_nobody(self, store: Store) -> str:
        mapped = [mapping.tenant for mapping in self.registry.by_arn.get(store.arn, ())]
        if mapped:
            return f"mapped to {', '.join(mapped)}, which the registry does not list"
        if store.tag_tenant is not None:
            return f"tagged {self.tag}={store.tag_tenant}, which the registry does not list"
        return f"no tenant: not in the registry, no tag {self.tag}"

    def _registry_age(self, tenant: Tenant, now: datetime) -> tuple[datetime | None, str | None]:
        """Until when the registry's word on a tenant holds; and, once that is past, why it does not."""
        since = self.registry.since("tenants", "subscriptions", "stores")
        if since is None:
            return None, None  # each verdict that rests on what was never read says so itself
        expires = since + self.rules.max_age(self.policy, tenant.tier)
        if now < expires:
            return expires, None
        trouble = self.registry.trouble("tenants", "subscriptions", "stores")
        return expires, f"the registry was last read {say_instant(since)}" + (f" ({trouble})" if trouble else "")

    def life(self, tenant: Tenant, now: datetime) -> Life:
        """What follows from the registry alone, until ``Life.changes_at``."""
        doubt = self.registry.doubt(tenant.id)
        if doubt is not None:
            verdict = Verdict(Status.UNKNOWN, "state", "right-to-be-forgotten", f"its end date is not known: {doubt}")
            return Life(tenant, doubt, (), None, (verdict,), None)
        verdicts = self.rules.lifecycle(tenant, self.policy, now)
        if tenant.tier not in self.policy.tiers:
            reason = f"the policy has no tier {tenant.tier}"
            verdicts = (*verdicts, Verdict(Status.UNKNOWN, "tier", "tiers", reason))
        clocks = self.rules.clocks(tenant, self.policy)
        changes_at = min((verdict.changes_at for verdict in verdicts if verdict.changes_at is not None), default=None)
        return Life(tenant, None, clocks, self.rules.state_due(tenant, self.policy, now), verdicts, changes_at)

    def _stores(self, tenant: Tenant, sighted: Sequence[Sighted], now: datetime) -> tuple[StoreView, ...]:
        mappings = self.registry.by_tenant.get(tenant.id, ())
        seen = {it.store.arn for it in sighted}
        absent = [mapping for mapping in mappings if mapping.store not in seen]
        figures = _figures(tenant.id, sighted, absent)
        rows = [
            _row(it, tenant.id, part, self._judge(it, tenant.tier, figures[it.store.arn, part], now))
            for it in sorted(sighted, key=lambda it: it.store.arn)
            for part in _parts(it.store, tenant.id)
        ]
        rows += [self._absent(mapping, figures[mapping.store, mapping.part]) for mapping in absent]
        rows = self._with_unread(tenant, rows, [*seen, *(mapping.store for mapping in absent)])
        if not rows:
            rows.append(self._without(tenant))
        return tuple(rows)

    def _judge(self, it: Sighted, tier: str | None, figure: str, now: datetime) -> Verdict:
        if it.sighting.waiting:
            return Verdict(
                Status.UNKNOWN,
                figure,
                RECOVERY,
                f"waiting for {_call(it.sighting.waiting[0])}",
                evidence=it.store.sources,
            )
        verdict = self.rules.rpo(it.store, tier, self.policy, now, figure=figure)
        if all(observation.outcome.answered for observation in it.store.sources):
            return verdict
        return replace(verdict, reason=f"{verdict.reason}; {_last_seen(it.sighting, verdict.value)}")

    def _absent(self, mapping: StoreMapping, figure: str) -> StoreView:
        """A store that the registry maps and that was not seen."""
        kind, arn = kind_of(mapping.store), parse(mapping.store)
        place = Place((arn.account if arn else None) or "", (arn.region if arn else None) or "")
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

    def _with_unread(self, tenant: Tenant, rows: list[StoreView], arns: Iterable[str]) -> list[StoreView]:
        """Tells of databases that cannot be told, their inventory or the registry's mappings not read.

        A tag could attribute more to the tenant than its mappings name. Where a mapped or known store of the same
        place is unread too, its row, unknown already, says so as well; elsewhere a row of its own does.
        """
        place = Place(tenant.account, tenant.region)
        troubles = [(kind, trouble) for kind in KINDS if (trouble := self._trouble(place, kind)) is not None]
        if troubles:
            spoken_for = {kind.name for arn in arns if (kind := kind_of(arn)) and _is_in(arn, place)}
            troubles = [(kind, trouble) for kind, trouble in troubles if kind.name not in spoken_for]
        reasons = [trouble for _, trouble in troubles]
        evidence = tuple(known for kind, _ in troubles for known in self._listing(place, kind))
        if self.registry.never("stores") and (trouble := self.registry.trouble("stores")) is not None:
            reasons.append(trouble)
        elif (bearer := self._bearer(rows, place, [kind for kind, _ in troubles])) is not None:
            told = _and_more(rows[bearer], "; ".join(reasons), evidence)
            return [*rows[:bearer], told, *rows[bearer + 1 :]]
        if not reasons:
            return rows
        said = f"its databases cannot be told: {'; '.join(reasons)}"
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
            return self._nothing(tenant, Status.NOT_APPLICABLE, f"{tenant.state}: no live database is left", evidence)
        return self._nothing(tenant, Status.UNKNOWN, "no database seen for this tenant", evidence)

    def _nothing(
        self, tenant: Tenant, status: Status, reason: str, evidence: tuple[Observation[Any], ...]
    ) -> StoreView:
        verdict = Verdict(status, RECOVERY, RECOVERY, reason, evidence=evidence)
        observed_at = min((it.at for it in evidence if it.outcome.answered), default=None)
        return StoreView(None, tenant.id, None, verdict, tenant.account, tenant.region, observed_at)

    def _trouble(self, place: Place, kind: StoreKind) -> str | None:
        """Why the inventory of a kind is not known; ``None`` if it is."""
        known = self.estate.listing(place, kind)
        if known is None:
            return f"waiting for {_call(Source('rds', kind.listed_by, place.account, place.region))}"
        if known.latest.outcome.answered:
            return None
        return _failure(known.latest)

    def _listing(self, place: Place, kind: StoreKind) -> tuple[Observation[Any], ...]:
        known = self.estate.listing(place, kind)
        return (known.latest,) if known else ()


def _row(it: Sighted, tenant: str | None, part: str | None, verdict: Verdict) -> StoreView:
    observed_at = min((observation.at for observation in it.sighting.good), default=None)
    return StoreView(it.store, tenant, part, verdict, it.store.account, it.store.region, observed_at)


def _parts(store: Store, tenant: str) -> tuple[str | None, ...]:
    return tuple(part for owner, part in store.parts if owner == tenant) or (None,)


def _figures(
    tenant: str, sighted: Iterable[Sighted], absent: Iterable[StoreMapping]
) -> dict[tuple[str, str | None], str]:
    """A figure for each store and part, unique for the tenant: by name, and by as much more as it takes."""
    keys = [(it.store.arn, part) for it in sighted for part in _parts(it.store, tenant)]
    keys += [(mapping.store, mapping.part) for mapping in absent]
    forms = {key: _forms(*key) for key in keys}
    figures: dict[tuple[str, str | None], str] = {}
    for level in range(4):
        open_ = [key for key in forms if key not in figures]
        counts = Counter(forms[key][level] for key in forms) if len(open_) > 1 or level else {}
        figures |= {key: forms[key][level] for key in open_ if level == 3 or counts.get(forms[key][level], 1) == 1}
        if len(figures) == len(forms):
            break
    return figures


def _forms(arn: str, part: str | None) -> tuple[str, str, str, str]:
    parsed = parse(arn)
    name = parsed.name if parsed else arn
    named = f"{RECOVERY}.{name}"
    whole = f"{RECOVERY}.{arn}" + (f".{part}" if part else "")
    return named, f"{named}.{part}" if part else named, f"{named}@{parsed.region if parsed else ''}", whole


def _and_more(row: StoreView, unread: str, evidence: tuple[Observation[Any], ...]) -> StoreView:
    verdict = row.verdict
    return replace(
        row,
        verdict=replace(
            verdict,
            reason=f"{verdict.reason}; further databases cannot be told: {unread}",
            evidence=(*verdict.evidence, *evidence),
        ),
    )


def _is_in(arn: str, place: Place) -> bool:
    parsed = parse(arn)
    return parsed is not None and (parsed.account, parsed.region) == (place.account, place.region)


def _unknown(verdict: Verdict, reason: str) -> Verdict:
    """The verdict while what it rests on is too old. What was said last is still said."""
    if verdict.status is Status.UNKNOWN:
        return verdict
    return replace(verdict, status=Status.UNKNOWN, reason=f"{reason}; was {verdict.status}: {verdict.reason}")


def _call(source: Source) -> str:
    return f"{source.service} {source.operation} of {source.account} {source.region}"


def _failure(observation: Observation[Any]) -> str:
    return f"{_call(observation.source)} {observation.outcome}: {observation.error or 'no answer'}"


def _last_seen(sighting: Sighting, rpo: timedelta | None) -> str:
    """What was known before the answers failed to come."""
    seen_at = min((observation.at for observation in sighting.good), default=None)
    if seen_at is None or rpo is None:
        return "no restore point was seen before"
    return f"last seen {say_instant(seen_at)}: RPO {say_length(rpo)}"
