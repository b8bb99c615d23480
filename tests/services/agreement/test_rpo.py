"""The RPO of a store: what is judged, what is unknown, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement import judge_rpo
from services.model import Outcome, RestorePoint, Status, Store, Verdict
from tests.services.agreement.nouns import NOW, observation, point, store
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, OTHER, Expected

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=4))


def judged(agreed: Expected, what: Store, tier: str | None, *, later: timedelta = timedelta()) -> Verdict:
    """The verdict on a store at ``NOW``, or later."""
    return judge_rpo(what, tier, agreed.policy, NOW + later, figure="recovery.orders-db")


@both
def test_the_thresholds_of_every_tier(agreed: Expected) -> None:
    """In each tier: ok up to the policy's share of the target, at risk up to all of it, breached beyond."""
    for tier, target in agreed.rpo.items():
        edge = target * agreed.at_risk_ratio[tier]
        cases = [(edge, Status.OK), (target, Status.OK if edge == target else Status.AT_RISK)]
        cases += [(target + TICK, Status.BREACHED)]
        cases += [(edge + TICK, Status.AT_RISK)] if edge < target else []
        for rpo, status in cases:
            verdict = judged(agreed, store(point(rpo)), tier)
            assert (verdict.status, verdict.value, verdict.target) == (status, rpo, target)
            assert verdict.at == NOW - rpo
            assert (verdict.clause, verdict.figure) == ("recovery", "recovery.orders-db")
            assert verdict.evidence == (observation(),)


def test_nine_minutes_of_five() -> None:
    """A restorable time that is nine minutes old breaks a promise of five, in words a person can read."""
    verdict = judged(DEFAULT, store(point(timedelta(minutes=9, seconds=12), "latest-restorable-time")), "dedicated")
    assert (verdict.status, verdict.reason) == (Status.BREACHED, "RPO 9m12s, promised 5m")


@both
@given(ages=st.lists(LENGTHS, min_size=1, max_size=5))
def test_the_newest_point_counts(agreed: Expected, ages: list[timedelta]) -> None:
    """Of several restore points the newest decides, in whatever order they come."""
    tier = next(iter(agreed.rpo))
    verdict = judged(agreed, store(*map(point, ages)), tier)
    assert (verdict.value, verdict.at) == (min(ages), NOW - min(ages))


def test_only_the_evidence_of_the_policy_counts() -> None:
    """A kind of restore point that the policy does not name for that kind of store is not looked at."""
    fresh, old = point(MINUTE, "latest-restorable-time"), point(5 * HOUR)
    assert judged(OTHER, store(fresh, old), "silver").value == 5 * HOUR
    assert judged(OTHER, store(fresh, old, kind="rds-cluster"), "silver").value == MINUTE
    unknown = judged(OTHER, store(fresh, kind="s3-bucket"), "silver")
    assert (unknown.status, unknown.value) == (Status.UNKNOWN, None)
    assert "recovery.evidence says nothing of the kind s3-bucket" in unknown.reason


@both
@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if not outcome.answered])
def test_a_source_that_did_not_answer_makes_it_unknown(agreed: Expected, outcome: Outcome) -> None:
    """However good the points look: one source without an answer, and the verdict is unknown and says which and how."""
    sources = (observation(), observation(outcome, operation="DescribeDBSnapshots", error="AccessDenied"))
    for tier in agreed.rpo:
        for points in ((), (point(timedelta()),), (point(timedelta(days=9)),)):
            verdict = judged(agreed, store(*points, sources=sources), tier)
            assert verdict.status is Status.UNKNOWN
            told = f"rds DescribeDBSnapshots in 111122223333 eu-central-1 {outcome}"
            assert told in verdict.reason
            assert "AccessDenied" in verdict.reason
            assert verdict.value is None


@both
def test_evidence_grows_too_old_at_its_instant(agreed: Expected) -> None:
    """Up to the tier's greatest age the verdict stands; from the announced instant on it is unknown, and says what
    was last seen."""
    for tier, max_age in agreed.max_age.items():
        what = store(point(30 * timedelta(seconds=1)), sources=(observation(), observation(age=MINUTE / 2)))
        fresh = judged(agreed, what, tier)
        assert fresh.status is not Status.UNKNOWN
        assert fresh.changes_at == NOW - MINUTE / 2 + max_age + TICK
        assert judged(agreed, what, tier, later=fresh.changes_at - TICK - NOW) == fresh
        stale = judged(agreed, what, tier, later=fresh.changes_at - NOW)
        assert (stale.status, stale.value, stale.changes_at) == (Status.UNKNOWN, fresh.value, None)
        assert "last seen: RPO 0s" in stale.reason


