"""The maintenance slots, judged: again only those whose tenants, exports, holders or windows changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.agreement import Policy
from services.aws.collect.base import Place
from services.aws.collect.maintenance_windows import MAINTENANCE_WINDOWS
from services.aws.facts_maintenance import MaintenanceWindow
from services.estate.join import Estate
from services.fleet.registry import Registry
from services.fleet.reliance import EXPORTS, SLOTS, reliance, unknown
from services.fleet.rules import Rules
from services.fleet.snapshot import SlotView, WindowView
from services.model import Observation, Slot, SlotState, Status, Tenant, Verdict
from services.words import say_instant, say_length

NAMED = "tenure-"
"""What the name of a window begins with that carries a slot out; the slot's id follows."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Carried:
    """What AWS says of the windows that carry a slot out."""

    windows: tuple[WindowView, ...]
    faults: tuple[str, ...] | None
    """What does not go as planned, each a sentence; ``None``: it cannot be told."""
    doubt: str | None
    """Why it cannot be told."""
    evidence: tuple[Observation[object], ...]
    until: datetime | None
    """When what was seen becomes too old."""


NOT_ASKED = Carried((), (), None, (), None)


class Slots:
    """All slots of the registry. Its owner tells it what changed."""

    def __init__(self, rules: Rules, policy: Policy, registry: Registry, estate: Estate) -> None:
        self.views: dict[str, SlotView] = {}
        self.carried: dict[str, Carried] = {}
        self._rules = rules
        self._policy = policy
        self._registry = registry
        self._estate = estate
        self._slots: dict[str, Slot] = {}
        self._scope_of: dict[str, tuple[str, str]] = {}
        self._in_scope: dict[tuple[str, str], tuple[Tenant, ...]] = {}
        self._stale: set[str] = set()

    @property
    def behind(self) -> bool:
        """Whether some slot is to be judged again."""
        return bool(self._stale)

    def sorted(self) -> tuple[SlotView, ...]:
        """All views, by their start."""
        return tuple(sorted(self.views.values(), key=lambda view: (view.slot.starts_at, view.slot.id)))

    def slots_changed(self) -> None:
        """The list of slots was read anew and differs: each may collide with each."""
        self._slots = {slot.id: slot for slot in self._registry.slots}
        self._stale |= self._slots.keys() | self.views.keys()

    def tenants_changed(self, names: Iterable[str]) -> None:
        """Records or exports of these tenants differ, or they came or went."""
        named = set(names)
        scopes = {self._scope_of[name] for name in named if name in self._scope_of}
        tenants = self._registry.tenants
        scopes |= {(tenant.tier, tenant.region) for name in named if (tenant := tenants.get(name))}
        for scope in scopes:
            self._in_scope.pop(scope, None)
        for slot in self._slots.values():
            if slot.tenant in named or (slot.tenant is None and (slot.tier, slot.region) in scopes):
                self._stale.add(slot.id)
        for name in named:
            if tenant := tenants.get(name):
                self._scope_of[name] = (tenant.tier, tenant.region)
            else:
                self._scope_of.pop(name, None)

    def place_changed(self, place: Place) -> None:
        """The maintenance windows of a place were read, or could not be."""
        for slot in self._slots.values():
            if any((tenant.account, tenant.region) == (place.account, place.region) for tenant in self._tenants(slot)):
                self._stale.add(slot.id)

    def take_due(self, name: str, at: datetime) -> None:
        """A reminder has come; newer facts may have overtaken it."""
        if (view := self.views.get(name)) and view.verdict.changes_at == at:
            self._stale.add(name)

    def judge(self, now: datetime) -> list[SlotView] | None:
        """Judges again what is stale: the views that are new or differ; ``None`` where nothing came out different."""
        before = dict(self.views)
        for name in self._stale:
            if name in self._slots:
                self.views[name] = self._view(self._slots[name], now)
            else:
                self.views.pop(name, None)
                self.carried.pop(name, None)
        self._stale.clear()
        if before == self.views:
            return None
        return [view for name, view in self.views.items() if before.get(name) != view]

    def _view(self, slot: Slot, now: datetime) -> SlotView:
        tenants = self._tenants(slot)
        tier = slot.tier or (tenants[0].tier if tenants else "")
        max_age = self._rules.max_age(self._policy, tier)
        carried = self.carried[slot.id] = self._carry(slot, tenants, now, max_age)
        conflicts = self._conflicts(slot, tenants, now)
        verdict = judge_slot(self._rules, self._policy, slot, conflicts, carried, now)
        rely = reliance(self._registry, now, max_age)
        if SLOTS in rely.doubts:
            verdict = unknown(verdict, rely.doubts[SLOTS])
        elif _runs_or_comes(slot, now):
            verdict = self._surely(verdict, rely.doubts.get(EXPORTS) or self._registry.trouble("tenants"))
        changes = [at for at in (verdict.changes_at, carried.until, rely.until) if at is not None]
        verdict = replace(verdict, changes_at=min(changes, default=None))
        return SlotView(slot, verdict, conflicts, tuple(tenant.id for tenant in tenants), carried.windows)

    def _surely(self, verdict: Verdict, doubt: str | None) -> Verdict:
        """What is not known could collide with the slot, and mends nothing that does."""
        if doubt is None or verdict.status in (Status.BREACHED, Status.AT_RISK):
            return verdict
        return unknown(verdict, f"conflicts cannot be told: {doubt}")

    def _tenants(self, slot: Slot) -> tuple[Tenant, ...]:
        """Those in its scope, by id."""
        if slot.tenant is not None:
            tenant = self._registry.tenants.get(slot.tenant)
            return (tenant,) if tenant else ()
        scope = (slot.tier or "", slot.region or "")
        if scope not in self._in_scope:
            self._in_scope[scope] = tuple(
                tenant for tenant in self._registry.tenants.values() if (tenant.tier, tenant.region) == scope
            )
        return self._in_scope[scope]

    def _conflicts(self, slot: Slot, tenants: tuple[Tenant, ...], now: datetime) -> tuple[str, ...]:
        if not _runs_or_comes(slot, now):
            return ()
        others = [other for other in self._slots.values() if other.id != slot.id and other.state is SlotState.SCHEDULED]
        last = slot.ends_at.date() + timedelta(days=1)
        concerned = [tenant for tenant in tenants if slot.tenant is not None or self._may_collide(tenant, last)]
        exports = [export for tenant in concerned for export in self._registry.exports_of(tenant.id)]
        return self._rules.slot_conflicts(slot, others, concerned, exports, self._policy)

    def _may_collide(self, tenant: Tenant, last: date) -> bool:
        """Whether an export or a destruction of the tenant could run before the slot ends."""
        if self._registry.exports_of(tenant.id):
            return True
        return tenant.ended_on is not None and tenant.ended_on <= last

    def _carry(self, slot: Slot, tenants: tuple[Tenant, ...], now: datetime, max_age: timedelta) -> Carried:
        """What is known of the windows of a slot that is to come; of one that runs or is over nothing is asked."""
        if slot.state is not SlotState.SCHEDULED or slot.starts_at <= now:
            return replace(NOT_ASKED, windows=self.carried.get(slot.id, NOT_ASKED).windows)
        windows: list[WindowView] = []
        faults: list[str] = []
        evidence: list[Observation[object]] = []
        doubt = None
        ends: list[datetime] = []
        for place in sorted({Place(tenant.account, tenant.region) for tenant in tenants}):
            known = self._estate.facts.get(place, MAINTENANCE_WINDOWS.operation)
            if known is None:
                doubt = doubt or f"waiting for {_call(place)}"
                continue
            evidence.append(known.latest)
            found = [it for it in (known.good.value or () if known.good else ()) if it.name == NAMED + slot.id]
            windows += [_view_of(it) for it in found]
            if not known.latest.outcome.answered:
                doubt = doubt or f"{_call(place)} {known.latest.outcome}: {known.latest.error or 'no answer'}"
            elif now >= known.latest.at + max_age:
                doubt = doubt or f"{_call(place)} last answered {say_instant(known.latest.at)}"
            else:
                ends.append(known.latest.at + max_age)
                faults += _faults(slot, found, place)
        return Carried(
            tuple(windows), None if doubt else tuple(faults), doubt, tuple(evidence), min(ends, default=None)
        )


