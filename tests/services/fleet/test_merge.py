from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.fleet.merge import Picture
from services.fleet.snapshot import FleetSnapshot, StoreView, TenantView
from services.model import BadRecord, LifecycleState, Observation, Outcome, Status, StoreMapping, Verdict
from tests.services.estate.things import (
    HERE,
    NOW,
    OTHER,
    THERE,
    ago,
    answers,
    cluster,
    failed,
    instance,
    seen,
    snapshot,
    tagged,
)
from tests.services.fleet.fakes import Counting, picture, registry, restored, tenant

ORDERS = instance("orders", tags=tagged("acme"))


def merged(made: Picture, *observations: Observation[Any], now: datetime = NOW) -> FleetSnapshot:
    made.take(observations)
    return made.publish(now, 1)


def whole(*records: Any, now: datetime = NOW, **answer: Any) -> FleetSnapshot:
    """The picture of one tenant, ``acme``, and these records in its place; ``orders`` was tested."""
    made = picture()
    made.take_registry(registry(tenant("acme"), recovery_tests=(restored("orders"),), **answer), NOW)
    return merged(made, *answers(*records), now=now)


def recovery(view: TenantView) -> list[Verdict]:
    return [verdict for verdict in view.verdicts if verdict.clause == "recovery"]


def only(view: TenantView) -> StoreView:
    (row,) = view.stores
    return row


def copied(**members: Any) -> Any:
    """What a restore test of ``orders`` has made a minute ago, without a restore point."""
    tags = (*tagged("acme"), ("tenure:restore-test", "test-7"))
    bare = {"latest_restorable_time": None, "backup_retention_days": 0, "created_at": ago(minutes=1)}
    return instance("tenure-test-orders", tags=tags, **{**bare, **members})


def test_the_copy_of_a_restore_test_is_shown_and_not_judged() -> None:
    """It stands in the tenant's rows as what it is, and the tenant stays as it was."""
    view = whole(ORDERS, copied()).tenants["acme"]
    rows = {row.store.name: row for row in view.stores if row.store is not None}
    assert view.status is Status.OK
    assert rows["tenure-test-orders"].verdict.status is Status.NOT_APPLICABLE
    assert "a copy made by restore test test-7" in rows["tenure-test-orders"].verdict.reason
    left = whole(ORDERS, copied(created_at=ago(days=2))).tenants["acme"]
    assert left.status is Status.AT_RISK


def test_a_mapped_store_is_no_copy_whatever_its_tag() -> None:
    """Nobody takes a store out of its promise by a tag: one without a restore point is in breach."""
    made = copied(created_at=ago(days=2))
    view = whole(ORDERS, made, stores=(StoreMapping("acme", ORDERS.arn), StoreMapping("acme", made.arn))).tenants[
        "acme"
    ]
    assert view.status is Status.BREACHED


def test_a_healthy_tenant_is_ok() -> None:
    """Its store is seen, judged by its tier, and belongs to it by its tag."""
    view = whole(ORDERS).tenants["acme"]
    row = only(view)
    assert view.status is Status.OK
    assert (row.verdict.figure, row.verdict.status, row.verdict.value) == (
        "recovery.orders",
        Status.OK,
        timedelta(minutes=3),
    )
    assert (row.account, row.region, row.observed_at) == (HERE.account, HERE.region, NOW)


def test_before_anybody_answered_a_tenant_is_unknown() -> None:
    """No evidence is never green: the row says which call is waited for."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    view = made.publish(NOW, 1).tenants["acme"]
    assert view.status is Status.UNKNOWN
    assert only(view).store is None
    assert "waiting for rds DescribeDBInstances of 111122223333 eu-central-1" in only(view).verdict.reason


def test_a_store_is_unknown_until_all_its_calls_have_come_back() -> None:
    """A retention of 0 and no snapshots heard of yet is not a breach."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    bare = instance("orders", tags=tagged("acme"), backup_retention_days=0)
    view = merged(made, *map(seen, ("DescribeDBClusters", "ListBuckets")), seen("DescribeDBInstances", bare)).tenants[
        "acme"
    ]
    assert only(view).verdict.status is Status.UNKNOWN
    assert "waiting for rds" in only(view).verdict.reason
    view = merged(made, *answers(bare)).tenants["acme"]
    assert only(view).verdict.status is Status.BREACHED


