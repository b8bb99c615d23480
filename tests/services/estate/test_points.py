from __future__ import annotations

import pytest

from services.estate.points import AUTOMATED, LATEST, SNAPSHOT, points_of
from services.model import AutomatedBackup, DatabaseSnapshot, RestorePoint
from tests.services.estate.things import THERE, ago, backup, cluster, instance, snapshot


def points(
    resource: object, snapshots: list[DatabaseSnapshot] | None = None, backups: list[AutomatedBackup] | None = None
) -> tuple[RestorePoint, ...]:
    return points_of(resource, snapshots or [], backups or [], lambda _: None)  # type: ignore[arg-type] # either kind


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
