"""What a table of actions is made of, and what the registry and AWS show past Tenure after an act."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.words import say_instant
from tests.support.acting import AwsCli, Registry, Shell
from tests.support.sandbox import RunningSandbox

PUBLIC, DEDICATED = "111122223333", "444455556666"
FRANKFURT, VIRGINIA, LONDON, SINGAPORE = "eu-central-1", "us-east-1", "eu-west-2", "ap-southeast-1"
DUBAI, MONTREAL = "me-central-1", "ca-central-1"
UNTIL: Final = "2027-12-31"


class Given:
    """Stands in ``Act.after`` for the instant at which the worker did it."""


NOW: Final = Given()


@dataclass
class Scene:
    """Where a story is played: who acts, how one looks, and what was found on the way."""

    sandbox: RunningSandbox
    operator: Shell
    approver: Shell
    registry: Registry
    aws: AwsCli
    plant: Registry
    """With a worker's token, for records that no action makes."""
    tenant: str = ""
    known: dict[str, str] = field(default_factory=dict)
    """Words for fields and paths: ids of records that were made, instants."""

    def ago(self, length: timedelta) -> str:
        return say_instant(self.sandbox.now() - length)

    def say(self, text: str) -> str:
        return text.format(tenant=self.tenant, **self.known)


Check = Callable[[Scene], None]


@dataclass(frozen=True)
class Act:
    """An action, and what has to be true after it and not before."""

    action: str
    record: str
    """The path of the record that shows it; of what is made by it ``/cases/{made}``."""
    after: Mapping[str, object]
    """Members of that record, each of which has another value before."""
    fields: Mapping[str, str] = field(default_factory=dict)
    tenants: bool = True
    """Whether the story's tenant is named."""
    also: Check | None = None
    """What else there is, or is not."""


@dataclass(frozen=True)
class Played:
    """Acts on one tenant, each on what the one before left."""

    story: str
    tenant: str
    acts: tuple[Act, ...]
    before: Check | None = None
    """Plants a state that no story has and no action makes."""
    again: bool = False
    """Whether all of its actions are played by others too: what goes round once leaves it out."""


# -- states that no story has


def ended_the_day_before_yesterday(scene: Scene) -> None:
    """The end of the subscription is master data: an operator's PUT, as an import would write it."""
    path = f"/subscriptions/sub-{scene.tenant}-1"
    record = scene.registry.get(path)
    assert record is not None
    day = (scene.sandbox.now() - timedelta(days=2)).date().isoformat()
    Registry(scene.sandbox, scene.sandbox.tokens["operator"]).put(path, {**record, "ended_on": day})


def a_slot_that_has_begun(scene: Scene) -> None:
    """A slot is scheduled ahead and time passes: planted as it stands an hour later, by a worker."""
    begun = (scene.sandbox.now() - timedelta(hours=1)).replace(second=0, microsecond=0)
    slot = {
        "id": "begun",
        "tenant": scene.tenant,
        "starts_at": say_instant(begun),
        "ends_at": say_instant(begun + timedelta(hours=2)),
        "zone": "UTC",
        "local_start": begun.replace(tzinfo=None).isoformat(),
        "state": "scheduled",
        "reason": "Certificates",
        "scheduled_at": say_instant(begun - timedelta(days=9)),
    }
    scene.plant.put("/slots/begun", slot)


# -- what AWS shows afterwards


def the_database_still_runs(name: str, region: str) -> Check:
    def check(scene: Scene) -> None:
        found = scene.aws(PUBLIC, region, "rds", "describe-db-instances", "--db-instance-identifier", name)
        assert [one["DBInstanceStatus"] for one in found["DBInstances"]] == ["available"]

    return check


def windows(scene: Scene) -> list[dict[str, Any]]:
    """The maintenance windows of the slot that was made."""
    named = f"Key=Name,Values=tenure-{scene.known['slot']}"
    found = scene.aws(DEDICATED, LONDON, "ssm", "describe-maintenance-windows", "--filters", named)
    identities: list[dict[str, Any]] = found["WindowIdentities"]
    return identities


def one_window(next_at: str, hours: int) -> Check:
    def check(scene: Scene) -> None:
        (window,) = windows(scene)
        assert (window["NextExecutionTime"], window["Duration"], window["Enabled"]) == (next_at, hours, True)
        asked = ("ssm", "describe-maintenance-window-targets", "--window-id", window["WindowId"])
        (target,) = scene.aws(DEDICATED, LONDON, *asked)["Targets"]
        assert target["Targets"] == [{"Key": "tag:tenant", "Values": [scene.tenant]}]

    return check


def no_window(scene: Scene) -> None:
    assert windows(scene) == []


