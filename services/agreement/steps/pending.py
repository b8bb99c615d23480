"""Maintenance that RDS has pending, step by step."""

from __future__ import annotations

from datetime import datetime

from services.agreement.policy import Policy
from services.agreement.slots import judge_pending
from services.agreement.steps.base import Reckoning, Step, by_itself, changes, countdown, reckoning
from services.model import Status, Verdict
from services.words import say_instant, say_length


def explain_pending(
    verdict: Verdict, action: str, applies_at: datetime | None, *, forced: bool, policy: Policy, now: datetime
) -> Reckoning:
    """How the verdict on a pending action comes about. Never raises."""
    keys = ["due.pending_maintenance", *(["at_risk.pending_maintenance"] if forced else [])]
    when = verdict.changes_at
    then = None
    if when is not None:
        then = judge_pending(action, applies_at, forced=forced, policy=policy, now=when, figure=verdict.figure)
    steps = [f"{action} is pending"]
    if applies_at is None:
        last = Step("AWS names no date", Status.OK)
    else:
        how = "whether or not the maintenance window is open" if forced else "in the maintenance window"
        steps.append(f"AWS applies it {say_instant(applies_at)}, {how}")
        last = _last(applies_at, policy, now, forced=forced)
    act = changes("it is applied in a slot, or put off", by_itself(verdict, then))
    promise = "downtime is excluded from availability only within a scheduled slot"
    return reckoning(verdict, promise, policy, keys, steps, last, act)


def _last(applies_at: datetime, policy: Policy, now: datetime, *, forced: bool) -> Step:
    if now > applies_at:
        return Step(f"still pending {say_length(now - applies_at)} later", Status.AT_RISK)
    due, at_risk = policy.due.pending_maintenance, policy.at_risk.pending_maintenance if forced else None
    if now == applies_at:
        return Step("it is applied now", Status.DUE if at_risk is None else Status.AT_RISK)
    return countdown(now, applies_at, due=due, at_risk=at_risk)
