"""The worker's IAM document against an AWS that enforces it: it suffices, nothing in it is spare, the console's role
writes nothing."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.agreement import default_policy_text, parse_policy
from services.aws.collect.base import Place
from services.aws.fanout import fan_out
from services.aws.session import AwsSession
from services.checks import CHECKS, iam_policy
from services.controlplane.asking import answer
from services.controlplane.carrying.iam import (
    HANDING,
    KEYS,
    asking_actions,
    recording_actions,
    worker_policy,
    writing_actions,
)
from services.controlplane.carrying.writers import WRITERS
from services.controlplane.carrying.writers.base import StaysError
from services.controlplane.estates import link_calls_in
from services.controlplane.known import UnansweredError
from services.model import Outcome
from services.orders.world import Known
from services.wire.operations import SlotRecord
from services.wire.orders import AwsCall
from services.wire.registry import Record, StoreRecord, TenantRecord
from tests.services.controlplane.carrying.writers.losing import KEY, PUBLIC, call, client_of, writer_of
from tests.services.orders.slot_worlds import slot, tenant
from tests.support.enforcing import Enforced, enforced
from tests.support.sandbox import RunningSandbox, wait_for

UNASKED = frozenset({"backup:TagResource", "rds:AddTagsToResource", "ssm:AddTagsToResource", HANDING, *KEYS})
"""What AWS asks for on the way of another call, by its own documents; moto does not."""
READING = frozenset({"TenureAsk", "TenureRecord"})
"""Statements of the document that change nothing."""
ACME = tenant("wonka-desk")
RESTORED = "initrode-pbx-db"
"""An instance with continuous backups."""
NEW: dict[str, Any] = {
    "DBInstanceClass": "db.t4g.micro",
    "Engine": "postgres",
    "AllocatedStorage": 20,
    "MasterUsername": "suite",
    "MasterUserPassword": "not-a-secret",
}
FAR = ("444455556666", "eu-west-2")
TAGS = [{"Key": "tenure:order", "Value": KEY[:32]}]
BUCKET = "arn:aws:s3:::cyberdyne-meet-media"
BACKUP_ROLE = f"arn:aws:iam::{PUBLIC}:role/service-role/AWSBackupDefaultServiceRole"
DATABASE = f"arn:aws:rds:eu-central-1:{PUBLIC}:db:wonka-desk-db"


@pytest.fixture
def iam(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enforced]:
    for name, value in faulty.aws_environment.items():
        monkeypatch.setenv(name, value)
    with enforced(faulty, "tenure-worker") as enforcing:
        yield enforcing


@pytest.fixture
def session(iam: Enforced) -> Iterator[AwsSession]:
    """One for all of a test: a session reads its models anew, and what a role may is told when it calls."""
    with closing(iam.session()) as session:
        yield session


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
            IamRoleArn=BACKUP_ROLE,
        ),
        call("backup", "StartBackupJob", BackupVaultName="suite-daily", ResourceArn=BUCKET, IamRoleArn=BACKUP_ROLE),
        *restoring(),
    )


def restoring() -> Iterator[AwsCall]:
    """Copies, each undone before the next is made, of what is planted and of the snapshots that were made before."""
    instance: dict[str, Any] = {"Tags": TAGS, "PubliclyAccessible": False}
    latest: dict[str, Any] = {"UseLatestRestorableTime": True, **instance}
    source = {"SourceDBInstanceIdentifier": RESTORED, "TargetDBInstanceIdentifier": "tenure-iam"}
    yield call("rds", "RestoreDBInstanceToPointInTime", **source, **latest)
    yield call(
        "rds",
        "RestoreDBInstanceFromDBSnapshot",
        DBInstanceIdentifier="tenure-iam",
        DBSnapshotIdentifier="tenure-iam",
        **instance,
    )
    yield call("rds", "CreateDBInstance", DBInstanceIdentifier="tenure-iam", **NEW, **instance)
    yield call("rds", "DescribeDBInstances", DBInstanceIdentifier=RESTORED)
    yield call("rds", "DeleteDBInstance", DBInstanceIdentifier="tenure-iam-old")
    yield call(
        "rds",
        "RestoreDBClusterToPointInTime",
        *FAR,
        DBClusterIdentifier="tenure-iam",
        SourceDBClusterIdentifier="spacely-voice-core",
        UseLatestRestorableTime=True,
        Tags=TAGS,
    )
    yield call(
        "rds",
        "RestoreDBClusterFromSnapshot",
        *FAR,
        DBClusterIdentifier="tenure-iam",
        SnapshotIdentifier="tenure-iam",
        Engine="aurora-postgresql",
        Tags=TAGS,
    )
    yield call("rds", "DescribeDBClusters", *FAR, DBClusterIdentifier="spacely-voice-core")
    yield call("rds", "DeleteDBCluster", *FAR, DBClusterIdentifier="tenure-iam-old")


def new_window(iam: Enforced, session: AwsSession) -> str:
    """A window that an administrator made."""
    with iam.off():
        made: str = session._client("ssm", PUBLIC, "eu-central-1").create_maintenance_window(  # type: ignore[attr-defined]  # boto3's
            Name="tenure-iam", Schedule="rate(7 days)", Duration=2, Cutoff=0, AllowUnassociatedTargets=False
        )["WindowId"]
        return made


def old_copies(iam: Enforced, session: AwsSession) -> None:
    """An instance and a cluster of an order, which are to be deleted."""
    with iam.off():
        near: Any = session.client("rds", PUBLIC, "eu-central-1")
        far: Any = session.client("rds", *FAR)
        near.create_db_instance(DBInstanceIdentifier="tenure-iam-old", Tags=TAGS, **NEW)
        master = {name: NEW[name] for name in ("MasterUsername", "MasterUserPassword")}
        far.create_db_cluster(DBClusterIdentifier="tenure-iam-old", Engine="aurora-postgresql", Tags=TAGS, **master)


def old_job(iam: Enforced, session: AwsSession) -> None:
    """A job of a bucket that has ended: its point is AWS Backup's own, and tells its tags."""
    with iam.off():
        backup: Any = session.client("backup", PUBLIC, "eu-central-1")
        made = backup.start_backup_job(BackupVaultName="suite-daily", ResourceArn=BUCKET, IamRoleArn=BACKUP_ROLE)
        assert wait_for(lambda: backup.describe_backup_job(BackupJobId=made["BackupJobId"])["State"] == "COMPLETED")


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


