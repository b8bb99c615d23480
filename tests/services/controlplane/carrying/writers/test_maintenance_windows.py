"""Writes to SSM's maintenance windows in the sandbox's AWS: once, whatever is lost, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from services.aws.session import AwsSession
from services.wire.orders import AwsCall
from tests.services.controlplane.carrying.writers.losing import (
    KEY,
    PUBLIC,
    call,
    carry_out,
    client_of,
    lose_and_find,
    working,
    writer_of,
)
from tests.support.sandbox import RunningSandbox

TAGS = [{"Key": "tenure:slot", "Value": "s-1"}, {"Key": "tenure:order", "Value": KEY[:32]}]
MADE: dict[str, Any] = {
    "Name": "tenure-s-1",
    "Description": "Upgrade",
    "Schedule": "at(2026-12-01T22:00:00)",
    "ScheduleTimezone": "Europe/Rome",
    "Duration": 2,
    "Cutoff": 0,
}
CREATE = call("ssm", "CreateMaintenanceWindow", **MADE, AllowUnassociatedTargets=False, Tags=TAGS)
TARGETS = [{"Key": "tag:tenant", "Values": ["acme", "umbrella"]}]


@pytest.fixture
def session(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsSession]:
    with working(faulty, monkeypatch) as session:
        yield session


@pytest.fixture
def window(session: AwsSession) -> Iterator[str]:
    """A window as a step makes it, gone afterwards."""
    made = carry_out(session, CREATE)
    yield str(made["WindowId"])
    writer_of(CREATE).undo(client_of(session, CREATE), CREATE, KEY, made)


def windows(session: AwsSession, name: str = "tenure-s-1") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client_of(session, CREATE).describe_maintenance_windows(
        Filters=[{"Key": "Name", "Values": [name]}]
    )["WindowIdentities"]
    return found


def targets(session: AwsSession, window: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client_of(session, CREATE).describe_maintenance_window_targets(WindowId=window)[
        "Targets"
    ]
    return found


def register(window: str) -> AwsCall:
    return call(
        "ssm",
        "RegisterTargetWithMaintenanceWindow",
        WindowId=window,
        ResourceType="INSTANCE",
        Targets=TARGETS,
        Name="tenants-1",
    )


def test_a_window_is_made_once(session: AwsSession) -> None:
    """Its answer lost, sent again, looked up: there is one; undone twice there is none."""
    made = lose_and_find(session, CREATE, lambda: len(windows(session)))
    (window,) = windows(session)
    assert window["WindowId"] == made["WindowId"]
    assert made["request_id"]
    for _ in range(2):
        writer_of(CREATE).undo(client_of(session, CREATE), CREATE, KEY, made)
        assert windows(session) == []


def test_a_window_of_the_same_name_that_another_made_is_not_taken_for_ours(session: AwsSession) -> None:
    """It lacks the order's tag."""
    ssm = client_of(session, CREATE)
    other = ssm.create_maintenance_window(**MADE, AllowUnassociatedTargets=False)["WindowId"]
    assert writer_of(CREATE).find(ssm, CREATE, KEY) is None
    ssm.delete_maintenance_window(WindowId=other)


def test_targets_are_registered_once(session: AwsSession, window: str) -> None:
    """By their tag; deregistered twice, and once more when the window has gone: then none is found in it either."""
    of = register(window)
    made = lose_and_find(session, of, lambda: len(targets(session, window)))
    (target,) = targets(session, window)
    assert (target["Targets"], target["ResourceType"]) == (TARGETS, "INSTANCE")
    ssm = client_of(session, of)
    for _ in range(2):
        writer_of(of).undo(ssm, of, KEY, made)
        assert targets(session, window) == []
    ssm.delete_maintenance_window(WindowId=window)
    writer_of(of).undo(ssm, of, KEY, made)
    assert writer_of(of).find(ssm, of, KEY) is None


def test_a_window_is_changed_and_changed_back(session: AwsSession, window: str) -> None:
    """What is not named stays; undone it is as the call says that it was."""
    before = {name: MADE[name] for name in ("Schedule", "ScheduleTimezone", "Duration")}
    after: dict[str, Any] = {"Schedule": "at(2026-12-02T19:00:00)", "ScheduleTimezone": "UTC", "Duration": 3}
    of = call("ssm", "UpdateMaintenanceWindow", WindowId=window, **after, before=before)
    lose_and_find(session, of, lambda: len(windows(session)))
    (found,) = windows(session)
    assert {name: found[name] for name in after} == after
    assert found["Name"] == MADE["Name"]
    assert found["NextExecutionTime"] == "2026-12-02T19:00Z"
    for _ in range(2):
        writer_of(of).undo(client_of(session, of), of, KEY, {"WindowId": window})
        (found,) = windows(session)
        assert {name: found[name] for name in before} == before


def test_a_window_is_deleted_and_made_again(session: AwsSession, window: str) -> None:
    """Undone, it is as it was, under another id, with its tags and targets; undone twice it is there once."""
    carry_out(session, register(window))
    kept = [{"ResourceType": "INSTANCE", "Targets": TARGETS, "Name": "tenants-1"}]
    of = call("ssm", "DeleteMaintenanceWindow", WindowId=window, before={**MADE, "Tags": TAGS, "Targets": kept})
    writer, ssm = writer_of(of), client_of(session, of)
    assert writer.find(ssm, of, KEY) is None
    writer.undo(ssm, of, KEY, {"WindowId": window})
    assert [it["WindowId"] for it in windows(session)] == [window]
    writer.do(ssm, of, KEY)
    assert writer.find(ssm, of, KEY) == {"WindowId": window}
    assert windows(session) == []
    found: dict[str, Any] = {}
    for _ in range(2):
        writer.undo(ssm, of, KEY, {"WindowId": window})
        (found,) = windows(session)
        assert {name: found[name] for name in MADE} == MADE
        (target,) = targets(session, found["WindowId"])
        assert {name: target[name] for name in kept[0]} == kept[0]
    tags = ssm.list_tags_for_resource(ResourceType="MaintenanceWindow", ResourceId=found["WindowId"])["TagList"]
    assert tags == TAGS
    ssm.delete_maintenance_window(WindowId=found["WindowId"])


def test_the_workers_role_is_another_than_the_consoles(session: AwsSession) -> None:
    """The sandbox lets the operator assume both."""
    arn = session.client("sts", PUBLIC, "us-east-1").get_caller_identity()["Arn"]  # type: ignore[attr-defined]  # boto3's
    assert ":assumed-role/tenure-worker/" in arn
