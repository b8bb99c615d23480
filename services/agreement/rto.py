"""The RTO of one store (clause ``recovery``): how fast it can be brought back, by what was tried.

A promise of some hours is proven by a restore test: the last one that succeeded, no slower than promised and no
older than ``recovery.restore_test_max_age``. A promise of zero is proven by a synchronous standby in another zone and a
failover test no slower than ``recovery.failover_max``, whose seconds are shown beside the promised zero. No evidence is
``unproven``, which is not ``ok``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from services.agreement.observed import answered_at, listing, refusal, stale_from
from services.agreement.policy import Policy
from services.agreement.schedule import ALWAYS, TICK, Phase, after, before, judged
from services.agreement.scratch import judge_scratch
from services.model import Observation, RecoveryTest, Status, Store, TestKind, Verdict
from services.words import say_instant, say_length

CLAUSE = "recovery"


def judge_rto(store: Store, tier: str | None, policy: Policy, now: datetime, *, figure: str) -> Verdict:
    """Judge how fast a store comes back. Pure; never raises.

    ``unknown`` where nobody owns the store, its tier is none of the policy's, the call that lists it did not answer, or
    that answer is older than ``recovery.max_age``. Whether all tests are known (``Store.test_sources``) is for whoever
    asks to judge: one that is not known may have failed. A restore test that failed after the last one that
    succeeded makes the store ``at-risk``. ``value`` is the duration that was measured, ``at`` when that test ended.
    """
    if store.scratch is not None:
        return judge_scratch(store, figure, left=False)
    target = policy.recovery.rto.get(tier) if tier is not None else None
    proof, listed = proving(store, target), listing(store)
    value = proof.duration if proof is not None else None
    phases = _phases(store, listed, tier, policy, target, proof)
    return judged(figure, CLAUSE, phases, now, value=value, target=target, evidence=listed)


def proving(store: Store, target: timedelta | None) -> RecoveryTest | None:
    """The last test that succeeded, of the kind that speaks for that promise."""
    kind = TestKind.FAILOVER if target == timedelta() else TestKind.RESTORE
    return _last(test for test in store.tests if test.kind is kind and test.succeeded)


def refuting(store: Store, proof: RecoveryTest) -> RecoveryTest | None:
    """The last test of the same kind that failed after that."""
    failed = _last(test for test in store.tests if test.kind is proof.kind and test.succeeded is False)
    return failed if failed is not None and _ended(failed) > _ended(proof) else None


def _last(tests: Iterable[RecoveryTest]) -> RecoveryTest | None:
    ended = [test for test in tests if test.ended_at is not None and test.started_at <= test.ended_at]
    return max(ended, key=_ended) if ended else None


def _ended(test: RecoveryTest) -> datetime:
    return test.ended_at if test.ended_at is not None else test.started_at


def _phases(
    store: Store,
    listed: tuple[Observation[object], ...],
    tier: str | None,
    policy: Policy,
    target: timedelta | None,
    proof: RecoveryTest | None,
) -> Iterator[Phase]:
    if tier is None:
        yield Phase(ALWAYS, Status.UNKNOWN, "no tenant: nobody is promised anything of it")
        return
    if target is None:
        yield Phase(ALWAYS, Status.UNKNOWN, f"the agreement has no tier {tier}")
        return
    observed = answered_at(listed)
    if observed is None:
        yield Phase(ALWAYS, Status.UNKNOWN, refusal(listed))
        return
    max_age = policy.recovery.max_age[tier]
    stale_at, stale = stale_from(observed, max_age), _say_stale(observed, max_age)
    if target:
        yield from _restore(store, policy, target, proof, stale_at)
    else:
        yield _failover(store, policy, proof)
    last = "no test that succeeded" if proof is None or proof.duration is None else f"RTO {say_length(proof.duration)}"
    yield Phase(stale_at, Status.UNKNOWN, f"{stale}; last seen: {last}", proof.ended_at if proof is not None else None)


@lru_cache(maxsize=1024)  # all stores of an account were seen at once
def _say_stale(observed: datetime, max_age: timedelta) -> str:
    return f"evidence of {say_instant(observed)} is older than {say_length(max_age)}"


def _restore(
    store: Store, policy: Policy, target: timedelta, proof: RecoveryTest | None, stale_at: datetime
) -> Iterator[Phase]:
    """Nothing is said of what begins after ``stale_at``: that the evidence is too old precedes it."""
    promised = f"promised {say_length(target)}"
    if proof is None or proof.ended_at is None or proof.duration is None:
        failed = _last(test for test in store.tests if test.kind is TestKind.RESTORE and test.succeeded is False)
        last = f"the last one failed {say_instant(_ended(failed))}; " if failed is not None else ""
        yield Phase(ALWAYS, Status.UNPROVEN, f"no restore test succeeded; {last}{promised}")
        return
    at, took = proof.ended_at, proof.duration
    said = f"RTO {say_length(took)}, {promised}; restored {say_instant(at)}"
    if took > target:
        yield Phase(ALWAYS, Status.BREACHED, said, at, after(proof.started_at, target), target)
        return
    max_age, newer = policy.recovery.restore_test_max_age, refuting(store, proof)
    too_old = after(at, max_age)
    if newer is not None:
        reason = f"{said}; a later restore test failed {say_instant(_ended(newer))}"
        yield Phase(ALWAYS, Status.AT_RISK, reason, at, too_old, max_age)
    else:
        yield Phase(ALWAYS, Status.OK, said, at, too_old, max_age)
        due_at = max(at, before(too_old, policy.due.restore_test))
        if due_at < stale_at:
            yield Phase(due_at, Status.DUE, said, at, too_old, max_age)
    if too_old < stale_at:
        reason = f"the last restore test that succeeded, {say_instant(at)}, is older than {say_length(max_age)}"
        yield Phase(after(too_old, TICK), Status.UNPROVEN, f"{reason}; {promised}", at)


def _failover(store: Store, policy: Policy, proof: RecoveryTest | None) -> Phase:
    if store.kind in policy.recovery.fails_over_itself:
        return Phase(ALWAYS, Status.NOT_APPLICABLE, f"the service of {store.kind} fails over by itself")
    if store.standby is None and not store.multi_az:
        return Phase(ALWAYS, Status.BREACHED, "no synchronous standby in another zone, promised 0s")
    standby = "a synchronous standby" + (f" in {store.standby}" if store.standby else "")
    if proof is None or proof.duration is None:
        return Phase(ALWAYS, Status.UNPROVEN, f"{standby}, and no failover test that succeeded; promised 0s")
    limit, newer = policy.recovery.failover_max, refuting(store, proof)
    said = f"{standby}; failed over in {say_length(proof.duration)} on {say_instant(_ended(proof))}, promised 0s"
    if proof.duration > limit:
        reason = f"{said}: slower than {say_length(limit)}"
        return Phase(ALWAYS, Status.BREACHED, reason, proof.ended_at, after(proof.started_at, limit), limit)
    if newer is not None:
        reason = f"{said}; a later failover test failed {say_instant(_ended(newer))}"
        return Phase(ALWAYS, Status.AT_RISK, reason, proof.ended_at)
    return Phase(ALWAYS, Status.OK, said, proof.ended_at)
