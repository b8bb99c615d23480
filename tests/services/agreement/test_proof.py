"""An RPO that is proven though an answer is missing or too old."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement import judge_rpo, judge_rto
from services.agreement.steps import explain_rpo
from services.model import Observation, Outcome, RecoveryTest, RestorePoint, Source, Status, Store, TestKind, Verdict
from tests.services.agreement.nouns import NOW, point, store
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, Expected

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

LISTED = Source("rds", "DescribeDBInstances", "111122223333", "eu-central-1")
SNAPSHOTS = Source("rds", "DescribeDBSnapshots", "111122223333", "eu-central-1")
VAULTS = Source("backup", "ListRecoveryPointsByBackupVault", "111122223333", "eu-central-1")


def said(source: Source, outcome: Outcome = Outcome.SEEN, age: timedelta = timedelta()) -> Observation[object]:
    return Observation(source, NOW - age, outcome, error=None if outcome.answered else "AccessDenied")


DENIED = said(VAULTS, Outcome.DENIED)


def read(age: timedelta, source: Source = SNAPSHOTS) -> RestorePoint:
    """A snapshot of that age, read by a call."""
    return replace(point(age), source=source)


def listed(*points: RestorePoint, sources: tuple[Observation[object], ...], by: Source | None = LISTED) -> Store:
    return replace(store(*points, sources=sources), listed_by=by)


def judged(what: Store, tier: str | None = "public", later: timedelta = timedelta()) -> Verdict:
    return judge_rpo(what, tier, DEFAULT.policy, NOW + later, figure="recovery.orders-db")


@both
def test_only_what_is_proven_ok_stands_without_an_answer(agreed: Expected) -> None:
    """Up to the share of the target that is ok, and nothing beyond it: a missing answer may hold a newer point."""
    for tier, target in agreed.rpo.items():
        edge = target * agreed.at_risk_ratio[tier]
        for age, status in ((edge, Status.OK), (edge + TICK, Status.UNKNOWN), (target + TICK, Status.UNKNOWN)):
            what = listed(read(age), sources=(said(LISTED), said(SNAPSHOTS), DENIED))
            verdict = judge_rpo(what, tier, agreed.policy, NOW, figure="recovery.orders-db")
            assert verdict.status is status
            assert "ListRecoveryPointsByBackupVault in 111122223333 eu-central-1 denied" in verdict.reason
            assert verdict.evidence == what.sources
            if status is Status.OK:
                assert (verdict.value, verdict.at, verdict.target) == (age, NOW - age, target)


ANSWERED = (said(LISTED), said(SNAPSHOTS))
UNPROVEN: dict[str, Store] = {
    "the call that read the point did not answer": listed(
        read(HOUR), sources=(said(LISTED), said(SNAPSHOTS, Outcome.FAILED))
    ),
    "the store was not listed": listed(read(HOUR), sources=(said(LISTED, Outcome.FAILED), said(SNAPSHOTS))),
    "the listing is too old": listed(read(HOUR), sources=(said(LISTED, age=HOUR), said(SNAPSHOTS))),
    "the point was read too long ago": listed(read(HOUR), sources=(said(LISTED), said(SNAPSHOTS, age=HOUR))),
    "nobody says which call lists it": listed(read(HOUR), sources=(*ANSWERED, DENIED), by=None),
    "the point does not say which call read it": listed(point(HOUR), sources=(*ANSWERED, DENIED)),
    "the point was read by a call that does not speak of it": listed(
        read(HOUR, replace(SNAPSHOTS, region="eu-west-1")), sources=(*ANSWERED, DENIED)
    ),
    "there is no point": listed(sources=(*ANSWERED, DENIED)),
    "its points have no date": listed(replace(point(None), source=SNAPSHOTS), sources=(*ANSWERED, DENIED)),
    "its point is of a kind that does not count": listed(
        replace(read(HOUR), kind="hearsay"), sources=(*ANSWERED, DENIED)
    ),
    "a clock is wrong": listed(read(-HOUR), read(HOUR), sources=(*ANSWERED, DENIED)),
}


@pytest.mark.parametrize("why", UNPROVEN)
def test_what_proves_nothing(why: str) -> None:
    """An hour of twenty-four would be ok, if it were known."""
    assert judged(UNPROVEN[why]).status is Status.UNKNOWN, why


def test_without_a_tier_nothing_is_proven() -> None:
    """Nobody is promised anything, or a tier that is not agreed."""
    what = listed(read(HOUR), sources=(*ANSWERED, DENIED))
    assert judged(what, None).status is Status.UNKNOWN
    assert judged(what, "none-such").status is Status.UNKNOWN


def test_the_newest_of_what_was_read_is_the_figure() -> None:
    """A newer one that was last read by a call that fails now does not count."""
    what = listed(read(HOUR), read(MINUTE, VAULTS), read(2 * HOUR), sources=(*ANSWERED, DENIED))
    verdict = judged(what)
    assert (verdict.status, verdict.value) == (Status.OK, HOUR)
    assert verdict.reason.startswith("RPO 1h, promised 24h; proven without backup ListRecovery")


def test_one_answer_that_grows_too_old_leaves_what_is_proven() -> None:
    """With all answers the verdict says nothing more; then it tells what it stands without; at last it is unknown."""
    old = said(VAULTS, age=10 * MINUTE)
    taken = replace(read(HOUR + MINUTE), observed_at=NOW - MINUTE)
    what = listed(taken, sources=(said(LISTED), said(SNAPSHOTS, age=MINUTE), old))
    first = judged(what)
    assert (first.status, first.reason) == (Status.OK, "RPO 1h, promised 24h")
    assert first.changes_at == old.at + 15 * MINUTE + TICK
    second = judged(what, later=first.changes_at - NOW)
    assert (second.status, second.value) == (Status.OK, HOUR)
    assert second.reason.endswith(
        "proven without backup ListRecoveryPointsByBackupVault of 2026-11-23T11:54:31Z, too old"
    )
    assert second.changes_at == NOW - MINUTE + 15 * MINUTE + TICK
    assert judged(what, later=second.changes_at - NOW).status is Status.UNKNOWN


AGES = st.timedeltas(timedelta(0), timedelta(hours=1))
ANSWERS = st.lists(
    st.builds(said, st.sampled_from([LISTED, SNAPSHOTS, VAULTS]), st.sampled_from(Outcome), AGES),
    max_size=3,
    unique_by=lambda it: it.source,
)
READ = st.lists(
    st.builds(
        read, st.timedeltas(timedelta(minutes=-3), timedelta(days=2)), st.sampled_from([LISTED, SNAPSHOTS, VAULTS])
    ),
    max_size=4,
)


@both
@given(data=st.data(), points=READ, sources=ANSWERS)
def test_more_points_never_make_a_proven_one_worse(
    agreed: Expected, data: st.DataObject, points: list[RestorePoint], sources: list[Observation[object]]
) -> None:
    """What is ok without an answer is ok or at a wrong clock whatever that answer would have brought; and no other
    status is ever told without it."""
    tier = data.draw(st.sampled_from(sorted(agreed.rpo)))
    what = listed(*points, sources=tuple(sources))
    verdict = judge_rpo(what, tier, agreed.policy, NOW, figure="recovery.orders-db")
    missing = [it for it in sources if not it.outcome.answered or NOW - it.at > agreed.max_age[tier]]
    if not missing:
        return
    assert verdict.status in (Status.OK, Status.UNKNOWN)
    healed = tuple(said(it.source) if it in missing else it for it in sources)
    more = data.draw(
        st.lists(st.builds(read, st.timedeltas(timedelta(0), timedelta(days=2)), st.just(VAULTS)), max_size=3)
    )
    full = judge_rpo(listed(*points, *more, sources=healed), tier, agreed.policy, NOW, figure="recovery.orders-db")
    if verdict.status is Status.OK:
        assert full.status is Status.OK or "a clock is wrong" in full.reason


@both
@given(data=st.data(), points=READ, sources=ANSWERS, wait=AGES)
def test_the_announced_change_is_the_next_one(
    agreed: Expected,
    data: st.DataObject,
    points: list[RestorePoint],
    sources: list[Observation[object]],
    wait: timedelta,
) -> None:
    """Until then nothing is said differently, and at that instant something is."""
    tier = data.draw(st.sampled_from(sorted(agreed.rpo)))
    what = listed(*points, sources=tuple(sources))

    def at(moment: datetime) -> Verdict:
        return judge_rpo(what, tier, agreed.policy, moment, figure="recovery.orders-db")

    first = at(NOW)
    if first.changes_at is None:
        assert at(NOW + wait) == first
        return
    assert first.changes_at > NOW
    assert at(first.changes_at - TICK) == first
    changed = at(first.changes_at)
    assert (changed.status, changed.reason, changed.value) != (first.status, first.reason, first.value)


@both
@given(data=st.data(), points=READ, sources=ANSWERS)
def test_the_reckoning_ends_in_the_verdict(
    agreed: Expected, data: st.DataObject, points: list[RestorePoint], sources: list[Observation[object]]
) -> None:
    """And where something stands without an answer, a step names that answer."""
    tier = data.draw(st.sampled_from(sorted(agreed.rpo)))
    what = listed(*points, sources=tuple(sources))
    verdict = judge_rpo(what, tier, agreed.policy, NOW, figure="recovery.orders-db")
    steps = explain_rpo(verdict, what, tier, agreed.policy, NOW).steps
    assert steps[-1].endswith(f"→ {verdict.status}")
    missing = [it for it in sources if not it.outcome.answered or NOW - it.at > agreed.max_age[tier]]
    if verdict.status is Status.OK:
        assert sum(step.startswith("not needed: ") for step in steps) == len(missing)


def test_how_fast_a_store_comes_back_rests_on_its_listing_alone() -> None:
    """A vault that is refused says nothing of a standby or of a test that was recorded."""
    test = RecoveryTest(
        "t", "arn", TestKind.FAILOVER, NOW - HOUR, NOW - HOUR + MINUTE, succeeded=True, seen_in="internal"
    )
    what = replace(listed(sources=(said(LISTED), DENIED)), standby="eu-central-1b", tests=(test,))
    verdict = judge_rto(what, "dedicated", DEFAULT.policy, NOW, figure="rto.orders-db")
    assert (verdict.status, verdict.evidence) == (Status.OK, (said(LISTED),))
    lost = replace(what, sources=(said(LISTED, Outcome.DENIED), said(VAULTS)))
    assert judge_rto(lost, "dedicated", DEFAULT.policy, NOW, figure="rto.orders-db").status is Status.UNKNOWN
