"""Orders that write to AWS, from the plan to what the console then says, on a sandbox of their own."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.services.sandbox.wire import client
from tests.support.cli import tenure
from tests.support.sandbox import RunningSandbox, running_sandbox, wait_for

pytestmark = [pytest.mark.xdist_group("carried-in-aws"), pytest.mark.processes]
TENANT = "spacely-voice"
LONDON, DEDICATED = "eu-west-2", "444455556666"
ENDED = {"done", "undone", "half-done", "cancelled", "void"}


class Desk:
    """An operator of a sandbox."""

    def __init__(self, sandbox: RunningSandbox, http: httpx.Client, home: Path) -> None:
        self.sandbox = sandbox
        self._http = http
        self._home = home

    def plan(self, action: str, *tenants: str, **fields: str) -> httpx.Response:
        asked = {"key": secrets.token_hex(16), "action": action, "tenants": tenants, "fields": fields}
        return self._http.post("/plans", json=asked)

    def order(self, action: str, *tenants: str, **fields: str) -> dict[str, Any]:
        """Plans, hands over, and waits for the end."""
        planned = self.plan(action, *tenants, **fields)
        assert planned.status_code == 200, planned.text
        given = self._http.post("/orders", json={"plan": planned.json()})
        assert given.status_code == 201, given.text
        key = given.json()["id"]
        assert wait_for(lambda: self._http.get(f"/orders/{key}").json()["state"] in ENDED, 30)
        ended: dict[str, Any] = self._http.get(f"/orders/{key}").json()
        return ended

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path)

    def slot(self, id_: str) -> dict[str, Any]:
        """As the console judges it."""
        shown = tenure("list", "maintenance", "-o", "json", home=self._home, env=self.sandbox.environment)
        rows = json.loads(shown.stdout)
        (found,) = [row for row in rows if row.get("slot") == id_]
        return dict(found)

    def windows(self, id_: str) -> list[dict[str, Any]]:
        ssm = client(self.sandbox, "ssm", LONDON, DEDICATED)
        named = [{"Key": "Name", "Values": [f"tenure-{id_}"]}]
        found: list[dict[str, Any]] = ssm.describe_maintenance_windows(Filters=named)["WindowIdentities"]
        return found


@pytest.fixture(scope="module")
def own() -> Iterator[RunningSandbox]:
    """A sandbox that these tests may change; none makes a slot where another does."""
    with running_sandbox("--tenants", "36") as running:
        yield running


@pytest.fixture
def desk(own: RunningSandbox, tmp_path: Path) -> Iterator[Desk]:
    bearer = {"Authorization": f"Bearer {own.tokens['operator']}"}
    with httpx.Client(base_url=own.api_url, trust_env=False, timeout=30, headers=bearer) as http:
        yield Desk(own, http, tmp_path)
    own.set_faults()


def test_a_slot_from_its_plan_to_its_cancellation(desk: Desk) -> None:
    """Scheduled, it stands in the registry and in AWS and the console finds that AWS carries it out as planned; moved
    and extended, the window follows; cancelled, it is gone."""
    made = desk.order(
        "slot-schedule", TENANT, start="2026-12-08 22:00", zone="Europe/London", length="90m", reason="Up"
    )
    assert (made["state"], made["failure"]) == ("done", None)
    id_ = made["steps"][0]["result"]["id"]
    (window,) = desk.windows(id_)
    assert (window["NextExecutionTime"], window["Duration"]) == ("2026-12-08T22:00Z", 2)
    row = desk.slot(id_)
    assert (row["status"], row["conflicts"]) == ("ok", [])
    assert row["windows"] == [f"{window['WindowId']} {DEDICATED} {LONDON}"]
    assert row["reason"] == "2026-12-08T22:00:00Z to 2026-12-08T23:30:00Z: Up; not announced"
    moved = desk.order("slot-move", slot=id_, start="2026-12-09 21:00", announce="yes")
    assert (moved["state"], moved["failure"]) == ("done", None)
    extended = desk.order("slot-extend", slot=id_, by="1h")
    assert (extended["state"], extended["failure"]) == ("done", None)
    (window,) = desk.windows(id_)
    assert (window["NextExecutionTime"], window["Duration"]) == ("2026-12-09T21:00Z", 3)
    assert desk.slot(id_)["reason"] == "2026-12-09T21:00:00Z to 2026-12-09T23:30:00Z: Up; not announced"
    cancelled = desk.order("slot-cancel", slot=id_)
    assert (cancelled["state"], cancelled["failure"]) == ("done", None)
    assert desk.windows(id_) == []
    assert desk.slot(id_)["status"] == "not-applicable"


def test_what_aws_refuses_leaves_nothing(desk: Desk) -> None:
    """The window is denied: the slot that was entered before it is taken back, and the order says why."""
    desk.sandbox.set_faults("denied:ssm")
    refused = desk.order("slot-schedule", TENANT, start="2026-12-08 22:00", length="2h", reason="Up")
    assert refused["state"] == "undone"
    assert "step 2 failed: AccessDeniedException" in refused["failure"]
    id_ = refused["steps"][0]["result"]["id"]
    assert desk.get(f"/slots/{id_}").status_code == 404
    desk.sandbox.set_faults()
    assert desk.windows(id_) == []


def test_a_move_is_not_planned_while_aws_is_silent(desk: Desk) -> None:
    """Which windows there are is not known: 503, and nothing is guessed."""
    desk.sandbox.set_faults("denied:ssm")
    planned = desk.plan("slot-cancel", slot="spacely-night")
    assert planned.status_code == 503
    assert f"ssm DescribeMaintenanceWindows of {DEDICATED} {LONDON}" in planned.json()["detail"]


def test_a_slot_of_a_group_has_a_window_where_its_tenants_are(desk: Desk) -> None:
    """Those of the tier in the region; one that collides is refused with its reason, and told in 409."""
    made = desk.order(
        "slot-schedule", tier="dedicated", region=LONDON, start="2026-12-15 22:00", zone="UTC", length="2h", reason="Up"
    )
    assert (made["state"], made["failure"]) == ("done", None)
    id_ = made["steps"][0]["result"]["id"]
    assert len(desk.windows(id_)) == 1
    again = desk.plan("slot-schedule", TENANT, start="2026-12-15 23:00", zone="UTC", length="2h", reason="Up")
    assert again.status_code == 409
    assert f"overlaps slot {id_} of dedicated {LONDON}" in again.json()["detail"]


def test_a_snapshot_is_taken_and_a_restore_point(desk: Desk) -> None:
    """It stands in AWS under the order's name; the order says which it is, and nothing undoes it."""
    cluster = f"arn:aws:rds:{LONDON}:{DEDICATED}:cluster:spacely-voice-core"
    made = desk.order("backup-start", TENANT, store=cluster, method="snapshot")
    assert (made["state"], made["failure"]) == ("done", None)
    result = made["steps"][0]["result"]
    rds = client(desk.sandbox, "rds", LONDON, DEDICATED)
    name = result["DBClusterSnapshotIdentifier"]
    (found,) = rds.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=name)["DBClusterSnapshots"]
    assert (found["DBClusterSnapshotArn"], found["Status"]) == (result["DBClusterSnapshotArn"], "available")
    assert {"Key": "tenure:order", "Value": made["id"]} in found["TagList"]
    assert made["steps"][0]["request_id"]


