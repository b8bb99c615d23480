"""The clocks of the agreement laid onto time.

Clauses ``right-to-be-forgotten``, ``return-or-delete`` and ``acceptable-use``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.agreement.periods import PeriodError, ZoneError, count, end_of_day, zone
from services.agreement.policy import Policy
from services.model import Clock, Tenant

GRACE = "grace"
HOSTED_DATA = "hosted_data"
EXPORT_WINDOW = "export_window"
RETURN_OR_DELETE = "return_or_delete"
CONDUCT = "conduct"

CLAUSES = {
    GRACE: "right-to-be-forgotten",
    HOSTED_DATA: "right-to-be-forgotten",
    EXPORT_WINDOW: "right-to-be-forgotten",
    RETURN_OR_DELETE: "return-or-delete",
    CONDUCT: "acceptable-use",
}
"""The clause that each clock rests on."""


def _clock(name: str, starts_at: datetime, ends_at: datetime) -> Clock:
    return Clock(name, starts_at.astimezone(UTC), ends_at.astimezone(UTC), CLAUSES[name])


def zone_of(tenant: Tenant, policy: Policy) -> ZoneInfo:
    """The zone of the tenant's end date, or the policy's. Raises ``ZoneError``."""
    return zone(tenant.zone or policy.default_zone)


def end_of_service(tenant: Tenant, policy: Policy) -> datetime | None:
    """The instant at which the subscription ends; ``None`` where no end is agreed.

    Raises ``ZoneError`` and ``BeyondCalendarError``.
    """
    return None if tenant.ended_on is None else end_of_day(tenant.ended_on, zone_of(tenant, policy))


def reckon_clocks(
    tenant: Tenant,
    policy: Policy,
    *,
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
) -> tuple[Clock, ...]:
    """As ``tenant_clocks``, and says why where the clocks cannot be reckoned: ``ZoneError``, ``PeriodError``."""
    if tenant.ended_on is None:
        return ()
    local = zone_of(tenant, policy)
    end = end_of_day(tenant.ended_on, local)
    forgotten = policy.right_to_be_forgotten
    outer = count(policy.return_or_delete.within, tenant.ended_on, local)
    grace_end = count(forgotten.grace, tenant.ended_on, local)
    if tenant.termination_confirmed_at is not None:
        grace_end = min(grace_end, max(end, tenant.termination_confirmed_at))
    hosted_end = count(forgotten.retention, tenant.ended_on, local)
    window = None
    if export_available is not None:
        window = _window(policy, local, export_available, export_requested, cut=outer)
        asked = export_available if export_requested is None else export_requested
        if asked >= end:
            hosted_end = min(hosted_end, window.ends_at)
    clocks = (
        _clock(GRACE, end, grace_end),
        _clock(HOSTED_DATA, end, max(hosted_end, grace_end)),
        window,
        _clock(RETURN_OR_DELETE, end, outer),
    )
    return tuple(clock for clock in clocks if clock is not None)


def _window(
    policy: Policy, local: ZoneInfo, available: datetime, requested: datetime | None, *, cut: datetime
) -> Clock:
    """The export window: open from when the package is there; cut to the outer clock, to nothing if need be."""
    since = available
    if policy.export.window_starts == "requested":
        if requested is None:
            raise PeriodError("this policy counts the export window from the request: its instant is needed")
        since = requested
    ends_at = min(count(policy.export.window, since, local), cut)
    return _clock(EXPORT_WINDOW, min(available, ends_at), ends_at)


def tenant_clocks(
    tenant: Tenant,
    policy: Policy,
    *,
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
) -> tuple[Clock, ...]:
    """The clocks that follow from a tenant's end date, past or to come; the instants in UTC.

    ``export_available`` is when an export package that has been delivered complete became available: it opens
    ``export_window`` and, where the export was requested after the end (as it is taken to be unless
    ``export_requested`` says otherwise), brings ``hosted_data`` forward to the window's close, but never before the
    grace has ended. An export that failed, is incomplete or was not delivered must not be given here.

    Empty where no end is agreed, and where the clocks cannot be reckoned (an unknown zone, an end beyond the
    calendar): ``lifecycle_verdicts`` then says ``unknown`` and why, ``reckon_clocks`` raises.
    """
    try:
        return reckon_clocks(tenant, policy, export_available=export_available, export_requested=export_requested)
    except (ZoneError, PeriodError):
        return ()


def conduct_clock(policy: Policy, delivered_at: datetime, local: ZoneInfo) -> Clock:
    """The clock of an acceptable-use case, from the delivery of the vendor's request. Raises ``PeriodError``."""
    return _clock(CONDUCT, delivered_at, count(policy.acceptable_use.comply_within, delivered_at, local))