@both
@given(age=LENGTHS, later=st.timedeltas(timedelta(0), timedelta(hours=2)))
def test_the_figure_does_not_grow_with_the_clock(agreed: Expected, age: timedelta, later: timedelta) -> None:
    """Later, with nothing new observed, the figure is the same and the status is the same or unknown."""
    tier = next(iter(agreed.rpo))
    first, second = judged(agreed, store(point(age)), tier), judged(agreed, store(point(age)), tier, later=later)
    assert second.value == first.value
    assert second.status in (first.status, Status.UNKNOWN)
    assert (second.status is Status.UNKNOWN) is (later > agreed.max_age[tier])


@both
def test_no_restore_point(agreed: Expected) -> None:
    """All answered and nothing there: at risk while the store is younger than its target, breached beyond."""
    for tier, target in agreed.rpo.items():
        assert judged(agreed, store(created=target), tier).status is Status.AT_RISK
        assert judged(agreed, store(created=target + TICK), tier).status is Status.BREACHED
        assert judged(agreed, store(created=None), tier).status is Status.UNKNOWN
        verdict = judged(agreed, store(created=target + TICK), tier)
        assert (verdict.value, verdict.at) == (None, None)
        assert verdict.reason.startswith("no restore point; created ")


@both
def test_nobody_is_promised_anything(agreed: Expected) -> None:
    """A store without a tenant is unknown, its figure told all the same."""
    verdict = judged(agreed, store(point(HOUR)), None)
    assert (verdict.status, verdict.value, verdict.target) == (Status.UNKNOWN, HOUR, None)
    assert verdict.reason.startswith("no tenant")


def test_a_tier_that_is_not_agreed_is_unknown() -> None:
    """A tier of another agreement has no target to be judged by."""
    verdict = judged(OTHER, store(point(HOUR)), "dedicated")
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "the agreement has no tier dedicated")


def test_nothing_observed_is_unknown() -> None:
    """A store that no source speaks about is not judged."""
    verdict = judged(DEFAULT, store(point(HOUR), sources=()), "public")
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "nothing was observed")


@both
def test_points_of_the_future(agreed: Expected) -> None:
    """A point that lies after its observation by no more than the policy tolerates is an RPO of zero; beyond, a clock
    is wrong and nothing can be said."""
    for tier in agreed.rpo:
        edge = judged(agreed, store(point(-agreed.tolerance)), tier)
        assert (edge.status, edge.value) == (Status.OK, timedelta())
        beyond = judged(agreed, store(point(-agreed.tolerance - TICK), point(timedelta())), tier)
        assert (beyond.status, beyond.value) == (Status.UNKNOWN, None)
        assert "a clock is wrong" in beyond.reason


def test_a_point_is_dated_by_its_own_observation() -> None:
    """Where it is known when a point was seen, that instant counts and not the store's."""
    seen = point(timedelta(minutes=6), "latest-restorable-time", observed_at=NOW - 90 * timedelta(seconds=1))
    what = store(seen, sources=(observation(age=timedelta(minutes=1, seconds=50)), observation()))
    verdict = judged(DEFAULT, what, "dedicated")
    assert (verdict.status, verdict.value) == (Status.OK, timedelta(minutes=4, seconds=30))


UNDATED = point(None, note="copied 2026-11-22T03:00:00Z")


@both
@given(age=LENGTHS)
def test_an_undated_point_neither_proves_nor_breaks(agreed: Expected, age: timedelta) -> None:
    """A dated point that meets the target is judged as if it were alone; one that does not leaves it unknown."""
    for tier in agreed.rpo:
        alone = judged(agreed, store(point(age)), tier)
        both_points = judged(agreed, store(UNDATED, point(age)), tier)
        if alone.status is Status.BREACHED:
            assert both_points.status is Status.UNKNOWN
            assert "copied 2026-11-22T03:00:00Z" in both_points.reason
        else:
            assert both_points == alone


@both
def test_only_undated_points_are_unknown(agreed: Expected) -> None:
    """A store whose only restore point has no date is unknown, not breached and not ok."""
    for tier in agreed.rpo:
        verdict = judged(agreed, store(UNDATED), tier)
        assert (verdict.status, verdict.value, verdict.at) == (Status.UNKNOWN, None, None)


def bounded(not_after: timedelta) -> RestorePoint:
    """A point of unknown age whose data is at least so old."""
    return point(None, not_after=NOW - not_after)


@both
def test_an_undated_point_that_cannot_matter_hides_no_breach(agreed: Expected) -> None:
    """A copy made before the newest dated point, or too long ago to meet the target, leaves a breach a breach."""
    for tier, target in agreed.rpo.items():
        old = target + HOUR
        assert judged(agreed, store(point(old), bounded(old + HOUR)), tier).status is Status.BREACHED
        assert judged(agreed, store(point(old), bounded(target + TICK)), tier).status is Status.BREACHED
        assert judged(agreed, store(point(old), bounded(target)), tier).status is Status.UNKNOWN
        assert judged(agreed, store(bounded(target + TICK)), tier).status is Status.BREACHED
        assert judged(agreed, store(bounded(target)), tier).status is Status.UNKNOWN