@pytest.mark.parametrize("operation", ["DescribeDBInstances", "DescribeDBClusters"])
def test_a_tenant_whose_databases_cannot_be_listed_has_a_row_that_says_so(operation: str) -> None:
    """A refused inventory is no absence."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    others = [it for it in answers() if it.source.operation != operation]
    row = only(merged(made, failed(operation), *others).tenants["acme"])
    assert (row.store, row.verdict.status, row.verdict.figure) == (None, Status.UNKNOWN, "recovery")
    assert f"rds {operation} of 111122223333 eu-central-1 denied: AccessDenied" in row.verdict.reason


def test_a_store_seen_does_not_hide_that_the_clusters_cannot_be_listed() -> None:
    """The tenant may have another database there."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    others = [it for it in answers(ORDERS) if it.source.operation != "DescribeDBClusters"]
    view = merged(made, failed("DescribeDBClusters"), *others).tenants["acme"]
    assert [row.verdict.status for row in view.stores] == [Status.OK, Status.UNKNOWN]
    assert view.status is Status.UNKNOWN


def test_a_failure_after_success_keeps_what_was_last_seen() -> None:
    """The verdict is unknown, and the reason says what was seen and when."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    merged(made, *answers(ORDERS, at=ago(minutes=1)))
    row = only(merged(made, failed("DescribeDBInstances")).tenants["acme"])
    assert row.store is not None
    assert row.verdict.status is Status.UNKNOWN
    assert "AccessDenied" in row.verdict.reason
    assert "last seen 2026-11-23T11:59:00Z: RPO 2m" in row.verdict.reason
    assert row.verdict.value == timedelta(minutes=2)
    assert row.observed_at == ago(minutes=1)


def test_a_mapped_store_that_aws_does_not_have_is_unknown() -> None:
    """All answered and it is not there: nothing proves its RPO."""
    gone = StoreMapping("acme", instance("gone").arn)
    row = only(whole(stores=(gone,)).tenants["acme"])
    assert (row.verdict.status, row.verdict.reason) == (
        Status.UNKNOWN,
        f"the mapped store {gone.store} was not found in AWS",
    )
    assert row.verdict.figure == "recovery.gone"


def test_a_mapped_store_that_could_not_be_read_is_not_said_to_be_missing() -> None:
    """Its own inventory failed."""
    made = picture()
    made.take_registry(registry(tenant("acme"), stores=(StoreMapping("acme", instance("orders").arn),)), NOW)
    others = [it for it in answers() if it.source.operation != "DescribeDBInstances"]
    row = only(merged(made, failed("DescribeDBInstances"), *others).tenants["acme"])
    assert "orders could not be read: rds DescribeDBInstances" in row.verdict.reason


def test_a_mapping_to_a_clusters_instance_names_the_cluster() -> None:
    """The store is the cluster."""
    member = instance("crm-1", cluster="crm")
    row = only(whole(cluster("crm"), member, stores=(StoreMapping("acme", member.arn),)).tenants["acme"])
    assert "is an instance of cluster crm" in row.verdict.reason


@pytest.mark.parametrize("arn", ["arn:aws:dynamodb:eu-central-1:111122223333:table/calls", "garbage"])
def test_a_mapping_that_nothing_reads_is_unknown(arn: str) -> None:
    """It is not left out."""
    row = only(whole(stores=(StoreMapping("acme", arn),)).tenants["acme"])
    assert row.verdict.status is Status.UNKNOWN
    assert "nothing here reads this kind of store" in row.verdict.reason


def test_a_tenant_without_a_database_is_unknown() -> None:
    """Though everything answered."""
    row = only(whole().tenants["acme"])
    assert (row.store, row.verdict.status) == (None, Status.UNKNOWN)
    assert row.verdict.reason == "no store seen for this tenant"
    assert row.observed_at == NOW


@pytest.mark.parametrize("state", [LifecycleState.DISMISSED, LifecycleState.DESTROYED])
def test_recovery_does_not_apply_to_a_tenant_whose_live_stores_are_removed(state: LifecycleState) -> None:
    """Where the inventories answered; else it is as unknown as any."""
    made = picture()
    made.take_registry(registry(tenant("acme", state=state, ended_on=date(2026, 6, 30))), NOW)
    row = only(merged(made, *answers()).tenants["acme"])
    assert (row.store, row.verdict.status) == (None, Status.NOT_APPLICABLE)
    row = only(merged(made, failed("DescribeDBClusters", at=NOW)).tenants["acme"])
    assert row.verdict.status is Status.UNKNOWN


def test_a_shared_store_has_a_row_for_each_tenant_with_its_part() -> None:
    """And each is judged by its own tier."""
    shared = cluster("shared-1")
    made = picture()
    stores = (StoreMapping("acme", shared.arn, "s_acme"), StoreMapping("contoso", shared.arn, "s_contoso"))
    made.take_registry(registry(tenant("acme"), tenant("contoso", tier="dedicated"), stores=stores), NOW)
    views = merged(made, *answers(shared)).tenants
    assert [(only(view).part, only(view).verdict.target) for view in views.values()] == [
        ("s_acme", timedelta(hours=24)),
        ("s_contoso", timedelta(minutes=5)),
    ]


def test_figures_are_unique_for_a_tenant() -> None:
    """Stores of one name in two regions, and two parts of one, are told apart."""
    shared = cluster("shared")
    twins = [instance("db"), instance("db", THERE), instance("db", OTHER)]
    mappings = [StoreMapping("acme", it.arn) for it in twins]
    mappings += [StoreMapping("acme", shared.arn, part) for part in ("a", "b")]
    made = picture()
    made.take_registry(registry(tenant("acme"), stores=tuple(mappings)), NOW)
    far = [*answers(twins[1], place=THERE), *answers(twins[2], place=OTHER)]
    view = merged(made, *answers(twins[0], shared), *far).tenants["acme"]
    figures = [row.verdict.figure for row in view.stores]
    assert len(figures) == 5
    assert len(set(figures)) == 5
    assert {"recovery.shared.a", "recovery.shared.b", "recovery.db@eu-west-1"} <= set(figures)
    assert len({row.key for row in view.stores}) == 5


def test_orphans_say_why_they_have_no_tenant() -> None:
    """A tag that names nobody known, a mapping to nobody known, or nothing at all."""
    made = picture()
    made.take_registry(registry(tenant("acme"), stores=(StoreMapping("ghost", instance("c").arn),)), NOW)
    shot = merged(made, *answers(instance("a", tags=tagged("stranger")), instance("b"), instance("c")))
    reasons = {row.store.name: row.verdict.reason for row in shot.orphans if row.store}
    assert "tagged tenant=stranger" in reasons["a"]
    assert "no tag tenant" in reasons["b"]
    assert "mapped to ghost" in reasons["c"]
    assert {row.tenant for row in shot.orphans} == {None}
    assert {row.verdict.status for row in shot.orphans} == {Status.UNKNOWN}


@pytest.mark.parametrize("lost", ["tenants", "stores"])
def test_without_the_registry_ownership_is_unknown_and_not_nobody(lost: str) -> None:
    """A store is shown without a tenant, and the reason says which collection failed."""
    made = picture()
    made.take_registry(registry(tenant("acme"), failed=(lost,)), NOW)
    (row,) = merged(made, *answers(instance("a"))).orphans
    assert row.verdict.status is Status.UNKNOWN
    assert row.verdict.reason == f"its tenant is unknown: internal GET /{lost} failed: answered 503"


def test_tenants_stay_when_the_registry_fails_and_what_rests_on_it_is_unknown() -> None:
    """At once, with what they were and when that was read; past the policy's age with what is allowed; a new answer
    heals them."""
    made = picture()
    made.take_registry(registry(tenant("acme"), recovery_tests=(restored("orders"),)), NOW)
    merged(made, *answers(ORDERS))
    failing = ("tenants", "subscriptions", "parties", "stores")
    soon = NOW + timedelta(minutes=1)
    made.take_registry(registry(at=soon, failed=failing, recovery_tests=(restored("orders"),)), soon)
    view = made.publish(soon, 2).tenants["acme"]
    assert {verdict.status for verdict in view.verdicts} == {Status.UNKNOWN}
    trouble = "internal GET /tenants failed: answered 503, last read 2026-11-23T12:00:00Z; was ok: "
    assert view.verdicts[0].reason == f"{trouble}recorded active, as is due"
    assert only(view).verdict.reason == f"{trouble}RPO 3m, promised 24h"
    late = NOW + timedelta(minutes=15)
    made.take(answers(ORDERS, at=late))
    view = made.publish(late, 3).tenants["acme"]
    assert {verdict.status for verdict in view.verdicts} == {Status.UNKNOWN}
    said = "the registry was last read 2026-11-23T12:00:00Z, at most 15m ago is allowed (internal GET /tenants failed"
    assert said in view.verdicts[0].reason
    assert "was ok" in view.verdicts[0].reason
    made.take_registry(registry(tenant("acme"), recovery_tests=(restored("orders"),), at=late), late)
    assert made.publish(late, 4).tenants["acme"].status is Status.OK


@pytest.mark.parametrize(
    ("lost", "lifecycle", "recovery"),
    [
        ("subscriptions", Status.UNKNOWN, Status.OK),
        ("stores", Status.OK, Status.UNKNOWN),
        ("parties", *[Status.OK] * 2),
    ],
)
def test_a_list_of_the_record_makes_unknown_what_rests_on_it_and_nothing_else(
    lost: str, lifecycle: Status, recovery: Status
) -> None:
    """The end date is of the subscriptions, whose stores they are of the mappings; of the parties only names are."""
    made = picture()
    made.take_registry(registry(tenant("acme"), recovery_tests=(restored("orders"),)), NOW)
    merged(made, *answers(ORDERS))
    soon = NOW + timedelta(minutes=1)
    tests = (restored("orders"),)
    made.take_registry(registry(tenant("acme"), at=soon, failed=(lost,), recovery_tests=tests), soon)
    view = made.publish(soon, 2).tenants["acme"]
    assert view.verdicts[0].figure == "state"
    assert (view.verdicts[0].status, only(view).verdict.status) == (lifecycle, recovery)


def test_a_registry_that_nobody_asked_in_time_heals_with_its_answer() -> None:
    """Verdicts that grew old come back though the answer is the same as before."""
    made = picture()
    made.take_registry(registry(tenant("acme"), recovery_tests=(restored("orders"),)), NOW)
    merged(made, *answers(ORDERS))
    late = NOW + timedelta(hours=1)
    assert made.rejudge(late).tenants["acme"].status is Status.UNKNOWN
    made.take(answers(ORDERS, at=late))
    made.take_registry(registry(tenant("acme"), recovery_tests=(restored("orders"),), at=late), late)
    assert made.publish(late, 2).tenants["acme"].status is Status.OK


def test_without_the_subscriptions_the_lifecycle_is_unknown() -> None:
    """No end date is not "no end"."""
    view = whole(ORDERS, failed=("subscriptions",)).tenants["acme"]
    assert view.clocks == ()
    assert view.state_due is None
    (state,) = [verdict for verdict in view.verdicts if verdict.figure == "state"]
    assert state.status is Status.UNKNOWN
    assert "GET /subscriptions" in state.reason
    assert only(view).verdict.status is Status.OK


def test_a_doubted_end_date_is_not_judged() -> None:
    """A bad subscription record makes its tenant's lifecycle unknown, and no other's."""
    made = picture()
    answer = registry(tenant("acme"), tenant("contoso"), doubts={"acme": "subscription 7 cannot be read"})
    bad = (BadRecord("subscriptions", "7", 6, "no start"),)
    made.take_registry(replace(answer, bad=bad), NOW)
    shot = made.publish(NOW, 1)
    states = {name: view.verdicts[0] for name, view in shot.tenants.items()}
    assert states["acme"].status is Status.UNKNOWN
    assert "subscription 7" in states["acme"].reason
    assert states["contoso"].status is not Status.UNKNOWN
    assert shot.bad_records == bad


def test_a_tier_that_the_policy_does_not_have_is_unknown() -> None:
    """Nothing can be judged by it."""
    made = picture()
    made.take_registry(registry(tenant("acme", tier="gold")), NOW)
    view = merged(made, *answers(ORDERS)).tenants["acme"]
    assert {"tier", "recovery.orders"} <= {it.figure for it in view.verdicts if it.status is Status.UNKNOWN}


def test_only_tenants_whose_observations_changed_are_judged_again() -> None:
    """An answer of one region judges that region's stores, and no lifecycle a second time."""
    counting = Counting()
    made = picture(counting.rules)
    made.take_registry(registry(tenant("acme"), tenant("far", THERE)), NOW)
    merged(made, *answers(ORDERS), *answers(instance("b", THERE, tags=tagged("far")), place=THERE))
    assert sorted(counting.lives) == ["acme", "far"]
    counting.judged.clear()
    before = made.snapshot
    after = merged(made, seen("DescribeDBSnapshots", at=NOW + timedelta(seconds=30)))
    assert counting.judged == [("orders", "public")]
    assert sorted(counting.lives) == ["acme", "far"]
    assert after.tenants["far"] is before.tenants["far"]
    counting.judged.clear()
    made.publish(NOW + timedelta(seconds=31), 2)
    assert counting.judged == []