def clean(iam: Enforced, session: AwsSession) -> None:
    """Takes away what the calls leave behind."""
    with iam.off():
        ssm: Any = session.client("ssm", PUBLIC, "eu-central-1")
        named = [{"Key": "Name", "Values": ["tenure-iam"]}]
        for window in ssm.describe_maintenance_windows(Filters=named)["WindowIdentities"]:
            ssm.delete_maintenance_window(WindowId=window["WindowId"])
        near: Any = session.client("rds", PUBLIC, "eu-central-1")
        far: Any = session.client("rds", *FAR)
        if any(it["DBSnapshotIdentifier"] == "tenure-iam" for it in near.describe_db_snapshots()["DBSnapshots"]):
            near.delete_db_snapshot(DBSnapshotIdentifier="tenure-iam")
        for it in near.get_paginator("describe_db_instances").paginate().search("DBInstances[].DBInstanceIdentifier"):
            if it.startswith("tenure-iam"):
                near.delete_db_instance(DBInstanceIdentifier=it, SkipFinalSnapshot=True)
        for it in far.describe_db_clusters()["DBClusters"]:
            if it["DBClusterIdentifier"].startswith("tenure-iam"):
                far.delete_db_cluster(DBClusterIdentifier=it["DBClusterIdentifier"], SkipFinalSnapshot=True)
        for it in far.describe_db_cluster_snapshots()["DBClusterSnapshots"]:
            if "tenure-iam" in it["DBClusterSnapshotIdentifier"]:  # moto keeps those that it took by itself
                far.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=it["DBClusterSnapshotIdentifier"])


def test_every_operation_is_among_the_calls() -> None:
    """So that the tests below leave none out."""
    assert {(of.service, of.operation) for of in every_call("mw-0")} == WRITERS.keys()


def test_the_generated_policy_suffices(iam: Enforced, session: AwsSession) -> None:
    """For each write from look-up to undoing, and for each question."""
    iam.let_role(anywhere())
    window = new_window(iam, session)
    old_copies(iam, session)
    old_job(iam, session)
    for of in every_call(window):
        live_through(session, of)
    given = known(iam.sandbox)
    assert answer("windows of slot iam", session, given, threading.Event()) != []
    assert answer("stores of wonka-desk", session, given, threading.Event()) != []
    assert answer(f"primary of {DATABASE}", session, given, threading.Event()) is not None
    for of_store in (DATABASE, f"arn:aws:rds:{FAR[1]}:{FAR[0]}:cluster:spacely-voice-core"):
        assert answer(f"restorable of {of_store}", session, given, threading.Event()) is not None
    clean(iam, session)


