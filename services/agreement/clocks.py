"""The clocks of the agreement laid onto time.

Clauses ``right-to-be-forgotten``, ``return-or-delete`` and ``acceptable-use``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from services.agreement.basics import (
    CONDUCT,
    EXPORT_WINDOW,
    GRACE,
    HOSTED_DATA,
    RETURN_OR_DELETE,
    Terms,
    make_clock,
    zone_of,
)
from services.agreement.periods import PeriodError, ZoneError, count, end_of_day
from services.agreement.policy import Policy
from services.agreement.windows import brings_forward, open_window, window_of
from services.model import Clock, Export, Hold, Tenant


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
    windows = [(export, window) for export in exports if (window := window_of(export, tenant, policy)) is not None]
    standing = [window.clock for export, window in windows if export.destroyed_at is None]
    if tenant.ended_on is None:
        return tuple(standing)
    local = zone_of(tenant, policy)
    end = end_of_day(tenant.ended_on, local)
    forgotten = policy.right_to_be_forgotten
    outer = count(policy.return_or_delete.within, tenant.ended_on, local)
    grace_end = count(forgotten.grace, tenant.ended_on, local)
    if tenant.termination_confirmed_at is not None:
        grace_end = min(grace_end, max(end, tenant.termination_confirmed_at))
    closes = [window.clock.ends_at for export, window in windows if brings_forward(export, tenant, policy)]
    if export_available is not None:
        window = open_window(policy, local, export_available, export_requested, cut=outer)
        standing.append(window.clock)
        asked = export_available if export_requested is None else export_requested
        closes += [window.clock.ends_at] if asked >= end else []
    hosted_end = min([count(forgotten.retention, tenant.ended_on, local), *closes])
    return (
        make_clock(GRACE, end, grace_end),
        make_clock(HOSTED_DATA, end, max(hosted_end, grace_end)),
        *sorted(standing, key=lambda clock: clock.ends_at),
        make_clock(RETURN_OR_DELETE, end, outer),
    )


def tenant_clocks(
    tenant: Tenant,
    policy: Policy,
    *,
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
    exports: Sequence[Export] = (),
    holds: Sequence[Hold] = (),
) -> tuple[Clock, ...]:
    """The clocks that follow from a tenant's end date, past or to come; the instants in UTC.

    ``exports`` are the tenant's: each whose package may still stand has an ``export_window``; the soonest close of
    those that were delivered complete and requested after the end is when ``hosted_data`` is due, if that is before
    its own end, but never before the grace has ended. ``holds`` move no clock: what they excuse is the verdicts' word.

    ``export_available`` tells of one such export without a record of it (as it is taken to be requested after the
    end unless ``export_requested`` says otherwise). An export that failed, is incomplete or was not delivered must
    not be given so.

    Without an agreed end only the windows are there. Empty where the clocks cannot be reckoned (an unknown zone, an
    end beyond the calendar): ``lifecycle_verdicts`` then says ``unknown`` and why, ``reckon_clocks`` raises.
    """
    try:
        return reckon_clocks(
            tenant,
            policy,
            export_available=export_available,
            export_requested=export_requested,
            exports=exports,
            holds=holds,
        )
    except (ZoneError, PeriodError):
        return ()


def conduct_clock(policy: Policy, delivered_at: datetime, local: ZoneInfo) -> Clock:
    """The clock of an acceptable-use case, from the delivery of the vendor's request. Raises ``PeriodError``."""
    return make_clock(CONDUCT, delivered_at, count(policy.acceptable_use.comply_within, delivered_at, local))


def life_clocks(clocks: Sequence[Clock]) -> dict[str, Clock]:
    """The clocks of the tenant itself by name, those of its exports left out."""
    return {clock.name: clock for clock in clocks if clock.name != EXPORT_WINDOW}
