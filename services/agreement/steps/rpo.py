"""The RPO of a store, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.agreement.observed import observed_at
from services.agreement.policy import Policy
from services.agreement.rpo import judge_rpo, standing_proof
from services.agreement.schedule import before
from services.agreement.steps.base import Reckoning, Step, aged, by_itself, changes, reckoning
from services.model import Status, Store, Verdict
from services.words import say_instant, say_length


def explain_rpo(verdict: Verdict, store: Store | None, tier: str | None, policy: Policy, now: datetime) -> Reckoning:
    """How the RPO of a store comes about; ``store`` is ``None`` where it was not seen. Never raises."""
    promised = tier is not None and tier in policy.recovery.rpo
    target = policy.recovery.rpo[tier] if promised and tier is not None else None
    promise = f"{tier}: RPO at most {say_length(target)}" if target is not None else "RPO by tier"
    keys = [f"recovery.{name}.{tier}" for name in ("rpo", "at_risk_ratio", "max_age")] if promised else []
    if store is None or target is None or tier is None:
        return reckoning(verdict, promise, policy, keys, (), None, "the store is seen and owned by a tenant")
    if store.kind in policy.recovery.evidence:
        keys.append(f"recovery.evidence.{store.kind}")
    when = verdict.changes_at
    then = judge_rpo(store, tier, policy, when, figure=verdict.figure) if when is not None else None
    observed, proof = observed_at(store), standing_proof(store, tier, policy, now)
    if proof is not None:
        told = [*_points(store, policy), *(f"not needed: {said}" for said in proof.without)]
        proven = _rpo_step(verdict, store, now, target, policy.recovery.at_risk_ratio[tier])
        return reckoning(verdict, promise, policy, keys, told, proven, by_itself(verdict, then))
    if observed is None:
        return reckoning(verdict, promise, policy, keys, (), None, "every source that speaks about it answers")
    steps = [*aged(now, observed, policy.recovery.max_age[tier])]
    last = None
    if now - observed <= policy.recovery.max_age[tier]:
        steps += _points(store, policy)
        last = _rpo_step(verdict, store, observed, target, policy.recovery.at_risk_ratio[tier])
    act = f"a restore point newer than {say_instant(before(observed, target))} is seen"
    return reckoning(verdict, promise, policy, keys, steps, last, changes(act, by_itself(verdict, then)))


def _points(store: Store, policy: Policy) -> Iterator[str]:
    kinds = policy.recovery.evidence.get(store.kind, ())  # type: ignore[call-overload]
    counting = [point for point in store.points if point.kind in kinds]
    others = len(store.points) - len(counting)
    undated = sum(point.at is None for point in counting)
    said = f"{len(counting)} restore points count"
    if others:
        said += f", {others} of other kinds do not"
    if undated:
        said += f", {undated} of unknown age"
    yield said
    yield from store.troubles


def _rpo_step(verdict: Verdict, store: Store, observed: datetime, target: timedelta, ratio: float) -> Step | None:
    if verdict.value is None or verdict.at is None:
        if store.created_at is None or verdict.status not in (Status.AT_RISK, Status.BREACHED):
            return None
        age = observed - store.created_at
        sign = ">" if age > target else "≤"
        said = f"no restore point; created {say_instant(store.created_at)}, {say_length(age)} old {sign}"
        return Step(f"{said} {say_length(target)}", Status.BREACHED if age > target else Status.AT_RISK)
    rpo, at = verdict.value, verdict.at
    said = f"{say_instant(at + rpo)} − {say_instant(at)} = {say_length(rpo)}"
    if rpo > target:
        return Step(f"{said} > {say_length(target)}", Status.BREACHED)
    edge = target * ratio
    if rpo > edge:
        return Step(f"{said} > {say_length(edge)}, the share {ratio:g} of {say_length(target)}", Status.AT_RISK)
    of = "" if edge == target else f", the share {ratio:g} of {say_length(target)}"
    return Step(f"{said} ≤ {say_length(edge)}{of}", Status.OK)
