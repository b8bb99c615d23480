"""What AWS Backup keeps of a store: which points count, how old they are, what is told beside them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.aws.facts_backup import BackupPlan, ProtectedResource, RecoveryPoint
from services.estate.join import Estate
from services.estate.sighting import Sighting
from services.estate.vault_points import VAULT
from services.model import Observation, Outcome, RestorePoint
from tests.services.estate.things import (
    HERE,
    NOW,
    OTHER,
    THERE,
    ago,
    answers,
    backup_job,
    bucket,
    cluster,
    copy_job,
    failed,
    instance,
    recovery_point,
    seen,
    vault,
)

ORDERS = instance("orders", backup_retention_days=0)
MEDIA = bucket("media")
POINTS = "ListRecoveryPointsByBackupVault"


def estate(*observations: Observation[Any]) -> Estate:
    made = Estate()
    for observation in observations:
        made.put(observation)
    made.refresh()
    return made


def sighting(made: Estate, name: str = "orders") -> Sighting:
    return next(it for it in made.sightings() if it.resource.identifier == name)


def points(made: Estate, name: str = "orders") -> list[RestorePoint]:
    return [it for it in sighting(made, name).points if it.kind == VAULT]


@pytest.mark.parametrize("store", [ORDERS, cluster("orders", backup_retention_days=0), bucket("orders")])
@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("COMPLETED", True),
        ("AVAILABLE", True),
        ("PARTIAL", False),
        ("EXPIRED", False),
        ("EXPIRING", False),
        ("STOPPED", False),
        ("DELETING", False),
        ("CREATING", False),
        ("unknown", False),
    ],
)
def test_only_points_that_can_be_restored_from_count(store: Any, status: str, *, counts: bool) -> None:
    """What cannot is a trouble, told beside the verdict; but for a point that is still being made."""
    made = estate(*answers(store, recovery_point("p", store, status=status, status_message="why")))
    assert [it.at for it in points(made)] == ([ago(hours=6)] if counts else [])
    troubles = sighting(made).troubles
    assert len(troubles) == (not counts and status != "CREATING")
    assert all(f"is {status}, of 2026-11-23T06:00:00Z: why" in it for it in troubles)


def test_a_point_in_another_account_and_region_is_of_its_resource() -> None:
    """It says where it lies, and the call that saw it is among what the verdict rests on."""
    far = recovery_point("far", ORDERS, OTHER, created_at=ago(hours=1))
    made = estate(*answers(ORDERS, recovery_point("near", ORDERS)), *answers(far, place=OTHER))
    newest, older = points(made)
    assert (newest.at, newest.note) == (ago(hours=1), "in 444455556666 eu-central-1")
    assert (older.at, older.note) == (ago(hours=6), "")
    assert newest.source is not None
    assert newest.source.account == OTHER.account
    assert newest.source in {it.source for it in sighting(made).latest}


def test_a_point_that_arrives_later_elsewhere_joins_its_resource() -> None:
    """And leaves it when it is deleted."""
    made = estate(*answers(ORDERS))
    made.put(seen(POINTS, recovery_point("far", ORDERS, THERE), place=THERE))
    assert set(made.refresh()[0]) == {ORDERS.arn}
    assert len(points(made)) == 1
    made.put(seen(POINTS, place=THERE))
    made.refresh()
    assert points(made) == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_a_copy_is_as_old_as_what_it_was_copied_from(order: tuple[int, ...]) -> None:
    """Which its copy job names, in whatever order they are heard."""
    first = recovery_point("first", ORDERS, created_at=ago(days=9))
    copy = recovery_point("copy", ORDERS, THERE, created_at=ago(hours=1), copied_from=first.vault.arn)
    heard = [
        seen(POINTS, first),
        seen("ListCopyJobs", copy_job(first, copy)),
        seen(POINTS, copy, place=THERE),
    ]
    made = estate(*answers(ORDERS), *(heard[index] for index in order))
    dated = next(it for it in points(made) if it.resource == copy.arn)
    assert dated.at == ago(days=9)
    assert dated.note == "copied 2026-11-23T11:00:00Z in 111122223333 eu-west-1"


def test_a_copy_of_a_copy_is_followed_to_its_origin() -> None:
    """Each step by its own copy job."""
    first = recovery_point("first", ORDERS, created_at=ago(days=9))
    second = recovery_point("second", ORDERS, vault=vault("b"), created_at=ago(days=2), copied_from="arn:v")
    third = recovery_point("third", ORDERS, vault=vault("c"), created_at=ago(hours=1), copied_from="arn:w")
    made = estate(*answers(ORDERS, first, second, third, copy_job(first, second), copy_job(second, third)))
    assert {it.at for it in points(made)} == {ago(days=9)}


def test_a_copy_whose_origin_is_not_known_has_no_date() -> None:
    """No copy job names it, or what that names is not seen, or it leads in a ring; it is no newer than itself."""
    lost = recovery_point("lost", ORDERS, copied_from="arn:v", created_at=ago(hours=1))
    gone = recovery_point("gone", ORDERS, created_at=ago(days=2))
    unseen = recovery_point("unseen", ORDERS, copied_from="arn:v", created_at=ago(hours=2))
    ring = recovery_point("ring", ORDERS, copied_from="arn:v", created_at=ago(hours=3))
    jobs = (copy_job(gone, unseen), copy_job(ring, ring))
    made = estate(*answers(ORDERS, lost, unseen, ring, *jobs))
    told = {it.resource: (it.at, it.not_after, it.note) for it in points(made)}
    assert {it[0] for it in told.values()} == {None}
    assert [told[it.arn][1] for it in (lost, unseen, ring)] == [ago(hours=1), ago(hours=2), ago(hours=3)]
    assert "from a point of arn:v" in told[lost.arn][2]
    assert f"from {gone.arn}, which is not seen" in told[unseen.arn][2]
    assert "its origins form a ring" in told[ring.arn][2]


def test_a_point_without_a_time_is_undated() -> None:
    """It neither proves nor breaks anything."""
    (point,) = points(estate(*answers(ORDERS, recovery_point("p", ORDERS, created_at=None))))
    assert (point.at, point.not_after, point.note) == (None, None, "bears no time")


@pytest.mark.parametrize(
    ("days", "begun", "since"),
    [
        (None, ago(days=100), ago(days=35, minutes=3)),
        (7, ago(days=100), ago(days=7, minutes=3)),
        (90, ago(days=100), ago(days=35, minutes=3)),
        (35, ago(days=2), ago(days=2)),
        (35, None, None),
    ],
)
def test_a_continuous_point_moves_with_its_database(
    days: int | None, begun: datetime | None, since: datetime | None
) -> None:
    """To the latest restorable time, and back as far as it is kept, 35 days at most."""
    orders = instance("orders")
    moving = recovery_point("p", orders, continuous=True, created_at=begun, keeps_days=days)
    (point,) = points(estate(*answers(orders, moving)))
    assert (point.at, point.since, point.note) == (ago(minutes=3), since, "continuous")


def test_a_continuous_point_without_automated_backups_has_no_date() -> None:
    """RDS goes on naming a restorable time for a while after they are off."""
    (point,) = points(estate(*answers(ORDERS, recovery_point("p", ORDERS, continuous=True))))
    assert (point.at, point.note) == (None, "continuous, but automated backups are off")


def test_a_continuous_point_of_a_bucket_reaches_to_its_last_backup() -> None:
    """As AWS Backup tells of the protected resource; where it names another point, or none, it has no date."""
    moving = recovery_point("p", MEDIA, continuous=True, created_at=ago(days=50))
    told = ProtectedResource(MEDIA.arn, ago(minutes=7), moving.arn)
    (point,) = points(estate(*answers(MEDIA, moving, told)), "media")
    assert (point.at, point.observed_at, point.since) == (ago(minutes=7), NOW, ago(days=35, minutes=7))
    for other in (
        ProtectedResource(MEDIA.arn, ago(minutes=7), "arn:p"),
        ProtectedResource(MEDIA.arn, None, moving.arn),
    ):
        (point,) = points(estate(*answers(MEDIA, moving, other)), "media")
        assert (point.at, point.note) == (None, "continuous, and AWS Backup does not say until when")


def test_a_continuous_point_of_a_bucket_is_dated_anew_by_each_answer() -> None:
    """An answer that says the same, later, makes the figure larger."""
    moving = recovery_point("p", MEDIA, continuous=True)
    told = ProtectedResource(MEDIA.arn, ago(minutes=7), moving.arn)
    made = estate(*answers(MEDIA, moving, told))
    later = NOW + timedelta(minutes=1)
    made.put(seen("ListProtectedResources", told, at=later))
    made.refresh()
    assert [it.observed_at for it in points(made, "media")] == [later]


def test_the_points_of_a_store_are_dated_by_the_call_that_saw_them() -> None:
    """So that a verdict can tell which answers it rests on."""
    made = estate(*answers(ORDERS), seen(POINTS, recovery_point("p", ORDERS), at=ago(minutes=1)))
    (point,) = points(made)
    assert (point.observed_at, point.source) == (ago(minutes=1), seen(POINTS).source)


def test_where_aws_backup_is_refused_the_store_says_so() -> None:
    """What was seen last is kept; its jobs, refused too, are told of as not known."""
    made = estate(*answers(ORDERS, recovery_point("p", ORDERS), at=ago(minutes=2)))
    for operation in (POINTS, "ListBackupJobs"):
        made.put(failed(operation))
    made.refresh()
    it = sighting(made)
    assert len(points(made)) == 1
    assert {seen.source.operation for seen in it.latest if seen.outcome is Outcome.DENIED} == {POINTS}
    assert it.troubles == ("its backup jobs are not all known: backup ListBackupJobs denied",)


JOBS: list[tuple[list[Any], list[str]]] = [
    ([backup_job("a", ORDERS)], []),
    ([backup_job("a", ORDERS, "RUNNING")], []),
    ([backup_job("a", ORDERS, "FAILED")], ["backup job failed 2026-11-23T07:00:00Z"]),
    (
        [backup_job("a", ORDERS, "FAILED", message="no role", completed_at=None)],
        ["backup job failed 2026-11-23T06:00:00Z: no role"],
    ),
    ([backup_job("a", ORDERS, "FAILED"), backup_job("b", ORDERS, created_at=ago(hours=2))], []),
    (
        [backup_job("a", ORDERS, "EXPIRED"), backup_job("b", ORDERS, created_at=ago(days=2))],
        ["backup job expired 2026-11-23T07:00:00Z"],
    ),
    (
        [backup_job("a", ORDERS, "ABORTED"), backup_job("b", ORDERS, "PARTIAL", created_at=ago(hours=9))],
        ["backup job was aborted 2026-11-23T07:00:00Z (and 1 more)"],
    ),
    ([backup_job("a", instance("other"), "FAILED")], []),
]


@pytest.mark.parametrize(("jobs", "wanted"), JOBS)
def test_a_job_that_failed_is_told_of_until_one_succeeds(jobs: list[Any], wanted: list[str]) -> None:
    """The last of them, with how many there were."""
    assert list(sighting(estate(*answers(ORDERS, instance("other"), *jobs))).troubles) == wanted


def test_copy_jobs_are_told_by_the_vault_they_copy_to() -> None:
    """A copy that works to one vault does not excuse another's."""
    point = recovery_point("p", ORDERS)
    good, bad = (recovery_point(name, ORDERS, vault=vault(name)) for name in ("good", "bad"))
    jobs = copy_job(point, good), copy_job(point, bad, "FAILED", message="key")
    made = estate(*answers(ORDERS, point, *jobs))
    assert list(sighting(made).troubles) == [f"copy job to {bad.vault.arn} failed 2026-11-23T06:00:00Z: key"]


