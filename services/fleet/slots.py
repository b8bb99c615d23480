"""The maintenance slots, judged: again only those whose tenants, exports, holders or windows changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.agreement import Policy
from services.agreement.slots import window_hours, window_name
from services.aws.collect.base import Place
from services.aws.collect.maintenance_windows import MAINTENANCE_WINDOWS
from services.aws.facts_maintenance import MaintenanceWindow
from services.estate.join import Estate
from services.fleet.registry import Registry
from services.fleet.reliance import EXPORTS, SLOTS, reliance, unknown
from services.fleet.rules import Rules
from services.fleet.scoping import unheard
from services.fleet.snapshot import SlotView, WindowView
from services.model import Observation, Slot, SlotState, Status, Tenant
from services.words import say_instant, say_length

_HOUR = timedelta(hours=1)
_UNHARMED = frozenset({Status.OK, Status.DUE})
"""What a conflict that is not known would make worse."""


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


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a slot beside its record."""

    tenants: tuple[str, ...]
    """Ids of those in its scope."""
    conflicts: tuple[str, ...]
    carried: Carried
    doubt: str | None
    """Why the list of slots cannot be relied on."""
    conflict_doubt: str | None
    """Why further conflicts cannot be told."""
    until: datetime | None
    """When a list that this rests on becomes too old."""


class Slots:
    """All slots of the registry. Its owner tells it what changed."""

    def __init__(self, rules: Rules, policy: Policy, registry: Registry, estate: Estate) -> None:
        self.views: dict[str, SlotView] = {}
        self.known: dict[str, Known] = {}
        self.changes: dict[str, datetime | None] = {}
        """When each is to be judged again though nothing new was observed."""
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
        if self.changes.get(name) == at:
            self._stale.add(name)

    def judge(self, now: datetime) -> tuple[set[str], bool]:
        """Judges again what is stale: which slots those were, and whether anything came out different."""
        before = dict(self.views)
        judged = set(self._stale)
        for name in judged:
            if name in self._slots:
                self.views[name] = self._view(self._slots[name], now)
            else:
                self.views.pop(name, None)
                self.known.pop(name, None)
                self.changes.pop(name, None)
        self._stale.clear()
        return judged, before != self.views

    def _view(self, slot: Slot, now: datetime) -> SlotView:
        tenants = self._tenants(slot)
        tier = slot.tier or (tenants[0].tier if tenants else "")
        max_age = self._rules.max_age(self._policy, tier)
        rely = reliance(self._registry, now, max_age)
        known = self.known[slot.id] = Known(
            tuple(tenant.id for tenant in tenants),
            self._conflicts(slot, tenants, now),
            self._carry(slot, tenants, now, max_age),
            rely.doubts.get(SLOTS),
            rely.doubts.get(EXPORTS) or self._registry.trouble("tenants", "subscriptions"),
            rely.until,
        )
        view = slot_view(self._rules, self._policy, slot, known, now)
        changes = [at for at in (view.verdict.changes_at, known.carried.until, known.until) if at is not None]
        self.changes[slot.id] = min(changes, default=None)
        return view

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
        owners = {other.tenant for other in others}
        concerned = [
            tenant
            for tenant in tenants
            if slot.tenant is not None or tenant.id in owners or self._may_collide(tenant, last)
        ]
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
            before = self.known.get(slot.id)
            return replace(NOT_ASKED, windows=before.carried.windows if before else ())
        windows: list[WindowView] = []
        faults: list[str] = []
        evidence: list[Observation[object]] = []
        doubt = None
        ends: list[datetime] = []
        for place in sorted({Place(tenant.account, tenant.region) for tenant in tenants}):
            known = self._estate.facts.get(place, MAINTENANCE_WINDOWS.operation)
            if known is None:
                doubt = doubt or unheard(_call(place), place, self._estate.scope)
                continue
            evidence.append(known.latest)
            found = [it for it in (known.good.value or () if known.good else ()) if it.name == window_name(slot.id)]
            windows += [_view_of(it) for it in found]
            if not known.latest.outcome.answered:
                last = f", last read {say_instant(known.good.at)}" if known.good is not None else ""
                doubt = doubt or f"{_call(place)} {known.latest.outcome}: {known.latest.error or 'no answer'}{last}"
            elif now >= known.latest.at + max_age:
                allowed = f"at most {say_length(max_age)} ago is allowed"
                doubt = doubt or f"{_call(place)} was last read {say_instant(known.latest.at)}, {allowed}"
            else:
                ends.append(known.latest.at + max_age)
                faults += _faults(slot, found, place)
        return Carried(
            tuple(windows), None if doubt else tuple(faults), doubt, tuple(evidence), min(ends, default=None)
        )


def slot_view(rules: Rules, policy: Policy, slot: Slot, known: Known, now: datetime) -> SlotView:
    """The slot judged, with what was seen of its windows. Pure."""
    carried = known.carried
    verdict = rules.slot(slot, known.conflicts, carried.faults, policy, now)
    verdict = replace(verdict, evidence=(*verdict.evidence, *carried.evidence))
    if carried.doubt is not None and verdict.status is Status.UNKNOWN:
        verdict = replace(verdict, reason=f"{verdict.reason}: {carried.doubt}{_last_seen(carried.windows)}")
    if known.doubt is not None:
        verdict = unknown(verdict, known.doubt)
    elif known.conflict_doubt is not None and _runs_or_comes(slot, now) and verdict.status in _UNHARMED:
        verdict = unknown(verdict, f"conflicts cannot be told: {known.conflict_doubt}")
    return SlotView(slot, verdict, known.conflicts, known.tenants, carried.windows, carried.faults)


def _last_seen(windows: tuple[WindowView, ...]) -> str:
    seen = [f"{it.id} next {say_instant(it.next_at) if it.next_at else 'never'}" for it in windows]
    return f"; last seen: {', '.join(seen)}" if seen else ""


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
        return [f"no maintenance window {window_name(slot.id)} in {where}"]
    faults: list[str] = []
    for window in windows:
        named = f"window {window.id} in {where}"
        if not window.enabled:
            faults.append(f"{named} is disabled")
        if window.next_at != slot.starts_at:
            runs = f"runs {say_instant(window.next_at)}" if window.next_at else "has no next execution"
            faults.append(f"{named} {runs}, planned {say_instant(slot.starts_at)}")
        planned = slot.ends_at - slot.starts_at
        if window.duration != window_hours(planned) * _HOUR:
            faults.append(f"{named} lasts {say_length(window.duration)}, planned {say_length(planned)}")
    return faults