def test_the_same_registry_judges_nobody_again() -> None:
    """An answer that says nothing new costs no judging."""
    counting = Counting()
    made = picture(counting.rules)
    made.take_registry(registry(tenant("acme")), NOW)
    merged(made, *answers(ORDERS))
    counting.judged.clear()
    made.take_registry(registry(tenant("acme"), at=NOW + timedelta(seconds=30)), NOW + timedelta(seconds=30))
    made.publish(NOW + timedelta(seconds=30), 2)
    assert counting.judged == []


def test_rejudging_is_the_same_snapshot_until_something_is_due() -> None:
    """Then only who is due is judged: here, whose evidence has grown old."""
    counting = Counting()
    made = picture(counting.rules)
    made.take_registry(registry(tenant("acme", tier="dedicated"), tenant("far", THERE)), NOW)
    far = answers(instance("b", THERE, tags=tagged("far")), place=THERE)
    shot = merged(made, *answers(instance("orders", tags=tagged("acme"))), *far)
    counting.judged.clear()
    assert made.rejudge(NOW + timedelta(minutes=1)) is shot
    assert counting.judged == []
    later = made.rejudge(NOW + timedelta(minutes=3))
    assert later is not shot
    assert later.at == NOW + timedelta(minutes=3)
    assert counting.judged == [("orders", "dedicated")]
    assert later.tenants["acme"].status is Status.UNKNOWN
    assert later.tenants["far"] is shot.tenants["far"]
    assert made.rejudge(NOW + timedelta(minutes=3)) is later


