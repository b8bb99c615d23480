"""Exports, holds, cases and slots of tenants, for the fleet's tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.aws.facts_maintenance import MaintenanceWindow, PendingMaintenance
from services.model import Case, CaseKind, CaseState, Export, ExportState, Hold, Slot, SlotState
from tests.services.estate.things import HERE, NOW

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def export(of: str = "acme", **members: Any) -> Export:
    chosen: dict[str, Any] = {
        "id": f"exp-{of}",
        "state": ExportState.AVAILABLE,
        "requested_at": NOW - 12 * DAY,
        "requester": "it@example",
        "available_at": NOW - 10 * DAY,
        "complete": True,
        "delivered_at": NOW - 9 * DAY,
    }
    return Export(tenant=of, **(chosen | members))


def hold(of: str = "acme", **members: Any) -> Hold:
    chosen: dict[str, Any] = {
        "id": f"hold-{of}",
        "basis": "member-state-law",
        "owner": "Legal",
        "reason": "a tax audit",
        "placed_at": NOW - 20 * DAY,
    }
    return Hold(tenant=of, **(chosen | members))


def case(of: str = "acme", **members: Any) -> Case:
    chosen: dict[str, Any] = {
        "id": f"case-{of}",
        "kind": CaseKind.ACCEPTABLE_USE,
        "scope": "application fax",
        "state": CaseState.OPEN,
        "opened_at": NOW - 24 * HOUR,
        "delivered_at": NOW - 23 * HOUR,
    }
    return Case(tenant=of, **(chosen | members))


def slot(name: str = "tonight", **members: Any) -> Slot:
    """A slot for all public tenants of HERE, in two hours, for ninety minutes."""
    starts_at = members.pop("starts_at", NOW + 2 * HOUR)
    chosen: dict[str, Any] = {
        "tenant": None,
        "tier": "public",
        "region": HERE.region,
        "ends_at": starts_at + 1.5 * HOUR,
        "zone": "UTC",
        "local_start": starts_at.replace(tzinfo=None),
        "choice": None,
        "state": SlotState.SCHEDULED,
        "reason": "upgrade",
        "scheduled_at": NOW - 7 * DAY,
        "announced_at": NOW - 6 * DAY,
    }
    return Slot(id=name, starts_at=starts_at, **(chosen | members))


def window(of: Slot, **members: Any) -> MaintenanceWindow:
    """The window that carries a slot out in HERE: whole hours, rounded up."""
    chosen: dict[str, Any] = {
        "id": "mw-1",
        "name": f"tenure-{of.id}",
        "account": HERE.account,
        "region": HERE.region,
        "description": "",
        "enabled": True,
        "schedule": "at(2026-11-23T14:00:00)",
        "zone": None,
        "duration": 2 * HOUR,
        "cutoff": timedelta(),
        "next_at": of.starts_at,
        "ends_on": None,
    }
    return MaintenanceWindow(**(chosen | members))


def pending(arn: str, **members: Any) -> PendingMaintenance:
    """A system update that RDS forces in two days."""
    chosen: dict[str, Any] = {
        "action": "system-update",
        "description": "a new operating system",
        "account": HERE.account,
        "region": HERE.region,
        "auto_applied_after": None,
        "forced_at": NOW + 2 * DAY,
        "opted_in": None,
        "applies_at": NOW + 2 * DAY,
    }
    return PendingMaintenance(arn=arn, **(chosen | members))
