"""The samples that follow from what was seen. Pure, but for the ids.

A store that was seen is judged by its check's judge. One that the registry maps and that was not seen, and a tenant
whose stores could not be told, give a sample too: unknown, with the reason. Nothing that was not answered is ever an
absence.
"""

from __future__ import annotations

import secrets
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from services.agreement import Policy
from services.aws.collect.base import Place
from services.aws.collect.tags import TAGS
from services.checks.base import Judge
from services.checks.recovery import RECOVERY_RDS, RECOVERY_S3
from services.controlplane.estates import owned, place_of_arn
from services.controlplane.recorder.registered import GONE, Known, Registered
from services.estate.arns import parse
from services.estate.join import Estate
from services.estate.kinds import BUCKET, CLUSTER, INSTANCE, KINDS, kind_of
from services.estate.sighting import Sighting
from services.model import Observation, Outcome, Source, Status, Store, Verdict
from services.wire.samples import SampleRecord

FIGURE: Final = "recovery"
JUDGES: Final[dict[str, Judge]] = {
    INSTANCE.name: RECOVERY_RDS.judge,
    CLUSTER.name: RECOVERY_RDS.judge,
    BUCKET.name: RECOVERY_S3.judge,
}
SECOND: Final = timedelta(seconds=1)
REASON_LENGTH: Final = 4000


@dataclass(frozen=True, slots=True)
class Judging:
    """Everything known, and the rules."""

    policy: Policy
    known: Known
    estate: Estate
    tenant_tag: str
    """The one that attributes a resource to a tenant."""

    def samples(self, places: Container[Place], now: datetime) -> list[SampleRecord]:
        """A sample for each store and tenant in these places, and for each tenant there whose stores cannot be told."""
        seen: dict[str, set[str]] = {}
        found: list[SampleRecord] = []
        for sighting, store in owned(self.estate, self.known.by_arn, self.known.tenants, self.tenant_tag):
            for owner in store.tenants:
                seen.setdefault(owner, set()).add(store.arn)
                if store.scratch is None and Place(store.account, store.region) in places:
                    found.append(self._of_store(sighting, store, self.known.tenants[owner], now))
        for tenant in self.known.tenants.values():
            found += self._absent(tenant, seen.get(tenant.id, set()), places, now)
        return found

    def _of_store(self, sighting: Sighting, store: Store, tenant: Registered, now: datetime) -> SampleRecord:
        judge = JUDGES[store.kind]
        verdict = judge(store, tenant.tier, self.policy, now, figure=FIGURE)
        if verdict.status is not Status.OK and sighting.waiting:  # an answer to come cannot worsen what is proven
            return _unknown(tenant, store.arn, f"waiting for {say_call(sighting.waiting[0])}", now, store.sources)
        if verdict.status is Status.UNKNOWN:
            return _unknown(tenant, store.arn, verdict.reason, now, store.sources)
        return _known(tenant, store.arn, verdict, now, store.sources)

    def _absent(
        self, tenant: Registered, seen: set[str], places: Container[Place], now: datetime
    ) -> Iterator[SampleRecord]:
        """Mapped stores that were not seen, and what of the tenant's stores cannot be told."""
        mapped = dict.fromkeys(it.store for it in self.known.by_tenant.get(tenant.id, ()))
        for arn in mapped:
            place = place_of_arn(arn) or self.estate.home_of(arn) or tenant.home
            if arn not in seen and place in places:
                yield self._not_seen(tenant, arn, place, now)
        if tenant.home not in places:
            return
        unread = self._unread(tenant.home, [*seen, *mapped])
        if unread:
            reason = f"its stores cannot be told: {'; '.join(say_failure(it) for it in unread)}"
            yield _unknown(tenant, None, reason, now, unread)
        elif not seen and not mapped and tenant.state not in GONE:
            yield _unknown(tenant, None, "no store seen for this tenant", now, self._listings(tenant.home))

    def _not_seen(self, tenant: Registered, arn: str, place: Place, now: datetime) -> SampleRecord:
        kind, parsed = kind_of(arn), parse(arn)
        if kind is None or parsed is None:
            return _unknown(tenant, arn, f"nothing here reads this kind of store: {arn}", now, ())
        listing = self.estate.listing(place, kind)
        if listing is None:
            return _unknown(tenant, arn, f"{parsed.name} could not be read: {say_call(kind.listing(place))}", now, ())
        latest = (listing.latest,)
        if not listing.latest.outcome.answered:
            return _unknown(tenant, arn, f"{parsed.name} could not be read: {say_failure(listing.latest)}", now, latest)
        cluster = self.estate.cluster_of(arn, place)
        if cluster is not None:
            reason = f"{parsed.name} is an instance of cluster {cluster}: map the cluster"
            return _unknown(tenant, arn, reason, now, latest)
        return _unknown(tenant, arn, f"the mapped store {arn} was not found in AWS", now, latest)

    def _unread(self, home: Place, arns: Iterable[str]) -> list[Observation[Any]]:
        """The inventories of a place that did not answer, of kinds of which no store speaks for the place itself; and
        the tags, where a bucket might be anybody's."""
        spoken_for = {kind.name for arn in arns if (kind := kind_of(arn)) and self._is_in(arn, home)}
        unread = [
            listing.latest
            for kind in KINDS
            if kind.name not in spoken_for
            and (listing := self.estate.listing(home, kind)) is not None
            and not listing.latest.outcome.answered
        ]
        tags = self.estate.facts.get(home, TAGS.operation)
        if tags is not None and not tags.latest.outcome.answered and self._has_unmapped_buckets(home):
            unread.append(tags.latest)
        return unread

    def _is_in(self, arn: str, place: Place) -> bool:
        return (place_of_arn(arn) or self.estate.home_of(arn) or place) == place

    def _has_unmapped_buckets(self, place: Place) -> bool:
        return any(bucket.arn not in self.known.by_arn for bucket in self.estate.facts.seen(place, BUCKET.listed_by))

    def _listings(self, place: Place) -> tuple[Observation[Any], ...]:
        found = (self.estate.listing(place, kind) for kind in KINDS)
        return tuple(it.latest for it in found if it is not None)


