"""The two clocks of an export: until the package is there, and while the customer may fetch it.

Clause ``right-to-be-forgotten``; the window is cut to the outer clock of ``return-or-delete``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from services.agreement.basics import (
    EXPORT_PREPARATION,
    EXPORT_WINDOW,
    RETURN_OR_DELETE,
    Ended,
    end_of_service,
    make_clock,
    outer_end,
    zone_of,
)
from services.agreement.periods import BeyondCalendarError, PeriodError, ZoneError, count
from services.agreement.policy import Policy
from services.model import Clock, Export, ExportState, Tenant


@dataclass(frozen=True, slots=True)
class Window:
    """An export window, and where it would close if no outer clock cut it."""

    clock: Clock
    uncut: datetime

    @property
    def cut(self) -> bool:
        return self.clock.ends_at < self.uncut


@dataclass(frozen=True, slots=True)
class Preparation:
    """The time in which the package is to be made."""

    clock: Clock
    uncut: datetime
    """By the policy alone; the clock ends earlier where hosted data is due for destruction before that."""


def open_window(
    policy: Policy, local: ZoneInfo, available: datetime, requested: datetime | None, *, cut: datetime | None
) -> Window:
    """The export window: open from when the package is there, cut to the outer clock.

    Where that, or the window itself where it counts from the request, is over before the package is there, it is
    empty: it ends before it starts.

    Raises ``PeriodError`` where the policy counts from the request and that is not given.
    """
    since = available
    if policy.export.window_starts == "requested":
        if requested is None:
            raise PeriodError("this policy counts the export window from the request: its instant is needed")
        since = requested
    uncut = count(policy.export.window, since, local)
    ends_at = uncut if cut is None else min(uncut, cut)
    clock = make_clock(EXPORT_WINDOW, available, ends_at)
    return Window(replace(clock, cut_by=RETURN_OR_DELETE) if ends_at < uncut else clock, uncut)


def window_of(export: Export, of: Ended, policy: Policy) -> Window | None:
    """The window of an export; ``None`` while there is no package. Raises ``ZoneError`` and ``PeriodError``."""
    if export.available_at is None or export.state in (ExportState.FAILED, ExportState.CANCELLED):
        return None
    local = zone_of(of, policy)
    return open_window(policy, local, export.available_at, export.requested_at, cut=outer_end(of, policy))


def export_clock(export: Export, tenant: Tenant, policy: Policy) -> Clock | None:
    """The window in which the customer may fetch the package.

    ``None`` until it is available, for an export that failed or was cancelled, and where the window cannot be
    reckoned: ``judge_export`` then says ``unknown`` and why.
    """
    try:
        window = window_of(export, tenant, policy)
    except (ZoneError, PeriodError):
        return None
    return window.clock if window is not None else None


def preparation_of(export: Export, of: Ended, policy: Policy) -> Preparation:
    """From the request until the package is to be there, but no later than its hosted data may go.

    Raises ``ZoneError`` and ``BeyondCalendarError``.
    """
    local = zone_of(of, policy)
    uncut = ends_at = count(policy.export.prepare_within, export.requested_at, local)
    hosted = _hosted_end(of, policy, local)
    if hosted is not None and export.requested_at < hosted:
        ends_at = min(uncut, hosted)
    return Preparation(make_clock(EXPORT_PREPARATION, export.requested_at, ends_at), uncut)


def _hosted_end(of: Ended, policy: Policy, local: ZoneInfo) -> datetime | None:
    """When hosted data is due, no export bringing it forward."""
    try:
        return None if of.ended_on is None else count(policy.right_to_be_forgotten.retention, of.ended_on, local)
    except BeyondCalendarError:
        return None


def brings_forward(export: Export, of: Ended, policy: Policy) -> bool:
    """Whether the close of its window is a deadline of hosted data: delivered complete, requested after the end.

    A package that failed, is incomplete or was not delivered is never a reason to destroy early.
    """
    end = end_of_service(of, policy)
    return (
        end is not None
        and export.delivered_complete
        and export.state in (ExportState.AVAILABLE, ExportState.CLOSED)
        and export.requested_at >= end
    )
