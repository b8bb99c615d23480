"""Clusters: a snapshot on demand, restore tests from continuous backups and from a snapshot, failover tests; Aurora's,
and a Multi-AZ one."""

from __future__ import annotations

from typing import Any, Final

from tests.journeys.acts import (
    DEDICATED,
    DUBAI,
    MONTREAL,
    NOW,
    PUBLIC,
    VIRGINIA,
    Act,
    Check,
    Played,
    Scene,
    each,
    its_rto,
)

MACGUFFIN: Final = f"arn:aws:rds:{DUBAI}:{DEDICATED}:cluster:macguffin-lines-core"
COGSWELL: Final = f"arn:aws:rds:{MONTREAL}:{DEDICATED}:cluster:cogswell-net-core"
HOOLI: Final = f"arn:aws:rds:{VIRGINIA}:{PUBLIC}:cluster:hooli-meet-db"


def clusters(scene: Scene, arn: str) -> dict[str, dict[str, Any]]:
    """All clusters of a cluster's account and region by name, as the AWS CLI shows them."""
    region, account = arn.split(":")[3:5]
    found = scene.aws(account, region, "rds", "describe-db-clusters")["DBClusters"]
    return {one["DBClusterIdentifier"]: one for one in found}


def members_of(scene: Scene, arn: str) -> dict[str, bool]:
    """The instances of a cluster that runs, and which of them writes."""
    one = clusters(scene, arn)[arn.rpartition(":")[2]]
    assert one["Status"] == "available"
    return {it["DBInstanceIdentifier"]: it["IsClusterWriter"] for it in one["DBClusterMembers"]}


def a_snapshot_of_cluster(arn: str) -> Check:
    def check(scene: Scene) -> None:
        region, account, name = (arn.split(":")[it] for it in (3, 4, 6))
        asked = ("--db-cluster-identifier", name, "--snapshot-type", "manual")
        found = scene.aws(account, region, "rds", "describe-db-cluster-snapshots", *asked)["DBClusterSnapshots"]
        order = {"Key": "tenure:order", "Value": scene.known["order"]}
        (snapshot,) = [one for one in found if order in one.get("TagList", [])]
        assert snapshot["Status"] == "available"
        assert snapshot["DBClusterSnapshotIdentifier"] == f"tenure-{name}-{scene.known['order'][:12]}"

    return check


def tested_and_tidied(arn: str, made: dict[int, str]) -> Check:
    """The copy is gone with all its instances and all that was taken of it; the store stands as it did.

    ``made``: the operations of AWS by the number of their step.
    """

    def check(scene: Scene) -> None:
        region, account, name = (arn.split(":")[it] for it in (3, 4, 6))
        copy = f"tenure-test-{name}-{scene.known['order'][:12]}"
        there = clusters(scene, arn)
        assert there[name]["Status"] == "available"
        assert copy not in there
        instances = scene.aws(account, region, "rds", "describe-db-instances")["DBInstances"]
        assert not [one for one in instances if one["DBInstanceIdentifier"].startswith(copy)]
        assert not [one for one in instances if one.get("DBClusterIdentifier") == copy]
        left = scene.aws(account, region, "rds", "describe-db-cluster-snapshots")["DBClusterSnapshots"]
        assert copy not in {one["DBClusterIdentifier"] for one in left}
        order = scene.registry.get(f"/orders/{scene.known['order']}")
        assert order is not None
        calls = {it["number"]: it["call"]["operation"] for it in order["plan"]["steps"] if "operation" in it["call"]}
        assert calls == made
        assert order["steps"][1]["result"]["DBClusterIdentifier"] == copy

    return check


def where_it_writes(arn: str, count: int) -> Check:
    """Noted, before it fails over; ``count``: of its instances."""

    def check(scene: Scene) -> None:
        members = members_of(scene, arn)
        assert len(members) == count
        (scene.known["writer"],) = [name for name, writes in members.items() if writes]

    return check


def it_writes_elsewhere(arn: str) -> Check:
    """Once over, and not back: another of its instances writes, and that one alone."""

    def check(scene: Scene) -> None:
        writers = [name for name, writes in members_of(scene, arn).items() if writes]
        assert len(writers) == 1
        assert writers != [scene.known["writer"]]

    return check


_FOLLOWED: Final = {
    3: "DescribeDBClusters",
    4: "CreateDBInstance",
    5: "DescribeDBInstances",
    7: "DeleteDBInstance",
    8: "DeleteDBCluster",
}


def restored(store: str, reference: str, made: dict[int, str], *also: Check) -> Act:
    """A restore test that succeeds, by these calls."""
    return Act(
        "restore-test",
        "/recovery-tests/{made}",
        {"store": store, "kind": "restore", "started_at": NOW, "ended_at": NOW, "succeeded": True},
        {"store": store, "reference": reference},
        also=each(tested_and_tidied(store, made), *also),
    )


def failed_over(store: str, reference: str) -> Act:
    """A failover test that succeeds, within the RTO."""
    return Act(
        "failover-test",
        "/recovery-tests/{made}",
        {"store": store, "kind": "failover", "started_at": NOW, "ended_at": NOW, "succeeded": True},
        {"store": store, "reference": reference},
        also=each(it_writes_elsewhere(store), its_rto("ok")),
    )


ON_CLUSTERS: Final = (
    Played(
        "forced-maintenance",
        "macguffin-lines",
        (
            Act(
                "backup-start",
                "/orders/{order}",
                {"state": "done"},
                {"store": MACGUFFIN, "method": "snapshot"},
                also=a_snapshot_of_cluster(MACGUFFIN),
            ),
            restored(MACGUFFIN, "protocol 14", {2: "RestoreDBClusterToPointInTime", **_FOLLOWED}),
            failed_over(MACGUFFIN, "protocol 15"),
        ),
        before=where_it_writes(MACGUFFIN, 2),
        again=True,
    ),
    Played(
        "copied-snapshot",
        "hooli-meet",
        (restored(HOOLI, "protocol 16", {2: "RestoreDBClusterFromSnapshot", **_FOLLOWED}, its_rto("ok")),),
        again=True,
    ),
    Played(
        "slots-in-conflict",
        "cogswell-net",
        (
            restored(
                COGSWELL,
                "protocol 17",
                {2: "RestoreDBClusterToPointInTime", 3: "DescribeDBClusters", 5: "DeleteDBCluster"},
            ),
            failed_over(COGSWELL, "protocol 18"),
        ),
        before=where_it_writes(COGSWELL, 3),
        again=True,
    ),
)
