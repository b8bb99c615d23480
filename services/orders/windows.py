"""The SSM maintenance windows that carry a slot out, as calls: one window for each account and region concerned.

Its name bears the slot's id, by which the console tells whose it is (``services.agreement.slots.window_name``). It
runs once: ``at(…)`` in the slot's zone, or in UTC where the clocks of that zone skip the time or show it twice. It
lasts whole hours, the slot rounded up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import JsonValue

from services.agreement import ZoneError, read_wall_clock, zone
from services.agreement.slots import LONGEST_WINDOW_H, window_hours, window_name
from services.orders.base import RefusedError, Steps
from services.orders.names import ORDER_TAG
from services.orders.world import World
from services.wire.operations import SlotRecord
from services.wire.orders import AwsCall
from services.wire.registry import TenantRecord

SLOT_TAG = "tenure:slot"
VALUES_AT_ONCE = 50
"""Of one registration of targets (SSM API reference, Target)."""


def question(slot_id: str) -> str:
    """What AWS is asked before a slot is moved: which windows carry it out."""
    return f"windows of slot {slot_id}"


def places_of(tenants: Iterable[TenantRecord]) -> dict[tuple[str, str], list[str]]:
    """The tenants of each account and region, all sorted."""
    places: dict[tuple[str, str], list[str]] = {}
    for tenant in sorted(tenants, key=lambda it: it.id):
        places.setdefault((tenant.account, tenant.region), []).append(tenant.id)
    return dict(sorted(places.items()))


def checked_length(length: timedelta, field: str = "length") -> None:
    """Raises ``RefusedError`` where no window lasts that long."""
    if window_hours(length) > LONGEST_WINDOW_H:
        raise RefusedError(f"SSM's windows last at most {LONGEST_WINDOW_H} hours: make it two slots", f"fields.{field}")


def add_window(world: World, steps: Steps, slot: SlotRecord, place: tuple[str, str], tenants: Sequence[str]) -> None:
    """Adds the steps that make a slot's window in a place, and register what belongs to these tenants."""
    account, region = place
    tag = world.tenant_tag
    name = window_name(slot.id)
    parameters: dict[str, JsonValue] = {
        "Name": name,
        "Description": slot.reason[:128] or slot.id,
        **_timing(slot),
        "Cutoff": 0,
        "AllowUnassociatedTargets": False,
        "Tags": [{"Key": SLOT_TAG, "Value": slot.id}, {"Key": ORDER_TAG, "Value": world.key}],
    }
    call = AwsCall(
        service="ssm", operation="CreateMaintenanceWindow", account=account, region=region, parameters=parameters
    )
    made = steps.add(call, f"maintenance window {name} made in {account} {region}", "deleted")
    groups = [tenants[start : start + VALUES_AT_ONCE] for start in range(0, len(tenants), VALUES_AT_ONCE)]
    for number, group in enumerate(groups, start=1):
        target: dict[str, JsonValue] = {
            "WindowId": f"${made}.WindowId",
            "ResourceType": "INSTANCE",
            "Targets": [{"Key": f"tag:{tag}", "Values": list(group)}],
            "Name": f"tenants-{number}",
        }
        call = AwsCall(
            service="ssm",
            operation="RegisterTargetWithMaintenanceWindow",
            account=account,
            region=region,
            parameters=target,
        )
        whom = f"{tag}={group[0]}" if len(group) == 1 else f"{tag} as of {len(group)} tenants"
        steps.add(call, f"what is tagged {whom} registered with it", "deregistered")


def move_window(steps: Steps, window: Mapping[str, Any], slot: SlotRecord) -> None:
    """Adds the step that gives a window the times of ``slot``."""
    before = {name: window[name] for name in ("Schedule", "ScheduleTimezone", "Duration") if window.get(name)}
    call = AwsCall(
        service="ssm",
        operation="UpdateMaintenanceWindow",
        account=window["account"],
        region=window["region"],
        parameters={"WindowId": window["window"], **_timing(slot), "before": before},
    )
    timing = _timing(slot)
    where = f"{window['account']} {window['region']}"
    said = f"window {window['window']} in {where}: {timing['Schedule']} {timing['ScheduleTimezone']}, "
    steps.add(call, f"{said}{timing['Duration']}h", f"{before.get('Schedule', '—')} again")


def delete_window(steps: Steps, window: Mapping[str, Any]) -> None:
    """Adds the step that deletes a window. One that has tasks cannot be made again as it was."""
    before = {name: window[name] for name in _MADE_FROM if window.get(name) is not None}
    call = AwsCall(
        service="ssm",
        operation="DeleteMaintenanceWindow",
        account=window["account"],
        region=window["region"],
        parameters={"WindowId": window["window"], "before": before},
    )
    undo = None if window.get("tasks") else "made again, under another id"
    steps.add(call, f"window {window['window']} in {window['account']} {window['region']} deleted", undo)


_MADE_FROM = ("Name", "Description", "Schedule", "ScheduleTimezone", "Duration", "Cutoff", "Tags", "Targets")


def _timing(slot: SlotRecord) -> dict[str, JsonValue]:
    local, named = slot.local_start, slot.zone
    if not _once(local, named):
        local, named = slot.starts_at.replace(tzinfo=None), "UTC"
    return {
        "Schedule": f"at({local:%Y-%m-%dT%H:%M:%S})",
        "ScheduleTimezone": named,
        "Duration": window_hours(slot.ends_at - slot.starts_at),
    }


def _once(local: datetime, named: str) -> bool:
    try:
        return read_wall_clock(local, zone(named)).kind == "once"
    except (ZoneError, OverflowError):
        return False
