"""The clocks of the agreement laid onto time.

Clauses ``right-to-be-forgotten``, ``return-or-delete`` and ``acceptable-use``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.agreement.basics import (
    CLAUSES,
    CONDUCT,
    EXPORT_WINDOW,
    GRACE,
    HOSTED_DATA,
    RETURN_OR_DELETE,
    Terms,
    make_clock,
    zone_of,
)
from services.agreement.memo import per_policy
from services.agreement.periods import count, end_of_day
from services.agreement.periods import zone as zone_named
from services.agreement.policy import Policy
from services.agreement.windows import brings_forward, open_window, window_of
from services.model import Clock, Export, Hold, Tenant


@per_policy(32768)
def _base_clocks(policy: Policy, ended_on: date, zone: str) -> tuple[Clock, Clock, Clock]:
    """Grace, hosted data and the outer clock by the end date alone. Raises ``ZoneError``, ``BeyondCalendarError``."""
    local = zone_named(zone or policy.default_zone)
    end = end_of_day(ended_on, local)
    forgotten = policy.right_to_be_forgotten
    grace_end = count(forgotten.grace, ended_on, local)
    hosted_end = max(count(forgotten.retention, ended_on, local), grace_end)
    outer = count(policy.return_or_delete.within, ended_on, local)
    return (
        Clock(GRACE, end, grace_end, CLAUSES[GRACE]),
        Clock(HOSTED_DATA, end, hosted_end, CLAUSES[HOSTED_DATA]),
        Clock(RETURN_OR_DELETE, end, outer, CLAUSES[RETURN_OR_DELETE]),
    )


def _life_clocks(tenant: Tenant | Terms, policy: Policy, ended_on: date) -> tuple[Clock, Clock, Clock]:
    """Grace, hosted data and the outer clock, no export in sight. The grace ends early where that was confirmed."""
    found = _base_clocks(policy, ended_on, tenant.zone)
    grace, hosted, outer = found
    confirmed = tenant.termination_confirmed_at
    if confirmed is None or confirmed >= grace.ends_at:
        return found
    return make_clock(GRACE, grace.starts_at, max(grace.starts_at, confirmed)), hosted, outer


def reckon_clocks(
    tenant: Tenant | Terms,
    policy: Policy,
    *,
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
    exports: Sequence[Export] = (),
    holds: Sequence[Hold] = (),  # noqa: ARG001 - part of the form that all functions over a tenant's life share
) -> tuple[Clock, ...]:
    """As ``tenant_clocks``, and says why where the clocks cannot be reckoned: ``ZoneError``, ``PeriodError``."""
    if tenant.ended_on is not None and not exports and export_available is None:
        return _life_clocks(tenant, policy, tenant.ended_on)
    windows = [(export, window) for export in exports if (window := window_of(export, tenant, policy)) is not None]
    standing = [window.clock for export, window in windows if export.destroyed_at is None]
    if tenant.ended_on is None:
        return tuple(standing)
    life = _life_clocks(tenant, policy, tenant.ended_on)
    if not windows and export_available is None:
        return life
    grace, hosted, outer = life
    closes = [window.clock.ends_at for export, window in windows if brings_forward(export, tenant, policy)]
    if export_available is not None:
        local = zone_of(tenant, policy)
        window = open_window(policy, local, export_available, export_requested, cut=outer.ends_at)
        standing.append(window.clock)
        asked = export_available if export_requested is None else export_requested
        closes += [window.clock.ends_at] if asked >= grace.starts_at else []
    if closes and min(closes) < hosted.ends_at:
        hosted = make_clock(HOSTED_DATA, hosted.starts_at, max(min(closes), grace.ends_at))
    return (grace, hosted, *sorted(standing, key=lambda clock: clock.ends_at), outer)


def conduct_clock(policy: Policy, delivered_at: datetime, local: ZoneInfo) -> Clock:
    """The clock of an acceptable-use case, from the delivery of the vendor's request. Raises ``PeriodError``."""
    return make_clock(CONDUCT, delivered_at, count(policy.acceptable_use.comply_within, delivered_at, local))


def life_clocks(clocks: Sequence[Clock]) -> dict[str, Clock]:
    """The clocks of the tenant itself by name, those of its exports left out."""
    return {clock.name: clock for clock in clocks if clock.name != EXPORT_WINDOW}