def judge_slot(
    rules: Rules, policy: Policy, slot: Slot, conflicts: tuple[str, ...], carried: Carried, now: datetime
) -> Verdict:
    """The verdict on a slot, with what was seen of its windows."""
    verdict = rules.slot(slot, conflicts, carried.faults, policy, now)
    reason = verdict.reason
    if carried.doubt is not None and verdict.status is Status.UNKNOWN:
        reason = f"{reason}: {carried.doubt}"
    return replace(verdict, reason=reason, evidence=(*verdict.evidence, *carried.evidence))


def _runs_or_comes(slot: Slot, now: datetime) -> bool:
    return slot.state is SlotState.SCHEDULED and now < slot.ends_at


def _call(place: Place) -> str:
    return f"ssm {MAINTENANCE_WINDOWS.operation} of {place.account} {place.region}"


def _view_of(window: MaintenanceWindow) -> WindowView:
    return WindowView(window.id, window.name, window.account, window.region, window.next_at, window.enabled)


def _faults(slot: Slot, windows: list[MaintenanceWindow], place: Place) -> list[str]:
    """What of a place's windows does not carry the slot out as planned."""
    where = f"{place.account} {place.region}"
    if not windows:
        return [f"no maintenance window {NAMED}{slot.id} in {where}"]
    faults: list[str] = []
    for window in windows:
        named = f"window {window.id} in {where}"
        if not window.enabled:
            faults.append(f"{named} is disabled")
        if window.next_at != slot.starts_at:
            runs = f"runs {say_instant(window.next_at)}" if window.next_at else "has no next execution"
            faults.append(f"{named} {runs}, planned {say_instant(slot.starts_at)}")
        planned = slot.ends_at - slot.starts_at
        if window.duration != -(-planned // _HOUR) * _HOUR:
            faults.append(f"{named} lasts {say_length(window.duration)}, planned {say_length(planned)}")
    return faults
