"""What AWS says of planned work, as the collectors read it: facts, judged by nobody here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """An SSM maintenance window (``DescribeMaintenanceWindows``)."""

    id: str
    name: str
    """``tenure-<slot id>`` where it carries out a slot."""
    account: str
    region: str
    description: str
    enabled: bool
    schedule: str
    """As SSM writes it: ``at(2026-11-24T22:00:00)``, ``cron(…)``, ``rate(…)``."""
    zone: str | None
    """The IANA zone of the schedule; ``None``: UTC."""
    duration: timedelta
    """Whole hours, 1 to 24."""
    cutoff: timedelta
    """So long before its end no new task begins."""
    next_at: datetime | None
    """Its next execution; ``None``: there is none."""
    ends_on: datetime | None
    """When the window itself becomes inactive."""


@dataclass(frozen=True, slots=True)
class PendingMaintenance:
    """An action that RDS has pending on a resource (``DescribePendingMaintenanceActions``)."""

    arn: str
    """Of the instance or cluster."""
    action: str
    """``system-update``, ``db-upgrade``, ``ca-certificate-rotation``, …"""
    description: str
    account: str
    region: str
    auto_applied_after: datetime | None
    """From then on it is applied in the next maintenance window."""
    forced_at: datetime | None
    """When it is applied whatever the window says."""
    opted_in: str | None
    """``immediate``, ``next-maintenance``, ``undo-opt-in``."""
    applies_at: datetime | None
    """``CurrentApplyDate``: when it will be applied as things stand."""
