"""A tenant's verdicts from what is known of it, and those of stores without a tenant. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.agreement import Policy
from services.estate.join import Estate
from services.fleet.figures import RECOVERY
from services.fleet.operations import cases_of, exports_of, holds_of
from services.fleet.registry import Registry
from services.fleet.reliance import Reliance, lacking, of_tenant, reliance, unknown, unread
from services.fleet.rules import Rules
from services.fleet.snapshot import StoreView, TenantView
from services.fleet.stores import Sighted, StoreJudging
from services.model import Clock, Export, Hold, LifecycleState, Status, Store, Tenant, Verdict, worst


@dataclass(frozen=True, slots=True)
class Life:
    """What the agreement says of a tenant from its record, its exports and its holds."""

    tenant: Tenant
    doubt: str | None
    """Why its end date may not be judged."""
    exports: tuple[Export, ...]
    holds: tuple[Hold, ...]
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
    stores: StoreJudging
    relied: dict[tuple[timedelta, datetime], Reliance] = field(default_factory=dict)
    """What was found of a moment's reliance; whoever changes the registry clears it."""

    def rely(self, tier: str, now: datetime) -> Reliance:
        """Which lists may be relied on for tenants of a tier."""
        key = (self.rules.max_age(self.policy, tier), now)
        if key not in self.relied:
            self.relied.clear()
            self.relied.update({(age, now): reliance(self.registry, now, age) for age in self._ages(tier)})
        return self.relied[key]

    def _ages(self, tier: str) -> set[timedelta]:
        return {self.rules.max_age(self.policy, one) for one in (tier, *self.policy.tiers)}

    def tenant(self, tenant: Tenant, life: Life, sighted: Sequence[Sighted], now: datetime) -> TenantView:
        """Everything about one tenant; ``life`` is what ``life`` made of it."""
        rely = self.rely(tenant.tier, now)
        doubts = of_tenant(rely, self.registry, tenant.id)
        known = (self.registry, self.rules, self.policy, tenant, now, doubts)
        exports, cases, holds = exports_of(*known), cases_of(*known), holds_of(*known)
        lived = lacking(life.verdicts, tenant, life.clocks, now, doubts)
        stores = self.stores.of_tenant(tenant, sighted, now, doubts)
        if (stale := rely.stale) is not None:
            lived = tuple(unknown(verdict, stale) for verdict in lived)
            stores = tuple(_stale(view, stale) for view in stores)
            exports = tuple(replace(view, verdict=unknown(view.verdict, stale)) for view in exports)
            cases = tuple(replace(view, verdict=unknown(view.verdict, stale)) for view in cases)
            holds = tuple(replace(view, verdict=unknown(view.verdict, stale)) for view in holds)
        verdicts = (
            *lived,
            *(view.verdict for view in stores),
            *(view.rto for view in stores if view.rto is not None),
            *(view.verdict for view in exports),
            *(view.verdict for view in cases),
            *(view.verdict for view in holds),
            *unread(doubts),
        )
        changes = [verdict.changes_at for verdict in verdicts if verdict.changes_at is not None]
        if rely.until is not None:
            changes.append(rely.until)
        return TenantView(
            tenant=tenant,
            state_due=life.state_due,
            clocks=life.clocks,
            verdicts=verdicts,
            stores=stores,
            status=worst(verdict.status for verdict in verdicts),
            changes_at=min(changes, default=None),
            exports=exports,
            cases=cases,
            holds=holds,
        )

    def orphan(self, it: Sighted, now: datetime) -> StoreView:
        """A store without a tenant, or one whose tenant cannot be told; its figure names it in full."""
        row = self.stores.row(it, None, None, f"{RECOVERY}.{it.store.arn}", now, {})
        unsure = self.registry.trouble("tenants", "stores")
        if unsure is not None:
            verdict = replace(row.verdict, status=Status.UNKNOWN, reason=f"its tenant is unknown: {unsure}")
        else:
            verdict = replace(row.verdict, reason=self._why_nobody(it.store))
        return replace(row, verdict=verdict)

    def _why_nobody(self, store: Store) -> str:
        mapped = [mapping.tenant for mapping in self.registry.by_arn.get(store.arn, ())]
        if mapped:
            return f"mapped to {', '.join(mapped)}, which the registry does not list"
        if store.tag_tenant is not None:
            return f"tagged {self.tag}={store.tag_tenant}, which the registry does not list"
        return f"no tenant: not in the registry, no tag {self.tag}"

    def life(self, tenant: Tenant, now: datetime) -> Life:
        """What follows from the registry alone, until ``Life.changes_at``."""
        doubt = self.registry.doubt(tenant.id)
        exports, holds = self.registry.exports_of(tenant.id), self.registry.holds_of(tenant.id)
        if doubt is not None:
            verdict = Verdict(Status.UNKNOWN, "state", "right-to-be-forgotten", f"its end date is not known: {doubt}")
            return Life(tenant, doubt, exports, holds, (), None, (verdict,), None)
        verdicts = self.rules.lifecycle(tenant, self.policy, now, exports, holds)
        if tenant.tier not in self.policy.tiers:
            reason = f"the policy has no tier {tenant.tier}"
            verdicts = (*verdicts, Verdict(Status.UNKNOWN, "tier", "tiers", reason))
        clocks = self.rules.clocks(tenant, self.policy, exports, holds)
        state_due = self.rules.state_due(tenant, self.policy, now, exports, holds)
        changes_at = min((verdict.changes_at for verdict in verdicts if verdict.changes_at is not None), default=None)
        return Life(tenant, None, exports, holds, clocks, state_due, verdicts, changes_at)

    def stands(self, life: Life, tenant: Tenant, now: datetime) -> bool:
        """Whether what was reckoned still follows from what is known."""
        return (
            life.tenant == tenant
            and life.doubt == self.registry.doubt(tenant.id)
            and life.exports == self.registry.exports_of(tenant.id)
            and life.holds == self.registry.holds_of(tenant.id)
            and (life.changes_at is None or now < life.changes_at)
        )


def _stale(view: StoreView, reason: str) -> StoreView:
    rto = unknown(view.rto, reason) if view.rto is not None else None
    return replace(view, verdict=unknown(view.verdict, reason), rto=rto)