def a_snapshot_of(instance: str, account: str, region: str) -> Check:
    def check(scene: Scene) -> None:
        asked = ("--db-instance-identifier", instance, "--snapshot-type", "manual")
        found = scene.aws(account, region, "rds", "describe-db-snapshots", *asked)["DBSnapshots"]
        order = {"Key": "tenure:order", "Value": scene.known["order"]}
        (snapshot,) = [one for one in found if order in one.get("TagList", [])]
        assert snapshot["Status"] == "available"
        assert snapshot["DBSnapshotIdentifier"] == f"tenure-{instance}-{scene.known['order'][:12]}"

    return check


def a_recovery_point_of(arn: str, account: str, region: str, vault: str) -> Check:
    def check(scene: Scene) -> None:
        jobs = scene.aws(account, region, "backup", "list-backup-jobs", "--by-resource-arn", arn)["BackupJobs"]
        step = scene.registry.get(f"/orders/{scene.known['order']}")
        assert step is not None
        (job,) = [one for one in jobs if one["BackupJobId"] == step["steps"][0]["result"]["BackupJobId"]]
        assert (job["State"], job["BackupVaultName"]) == ("COMPLETED", vault)
        asked = ("--backup-vault-name", vault, "--recovery-point-arn", job["RecoveryPointArn"])
        point = scene.aws(account, region, "backup", "describe-recovery-point", *asked)
        assert (point["ResourceArn"], point["Status"]) == (arn, "COMPLETED")
        assert point["Lifecycle"]["DeleteAfterDays"] == 35

    return check


def zones_of_globex(scene: Scene) -> tuple[str, str]:
    """Where the database of nine-minutes-behind runs, and where its standby does."""
    name = ("--db-instance-identifier", "globex-voice-core")
    (one,) = scene.aws(DEDICATED, FRANKFURT, "rds", "describe-db-instances", *name)["DBInstances"]
    assert (one["MultiAZ"], one["DBInstanceStatus"]) == (True, "available")
    return one["AvailabilityZone"], one["SecondaryAvailabilityZone"]


def where_globex_runs(scene: Scene) -> None:
    scene.known["primary"], scene.known["standby"] = zones_of_globex(scene)


def globex_runs_on_its_standby(scene: Scene) -> None:
    """Once over, and not back: the zones have changed places."""
    assert zones_of_globex(scene) == (scene.known["standby"], scene.known["primary"])


def tested_and_tidied(name: str, region: str) -> Check:
    """The copy is gone, with all that was taken of it; the store stands as it did."""

    def check(scene: Scene) -> None:
        copy = f"tenure-test-{name}-{scene.known['order'][:12]}"
        found = scene.aws(PUBLIC, region, "rds", "describe-db-instances")["DBInstances"]
        statuses = {one["DBInstanceIdentifier"]: one["DBInstanceStatus"] for one in found}
        assert statuses[name] == "available"
        assert copy not in statuses
        left = scene.aws(PUBLIC, region, "rds", "describe-db-snapshots")["DBSnapshots"]
        assert copy not in {one["DBInstanceIdentifier"] for one in left}
        order = scene.registry.get(f"/orders/{scene.known['order']}")
        assert order is not None
        made, gone = (order["steps"][number]["result"]["DBInstanceIdentifier"] for number in (1, 4))
        assert made == gone == copy

    return check


def its_rto(status: str) -> Check:
    """What the console then says of the story's one store."""

    def check(scene: Scene) -> None:
        rows = json.loads(scene.operator.done("list", "recovery", "-o", "json"))
        (row,) = [one for one in rows if one["tenant"] == scene.tenant]
        assert row["rto_status"] == status, row["rto_reason"]

    return check


def each(*checks: Check) -> Check:
    def check(scene: Scene) -> None:
        for one in checks:
            one(scene)

    return check


def today_in_dubai(scene: Scene) -> None:
    """The subscription ends on this day by the tenant's own calendar."""
    subscription = scene.registry.get(f"/subscriptions/sub-{scene.tenant}-1")
    assert subscription is not None
    assert subscription["ended_on"] == scene.sandbox.now().astimezone(ZoneInfo("Asia/Dubai")).date().isoformat()
    assert subscription["terminated_for"] == "Resold numbers to robocallers"


def ends_then(scene: Scene) -> None:
    subscription = scene.registry.get(f"/subscriptions/sub-{scene.tenant}-1")
    assert subscription is not None
    assert subscription["ended_on"] == UNTIL
    assert subscription["termination_confirmed_at"] is None


def fax_alone(scene: Scene) -> None:
    """The tenant stays in force, and the story's own case is untouched."""
    tenant, other = scene.registry.get(f"/tenants/{scene.tenant}"), scene.registry.get("/cases/case-sprawl-mart-1")
    assert tenant is not None
    assert other is not None
    assert (tenant["state"], other["state"], other["disabled_at"]) == ("active", "open", None)