def test_points_of_one_status_are_told_in_one_line() -> None:
    """The newest of them, with how many there are."""
    lost = [recovery_point(f"p{day}", ORDERS, status="EXPIRED", created_at=ago(days=day)) for day in (3, 1, 2)]
    (trouble,) = sighting(estate(*answers(ORDERS, *lost))).troubles
    assert trouble == f"recovery point {lost[1].arn} is EXPIRED, of 2026-11-22T12:00:00Z (and 2 more)"


def test_a_plan_that_is_deleted_makes_no_further_points() -> None:
    """Told where the plans were read, for points that were not copied here."""
    point = recovery_point("p", ORDERS, plan="daily")
    told = ["the backup plan daily of its newest recovery point is deleted"]
    assert list(sighting(estate(*answers(ORDERS, point))).troubles) == told
    plan = BackupPlan("daily", "arn:plan", "daily", None)
    assert sighting(estate(*answers(ORDERS, point, plan))).troubles == ()
    unread = [it for it in answers(ORDERS, point) if it.source.operation != "ListBackupPlans"]
    assert sighting(estate(*unread)).troubles == ()
    copied = recovery_point("c", ORDERS, plan="daily", copied_from="arn:v")
    assert sighting(estate(*answers(ORDERS, copied))).troubles == ()


