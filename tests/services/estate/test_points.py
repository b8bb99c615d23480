from __future__ import annotations

import pytest

from services.aws.facts import AutomatedBackup, DatabaseSnapshot
from services.estate.points import AUTOMATED, LATEST, SNAPSHOT, Found, points_of
from services.model import RestorePoint
from tests.services.estate.things import NOW, THERE, ago, backup, cluster, instance, snapshot


def points(
    resource: object, snapshots: list[DatabaseSnapshot] | None = None, backups: list[AutomatedBackup] | None = None
) -> tuple[RestorePoint, ...]:
    found = Found(resource, NOW)
    return points_of(
        found,  # type: ignore[arg-type] # either kind
        [Found(it, NOW) for it in snapshots or []],
        [Found(it, NOW) for it in backups or []],
        lambda _: None,
    )


@pytest.mark.parametrize("make", [instance, cluster])
def test_the_latest_restorable_time_counts_while_automated_backups_are_on(make: type) -> None:
    """With a retention of 0 days it is not a restore point, whatever RDS says."""
    assert [(it.kind, it.at) for it in points(make("db"))] == [(LATEST, ago(minutes=3))]
    assert points(make("db", backup_retention_days=0)) == ()
    assert points(make("db", latest_restorable_time=None)) == ()


@pytest.mark.parametrize("status", ["creating", "copying", "failed", "deleted", "unknown"])
def test_a_snapshot_that_is_not_available_is_no_restore_point(status: str) -> None:
    """Only what can be restored from counts."""
    orders = instance("orders", backup_retention_days=0)
    assert points(orders, [snapshot("s", orders, status=status)]) == ()


def test_points_stand_newest_first_and_those_without_a_date_last() -> None:
    """The first point is the one that the RPO is reckoned from."""
    crm = cluster("crm")
    lost = snapshot("lost", crm, created_at=ago(minutes=1), copied_from="arn:aws:rds:a:b:cluster-snapshot:gone")
    found = points(crm, [lost, snapshot("old", crm, created_at=ago(days=2))], [backup(crm)])
    assert [it.kind for it in found] == [LATEST, AUTOMATED, SNAPSHOT, SNAPSHOT]
    assert [it.at for it in found] == [ago(minutes=3), ago(minutes=4), ago(days=2), None]


def test_an_automated_backup_that_is_being_created_is_no_restore_point() -> None:
    """Nor is one without an end of its window."""
    orders = instance("orders", backup_retention_days=0)
    assert points(orders, backups=[backup(orders, status="creating"), backup(orders, latest_at=None)]) == ()


def test_a_point_elsewhere_says_where() -> None:
    """A copy in another region is told from one at hand."""
    orders = instance("orders", backup_retention_days=0)
    (point,) = points(orders, [snapshot("s", orders, THERE)])
    assert point.note == "in 111122223333 eu-west-1"


def test_a_point_bears_when_it_was_seen_and_an_undated_one_its_bound() -> None:
    """A copy of unknown age is no newer than itself."""
    crm = cluster("crm", backup_retention_days=0)
    lost = snapshot("lost", crm, created_at=ago(days=1), copied_from="arn:aws:rds:a:b:cluster-snapshot:gone")
    (point,) = points(crm, [lost])
    assert (point.at, point.not_after, point.observed_at) == (None, ago(days=1), NOW)