def test_a_clock_that_ends_is_rejudged_without_an_answer() -> None:
    """Grace ends at its instant, though AWS was asked long ago."""
    made = picture()
    made.take_registry(registry(tenant("acme", state=LifecycleState.GRACE, ended_on=date(2026, 10, 24))), NOW)
    made.take(answers(ORDERS))
    shot = made.publish(NOW, 1)
    assert shot.tenants["acme"].state_due is LifecycleState.GRACE
    ends = datetime(2026, 11, 23, 23, tzinfo=UTC)
    made.take_registry(registry(tenant("acme", state=LifecycleState.GRACE, ended_on=date(2026, 10, 24)), at=ends), ends)
    assert made.rejudge(ends).tenants["acme"].state_due is LifecycleState.DISMISSED


def test_sources_tell_the_last_answer_and_the_last_good_one() -> None:
    """A failure keeps the time of the answer before it; asking is marked until the answer comes."""
    made = picture()
    made.ledger.asking([seen("DescribeDBInstances").source])
    (view,) = made.publish(NOW, 1).sources
    assert (view.asking, view.outcome, view.count) == (True, None, None)
    merged(made, seen("DescribeDBInstances", ORDERS, at=ago(minutes=1)))
    merged(made, failed("DescribeDBInstances"))
    (view,) = made.snapshot.sources
    assert (view.asking, view.outcome, view.last_seen_at) == (False, Outcome.DENIED, ago(minutes=1))
    assert made.snapshot.failed == (view,)


