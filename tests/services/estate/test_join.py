from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.aws.collect.base import Place
from services.estate.join import Estate, Sighting
from services.estate.kinds import CLUSTER, INSTANCE, SNAPSHOT_LISTS
from services.model import Observation, Outcome
from tests.services.estate.things import (
    HERE,
    NOW,
    OTHER,
    THERE,
    ago,
    answers,
    backup,
    backup_job,
    bucket,
    cluster,
    copy_job,
    failed,
    instance,
    recovery_point,
    restore_job,
    seen,
    snapshot,
)


def estate(*observations: Observation[Any]) -> Estate:
    made = Estate()
    for observation in observations:
        made.put(observation)
    made.refresh()
    return made


def sightings(made: Estate) -> dict[str, Sighting]:
    return {it.resource.identifier: it for it in made.sightings()}


def resources(sighting: Sighting) -> list[str]:
    return [point.resource for point in sighting.points]


def test_an_instance_of_a_cluster_is_no_store_of_its_own() -> None:
    """The cluster is; its member is known as such."""
    crm, member = cluster("crm", members=("crm-1",)), instance("crm-1", cluster="crm")
    made = estate(*answers(crm, member, instance("orders")))
    assert set(sightings(made)) == {"crm", "orders"}
    assert made.cluster_of(member.arn, HERE) == "crm"


def test_a_store_has_the_points_of_its_own_resource_only() -> None:
    """An earlier database of the same name and a cluster of the same id lend it nothing."""
    orders = instance("orders", resource_id="r-1", backup_retention_days=0)
    before = instance("orders", resource_id="r-0")
    alike = cluster("orders", resource_id="r-1")
    mine = snapshot("mine", orders)
    made = estate(*answers(orders, mine, snapshot("old", before), snapshot("of-cluster", alike), backup(before)))
    assert resources(sightings(made)["orders"]) == [mine.arn]


def test_a_renamed_database_keeps_its_snapshots() -> None:
    """The resource id stays when the identifier changes."""
    orders = instance("orders-2", resource_id="r-1", backup_retention_days=0)
    taken = snapshot("s", instance("orders", resource_id="r-1"))
    assert resources(sightings(estate(*answers(orders, taken)))["orders-2"]) == [taken.arn]


def test_an_id_that_two_databases_bear_is_none() -> None:
    """Then the name joins, within the place."""
    one, two = (instance(name, resource_id="same", backup_retention_days=0) for name in ("one", "two"))
    made = estate(*answers(one, two, snapshot("s1", one), snapshot("s2", two), backup(two)))
    assert resources(sightings(made)["one"]) == [snapshot("s1", one).arn]
    assert set(resources(sightings(made)["two"])) == {snapshot("s2", two).arn, backup(two).arn}


def test_a_snapshot_without_an_id_joins_by_name_if_it_is_not_older_than_the_database() -> None:
    """One taken before the database was made is of another that bore its name."""
    orders = instance("orders", created_at=ago(days=1), backup_retention_days=0)
    young = snapshot("young", orders, source_resource_id=None, created_at=ago(hours=2))
    old = snapshot("old", orders, source_resource_id=None, created_at=ago(days=3))
    assert resources(sightings(estate(*answers(orders, young, old)))["orders"]) == [young.arn]


def test_copies_in_other_regions_and_accounts_are_restore_points() -> None:
    """They bear the same resource id."""
    orders = instance("orders", backup_retention_days=0)
    near, far = snapshot("near", orders, THERE), snapshot("far", orders, OTHER)
    made = estate(*answers(orders), *answers(near, place=THERE), *answers(far, place=OTHER))
    assert set(resources(sightings(made)["orders"])) == {near.arn, far.arn}


def test_a_copied_cluster_snapshot_is_dated_by_its_origin_elsewhere() -> None:
    """Also when the origin is seen only later."""
    crm = cluster("crm", backup_retention_days=0)
    first = snapshot("first", crm, THERE, created_at=ago(days=9))
    copy = snapshot("copy", crm, created_at=ago(hours=1), copied_from=first.arn)
    made = estate(*answers(crm, copy))
    assert [point.at for point in sightings(made)["crm"].points] == [None]
    for observation in answers(first, place=THERE):
        made.put(observation)
    made.refresh()
    assert {point.at for point in sightings(made)["crm"].points} == {ago(days=9)}


@pytest.mark.parametrize(("make", "kind"), [(instance, INSTANCE), (cluster, CLUSTER)])
def test_the_sources_of_a_store_are_the_calls_of_its_kind(make: Any, kind: Any) -> None:
    """Those of its own account and region, answered or not; the other kind's say nothing of it."""
    made = estate(*answers(make("db")), failed(SNAPSHOT_LISTS[kind]))
    sighting = sightings(made)["db"]
    assert {it.source.operation for it in sighting.latest} == set(kind.operations)
    assert {it.outcome for it in sighting.latest} == {Outcome.SEEN, Outcome.EMPTY, Outcome.DENIED}
    assert sighting.waiting == ()


def test_a_source_not_yet_heard_is_waited_for() -> None:
    """Until all its calls have come back a store is not complete."""
    sighting = sightings(estate(seen("DescribeDBInstances", instance("orders"))))["orders"]
    assert [it.operation for it in sighting.waiting] == list(INSTANCE.operations[1:])


def test_a_failure_keeps_what_was_last_seen_and_says_so() -> None:
    """The store stays, its points stay, and its latest observation is the failure."""
    orders = instance("orders")
    made = estate(*answers(orders, at=ago(minutes=1)))
    made.put(failed("DescribeDBInstances"))
    changed, gone = made.refresh()
    assert gone == set()
    assert [it.resource for it in changed.values()] == [orders]
    sighting = sightings(made)["orders"]
    assert {it.outcome for it in sighting.latest} >= {Outcome.DENIED}
    assert ago(minutes=1) in {it.at for it in sighting.good}


