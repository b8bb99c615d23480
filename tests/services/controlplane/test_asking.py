"""What AWS is asked before a plan is made, on the sandbox: answered whole, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from services.agreement import default_policy_text, parse_policy
from services.aws.session import AwsSession
from services.controlplane.asking import answer, asker
from services.controlplane.known import UnansweredError
from services.orders.evidence import StoreSeen
from services.orders.world import Known
from services.wire.operations import SlotRecord
from services.wire.registry import Record, StoreRecord, TenantRecord
from tests.services.controlplane.carrying.writers.losing import DEDICATED, PUBLIC, working
from tests.services.orders.slot_worlds import slot, tenant
from tests.support.sandbox import RunningSandbox

VOICE = tenant("spacely-voice", tier="dedicated", region="eu-west-2", account=DEDICATED)
DESK = tenant("wonka-desk")
DATABASE = f"arn:aws:rds:eu-central-1:{PUBLIC}:db:wonka-desk-db"
SHARED = StoreRecord(id="m-1", tenant="wonka-desk", store=DATABASE)


@pytest.fixture
def session(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsSession]:
    with working(faulty, monkeypatch) as session:
        yield session


def known(
    sandbox: RunningSandbox,
    tenants: Sequence[TenantRecord] = (VOICE, DESK),
    slots: Sequence[SlotRecord] = (),
    stores: Sequence[StoreRecord] = (SHARED,),
) -> Known:
    records: dict[type[Record], Sequence[Record]] = {TenantRecord: tenants, SlotRecord: slots, StoreRecord: stores}
    return Known(parse_policy(default_policy_text()), sandbox.now(), records)


def ask(question: str, session: AwsSession, given: Known) -> Any:
    return asker(session, threading.Event())(question, given)


def test_the_windows_of_a_slot_with_all_that_they_are_made_of(session: AwsSession, faulty: RunningSandbox) -> None:
    """By the slot's name, in the places of its tenants and where it was given some before: schedule, tags, targets and
    how many tasks there are."""
    ssm: Any = session.client("ssm", DEDICATED, "eu-west-2")
    targets = [{"Key": "tag:tenant", "Values": ["spacely-voice"]}]
    made = ssm.create_maintenance_window(
        Name="tenure-asked",
        Schedule="at(2026-12-01T22:00:00)",
        ScheduleTimezone="Europe/London",
        Duration=2,
        Cutoff=0,
        AllowUnassociatedTargets=False,
        Tags=[{"Key": "tenure:slot", "Value": "asked"}],
    )["WindowId"]
    ssm.register_target_with_maintenance_window(
        WindowId=made, ResourceType="INSTANCE", Targets=targets, Name="tenants-1"
    )
    ssm.register_task_with_maintenance_window(WindowId=made, TaskArn="AWS-RunPatchBaseline", TaskType="RUN_COMMAND")
    given = known(faulty, slots=(slot(id_="asked", tenant="spacely-voice"), slot(id_="other", tenant="wonka-desk")))
    assert ask("windows of slot asked", session, given) == [
        {
            "window": made,
            "name": "tenure-asked",
            "account": DEDICATED,
            "region": "eu-west-2",
            "tasks": 1,
            "Name": "tenure-asked",
            "Schedule": "at(2026-12-01T22:00:00)",
            "ScheduleTimezone": "Europe/London",
            "Duration": 2,
            "Cutoff": 0,
            "Tags": [{"Key": "tenure:slot", "Value": "asked"}],
            "Targets": [{"ResourceType": "INSTANCE", "Targets": targets, "Name": "tenants-1"}],
        }
    ]
    assert ask("windows of slot other", session, given) == []
    assert ask("windows of slot none", session, given) == []
    group = slot(id_="asked", tenant=None, tier="dedicated", region="eu-west-2")
    assert [it["window"] for it in ask("windows of slot asked", session, known(faulty, slots=(group,)))] == [made]
    moved = known(faulty, slots=(slot(id_="asked", tenant="wonka-desk"),))
    assert ask("windows of slot asked", session, moved) == []
    made_there = replace(moved, windows_in=((DEDICATED, "eu-west-2"),))
    assert [it["window"] for it in ask("windows of slot asked", session, made_there)] == [made]
    ssm.delete_maintenance_window(WindowId=made)


def test_the_stores_of_a_tenant_and_their_newest_points(session: AwsSession, faulty: RunningSandbox) -> None:
    """Those that bear its tag or that the registry maps to it, each with the newest point that the policy counts."""
    voice = [StoreSeen.model_validate(it) for it in ask("stores of spacely-voice", session, known(faulty))]
    assert f"arn:aws:rds:eu-west-2:{DEDICATED}:cluster:spacely-voice-core" in [it.store for it in voice]
    assert all(it.account == DEDICATED and it.region == "eu-west-2" for it in voice)
    core = next(it for it in voice if it.kind == "rds-cluster")
    assert core.verified
    assert core.restore_point_at is not None
    assert faulty.now() > core.restore_point_at
    (desk,) = [StoreSeen.model_validate(it) for it in ask("stores of wonka-desk", session, known(faulty))]
    assert (desk.store, desk.kind) == (DATABASE, "rds-instance")


def test_a_store_without_a_restore_point_is_not_verified(session: AwsSession, faulty: RunningSandbox) -> None:
    """It is listed all the same."""
    unprotected = tenant("no-points")
    bare = next(iter(bare_stores(session, faulty)))
    mapped = StoreRecord(id="m-2", tenant="no-points", store=bare)
    given = known(faulty, (unprotected,), stores=(mapped,))
    (seen,) = [StoreSeen.model_validate(it) for it in ask("stores of no-points", session, given)]
    assert (seen.store, seen.verified, seen.restore_point_at) == (bare, False, None)


def bare_stores(session: AwsSession, faulty: RunningSandbox) -> Iterator[str]:
    """Databases in Frankfurt that have no automated backups and no snapshot."""
    rds: Any = session.client("rds", PUBLIC, "eu-central-1")
    snapped = {it["DBInstanceIdentifier"] for it in rds.describe_db_snapshots()["DBSnapshots"]}
    for instance in rds.describe_db_instances()["DBInstances"]:
        if instance["BackupRetentionPeriod"] == 0 and instance["DBInstanceIdentifier"] not in snapped:
            yield instance["DBInstanceArn"]


@pytest.mark.parametrize("service", ["ssm", "rds", "backup", "s3", "resourcegroupstaggingapi"])
def test_what_did_not_answer_leaves_the_question_open(
    session: AwsSession, faulty: RunningSandbox, service: str
) -> None:
    """One call of many suffices; the text says which."""
    faulty.set_faults(f"denied:{service}")
    question = "windows of slot s-1" if service == "ssm" else "stores of spacely-voice"
    given = known(faulty, slots=(slot(tenant="spacely-voice"),))
    with pytest.raises(UnansweredError, match=f"{service} .* of {DEDICATED} eu-west-2: .*Access ?Denied"):
        ask(question, session, given)


def test_a_question_that_nobody_knows_is_not_answered(session: AwsSession, faulty: RunningSandbox) -> None:
    """Nor one about a tenant that there is not, or asked of a server that ends."""
    given = known(faulty)
    for question in ("keys of spacely-voice", "stores of nobody"):
        with pytest.raises(UnansweredError):
            ask(question, session, given)
    ended = threading.Event()
    ended.set()
    with pytest.raises(UnansweredError, match="the server ends"):
        answer("stores of spacely-voice", session, given, ended)


def test_where_a_database_runs_and_what_stands_by(session: AwsSession, faulty: RunningSandbox) -> None:
    """Instances of a cluster, zones of an instance; nothing of what is no database, and no guess of one that AWS
    does not have."""
    cluster = f"arn:aws:rds:eu-west-2:{DEDICATED}:cluster:spacely-voice-core"
    found = ask(f"primary of {cluster}", session, known(faulty))
    members = session.client("rds", DEDICATED, "eu-west-2").describe_db_clusters(  # type: ignore[attr-defined]  # boto3's
        DBClusterIdentifier="spacely-voice-core"
    )["DBClusters"][0]["DBClusterMembers"]
    assert found["primary"] in {it["DBInstanceIdentifier"] for it in members if it["IsClusterWriter"]}
    assert found["standbys"] == sorted(it["DBInstanceIdentifier"] for it in members if not it["IsClusterWriter"])
    alone = ask(f"primary of {DATABASE}", session, known(faulty))
    assert alone["primary"].startswith("eu-central-1")
    assert ask("primary of arn:aws:s3:::media", session, known(faulty)) is None
    with pytest.raises(UnansweredError, match="DBInstanceNotFound"):
        ask(f"primary of {DATABASE}-2", session, known(faulty))
