"""The RTO of a store, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.agreement.observed import answered_at, listing
from services.agreement.policy import Policy
from services.agreement.rto import judge_rto, proving, refuting
from services.agreement.steps.base import Reckoning, Step, aged, by_itself, changes, reckoning
from services.model import Status, Store, Verdict
from services.words import say_instant, say_length


def explain_rto(verdict: Verdict, store: Store | None, tier: str | None, policy: Policy, now: datetime) -> Reckoning:
    """How the RTO of a store comes about; ``store`` is ``None`` where it was not seen. Never raises."""
    promised = tier is not None and tier in policy.recovery.rto
    target = policy.recovery.rto[tier] if promised and tier is not None else None
    promise = f"{tier}: RTO at most {say_length(target)}" if target is not None else "RTO by tier"
    zero = target == timedelta()
    keys = [f"recovery.rto.{tier}", f"recovery.max_age.{tier}"] if promised else []
    keys += ["recovery.failover_max"] if zero else ["recovery.restore_test_max_age", "due.restore_test"]
    if store is None or target is None or tier is None:
        return reckoning(verdict, promise, policy, keys, (), None, "the store is seen and owned by a tenant")
    if zero and store.kind in policy.recovery.fails_over_itself:
        keys = [*keys, "recovery.fails_over_itself"]
    observed = answered_at(listing(store))
    if observed is None:
        return reckoning(verdict, promise, policy, keys, (), None, "the call that lists it answers")
    steps = [*aged(now, observed, policy.recovery.max_age[tier]), *_tests(store, target)]
    last = None
    if now - observed <= policy.recovery.max_age[tier]:
        last = _failover_step(store, policy) if zero else _restore_step(store, policy, target, now)
    act = "a failover test succeeds" if zero else "a restore test succeeds"
    when = verdict.changes_at
    then = judge_rto(store, tier, policy, when, figure=verdict.figure) if when is not None else None
    return reckoning(verdict, promise, policy, keys, steps, last, changes(act, by_itself(verdict, then)))


def _tests(store: Store, target: timedelta) -> Iterator[str]:
    proof = proving(store, target)
    yield f"{len(store.tests)} recovery tests are known"
    if proof is not None and proof.duration is not None and proof.ended_at is not None:
        started, ended = say_instant(proof.started_at), say_instant(proof.ended_at)
        yield f"the last {proof.kind} test that succeeded ({proof.seen_in}): {ended} − {started}"
        yield f"= {say_length(proof.duration)}"
        newer = refuting(store, proof)
        if newer is not None:
            yield f"a later one failed: {newer.id}, started {say_instant(newer.started_at)}"


def _restore_step(store: Store, policy: Policy, target: timedelta, now: datetime) -> Step:
    proof = proving(store, target)
    if proof is None or proof.duration is None or proof.ended_at is None:
        return Step("no restore test that succeeded is known", Status.UNPROVEN)
    took, max_age, age = proof.duration, policy.recovery.restore_test_max_age, now - proof.ended_at
    if took > target:
        return Step(f"{say_length(took)} > {say_length(target)}", Status.BREACHED)
    said = f"{say_length(took)} ≤ {say_length(target)}; {say_length(age)} ago"
    if age > max_age:
        return Step(f"{said} > {say_length(max_age)}", Status.UNPROVEN)
    if refuting(store, proof) is not None:
        return Step(f"{said} ≤ {say_length(max_age)}, and a later test failed", Status.AT_RISK)
    left = max_age - age
    if now >= proof.ended_at and left <= policy.due.restore_test:
        return Step(f"{said}, too old in {say_length(left)} ≤ {say_length(policy.due.restore_test)}", Status.DUE)
    return Step(f"{said} ≤ {say_length(max_age)}", Status.OK)


def _failover_step(store: Store, policy: Policy) -> Step:
    if store.kind in policy.recovery.fails_over_itself:
        return Step(f"{store.kind} is of the kinds that fail over by themselves", Status.NOT_APPLICABLE)
    if store.standby is None and not store.multi_az:
        return Step("no synchronous standby in another zone was seen", Status.BREACHED)
    proof = proving(store, timedelta())
    if proof is None or proof.duration is None:
        return Step("a standby was seen, and no failover test that succeeded is known", Status.UNPROVEN)
    limit = policy.recovery.failover_max
    if proof.duration > limit:
        return Step(f"{say_length(proof.duration)} > {say_length(limit)}", Status.BREACHED)
    said = f"a standby was seen; {say_length(proof.duration)} ≤ {say_length(limit)}"
    if refuting(store, proof) is not None:
        return Step(f"{said}, and a later test failed", Status.AT_RISK)
    return Step(said, Status.OK)
