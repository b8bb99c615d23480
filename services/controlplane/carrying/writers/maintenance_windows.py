"""SSM's maintenance windows (Systems Manager API reference: Create-, Update- and DeleteMaintenanceWindow,
RegisterTargetWithMaintenanceWindow).

A window that a step made bears that order's tags; by name and tags it is found again when the answer was lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from services.controlplane.carrying.writers.base import Result, Writer, kept, sent
from services.wire.orders import AwsCall

KIND = "MaintenanceWindow"
"""As SSM's tagging calls it."""


class CreateWindow(Writer):
    """Undone by deleting what was made."""

    service: ClassVar[str] = "ssm"
    operation: ClassVar[str] = "CreateMaintenanceWindow"
    actions: ClassVar[tuple[str, ...]] = (
        "ssm:AddTagsToResource",
        "ssm:CreateMaintenanceWindow",
        "ssm:DeleteMaintenanceWindow",
        "ssm:DescribeMaintenanceWindows",
        "ssm:ListTagsForResource",
    )

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        del key
        parameters = sent(call)
        id_ = next(_tagged(client, parameters["Name"], parameters.get("Tags", ())), None)
        return None if id_ is None else {"WindowId": id_}

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        return kept(client.create_maintenance_window(**sent(call), ClientToken=key), "WindowId")

    def undo(self, client: Any, call: AwsCall, key: str, result: Mapping[str, Any]) -> None:
        del call, key
        _delete(client, result["WindowId"])


class RegisterTarget(Writer):
    """Undone by deregistering it. Its targets tell it apart from others of the window."""

    service: ClassVar[str] = "ssm"
    operation: ClassVar[str] = "RegisterTargetWithMaintenanceWindow"
    actions: ClassVar[tuple[str, ...]] = (
        "ssm:DeregisterTargetFromMaintenanceWindow",
        "ssm:DescribeMaintenanceWindowTargets",
        "ssm:RegisterTargetWithMaintenanceWindow",
    )

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        del key
        wanted = sent(call)
        for target in _targets_left(client, wanted["WindowId"]):
            if all(target.get(name) == wanted[name] for name in ("ResourceType", "Targets")):
                return {"WindowTargetId": target["WindowTargetId"]}
        return None

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        answer = client.register_target_with_maintenance_window(**sent(call), ClientToken=key)
        return kept(answer, "WindowTargetId")

    def undo(self, client: Any, call: AwsCall, key: str, result: Mapping[str, Any]) -> None:
        del key
        window, wanted = call.parameters["WindowId"], result["WindowTargetId"]
        if any(target["WindowTargetId"] == wanted for target in _targets_left(client, window)):
            client.deregister_target_from_maintenance_window(WindowId=window, WindowTargetId=wanted)


class UpdateWindow(Writer):
    """Changes members of a window. Undone by what they were: the call's ``before``."""

    service: ClassVar[str] = "ssm"
    operation: ClassVar[str] = "UpdateMaintenanceWindow"
    actions: ClassVar[tuple[str, ...]] = ("ssm:GetMaintenanceWindow", "ssm:UpdateMaintenanceWindow")

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        del key
        wanted = sent(call)
        there = client.get_maintenance_window(WindowId=wanted["WindowId"])
        if any(there.get(name) != value for name, value in wanted.items()):
            return None
        return {"WindowId": wanted["WindowId"]}

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        del key
        return kept(client.update_maintenance_window(**sent(call)), "WindowId")

    def undo(self, client: Any, call: AwsCall, key: str, result: Mapping[str, Any]) -> None:
        del key, result
        client.update_maintenance_window(WindowId=call.parameters["WindowId"], **_before(call))


class DeleteWindow(Writer):
    """Deletes a window with its targets. Undone by making it again from the call's ``before``, under another id."""

    service: ClassVar[str] = "ssm"
    operation: ClassVar[str] = "DeleteMaintenanceWindow"
    actions: ClassVar[tuple[str, ...]] = tuple(
        sorted({*CreateWindow.actions, *RegisterTarget.actions, "ssm:GetMaintenanceWindow"})
    )

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        del key
        id_ = call.parameters["WindowId"]
        return None if _there(client, id_) else {"WindowId": id_}

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        del key
        return kept(client.delete_maintenance_window(WindowId=call.parameters["WindowId"]), "WindowId")

    def undo(self, client: Any, call: AwsCall, key: str, result: Mapping[str, Any]) -> None:
        del result
        if _there(client, call.parameters["WindowId"]):
            return
        before = _before(call)
        targets = before.pop("Targets", [])
        made = next(_tagged(client, before["Name"], before.get("Tags", ())), None)
        if made is None:
            token = f"{key}-back"
            answer = client.create_maintenance_window(**before, AllowUnassociatedTargets=False, ClientToken=token)
            made = answer["WindowId"]
        there = [target["Targets"] for target in _targets(client, made)]
        for number, target in enumerate(targets, start=1):
            if target["Targets"] not in there:
                token = f"{key}-back-{number}"
                client.register_target_with_maintenance_window(WindowId=made, **target, ClientToken=token)


def _before(call: AwsCall) -> dict[str, Any]:
    found = call.parameters.get("before")
    return dict(found) if isinstance(found, dict) else {}


def _tagged(client: Any, name: str, tags: Any) -> Iterator[str]:
    """The ids of the windows of that name that bear all of these tags."""
    wanted = {(tag["Key"], tag["Value"]) for tag in tags}
    pages = client.get_paginator("describe_maintenance_windows")
    for page in pages.paginate(Filters=[{"Key": "Name", "Values": [name]}]):
        for window in page["WindowIdentities"]:
            found = client.list_tags_for_resource(ResourceType=KIND, ResourceId=window["WindowId"])["TagList"]
            if wanted <= {(tag["Key"], tag["Value"]) for tag in found}:
                yield window["WindowId"]


def _targets(client: Any, window: Any) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator("describe_maintenance_window_targets").paginate(WindowId=window):
        yield from page["Targets"]


def _targets_left(client: Any, window: Any) -> list[dict[str, Any]]:
    """None where the window has gone, and its targets with it: whoever undid the step before deleted it."""
    try:
        return list(_targets(client, window))
    except client.exceptions.DoesNotExistException:
        return []


def _there(client: Any, window: Any) -> bool:
    try:
        client.get_maintenance_window(WindowId=window)
    except client.exceptions.DoesNotExistException:
        return False
    return True


def _delete(client: Any, window: Any) -> None:
    try:
        client.delete_maintenance_window(WindowId=window)
    except client.exceptions.DoesNotExistException:
        return  # undone already


WRITERS: tuple[Writer, ...] = (CreateWindow(), RegisterTarget(), UpdateWindow(), DeleteWindow())