def test_an_answer_that_says_nothing_new_of_jobs_changes_no_store() -> None:
    """Only what it says matters, not when."""
    made = estate(*answers(ORDERS, backup_job("a", ORDERS, "FAILED")))
    made.put(seen("ListBackupJobs", backup_job("a", ORDERS, "FAILED"), at=NOW + timedelta(minutes=1)))
    assert made.refresh() == ({}, set())
    made.put(seen("ListBackupJobs", backup_job("b", ORDERS), at=NOW + timedelta(minutes=2)))
    assert set(made.refresh()[0]) == {ORDERS.arn}
    made.put(failed("ListBackupJobs"))
    made.refresh()
    assert len(sighting(made).troubles) == 1
    made.put(seen("ListBackupJobs", backup_job("b", ORDERS), at=NOW + timedelta(minutes=3)))
    made.refresh()
    assert sighting(made).troubles == ()


def test_maintenance_and_legal_holds_leave_the_stores_alone() -> None:
    """They are kept for who asks, by place and operation."""
    made = estate(*answers(ORDERS))
    for operation in ("DescribeMaintenanceWindows", "DescribePendingMaintenanceActions", "ListLegalHolds"):
        made.put(seen(operation, "something"))
        assert made.refresh() == ({}, set())
        assert made.facts.seen(HERE, operation) == ("something",)


def test_a_point_tells_where_it_lies() -> None:
    """Its vault's account and region."""
    point: RecoveryPoint = recovery_point("p", ORDERS, THERE)
    assert (point.account, point.region) == (THERE.account, THERE.region)
