"""Restores in the sandbox's AWS: one copy, whatever is lost; followed; and nothing deleted that is not the order's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.aws.session import AwsSession
from services.controlplane.carrying.judging import judge_error
from services.controlplane.carrying.outcome import Tried
from services.controlplane.carrying.writers.base import Poll
from services.controlplane.carrying.writers.restores import BROKEN, FinalError
from services.sandbox.taught.rds_restores import RESTORE_S
from services.wire.orders import AwsCall
from tests.services.controlplane.carrying.writers.losing import (
    DEDICATED,
    KEY,
    PUBLIC,
    call,
    client_of,
    lose_and_find,
    working,
    writer_of,
)
from tests.support.sandbox import RunningSandbox

COPY, NEW = "tenure-test-initrode", "tenure-test-spacely"
TAGS = [{"Key": "tenure:order", "Value": KEY[:32]}, {"Key": "tenure:restore-test", "Value": "test-1"}]
LONDON = (DEDICATED, "eu-west-2")
PRIVATE: dict[str, Any] = {"PubliclyAccessible": False, "DeletionProtection": False, "BackupRetentionPeriod": 0}
INSTANCE = call(
    "rds",
    "RestoreDBInstanceToPointInTime",
    TargetDBInstanceIdentifier=COPY,
    SourceDBInstanceIdentifier="initrode-pbx-db",
    UseLatestRestorableTime=True,
    Tags=TAGS,
    **PRIVATE,
)
CLUSTER = call(
    "rds",
    "RestoreDBClusterToPointInTime",
    *LONDON,
    DBClusterIdentifier=NEW,
    SourceDBClusterIdentifier="spacely-voice-core",
    UseLatestRestorableTime=True,
    Tags=TAGS,
)
IN_CLUSTER = call(
    "rds",
    "CreateDBInstance",
    *LONDON,
    DBInstanceIdentifier=f"{NEW}-1",
    DBClusterIdentifier=NEW,
    DBInstanceClass="db.m7g.large",
    Engine="aurora-postgresql",
    Tags=TAGS,
)


@pytest.fixture
def session(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsSession]:
    """Leaves no copy behind."""
    with working(faulty, monkeypatch) as session:
        yield session
        for account, region in ((PUBLIC, "eu-central-1"), LONDON):
            rds: Any = session.client("rds", account, region)
            for it in instances(rds):
                if it["DBInstanceIdentifier"].startswith("tenure-test-"):
                    rds.delete_db_instance(DBInstanceIdentifier=it["DBInstanceIdentifier"], SkipFinalSnapshot=True)
            for it in rds.describe_db_clusters()["DBClusters"]:
                if it["DBClusterIdentifier"].startswith("tenure-test-"):
                    rds.delete_db_cluster(DBClusterIdentifier=it["DBClusterIdentifier"], SkipFinalSnapshot=True)


def instances(rds: Any) -> list[dict[str, Any]]:
    pages = rds.get_paginator("describe_db_instances").paginate()
    return [it for page in pages for it in page["DBInstances"]]


def following(of: AwsCall, noun: str, name: str) -> AwsCall:
    return call("rds", f"Describe{noun}s", of.account, of.region, **{f"{noun}Identifier": name})


def deleting(of: AwsCall, noun: str, name: str) -> AwsCall:
    return call("rds", f"Delete{noun}", of.account, of.region, **{f"{noun}Identifier": name})


def poll(session: AwsSession, of: AwsCall) -> Poll:
    return writer_of(of).poll(client_of(session, of), of, {})


def snapshot_of(session: AwsSession, of: AwsCall, noun: str, source: str) -> str:
    """The newest snapshot of a database that is planted."""
    rds = client_of(session, of)
    listing = {"DBSnapshot": rds.describe_db_snapshots, "DBClusterSnapshot": rds.describe_db_cluster_snapshots}[noun]
    owner = "DBInstanceIdentifier" if noun == "DBSnapshot" else "DBClusterIdentifier"
    found = listing(**{owner: source})[f"{noun}s"]
    return str(max(found, key=lambda it: it["SnapshotCreateTime"])[f"{noun}Identifier"])


def test_an_instance_is_restored_once_and_followed(session: AwsSession, faulty: RunningSandbox) -> None:
    """Its answer lost, sent again: one copy, tagged, private, without backups of its own; available after a while."""
    rds = client_of(session, INSTANCE)
    at = faulty.now()
    faulty.stand(at)

    def copies() -> list[dict[str, Any]]:
        return [it for it in instances(rds) if it["DBInstanceIdentifier"] == COPY]

    lose_and_find(session, INSTANCE, lambda: len(copies()))
    (copy,) = copies()
    assert (copy["TagList"], copy["PubliclyAccessible"], copy["MultiAZ"]) == (TAGS, False, False)
    assert (copy["BackupRetentionPeriod"], copy.get("LatestRestorableTime")) == (0, None)
    assert copy["StorageEncrypted"] is True
    follow = following(INSTANCE, "DBInstance", COPY)
    assert poll(session, follow) is Poll.RUNNING
    faulty.stand(at + RESTORE_S)
    assert poll(session, follow) is Poll.DONE
    assert writer_of(follow).find(rds, follow, KEY) is None
    writer_of(follow).undo(rds, follow, KEY, {})
    assert len(copies()) == 1


def test_an_instance_is_restored_from_a_snapshot(session: AwsSession) -> None:
    """By its name; undone, it is gone, and undone again nothing happens."""
    name = snapshot_of(session, INSTANCE, "DBSnapshot", "initrode-pbx-db")
    members: dict[str, Any] = {"DBInstanceIdentifier": COPY, "DBSnapshotIdentifier": name, "Tags": TAGS, **PRIVATE}
    of = call("rds", "RestoreDBInstanceFromDBSnapshot", **members)
    made = lose_and_find(session, of, lambda: 1)
    rds, writer = client_of(session, of), writer_of(of)
    for _ in range(2):
        writer.undo(rds, of, KEY, made)
        assert COPY not in [it["DBInstanceIdentifier"] for it in instances(rds)]
    assert writer.find(rds, of, KEY) is None


def test_a_cluster_gets_its_instance_when_it_is_there(session: AwsSession, faulty: RunningSandbox) -> None:
    """Restored without one; too early, AWS refuses to make one; both are deleted, the instance first."""
    at = faulty.now()
    faulty.stand(at)
    rds = client_of(session, CLUSTER)
    lose_and_find(session, CLUSTER, lambda: len(rds.describe_db_clusters(DBClusterIdentifier=NEW)["DBClusters"]))
    assert rds.describe_db_cluster_snapshots(DBClusterIdentifier=NEW)["DBClusterSnapshots"] == []
    (cluster,) = rds.describe_db_clusters(DBClusterIdentifier=NEW)["DBClusters"]
    assert (cluster["DBClusterMembers"], cluster["TagList"]) == ([], TAGS)
    assert poll(session, following(CLUSTER, "DBCluster", NEW)) is Poll.RUNNING
    with pytest.raises(ClientError, match="InvalidDBClusterStateFault"):
        writer_of(IN_CLUSTER).do(rds, IN_CLUSTER, KEY)
    faulty.stand(at + RESTORE_S)
    assert poll(session, following(CLUSTER, "DBCluster", NEW)) is Poll.DONE
    lose_and_find(session, IN_CLUSTER, lambda: 1)
    assert poll(session, following(IN_CLUSTER, "DBInstance", f"{NEW}-1")) is Poll.RUNNING
    faulty.stand(at + 2 * RESTORE_S)
    assert poll(session, following(IN_CLUSTER, "DBInstance", f"{NEW}-1")) is Poll.DONE
    for of in (deleting(IN_CLUSTER, "DBInstance", f"{NEW}-1"), deleting(CLUSTER, "DBCluster", NEW)):
        assert writer_of(of).find(rds, of, KEY) is None
        assert poll(session, of) is Poll.RUNNING
        lose_and_find(session, of, lambda: 1)
        assert poll(session, of) is Poll.DONE


def test_a_multi_az_cluster_comes_with_its_instances_and_goes_with_them(session: AwsSession) -> None:
    """Three, of the class that is named, in a zone each, one of which writes; deleting the cluster leaves none."""
    members = {"DBClusterIdentifier": NEW, "DBClusterInstanceClass": "db.r6gd.xlarge", "PubliclyAccessible": False}
    source = {"SourceDBClusterIdentifier": "cogswell-net-core", "UseLatestRestorableTime": True, "Tags": TAGS}
    of = call("rds", "RestoreDBClusterToPointInTime", DEDICATED, "ca-central-1", **members, **source)
    rds = client_of(session, of)
    lose_and_find(session, of, lambda: len(rds.describe_db_clusters(DBClusterIdentifier=NEW)["DBClusters"]))
    made = [it for it in instances(rds) if it.get("DBClusterIdentifier") == NEW]
    assert {it["DBInstanceClass"] for it in made} == {"db.r6gd.xlarge"}
    assert len({it["AvailabilityZone"] for it in made}) == len(made) == 3
    (cluster,) = rds.describe_db_clusters(DBClusterIdentifier=NEW)["DBClusters"]
    assert sum(it["IsClusterWriter"] for it in cluster["DBClusterMembers"]) == 1
    gone = deleting(of, "DBCluster", NEW)
    lose_and_find(session, gone, lambda: 1)
    assert poll(session, gone) is Poll.DONE
    assert not [it for it in instances(rds) if it.get("DBClusterIdentifier") == NEW]


def test_a_cluster_is_restored_from_a_snapshot(session: AwsSession) -> None:
    """And undone."""
    name = snapshot_of(session, CLUSTER, "DBClusterSnapshot", "spacely-voice-core")
    members: dict[str, Any] = {
        "DBClusterIdentifier": NEW,
        "SnapshotIdentifier": name,
        "Engine": "aurora-postgresql",
        "Tags": TAGS,
    }
    of = call("rds", "RestoreDBClusterFromSnapshot", *LONDON, **members)
    made = lose_and_find(session, of, lambda: 1)
    rds = client_of(session, of)
    writer_of(of).undo(rds, of, KEY, made)
    assert NEW not in [it["DBClusterIdentifier"] for it in rds.describe_db_clusters()["DBClusters"]]


@pytest.mark.parametrize(
    ("of", "noun", "name"),
    [(INSTANCE, "DBInstance", "initrode-pbx-db"), (CLUSTER, "DBCluster", "spacely-voice-core")],
)
def test_what_is_not_the_orders_is_never_deleted(session: AwsSession, of: AwsCall, noun: str, name: str) -> None:
    """A store under the name of the copy, and the copy of another order: refused for good, by either way."""
    rds, delete = client_of(session, of), deleting(of, noun, name)
    with pytest.raises(FinalError, match="does not bear the tag of this order") as refused:
        writer_of(delete).do(rds, delete, KEY)
    assert judge_error(refused.value)[0] is Tried.FAILED
    named = "TargetDBInstanceIdentifier" if noun == "DBInstance" else "DBClusterIdentifier"
    over = of.model_copy(update={"parameters": {**of.parameters, named: name}})
    assert writer_of(of).find(rds, over, KEY) is None
    with pytest.raises(ClientError, match="AlreadyExists"):
        writer_of(of).do(rds, over, KEY)
    with pytest.raises(FinalError):
        writer_of(of).undo(rds, over, KEY, {})
    made = writer_of(of).do(rds, of, KEY)
    with pytest.raises(FinalError):
        writer_of(of).undo(rds, of, f"{'f' * 32}-2", made)
    assert writer_of(of).find(rds, of, KEY) is not None
    assert writer_of(of).find(rds, of, f"{'f' * 32}-2") is None


def test_what_has_gone_will_not_become_available(session: AwsSession) -> None:
    """Deleted by somebody while it was followed: the restore has failed, and looking again changes nothing."""
    writer_of(INSTANCE).do(client_of(session, INSTANCE), INSTANCE, KEY)
    client_of(session, INSTANCE).delete_db_instance(DBInstanceIdentifier=COPY, SkipFinalSnapshot=True)
    with pytest.raises(FinalError, match=f"{COPY} is gone") as failed:
        poll(session, following(INSTANCE, "DBInstance", COPY))
    assert judge_error(failed.value) == (Tried.FAILED, f"NotRestoredError: {COPY} is gone")


class Showing:
    """RDS, that shows one instance in a status."""

    class exceptions:  # noqa: N801 - as boto3 calls it
        class DBInstanceNotFoundFault(Exception):  # noqa: N818 - as above
            pass

    def __init__(self, status: str) -> None:
        self._status = status

    def describe_db_instances(self, **_: str) -> dict[str, Any]:
        return {"DBInstances": [{"DBInstanceIdentifier": COPY, "DBInstanceStatus": self._status, "TagList": TAGS}]}


@pytest.mark.parametrize("status", sorted(BROKEN))
def test_a_restore_that_failed_says_how(status: str) -> None:
    """Each status of RDS that leads nowhere ends the following."""
    follow = following(INSTANCE, "DBInstance", COPY)
    with pytest.raises(FinalError, match=f"{COPY} is {status}"):
        writer_of(follow).poll(Showing(status), follow, {})


@pytest.mark.parametrize("status", ["creating", "backing-up", "modifying", "configuring-enhanced-monitoring", "new"])
def test_what_is_under_way_goes_on(status: str) -> None:
    """Also in a status that nobody knows yet."""
    follow = following(INSTANCE, "DBInstance", COPY)
    assert writer_of(follow).poll(Showing(status), follow, {}) is Poll.RUNNING


def test_what_is_being_deleted_is_not_deleted_again() -> None:
    """The fake has no method to delete with."""
    of = deleting(INSTANCE, "DBInstance", COPY)
    assert writer_of(of).find(Showing("deleting"), of, KEY) == {"DBInstanceIdentifier": COPY}
    assert writer_of(of).do(Showing("deleting"), of, KEY) == {"DBInstanceIdentifier": COPY}
    assert writer_of(of).poll(Showing("deleting"), of, {}) is Poll.RUNNING


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"SourceDBInstanceIdentifier": "no-such-db"}, "DBInstanceNotFound"),
        ({"UseLatestRestorableTime": False, "RestoreTime": "2027-09-01T00:00:00Z"}, "InvalidRestoreFault"),
    ],
)
def test_what_cannot_be_restored_is_refused_by_aws(session: AwsSession, change: dict[str, Any], code: str) -> None:
    """Its own refusal goes through, and nothing is made."""
    of = INSTANCE.model_copy(update={"parameters": {**INSTANCE.parameters, **change}})
    with pytest.raises(ClientError) as refused:
        writer_of(of).do(client_of(session, of), of, KEY)
    assert refused.value.response["Error"]["Code"] == code
    assert writer_of(of).find(client_of(session, of), of, KEY) is None