def test_a_tenant_that_left_the_registry_is_gone_and_its_store_an_orphan() -> None:
    """Said by an answer that was read to its end."""
    made = picture()
    made.take_registry(registry(tenant("acme"), tenant("contoso")), NOW)
    merged(made, *answers(ORDERS))
    made.take_registry(registry(tenant("contoso")), NOW)
    shot = made.publish(NOW, 2)
    assert set(shot.tenants) == {"contoso"}
    assert [row.store.name for row in shot.orphans if row.store] == ["orders"]


def test_a_part_of_an_answer_takes_nobody_away() -> None:
    """While the tenants are still being read, those seen before stay."""
    made = picture()
    made.take_registry(registry(tenant("acme"), tenant("contoso")), NOW)
    part = replace(registry(unheard=("tenants", "subscriptions", "stores")), tenants=(tenant("acme"),))
    made.take_registry(part, NOW)
    assert set(made.publish(NOW, 2).tenants) == {"acme", "contoso"}


def test_a_mapping_moves_a_store_from_one_tenant_to_another() -> None:
    """The tag is overruled as soon as the mapping is known."""
    made = picture()
    made.take_registry(registry(tenant("acme"), tenant("contoso")), NOW)
    merged(made, *answers(ORDERS))
    mapping = (StoreMapping("contoso", ORDERS.arn),)
    made.take_registry(registry(tenant("acme"), tenant("contoso"), stores=mapping), NOW)
    shot = made.publish(NOW, 2)
    assert [row.store for row in shot.tenants["acme"].stores] == [None]
    assert [row.store.name for row in shot.tenants["contoso"].stores if row.store] == ["orders"]


def test_a_copied_snapshot_does_not_make_a_store_look_young() -> None:
    """The copy is two hours old, its data forty days."""
    bare = instance("orders", tags=tagged("acme"), backup_retention_days=0)
    copy = snapshot("copy", bare, created_at=ago(hours=2), original_created_at=ago(days=40))
    row = only(whole(bare, copy).tenants["acme"])
    assert (row.verdict.status, row.verdict.value) == (Status.BREACHED, timedelta(days=40))