def test_a_backup_job_is_followed_to_its_end(desk: Desk) -> None:
    """The order is done when the job is: by then its recovery point is there. One that AWS refuses fails the order."""
    cluster = f"arn:aws:rds:{LONDON}:{DEDICATED}:cluster:spacely-voice-core"
    fields = {"store": cluster, "method": "backup", "keep": "35"}
    made = desk.order("backup-start", TENANT, **fields, vault="suite-daily")
    assert (made["state"], made["failure"]) == ("done", None)
    job_id = made["steps"][0]["result"]["BackupJobId"]
    backup = client(desk.sandbox, "backup", LONDON, DEDICATED)
    job = backup.describe_backup_job(BackupJobId=job_id)
    assert job["State"] == "COMPLETED"
    points = backup.list_recovery_points_by_resource(ResourceArn=cluster)["RecoveryPoints"]
    assert job["RecoveryPointArn"] in {point["RecoveryPointArn"] for point in points}
    on_demand = [it for it in backup.list_backup_jobs(ByResourceArn=cluster)["BackupJobs"] if "CreatedBy" not in it]
    assert [it["BackupJobId"] for it in on_demand] == [job_id]
    refused = desk.order("backup-start", TENANT, **fields, vault="no-vault")
    assert refused["state"] == "undone"
    assert "ResourceNotFoundException" in refused["failure"]


def test_a_store_of_another_is_not_backed_up(desk: Desk) -> None:
    """Nor one that AWS does not show: 409, at the field."""
    other = f"arn:aws:rds:{LONDON}:{DEDICATED}:cluster:another"
    planned = desk.plan("backup-start", TENANT, store=other, method="snapshot")
    assert planned.status_code == 409
    assert [part["where"] for part in planned.json()["errors"]] == ["fields.store"]


def test_a_failover_is_made_and_recorded(desk: Desk) -> None:
    """The cluster's writer is another instance afterwards; the test stands in the registry with its two instants."""
    cluster = f"arn:aws:rds:{LONDON}:{DEDICATED}:cluster:spacely-voice-core"
    rds = client(desk.sandbox, "rds", LONDON, DEDICATED)

    def writer() -> str:
        (found,) = rds.describe_db_clusters(DBClusterIdentifier="spacely-voice-core")["DBClusters"]
        return str(next(it["DBInstanceIdentifier"] for it in found["DBClusterMembers"] if it["IsClusterWriter"]))

    before = writer()
    made = desk.order("failover-test", TENANT, store=cluster)
    assert (made["state"], made["failure"]) == ("done", None)
    assert writer() != before
    test = desk.get(f"/recovery-tests/{made['steps'][0]['result']['id']}").json()
    assert (test["kind"], test["store"], test["succeeded"]) == ("failover", cluster, True)
    assert test["started_at"] <= test["ended_at"]
