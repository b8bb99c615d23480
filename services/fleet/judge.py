"""A tenant's verdicts from what is known of it, and those of stores without a tenant. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.agreement import Policy
from services.aws.collect.base import Place
from services.estate.join import Estate
from services.estate.kinds import BUCKET
from services.fleet.backup_holds import unrecorded
from services.fleet.figures import RECOVERY
from services.fleet.links import Links
from services.fleet.operations import Operations, OperationsJudging
from services.fleet.registry import Registry
from services.fleet.reliance import Reliance, lacking, of_tenant, reliance, unknown, unread
from services.fleet.rules import Rules
from services.fleet.snapshot import LinkView, StoreView, TenantView
from services.fleet.stores import Sighted, StoreJudging, failure_of
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


def live(
    rules: Rules,
    policy: Policy,
    tenant: Tenant,
    doubt: str | None,
    exports: tuple[Export, ...],
    holds: tuple[Hold, ...],
    now: datetime,
) -> Life:
    """What follows from the registry alone, until ``Life.changes_at``."""
    if doubt is not None:
        verdict = Verdict(Status.UNKNOWN, "state", "right-to-be-forgotten", f"its end date is not known: {doubt}")
        return Life(tenant, doubt, exports, holds, (), None, (verdict,), None)
    lived = rules.life(tenant, policy, now, exports, holds)
    verdicts = lived.verdicts
    changes_at = min((verdict.changes_at for verdict in verdicts if verdict.changes_at is not None), default=None)
    if tenant.tier not in policy.tiers:
        reason = f"the policy has no tier {tenant.tier}"
        verdicts = (*verdicts, Verdict(Status.UNKNOWN, "tier", "tiers", reason))
    return Life(tenant, None, exports, holds, lived.clocks, lived.due, verdicts, changes_at)


def compose(
    life: Life,
    stores: tuple[StoreView, ...],
    links: tuple[LinkView, ...],
    operations: Operations,
    doubts: Mapping[str, str],
    stale: str | None,
    until: datetime | None,
    now: datetime,
) -> TenantView:
    """Everything about a tenant put together; ``doubts`` and ``until`` as ``Reliance`` has them, ``stale`` is why its
    record may not be relied on."""
    lived = lacking(life.verdicts, life.tenant, life.clocks, now, doubts)
    if stale is not None:
        lived = tuple(unknown(verdict, stale) for verdict in lived)
        operations = operations.stale(stale)
    verdicts = (
        *lived,
        *(view.verdict for view in stores),
        *(view.rto for view in stores if view.rto is not None),
        *(view.verdict for view in links),
        *operations.verdicts,
        *unread(doubts),
    )
    changes = [verdict.changes_at for verdict in verdicts if verdict.changes_at is not None]
    changes += [until] if until is not None else []
    return TenantView(
        tenant=life.tenant,
        state_due=life.state_due,
        clocks=life.clocks,
        verdicts=verdicts,
        stores=stores,
        status=worst(verdict.status for verdict in verdicts),
        changes_at=min(changes, default=None),
        exports=operations.exports,
        cases=operations.cases,
        holds=operations.holds,
        links=links,
    )


@dataclass(frozen=True, slots=True)
class Judging:
    """The rules and everything known, as of one moment."""

    rules: Rules
    policy: Policy
    registry: Registry
    estate: Estate
    tag: str
    stores: StoreJudging
    operations: OperationsJudging
    links: Links
    relied: dict[tuple[timedelta, datetime], Reliance] = field(default_factory=dict)
    """What was found of a moment's reliance; whoever changes the registry clears it."""

    def rely(self, tier: str, now: datetime) -> Reliance:
        """Which lists may be relied on for tenants of a tier."""
        key = (self.rules.max_age(self.policy, tier), now)
        if key not in self.relied:
            ages = {self.rules.max_age(self.policy, one) for one in (tier, *self.policy.tiers)}
            self.relied.clear()
            self.relied.update({(age, now): reliance(self.registry, now, age) for age in ages})
        return self.relied[key]

    def tenant(self, tenant: Tenant, life: Life, sighted: Sequence[Sighted], now: datetime) -> TenantView:
        """Everything about one tenant; ``life`` is what ``life`` made of it."""
        rely = self.rely(tenant.tier, now)
        doubts = of_tenant(rely, self.registry, tenant.id)
        arns = {mapping.store for mapping in self.registry.by_tenant.get(tenant.id, ())}
        arns.update(it.store.arn for it in sighted)
        of_aws = unrecorded(self.estate, tenant, arns, life.holds, now, self.rules.max_age(self.policy, tenant.tier))
        cases = self.registry.cases_of(tenant.id)
        operations = self.operations.judge(tenant, life.exports, cases, life.holds, now, doubts, of_aws, life.doubt)
        stores = self.stores.of_tenant(tenant, sighted, now, doubts)
        unsure = rely.doubt("tenants", "stores")
        if unsure is not None:
            stores = tuple(_stale(view, unsure) for view in stores)
        links = self.links.of_tenant(tenant, now)
        unlisted = rely.doubt("tenants")
        if unlisted is not None:
            links = tuple(replace(view, verdict=unknown(view.verdict, unlisted)) for view in links)
        return compose(life, stores, links, operations, doubts, rely.doubt("tenants", "subscriptions"), rely.until, now)

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
        if store.kind == BUCKET.name and (unread := self.stores.tags_unread(Place(store.account, store.region))):
            return f"its tenant is unknown: {failure_of(unread)}"
        return f"no tenant: not in the registry, no tag {self.tag}"

    def life(self, tenant: Tenant, now: datetime) -> Life:
        """What follows from the registry alone, until ``Life.changes_at``."""
        known = self.registry
        exports, holds = known.exports_of(tenant.id), known.holds_of(tenant.id)
        return live(self.rules, self.policy, tenant, known.doubt(tenant.id), exports, holds, now)

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
