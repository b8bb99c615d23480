from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.aws.facts import DatabaseSnapshot
from services.estate.lineage import data_time
from tests.services.estate.things import HERE, OTHER, THERE, ago, cluster, instance, snapshot


def test_an_instance_snapshot_keeps_its_original_time_through_a_copy() -> None:
    """A copy made an hour ago of data that is two days old is two days old."""
    copy = snapshot("copy", instance("orders"), created_at=ago(hours=1), original_created_at=ago(days=2))
    dated = data_time(copy, lambda _: None)
    assert dated.at == ago(days=2)
    assert dated.note == "copied 2026-11-23T11:00:00Z"


def test_an_instance_snapshot_without_its_original_time_is_not_dated() -> None:
    """The time of a manual snapshot may be that of a copy, and RDS does not say so within a region."""
    assert data_time(snapshot("s", instance("orders"), original_created_at=None), lambda _: None).at is None


def test_an_automated_snapshot_needs_no_original_time() -> None:
    """RDS takes it itself, and no copy is of that type."""
    taken = snapshot("s", instance("orders"), original_created_at=None, snapshot_type="automated")
    assert data_time(taken, lambda _: None).at == ago(hours=5)


def test_a_copied_cluster_snapshot_is_followed_over_regions_and_accounts() -> None:
    """Its age is that of the first snapshot of the chain."""
    crm = cluster("crm")
    first = snapshot("a", crm, created_at=ago(days=9))
    second = snapshot("b", crm, THERE, created_at=ago(days=5), copied_from=first.arn)
    third = snapshot("c", crm, OTHER, created_at=ago(hours=1), copied_from=second.arn)
    found = {it.arn: it for it in (first, second, third)}
    dated = data_time(third, found.get)
    assert dated.at == ago(days=9)
    assert dated.through == (second.arn, first.arn)


def test_a_copy_whose_origin_is_gone_is_not_dated() -> None:
    """Its own time says nothing of the data's age, and the note names what is missing."""
    copy = snapshot("b", cluster("crm"), created_at=ago(hours=1), copied_from="arn:aws:rds:x:y:cluster-snapshot:gone")
    dated = data_time(copy, lambda _: None)
    assert (dated.at, dated.not_after) == (None, ago(hours=1))
    assert "gone" in dated.note


def test_a_broken_chain_is_bounded_by_its_oldest_copy() -> None:
    """A copy is no newer than what it was made from."""
    crm = cluster("crm")
    middle = snapshot("m", crm, created_at=ago(days=5), copied_from="arn:aws:rds:x:y:cluster-snapshot:gone")
    last = snapshot("l", crm, created_at=ago(hours=1), copied_from=middle.arn)
    dated = data_time(last, {middle.arn: middle}.get)
    assert (dated.at, dated.not_after) == (None, ago(days=5))


def test_a_ring_of_copies_ends() -> None:
    """What names itself as its origin is not dated."""
    crm = cluster("crm")
    one = snapshot("one", crm, copied_from=f"arn:aws:rds:{HERE.region}:{HERE.account}:cluster-snapshot:two")
    two = snapshot("two", crm, copied_from=one.arn)
    found = {it.arn: it for it in (one, two)}
    assert data_time(one, found.get).at is None
    assert data_time(two, found.get).at is None


@settings(max_examples=200, derandomize=True)
@given(st.lists(st.integers(0, 7), min_size=8, max_size=8), st.integers(0, 7))
def test_following_ends_and_never_makes_data_younger(origins: list[int], start: int) -> None:
    """Whatever the copies name, a dated snapshot is as old as some original, never of the age of a copy."""
    crm = cluster("crm")
    names = [f"arn:aws:rds:{HERE.region}:{HERE.account}:cluster-snapshot:s{number}" for number in range(8)]
    found: dict[str, DatabaseSnapshot] = {}
    for number, origin in enumerate(origins):
        copied_from = names[origin] if origin < number else None if origin == number else names[origin]
        made = snapshot(f"s{number}", crm, created_at=ago(hours=1) - timedelta(hours=number), copied_from=copied_from)
        found[names[number]] = made
    dated = data_time(found[names[start]], found.get)
    if dated.at is not None:
        assert dated.at in {it.created_at for it in found.values() if it.copied_from is None}
