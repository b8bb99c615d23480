"""The worker's IAM document against an AWS that enforces it: it suffices, nothing in it is spare, the console's role
writes nothing."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.agreement import default_policy_text, parse_policy
from services.aws.session import AwsSession
from services.checks import CHECKS, iam_policy
from services.controlplane.asking import answer
from services.controlplane.carrying.iam import HANDING, asking_actions, worker_policy, writing_actions
from services.controlplane.carrying.writers import WRITERS
from services.controlplane.carrying.writers.base import StaysError
from services.controlplane.known import UnansweredError
from services.orders.world import Known
from services.wire.operations import SlotRecord
from services.wire.orders import AwsCall
from services.wire.registry import Record, StoreRecord, TenantRecord
from tests.services.controlplane.carrying.writers.losing import KEY, PUBLIC, call, client_of, writer_of
from tests.services.orders.slot_worlds import slot, tenant
from tests.support.enforcing import Enforced, enforced
from tests.support.sandbox import RunningSandbox

UNASKED = frozenset({"backup:TagResource", "rds:AddTagsToResource", "ssm:AddTagsToResource", HANDING})
"""What AWS asks for on the way of another call, by its own documents; moto does not."""
ACME = tenant("wonka-desk")
DATABASE = f"arn:aws:rds:eu-central-1:{PUBLIC}:db:wonka-desk-db"


@pytest.fixture
def iam(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enforced]:
    for name, value in faulty.aws_environment.items():
        monkeypatch.setenv(name, value)
    with enforced(faulty, "tenure-worker") as enforcing:
        yield enforcing


def known(sandbox: RunningSandbox) -> Known:
    """A tenant whose stores the sandbox has, and a slot of it that AWS has a window of."""
    own = slot(id_="iam", tenant=ACME.id)
    policy = parse_policy(default_policy_text())
    mapped = StoreRecord(id="m-1", tenant=ACME.id, store=DATABASE)
    records: dict[type[Record], Sequence[Record]] = {
        TenantRecord: (ACME,),
        SlotRecord: (own,),
        StoreRecord: (mapped,),
    }
    return Known(policy, sandbox.now(), records)


def every_call(window: str) -> Sequence[AwsCall]:
    """One of each operation that is written with."""
    made: dict[str, Any] = {"Name": "tenure-iam", "Schedule": "at(2026-12-01T22:00:00)", "Duration": 2, "Cutoff": 0}
    tags = [{"Key": "tenure:slot", "Value": "iam"}]
    targets = [{"Key": "tag:tenant", "Values": ["acme"]}]
    kept = [{"ResourceType": "INSTANCE", "Targets": targets}]
    return (
        call("ssm", "CreateMaintenanceWindow", **made, AllowUnassociatedTargets=False, Tags=tags),
        call("ssm", "RegisterTargetWithMaintenanceWindow", WindowId=window, ResourceType="INSTANCE", Targets=targets),
        call("ssm", "UpdateMaintenanceWindow", WindowId=window, Duration=3, before={"Duration": 2}),
        call("ssm", "DeleteMaintenanceWindow", WindowId=window, before={**made, "Tags": tags, "Targets": kept}),
        call("rds", "CreateDBSnapshot", DBInstanceIdentifier="wonka-desk-db", DBSnapshotIdentifier="tenure-iam"),
        call(
            "rds",
            "CreateDBClusterSnapshot",
            "444455556666",
            "eu-west-2",
            DBClusterIdentifier="spacely-voice-core",
            DBClusterSnapshotIdentifier="tenure-iam",
        ),
        call("rds", "RebootDBInstance", DBInstanceIdentifier="wonka-desk-db", before={"primary": "nowhere"}),
        call(
            "rds",
            "FailoverDBCluster",
            "444455556666",
            "eu-west-2",
            DBClusterIdentifier="spacely-voice-core",
            before={"primary": "nobody"},
        ),
        call(
            "backup",
            "StartBackupJob",
            BackupVaultName="suite-daily",
            ResourceArn=DATABASE,
            IamRoleArn=f"arn:aws:iam::{PUBLIC}:role/service-role/AWSBackupDefaultServiceRole",
        ),
    )


def new_window(iam: Enforced) -> str:
    """A window that an administrator made."""
    with iam.off(), closing(iam.session()) as session:
        made: str = session._client("ssm", PUBLIC, "eu-central-1").create_maintenance_window(  # type: ignore[attr-defined]  # boto3's
            Name="tenure-iam", Schedule="rate(7 days)", Duration=2, Cutoff=0, AllowUnassociatedTargets=False
        )["WindowId"]
        return made


def live_through(session: AwsSession, of: AwsCall) -> None:
    """A call from its look-up to its undoing."""
    writer, client = writer_of(of), client_of(session, of)
    writer.find(client, of, KEY)
    result = writer.do(client, of, KEY)
    writer.poll(client, of, result)
    try:
        writer.undo(client, of, KEY, result)
    except StaysError:
        return


def clean(iam: Enforced) -> None:
    """Takes away what the calls leave behind."""
    with iam.off(), closing(iam.session()) as session:
        ssm: Any = session.client("ssm", PUBLIC, "eu-central-1")
        named = [{"Key": "Name", "Values": ["tenure-iam"]}]
        for window in ssm.describe_maintenance_windows(Filters=named)["WindowIdentities"]:
            ssm.delete_maintenance_window(WindowId=window["WindowId"])
        near: Any = session.client("rds", PUBLIC, "eu-central-1")
        far: Any = session.client("rds", "444455556666", "eu-west-2")
        if any(it["DBSnapshotIdentifier"] == "tenure-iam" for it in near.describe_db_snapshots()["DBSnapshots"]):
            near.delete_db_snapshot(DBSnapshotIdentifier="tenure-iam")
        found = far.describe_db_cluster_snapshots()["DBClusterSnapshots"]
        if any(it["DBClusterSnapshotIdentifier"] == "tenure-iam" for it in found):
            far.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="tenure-iam")


def test_every_operation_is_among_the_calls() -> None:
    """So that the tests below leave none out."""
    assert {(of.service, of.operation) for of in every_call("mw-0")} == WRITERS.keys()


def test_the_generated_policy_suffices(iam: Enforced) -> None:
    """For each write from look-up to undoing, and for each question."""
    iam.let_role(worker_policy())
    window = new_window(iam)
    with closing(iam.session()) as session:
        for of in every_call(window):
            live_through(session, of)
        given = known(iam.sandbox)
        assert answer("windows of slot iam", session, given, threading.Event()) != []
        assert answer("stores of wonka-desk", session, given, threading.Event()) != []
        assert answer(f"primary of {DATABASE}", session, given, threading.Event()) is not None
    clean(iam)


@pytest.mark.unmeasured
def test_nothing_in_the_policy_is_spare(iam: Enforced) -> None:
    """Each action taken away alone, some write or question is refused; but those that moto does not ask for."""
    everything = sorted({*writing_actions(), *asking_actions()} - UNASKED)
    for action in everything:
        if action.startswith("s3:Get"):
            continue  # a setting of one bucket: left unread, not refused; tests/services/checks proves those
        iam.let_role(without(action))
        window = new_window(iam)
        with closing(iam.session()) as session:
            assert refused(session, window, known(iam.sandbox)), action
        clean(iam)


def refused(session: AwsSession, window: str, given: Known) -> bool:
    """Whether any write or question was."""
    for of in every_call(window):
        try:
            live_through(session, of)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException"):
                return True
            raise
    try:
        for question in ("windows of slot iam", "stores of wonka-desk"):
            answer(question, session, given, threading.Event())
    except UnansweredError as error:
        return "AccessDenied" in str(error)
    return False


def without(action: str) -> dict[str, Any]:
    policy = copy.deepcopy(worker_policy())
    for statement in policy["Statement"]:
        if isinstance(statement["Action"], list):
            statement["Action"] = [it for it in statement["Action"] if it != action]
    return policy


def test_the_consoles_role_writes_nothing(iam: Enforced) -> None:
    """Its own document lets none of the worker's writes through."""
    iam.let_role(iam_policy(CHECKS))
    window = new_window(iam)
    with closing(iam.session()) as session:
        for of in every_call(window):
            with pytest.raises(ClientError, match="AccessDenied"):
                writer_of(of).do(client_of(session, of), of, KEY)
    clean(iam)


def test_a_role_is_handed_to_aws_backup_alone() -> None:
    """By the document's own condition."""
    (passing,) = [it for it in worker_policy()["Statement"] if it["Action"] == HANDING]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
    assert not [
        it
        for it in worker_policy()["Statement"]
        if HANDING in it["Action"] and it is not passing and "Condition" not in it
    ]