@pytest.mark.unmeasured
def test_nothing_in_the_policy_is_spare(iam: Enforced, session: AwsSession) -> None:
    """Each action taken away alone, some write or question is refused; but those that moto does not ask for."""
    old_job(iam, session)
    everything = sorted({*writing_actions(), *asking_actions()} - UNASKED)
    for action in everything:
        if action.startswith("s3:Get"):
            continue  # a setting of one bucket: left unread, not refused; tests/services/checks proves those
        iam.let_role(without(action))
        window = new_window(iam, session)
        concerned = [of for of in every_call(window) if action in writer_of(of).actions]
        if any(of.service == "rds" for of in concerned):
            old_copies(iam, session)
        assert refused(session, concerned, known(iam.sandbox)), action
        clean(iam, session)


def refused(session: AwsSession, writes: Iterable[AwsCall], given: Known) -> bool:
    """Whether any of these writes, or a question, was."""
    for of in writes:
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


def anywhere() -> dict[str, Any]:
    """The worker's document without the resources of its statements: moto lets a call through for ``*`` alone."""
    policy = copy.deepcopy(worker_policy())
    for statement in policy["Statement"]:
        statement["Resource"] = "*"
    return policy


def without(action: str) -> dict[str, Any]:
    policy = anywhere()
    for statement in policy["Statement"]:
        if isinstance(statement["Action"], list):
            statement["Action"] = [it for it in statement["Action"] if it != action]
    policy["Statement"] = [it for it in policy["Statement"] if it["Action"]]
    return policy


def test_links_are_recorded_by_the_policy_and_by_nothing_spare_in_it(iam: Enforced, session: AwsSession) -> None:
    """With it every call of the recorder about links is answered; without any one of its actions one is denied."""

    def outcomes() -> set[Outcome]:
        place = Place(iam.sandbox.accounts[1], "us-east-1")
        calls = link_calls_in([place], session)
        return {it.outcome for it in fan_out(calls, cancel=threading.Event(), limit=4, now=iam.sandbox.now)}

    iam.let_role(anywhere())
    assert Outcome.DENIED not in outcomes()
    for action in recording_actions():
        iam.let_role(without(action))
        assert Outcome.DENIED in outcomes(), action
    iam.let_role(anywhere())


def test_the_consoles_role_writes_nothing(iam: Enforced, session: AwsSession) -> None:
    """Its own document lets none of the worker's writes through."""
    iam.let_role(iam_policy(CHECKS))
    window = new_window(iam, session)
    old_copies(iam, session)
    for of in every_call(window):
        if of.operation.startswith("Describe"):
            continue  # what follows a copy reads
        with pytest.raises(ClientError, match="AccessDenied"):
            writer_of(of).do(client_of(session, of), of, KEY)
    clean(iam, session)


def test_no_store_is_deleted_or_tagged_and_none_made_without_the_tag_of_an_order() -> None:
    """By the document's own conditions, which moto does not know; each action stands in one statement alone."""
    statements = [it for it in worker_policy()["Statement"] if isinstance(it["Action"], list)]
    kinds = ("cluster", "db")
    copies = {f"arn:aws:rds:*:*:{kind}:tenure-test-*" for kind in kinds}
    deleted = {"StringLike": {"aws:ResourceTag/tenure:order": "?*"}}
    made = {"StringLike": {"aws:RequestTag/tenure:order": "?*"}}
    tagged = copies | {f"arn:aws:rds:*:*:{kind}:tenure-*" for kind in ("cluster-snapshot", "snapshot")}
    for action, condition, resources in (
        ("rds:DeleteDBInstance", deleted, copies),
        ("rds:DeleteDBCluster", deleted, copies),
        ("rds:CreateDBInstance", made, {"*"}),
        ("rds:AddTagsToResource", None, tagged),
        ("kms:CreateGrant", {"StringLike": {"kms:ViaService": "rds.*.amazonaws.com"}}, {"*"}),
    ):
        (only,) = [it for it in statements if action in it["Action"]]
        assert only.get("Condition") == condition
        assert set([only["Resource"]] if isinstance(only["Resource"], str) else only["Resource"]) == resources
    written = [action for it in statements for action in it["Action"] if it["Sid"] not in READING]
    assert sorted({*written, HANDING}) == sorted(writing_actions())


def test_a_role_is_handed_to_aws_backup_alone() -> None:
    """By the document's own condition."""
    (passing,) = [it for it in worker_policy()["Statement"] if it["Action"] == HANDING]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
    assert not [
        it
        for it in worker_policy()["Statement"]
        if HANDING in it["Action"] and it is not passing and "Condition" not in it
    ]
