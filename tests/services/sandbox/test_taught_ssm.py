"""SSM maintenance windows and RDS's pending maintenance, as they were taught. Written to is the operator's account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.services.sandbox.wire import client
from tests.support.sandbox import AT, RunningSandbox

PUBLIC, DEDICATED = "111122223333", "444455556666"


@pytest.fixture
def window(sandbox: RunningSandbox) -> Iterator[tuple[Any, str]]:
    """A client of the operator's own account, and a window in it, made every Sunday at 22:00 in Rome."""
    ssm = client(sandbox, "ssm")
    made = ssm.create_maintenance_window(
        Name="by-hand",
        Schedule="cron(0 22 ? * SUN *)",
        ScheduleTimezone="Europe/Rome",
        Duration=2,
        Cutoff=0,
        AllowUnassociatedTargets=False,
    )["WindowId"]
    yield ssm, made
    ssm.delete_maintenance_window(WindowId=made)


def test_a_slots_window_says_when_it_runs(sandbox: RunningSandbox) -> None:
    """The planted window of tonight's slot bears its name and runs when the slot begins, in whole hours."""
    ssm = client(sandbox, "ssm", "us-east-1", PUBLIC)
    by_name = {one["Name"]: one for one in ssm.describe_maintenance_windows()["WindowIdentities"]}
    tonight = by_name["tenure-tonight"]
    assert tonight["NextExecutionTime"] == "2026-11-22T21:00-05:00"
    assert (tonight["Duration"], tonight["Enabled"]) == (2, True)
    tags = ssm.list_tags_for_resource(ResourceType="MaintenanceWindow", ResourceId=tonight["WindowId"])["TagList"]
    assert tags == [{"Key": "tenure:slot", "Value": "tonight"}]
    (found,) = ssm.describe_maintenance_windows(Filters=[{"Key": "Name", "Values": ["tenure-tonight"]}])[
        "WindowIdentities"
    ]
    assert found == tonight


def test_a_window_that_is_over_was_executed(sandbox: RunningSandbox) -> None:
    """It names no next execution, and its past one."""
    ssm = client(sandbox, "ssm", "us-east-1", PUBLIC)
    (done,) = [
        one
        for one in ssm.describe_maintenance_windows()["WindowIdentities"]
        if one["Name"].startswith("tenure-") and "NextExecutionTime" not in one
    ]
    (ran,) = ssm.describe_maintenance_window_executions(WindowId=done["WindowId"])["WindowExecutions"]
    assert ran["Status"] == "SUCCESS"
    assert ran["StartTime"] < AT
    before = [{"Key": "ExecutedBefore", "Values": [(ran["StartTime"] - timedelta(days=1)).isoformat()]}]
    assert (
        ssm.describe_maintenance_window_executions(WindowId=done["WindowId"], Filters=before)["WindowExecutions"] == []
    )


def test_an_update_changes_what_it_names(window: tuple[Any, str]) -> None:
    """Left out is left as it was; with Replace it is taken back; a window that is off runs no more."""
    ssm, id_ = window
    assert ssm.get_maintenance_window(WindowId=id_)["NextExecutionTime"] == "2026-11-22T22:00+01:00"
    changed = ssm.update_maintenance_window(WindowId=id_, Schedule="cron(30 21 ? * MON *)", Duration=3)
    assert (changed["Schedule"], changed["Duration"], changed["Name"]) == ("cron(30 21 ? * MON *)", 3, "by-hand")
    assert ssm.get_maintenance_window(WindowId=id_)["NextExecutionTime"] == "2026-11-23T21:30+01:00"
    ahead = ssm.describe_maintenance_window_schedule(WindowId=id_)["ScheduledWindowExecutions"]
    times = [datetime.fromisoformat(one["ExecutionTime"]) for one in ahead]
    assert times == sorted(times)
    assert all(later - earlier == timedelta(days=7) for earlier, later in pairwise(times))
    ssm.update_maintenance_window(WindowId=id_, Enabled=False)
    assert "NextExecutionTime" not in ssm.get_maintenance_window(WindowId=id_)
    enabled = [{"Key": "Enabled", "Values": ["true"]}]
    assert ssm.describe_maintenance_windows(Filters=enabled)["WindowIdentities"] == []
    replaced = ssm.update_maintenance_window(
        WindowId=id_, Name="again", Schedule="rate(2 days)", Duration=1, Cutoff=0, Replace=True
    )
    assert "ScheduleTimezone" not in replaced
    assert replaced["Enabled"] is True


def test_what_ssm_refuses(window: tuple[Any, str]) -> None:
    """A window that is not there, a size of a page that SSM does not know, a token of nobody's."""
    ssm, _ = window
    refusals: tuple[tuple[Callable[[], Any], str], ...] = (
        (lambda: ssm.update_maintenance_window(WindowId="mw-" + "0" * 17, Name="none"), "DoesNotExistException"),
        (lambda: ssm.describe_maintenance_windows(NextToken="!"), "ValidationException"),
        (lambda: ssm.describe_maintenance_windows(Filters=[{"Key": "x", "Values": ["y"]}]), "ValidationException"),
    )
    for ask, code in refusals:
        with pytest.raises(ClientError) as refused:
            ask()
        assert refused.value.response["Error"]["Code"] == code


def test_times_are_written_as_ssm_writes_them() -> None:
    """Seconds only where there are some, Z for UTC."""
    from services.sandbox.taught.ssm import write_time  # here, for moto is not to be read by every worker

    assert write_time(AT) == "2026-11-22T03:00Z"
    assert write_time(AT + timedelta(seconds=5)) == "2026-11-22T03:00:05Z"


def test_what_rds_has_pending(sandbox: RunningSandbox) -> None:
    """One resource with two actions: one with a date that will be forced, one that waits for consent."""
    rds = client(sandbox, "rds", "me-central-1", DEDICATED)
    (found,) = rds.describe_pending_maintenance_actions()["PendingMaintenanceActions"]
    arn = f"arn:aws:rds:me-central-1:{DEDICATED}:cluster:macguffin-lines-core"
    assert found["ResourceIdentifier"] == arn
    forced, open_ = found["PendingMaintenanceActionDetails"]
    assert forced["ForcedApplyDate"] == AT + timedelta(days=2)
    assert "ForcedApplyDate" not in open_
    assert rds.describe_pending_maintenance_actions(ResourceIdentifier=arn)["PendingMaintenanceActions"] == [found]
    by_name = [{"Name": "db-cluster-id", "Values": ["another"]}]
    assert rds.describe_pending_maintenance_actions(Filters=by_name)["PendingMaintenanceActions"] == []
    with pytest.raises(ClientError) as refused:
        rds.describe_pending_maintenance_actions(Filters=[{"Name": "x", "Values": ["y"]}])
    assert refused.value.response["Error"]["Code"] == "InvalidParameterValue"
