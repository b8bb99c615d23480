"""The tenants: one row each, the worst first, with the records of the registry that could not be read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from services.areas.base import STATUSES, Area, Field, Kind, Value
from services.fleet.snapshot import FleetSnapshot, TenantView
from services.model import BadRecord, LifecycleState, Status, Tenant, severity

STATES = tuple(LifecycleState)
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


def bad_record_words(bad: BadRecord) -> str:
    """Which record and why, in a line; records are counted from 1 for a person."""
    which = f"{bad.id}, " if bad.id else ""
    return f"bad record ({which}no. {bad.position + 1} of {bad.collection}): {bad.reason}"


def _rows(fleet: FleetSnapshot) -> list[TenantRow]:
    rows = [TenantRow(view) for view in fleet.tenants.values()]
    rows += [TenantRow(None, bad) for bad in fleet.bad_records if bad.collection == "tenants"]
    return sorted(rows, key=_urgency)


def _urgency(row: TenantRow) -> tuple[int, datetime, str]:
    return severity(row.status), row.grace_ends_at or _FAR, row.id or ""


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
    yield Field(
        "grace_ends_at",
        Kind.COUNTDOWN,
        lambda row: row.grace_ends_at,
        "LEFT",
        10,
        priority=4,
        aliases=("left", "grace"),
    )
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
    help="Every tenant with its worst verdict; LEFT counts down the grace of those whose subscription ended.",
    empty="the registry has no tenants",
)
