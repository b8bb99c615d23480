"""The RTO of a store: what a restore test proves, what a standby and a failover test prove, and what nothing does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.agreement import judge_rto
from services.model import Outcome, RecoveryTest, Status, Store, TestKind, Verdict
from tests.services.agreement.nouns import NOW, observation, store
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, OTHER, Expected
from tests.services.agreement.records import DAY, HOUR, tried

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
TICK = datetime.resolution
MINUTE = timedelta(minutes=1)
RESTORE, FAILOVER = TestKind.RESTORE, TestKind.FAILOVER
TARGET = timedelta(hours=4)


def with_tests(*tests: RecoveryTest, standby: str | None = None, kind: str = "rds-instance") -> Store:
    """A store with these tests."""
    return replace(store(kind=kind), tests=tests, standby=standby)


def judged(what: Store, tier: str | None = "public", *, agreed: Expected = DEFAULT, now: datetime = NOW) -> Verdict:
    """The verdict on it."""
    return judge_rto(what, tier, agreed.policy, now, figure="rto.orders-db")


@both
def test_a_restore_test_is_measured_against_the_promise(agreed: Expected) -> None:
    """In each tier with a promise of hours: no slower is ok, slower is a breach, none is unproven."""
    for tier, target in agreed.rto.items():
        if not target:
            continue
        fine = judged(with_tests(tried(target)), tier, agreed=agreed)
        assert (fine.status, fine.value, fine.target) == (Status.OK, target, target)
        assert (fine.figure, fine.clause, fine.at) == ("rto.orders-db", "recovery", NOW - DAY)
        slow = judged(with_tests(tried(target + TICK)), tier, agreed=agreed)
        assert (slow.status, slow.due_at, slow.length) == (Status.BREACHED, NOW - DAY - TICK, target)
        none = judged(with_tests(), tier, agreed=agreed)
        assert (none.status, none.value, none.due_at) == (Status.UNPROVEN, None, None)


@both
def test_a_test_grows_too_old(agreed: Expected) -> None:
    """Due before it is too old to prove anything, unproven from then on; it counts down to that."""
    tier = next(tier for tier, target in agreed.rto.items() if target)
    age, horizon = agreed.test_max_age, agreed.horizons["restore_test"]
    course = [
        (age - horizon - TICK, Status.OK),
        (age - horizon, Status.DUE),
        (age, Status.DUE),
        (age + TICK, Status.UNPROVEN),
    ]
    for old, expected in course:
        verdict = judged(with_tests(tried(HOUR, old)), tier, agreed=agreed)
        assert verdict.status is expected
        if expected is not Status.UNPROVEN:
            assert (verdict.due_at, verdict.length) == (NOW - old + age, age)


def test_the_last_one_that_succeeded_counts() -> None:
    """A later one that is slow breaks the promise though an older one kept it; what runs still says nothing."""
    runs = tried(9 * HOUR, HOUR, succeeded=None)
    assert judged(with_tests(runs, tried(HOUR), tried(9 * HOUR, 2 * DAY))).status is Status.OK
    assert judged(with_tests(tried(HOUR, 2 * DAY), tried(9 * HOUR))).status is Status.BREACHED
    backwards = replace(tried(HOUR), started_at=NOW)
    assert judged(with_tests(backwards)).status is Status.UNPROVEN


def test_a_later_failure_is_at_risk() -> None:
    """Proven once and failed since is not ok; failed and then proven is; only failed is unproven and says so."""
    failed = tried(HOUR, DAY, succeeded=False)
    verdict = judged(with_tests(failed, tried(HOUR, 2 * DAY)))
    assert verdict.status is Status.AT_RISK
    assert "a later restore test failed 2026-11-22T12:04:31Z" in verdict.reason
    assert judged(with_tests(tried(HOUR, HOUR), failed)).status is Status.OK
    only = judged(with_tests(failed))
    assert only.status is Status.UNPROVEN
    assert "failed 2026-11-22" in only.reason


@pytest.mark.parametrize(
    ("what", "expected", "told"),
    [
        (with_tests(tried(MINUTE, kind=FAILOVER)), Status.BREACHED, "no synchronous standby"),
        (with_tests(standby="eu-central-1b"), Status.UNPROVEN, "no failover test"),
        (with_tests(tried(HOUR), standby="eu-central-1b"), Status.UNPROVEN, "no failover test"),
        (with_tests(tried(2 * MINUTE, kind=FAILOVER), standby="eu-central-1b"), Status.OK, "failed over in 2m on"),
        (with_tests(tried(2 * MINUTE + TICK, kind=FAILOVER), standby="eu-central-1b"), Status.BREACHED, "slower"),
        (replace(with_tests(tried(MINUTE, kind=FAILOVER)), multi_az=True), Status.OK, "a synchronous standby"),
        (with_tests(kind="s3-bucket"), Status.NOT_APPLICABLE, "fails over by itself"),
        (
            with_tests(
                tried(MINUTE, kind=FAILOVER, succeeded=False), tried(MINUTE, 2 * DAY, FAILOVER), standby="eu-central-1b"
            ),
            Status.AT_RISK,
            "a later failover test failed",
        ),
    ],
)
def test_a_promise_of_zero(what: Store, expected: Status, told: str) -> None:
    """It takes a standby in another zone and a failover test no slower than the policy's; a bucket needs neither."""
    verdict = judged(what, "dedicated")
    assert verdict.status is expected
    assert told in verdict.reason
    assert verdict.target == timedelta()


def test_which_kinds_fail_over_by_themselves_is_the_policy_s_word() -> None:
    """Where the policy names none, a bucket is judged as any store."""
    assert judged(with_tests(kind="s3-bucket"), "gold", agreed=OTHER).status is Status.BREACHED


@pytest.mark.parametrize(
    ("what", "tier", "told"),
    [
        (with_tests(tried(HOUR)), None, "no tenant"),
        (with_tests(tried(HOUR)), "golden", "no tier golden"),
        (store(sources=()), "public", "nothing was observed"),
        (store(sources=(observation(Outcome.DENIED, error="AccessDenied"),)), "public", "AccessDenied"),
        (store(sources=(observation(age=HOUR),)), "public", "older than 15m"),
    ],
)
def test_what_makes_it_unknown(what: Store, tier: str | None, told: str) -> None:
    """Nobody's store, no such tier, and evidence that is missing, refused or too old."""
    verdict = judged(what, tier)
    assert verdict.status is Status.UNKNOWN
    assert told in verdict.reason


def test_it_becomes_unknown_when_the_evidence_is_too_old() -> None:
    """Its next change is the first instant at which what was seen of the store proves nothing any more."""
    verdict = judged(with_tests(tried(TARGET)))
    assert verdict.changes_at == NOW + DEFAULT.max_age["public"] + TICK
    assert judged(with_tests(tried(TARGET)), now=verdict.changes_at).status is Status.UNKNOWN