def test_a_store_that_an_answer_no_longer_holds_is_gone() -> None:
    """An answer without it is evidence; a failure is not."""
    made = estate(*answers(instance("orders"), instance("crm")))
    made.put(seen("DescribeDBInstances", instance("crm")))
    changed, gone = made.refresh()
    assert gone == {instance("orders").arn}
    assert set(changed) == {instance("crm").arn}


def test_an_answer_changes_the_stores_of_its_own_place() -> None:
    """Those of other regions keep the very same sighting."""
    made = estate(*answers(instance("orders")), *answers(instance("far", THERE), place=THERE))
    before = sightings(made)
    made.put(seen("DescribeDBSnapshots", at=NOW + timedelta(minutes=1)))
    changed, _ = made.refresh()
    assert set(changed) == {instance("orders").arn}
    assert sightings(made)["far"] is before["far"]


def test_a_verdict_that_rests_on_a_copy_elsewhere_has_that_call_among_its_sources() -> None:
    """If the newest point lies in another region, that region's failing makes the verdict unsure; else it does not."""
    orders = instance("orders", backup_retention_days=0)
    copy = snapshot("copy", orders, THERE)
    made = estate(*answers(orders), *answers(copy, place=THERE))
    assert ("eu-west-1", Outcome.SEEN) in {(it.source.region, it.outcome) for it in sightings(made)["orders"].latest}
    made.put(failed("DescribeDBSnapshots", place=THERE))
    made.refresh()
    assert ("eu-west-1", Outcome.DENIED) in {(it.source.region, it.outcome) for it in sightings(made)["orders"].latest}
    made.put(seen("DescribeDBSnapshots", snapshot("own", orders, created_at=ago(hours=1))))
    made.refresh()
    assert {it.source.region for it in sightings(made)["orders"].latest} == {"eu-central-1"}


def test_a_call_elsewhere_is_renewed_with_its_answer() -> None:
    """An unchanged answer has a new time all the same, or the store would grow stale."""
    orders = instance("orders", backup_retention_days=0)
    copy = snapshot("copy", orders, THERE)
    made = estate(*answers(orders), *answers(copy, place=THERE))
    later = NOW + timedelta(minutes=1)
    made.put(seen("DescribeDBSnapshots", copy, place=THERE, at=later))
    made.refresh()
    assert later in {it.at for it in sightings(made)["orders"].latest}


def test_leftovers_are_what_no_database_seen_bears() -> None:
    """Retained backups and snapshots of databases that are gone are kept for those who destroy and find."""
    orders, gone = instance("orders"), instance("gone")
    retained, old = backup(gone, status="retained"), snapshot("old", gone)
    made = estate(*answers(orders, snapshot("s", orders), backup(orders), retained, old))
    assert set(made.leftovers()) == {retained, old}


def _world(seed: int) -> list[Observation[Any]]:
    chance = random.Random(seed)  # noqa: S311 # a made-up fleet, reproducible
    observations: list[Observation[Any]] = []
    bases = [
        make(f"db{number}", place, backup_retention_days=chance.choice([0, 7]))
        for number, (make, place) in enumerate(
            (make, place) for make in (instance, cluster) for place in (HERE, THERE) for _ in range(2)
        )
    ]
    for place in (HERE, THERE):
        records: list[Any] = [it for it in bases if it.region == place.region]
        for base in bases:
            for number in range(chance.randrange(3)):
                name = f"s-{base.identifier}-{place.region}-{number}"
                records.append(snapshot(name, base, place, created_at=ago(hours=chance.randrange(1, 99))))
            if chance.random() < 0.4:
                records.append(backup(base, place))
        records += _protected(chance, bases, place)
        observations += answers(*records, place=place)
    return [
        failed(it.source.operation, place=HERE) if it.source.region == HERE.region and chance.random() < 0.2 else it
        for it in observations
    ]


def _protected(chance: random.Random, bases: list[Any], place: Place) -> list[Any]:
    """Recovery points with copies and jobs, and buckets that are copied to each other, of a place."""
    names = ["media", "copy"] if place == HERE else ["far"]
    records: list[Any] = [
        bucket(name, place, copied_to=chance.choice(["media", "copy", "far", "none", None])) for name in names
    ]
    for base in (*bases, *(bucket(name) for name in ("media", "far"))):
        if chance.random() < 0.5:
            point = recovery_point(f"p-{base.identifier}-{place.region}", base, place)
            copy = recovery_point(f"c-{base.identifier}-{place.region}", base, place, copied_from="arn:v")
            chosen = chance.sample([point, copy, copy_job(point, copy)], chance.randrange(4))
            job = restore_job(f"r-{base.identifier}-{place.region}", base, resource=None, recovery_point=point.arn)
            records += [*chosen, job, backup_job(f"j-{base.identifier}-{place.region}", base, "FAILED")]
    return records


def _picture(observations: Iterable[Observation[Any]], *, one_by_one: bool) -> dict[str, tuple[Any, ...]]:
    made = Estate()
    for observation in observations:
        made.put(observation)
        if one_by_one:
            made.refresh()
    made.refresh()
    return {
        it.resource.arn: (it.resource, set(it.points), set(it.latest), it.waiting, it.troubles, it.tests, it.standby)
        for it in made.sightings()
    }


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(seed: int, chance: random.Random) -> None:
    """The picture at the end is the same, joined at once or an answer at a time, in whatever order."""
    world = _world(seed)
    shuffled = list(world)
    chance.shuffle(shuffled)
    assert _picture(world, one_by_one=False) == _picture(shuffled, one_by_one=True)
