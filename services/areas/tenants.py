"""The tenants: one row each, the worst first, with the records of the registry that could not be read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from services.areas.base import STATUSES, Area, Field, Kind, Value
from services.fleet.missing import bad_record_words
from services.fleet.snapshot import FleetSnapshot, TenantView
from services.model import BadRecord, Clock, LifecycleState, Status, Tenant, severity

STATES = tuple(LifecycleState)
_ASKS = {
    LifecycleState.ACTIVE: "grace",
    LifecycleState.GRACE: "grace",
    LifecycleState.DISMISSED: "hosted_data",
    LifecycleState.DESTROYING: "hosted_data",
}
"""Which clock asks for the next act, by the state that somebody recorded."""
_FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TenantRow:
    """A tenant, or (``view`` absent) a record of the registry that should have been one."""

    view: TenantView | None
    bad: BadRecord | None = None

    @property
    def status(self) -> Status:
        return self.view.status if self.view else Status.UNKNOWN

    @property
    def id(self) -> str | None:
        if self.view:
            return self.view.tenant.id
        return self.bad.id if self.bad else None

    @property
    def counted(self) -> Clock | None:
        """The clock by whose end something is to be done that nobody has recorded as done: that of the grace, or of
        the hosted data once the tenant is dismissed. ``None`` before the subscription ends and after destruction."""
        view = self.view
        if view is None or (view.tenant.state is view.state_due is LifecycleState.ACTIVE):
            return None
        asks = _ASKS.get(view.tenant.state)
        return next((clock for clock in view.clocks if clock.name == asks), None)

    @property
    def counted_to(self) -> datetime | None:
        """What LEFT counts down to."""
        return self.counted.ends_at if self.counted else None

    @property
    def grace_ends_at(self) -> datetime | None:
        """When the grace of a tenant that is in it, recorded or due, is over."""
        view = self.view
        if view is None or LifecycleState.GRACE not in (view.tenant.state, view.state_due):
            return None
        return next((clock.ends_at for clock in view.clocks if clock.name == "grace"), None)

    @property
    def reason(self) -> str | None:
        """Why it has its status: the worst verdict's reason; ``None`` where all is well."""
        if self.bad:
            return bad_record_words(self.bad)
        worst = self.view.worst if self.view else None
        return worst.reason if worst and worst.status not in (Status.OK, Status.NOT_APPLICABLE) else None


def _rows(fleet: FleetSnapshot) -> list[TenantRow]:
    rows = [TenantRow(view) for view in fleet.tenants.values()]
    rows += [TenantRow(None, bad) for bad in fleet.bad_records if bad.collection == "tenants"]
    return sorted(rows, key=_urgency)


def _urgency(row: TenantRow) -> tuple[int, datetime, str]:
    return severity(row.status), row.counted_to or _FAR, row.id or ""


def _key(row: TenantRow) -> Hashable:
    if row.bad:
        return ("bad", row.bad.collection, row.bad.position)
    return row.id


def _of(get: Callable[[Tenant], Value]) -> Callable[[TenantRow], Value]:
    return lambda row: get(row.view.tenant) if row.view else None


def _tenant(row: TenantRow) -> str | None:
    return row.view.tenant.id if row.view else None


def _tiers(fleet: FleetSnapshot) -> tuple[str, ...]:
    """The policy's, and those that tenants are said to have."""
    return tuple(dict.fromkeys((*fleet.tiers, *(view.tenant.tier for view in fleet.tenants.values()))))


def _fields() -> Iterator[Field[TenantRow]]:
    yield Field("counted_to", Kind.COUNTDOWN, lambda row: row.counted_to, "LEFT", 10, priority=4, aliases=("left",))
    yield Field("counted_clock", Kind.TEXT, lambda row: row.counted.name if row.counted else None, aliases=("clock",))
    yield Field("grace_ends_at", Kind.COUNTDOWN, lambda row: row.grace_ends_at, aliases=("grace",))
    yield Field("status", Kind.STATUS, lambda row: row.status, "STATUS", 9, priority=1, choices=STATUSES)
    yield Field("tenant", Kind.TEXT, lambda row: row.id, "TENANT", 14, priority=1, aliases=("id",))
    yield Field("name", Kind.TEXT, _of(lambda tenant: tenant.name), "NAME", 22, priority=9)
    yield Field("tier", Kind.TEXT, _of(lambda tenant: tenant.tier), "TIER", 9, priority=2, choices=_tiers)
    yield Field("region", Kind.TEXT, _of(lambda tenant: tenant.region), "REGION", 14, priority=6)
    yield Field("account", Kind.TEXT, _of(lambda tenant: tenant.account))
    yield Field("state", Kind.TEXT, _of(lambda tenant: tenant.state), "STATE", 10, priority=2, choices=STATES)
    yield Field(
        "state_due",
        Kind.TEXT,
        lambda row: row.view.state_due if row.view else None,
        aliases=("due_state",),
        choices=STATES,
    )
    yield Field("ended_on", Kind.DAY, _of(lambda tenant: tenant.ended_on), "ENDS", 10, priority=3, aliases=("ends",))
    yield Field("zone", Kind.TEXT, _of(lambda tenant: tenant.zone))
    yield Field("customer", Kind.TEXT, _of(lambda tenant: tenant.customer), "CUSTOMER", 16, priority=10)
    yield Field("reseller", Kind.TEXT, _of(lambda tenant: tenant.reseller), "RESELLER", 12, priority=7)
    yield Field(
        "service_provider",
        Kind.TEXT,
        _of(lambda tenant: tenant.service_provider),
        "PROVIDER",
        12,
        priority=11,
        aliases=("provider", "sp"),
    )
    yield Field("links", Kind.TEXTS, _of(lambda tenant: tenant.links))
    yield Field("sp_end_customers", Kind.TEXTS, _of(lambda tenant: tenant.sp_end_customers))
    yield Field("order", Kind.TEXT, _of(lambda tenant: tenant.order))
    yield Field("stores", Kind.NUMBER, lambda row: _stores(row.view) if row.view else None, "STORES", 6, priority=5)
    yield Field("reason", Kind.TEXT, lambda row: row.reason, "REASON", 30, priority=8)


def _stores(view: TenantView) -> int | None:
    """How many stores were seen; ``None`` where some could not be looked for, so that the number would be too small."""
    if any(store.store is None for store in view.stores):
        return None
    return len({store.store.arn for store in view.stores if store.store})


TENANTS: Area[TenantRow] = Area(
    name="tenants",
    title="Tenants",
    key="2",
    fields=tuple(_fields()),
    rows=_rows,
    row_key=_key,
    tenant=_tenant,
    status=lambda row: row.status,
    explain=lambda row: (row.id, row.view.worst.figure) if row.view and row.view.worst else None,
    help="Every tenant with its worst verdict; LEFT counts down to the next act: dismissal, then destruction.",
    empty="the registry has no tenants",
)
