"""What RDS itself has pending on databases, judged place by place when it was read anew or the owners changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from services.agreement import Policy
from services.aws.collect.base import Place
from services.aws.collect.pending_maintenance import PENDING_MAINTENANCE
from services.aws.facts_maintenance import PendingMaintenance
from services.estate.facts import Known
from services.estate.join import Estate
from services.estate.kinds import CLUSTER, INSTANCE, kind_of
from services.estate.weekly import opening
from services.fleet.reliance import unknown
from services.fleet.rules import Rules
from services.fleet.snapshot import PendingView
from services.fleet.stores import failure_of
from services.model import Verdict
from services.words import say_instant, say_length


class PendingWork:
    """All that is pending. Its owner tells it which places changed."""

    def __init__(self, rules: Rules, policy: Policy, estate: Estate) -> None:
        self.views: dict[Place, tuple[PendingView, ...]] = {}
        self.changes: dict[Place, datetime] = {}
        """When each place is to be judged again though nothing new was observed."""
        self._rules = rules
        self._policy = policy
        self._estate = estate
        self._stale: set[Place] = set()

    @property
    def behind(self) -> bool:
        """Whether some place is to be judged again."""
        return bool(self._stale)

    def sorted(self) -> tuple[PendingView, ...]:
        """All views, place by place."""
        return tuple(view for place in sorted(self.views) for view in self.views[place])

    def place_changed(self, place: Place) -> None:
        """It was read anew, or could not be, or stores there have other owners."""
        if self._estate.facts.get(place, PENDING_MAINTENANCE.operation) is not None:
            self._stale.add(place)

    def take_due(self, place: Place, at: datetime) -> None:
        """A reminder has come; newer facts may have overtaken it."""
        if self.changes.get(place) == at:
            self._stale.add(place)

    def judge(
        self,
        now: datetime,
        owners: Callable[[str], tuple[str, ...]],
        named: Callable[[str | None, str], str],
        tier_of: Callable[[str | None], str],
        unsure: str | None = None,
    ) -> tuple[set[Place], bool]:
        """Judges again what is stale: which places those were, and whether anything came out different.

        ``owners`` tells the tenants of an ARN, ``named`` by what name a tenant's figures call it, ``tier_of`` the
        tier of a tenant; ``None`` is nobody. ``unsure`` is why what has no tenant may have one all the same.
        """
        judged, differs = set(self._stale), False
        for place in sorted(judged):
            before = self.views.get(place, ())
            self.changes.pop(place, None)
            self.views[place] = tuple(self._of(place, now, owners, named, tier_of, unsure))
            differs |= before != self.views[place]
        self._stale.clear()
        return judged, differs

    def _of(
        self,
        place: Place,
        now: datetime,
        owners: Callable[[str], tuple[str, ...]],
        named: Callable[[str | None, str], str],
        tier_of: Callable[[str | None], str],
        unsure: str | None,
    ) -> list[PendingView]:
        known = self._estate.facts.get(place, PENDING_MAINTENANCE.operation)
        found: list[PendingView] = []
        if known is None:
            return found
        windows = self._windows(place)
        for fact in known.good.value or () if known.good else ():
            arn, window = self._store_of(fact, place), windows.get(fact.arn)
            for tenant in owners(arn) or (None,):
                figure = f"pending.{named(tenant, arn)}.{fact.action}"
                verdict, applies_at, forced = self._judged(fact, window, figure, known, now, tier_of(tenant))
                if tenant is None and (why := unsure or self._unlisted(arn, place)) is not None:
                    verdict = unknown(verdict, f"its tenant is unknown: {why}")
                found.append(
                    PendingView(
                        tenant,
                        arn,
                        fact.action,
                        fact.description,
                        applies_at,
                        forced,
                        place.account,
                        place.region,
                        verdict,
                        window,
                    )
                )
        return found

    def _store_of(self, fact: PendingMaintenance, place: Place) -> str:
        """The store that it will be done to: of a cluster's instance the cluster."""
        cluster = self._estate.cluster_of(fact.arn, place)
        before, _, rest = fact.arn.partition(":db:")
        return f"{before}:cluster:{cluster}" if cluster is not None and rest else fact.arn

    def _windows(self, place: Place) -> dict[str, str]:
        """RDS's weekly windows of a place's instances and clusters, by ARN."""
        listed = (it for kind in (INSTANCE, CLUSTER) for it in self._estate.facts.seen(place, kind.listed_by))
        return {it.arn: it.maintenance_window for it in listed if it.maintenance_window}

    def _unlisted(self, arn: str, place: Place) -> str | None:
        """Why a store was never listed, so that nobody knows its owner; ``None`` where that is not why."""
        kind = kind_of(arn)
        known = self._estate.listing(place, kind) if kind is not None else None
        if kind is None or (known is not None and known.good is not None):
            return None
        source = kind.listing(place)
        call = f"{source.service} {source.operation} of {place.account} {place.region}"
        return failure_of(known.latest) if known is not None else f"waiting for {call}"

    def _judged(
        self, fact: PendingMaintenance, window: str | None, figure: str, known: Known, now: datetime, tier: str
    ) -> tuple[Verdict, datetime | None, bool]:
        """The verdict, when it is applied, and whether the maintenance window is not waited for."""
        applies_at, forced = when(fact, window)
        verdict = self._rules.pending(fact.action, applies_at, forced, self._policy, now, figure)
        verdict = replace(verdict, evidence=(known.latest,))
        latest, max_age = known.latest, self._rules.max_age(self._policy, tier)
        too_old = latest.at + max_age
        call = f"rds {PENDING_MAINTENANCE.operation} of {fact.account} {fact.region}"
        if not latest.outcome.answered:
            last = f", last read {say_instant(known.good.at)}" if known.good is not None else ""
            return unknown(verdict, f"{call} {latest.outcome}: {latest.error or 'no answer'}{last}"), applies_at, forced
        if now >= too_old:
            said = f"{call} was last read {say_instant(latest.at)}, at most {say_length(max_age)} ago is allowed"
            return unknown(verdict, said), applies_at, forced
        changes = [it for it in (self.changes.get(Place(fact.account, fact.region)), verdict.changes_at) if it]
        self.changes[Place(fact.account, fact.region)] = min([*changes, too_old])
        return verdict, applies_at, forced


def when(fact: PendingMaintenance, window: str | None = None) -> tuple[datetime | None, bool]:
    """When RDS applies it if nobody acts, and whether it does so at any hour.

    ``CurrentApplyDate`` is the date in force; it is the forced one where it is no earlier than that. After
    ``AutoAppliedAfterDate`` the first ``window`` of the database is waited for (Amazon RDS API reference,
    PendingMaintenanceAction).
    """
    after = fact.auto_applied_after
    opens = opening(window, after) if after is not None else None
    waited = max(opens.starts_at, after) if opens is not None and after is not None else after
    applies_at = fact.applies_at or min((it for it in (waited, fact.forced_at) if it is not None), default=None)
    forced = fact.forced_at is not None and applies_at is not None and applies_at >= fact.forced_at
    return applies_at, forced