def _known(
    tenant: Registered, arn: str, verdict: Verdict, now: datetime, sources: Iterable[Observation[Any]]
) -> SampleRecord:
    """With its figure, as far as there is one: a store that was never backed up has none."""
    at, value = verdict.at, verdict.value
    figured = at is not None and value is not None
    return SampleRecord(
        id=secrets.token_hex(16),
        tenant=tenant.id,
        store=arn,
        observed_at=at + value if at is not None and value is not None else now,
        status=verdict.status,
        rpo_seconds=value // SECOND if figured and value is not None else None,
        restore_point_at=at if figured else None,
        reason=kept(verdict.reason),
        outcome=outcome_of(sources),
    )


def _unknown(
    tenant: Registered, arn: str | None, reason: str, now: datetime, sources: Iterable[Observation[Any]]
) -> SampleRecord:
    return SampleRecord(
        id=secrets.token_hex(16),
        tenant=tenant.id,
        store=arn,
        observed_at=now,
        status=Status.UNKNOWN,
        reason=kept(reason),
        outcome=outcome_of(sources),
    )


def outcome_of(sources: Iterable[Observation[Any]]) -> Outcome:
    """That of the first that did not answer, of the first where all did; of none, it failed: nobody was asked."""
    outcomes = [it.outcome for it in sources]
    return next((it for it in outcomes if not it.answered), outcomes[0] if outcomes else Outcome.FAILED)


def kept(reason: str) -> str:
    """What a table can hold of it: AWS's words are text from outside, and PostgreSQL keeps no U+0000."""
    return reason.replace("\0", "\N{REPLACEMENT CHARACTER}")[:REASON_LENGTH]


def say_call(source: Source) -> str:
    return f"{source.service} {source.operation} of {source.account} {source.region}"


def say_failure(observation: Observation[Any]) -> str:
    return f"{say_call(observation.source)} {observation.outcome}: {observation.error or 'no answer'}"