POINTS = st.builds(
    point,
    st.none() | st.timedeltas(timedelta(minutes=-5), timedelta(days=3)),
    st.sampled_from(["latest-restorable-time", "snapshot", "automated-backup", "hearsay"]),
    not_after=st.none() | st.timedeltas(timedelta(0), timedelta(days=3)).map(lambda age: NOW - age),
)
SOURCES = st.lists(
    st.builds(observation, st.sampled_from(Outcome), age=st.timedeltas(timedelta(0), timedelta(hours=1))), max_size=3
)


@both
@given(data=st.data(), points=st.lists(POINTS, max_size=4), sources=SOURCES)
def test_ok_is_always_proven(
    agreed: Expected, data: st.DataObject, points: list[RestorePoint], sources: list[object]
) -> None:
    """Whatever is seen: ok needs every source answered, young evidence and a dated point of a kind that counts inside
    the target; breached needs the same answers and no such point."""
    tier = data.draw(st.sampled_from([*agreed.rpo, "none-such", None]))
    kind = data.draw(st.sampled_from(["rds-instance", "rds-cluster", "s3-bucket", "ftp"]))
    what = store(*points, kind=kind, sources=tuple(sources))  # type: ignore[arg-type]
    verdict = judged(agreed, what, tier)
    certain = (
        tier is not None
        and tier in agreed.rpo
        and bool(what.sources)
        and all(source.outcome.answered and NOW - source.at <= agreed.max_age[tier] for source in what.sources)
    )
    evidence: dict[str, tuple[str, ...]] = {str(name): kinds for name, kinds in agreed.policy.recovery.evidence.items()}
    dated = [point.at for point in points if point.at and point.kind in evidence.get(kind, ())]
    if verdict.status in (Status.OK, Status.AT_RISK, Status.BREACHED):
        assert certain
        observed = min(source.at for source in what.sources)
        meets = any(observed - at <= agreed.rpo[tier or ""] for at in dated)
        assert (verdict.status is Status.BREACHED) is not meets or not dated
        if verdict.status is Status.OK:
            assert meets
    else:
        assert verdict.status is Status.UNKNOWN


@both
def test_it_counts_down_to_when_the_promise_is_broken(agreed: Expected) -> None:
    """From the newest point, or without any from the making of the store, the promised time runs; unknown has none."""
    tier, target = next(iter(agreed.rpo.items()))
    for rpo in (target / 2, target * 2):
        verdict = judged(agreed, store(point(rpo)), tier)
        assert (verdict.due_at, verdict.length) == (NOW - rpo + target, target)
    bare = judged(agreed, store(created=HOUR), tier)
    assert (bare.due_at, bare.length) == (NOW - HOUR + target, target)
    unknown = judged(agreed, store(sources=(observation(Outcome.DENIED),)), tier)
    assert (unknown.due_at, unknown.length) == (None, None)


@pytest.mark.parametrize(
    ("points", "created", "status"),
    [
        ((point(HOUR, "protected-versions"),), timedelta(days=9), Status.OK),
        ((point(HOUR, "backup-recovery-point"),), timedelta(days=9), Status.OK),
        ((point(timedelta(hours=25), "backup-recovery-point"),), timedelta(days=9), Status.BREACHED),
        ((point(HOUR, "snapshot"),), timedelta(days=9), Status.BREACHED),
        ((), timedelta(days=9), Status.BREACHED),
        ((), timedelta(hours=23), Status.AT_RISK),
    ],
)
def test_a_bucket_by_its_own_rule(points: tuple[RestorePoint, ...], created: timedelta, status: Status) -> None:
    """Versions with a protected copy, or AWS Backup; without either it is breached once it is older than the target."""
    assert judged(DEFAULT, store(*points, kind="s3-bucket", created=created), "public").status is status


def test_troubles_are_told_and_turn_nothing() -> None:
    """A failed job behind a good snapshot: ok all the same, and the reason says so; a partial point is no point."""
    failed = "backup job 4f2c failed 2026-11-22T03:00:00Z"
    fine = judged(DEFAULT, replace(store(point(10 * HOUR)), troubles=(failed, "another", "a third")), "public")
    assert fine.status is Status.OK
    assert fine.reason == f"RPO 10h, promised 24h; {failed} and 2 more"
    partial = "recovery point 9a1b is PARTIAL"
    bare = judged(DEFAULT, replace(store(), troubles=(partial,)), "public")
    assert bare.status is Status.BREACHED
    assert bare.reason.endswith(partial)
