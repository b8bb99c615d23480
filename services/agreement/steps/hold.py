"""A legal hold, step by step."""

from __future__ import annotations

from datetime import datetime

from services.agreement.holding import by_law, ends_of
from services.agreement.holds import blocked_clock, judge_hold
from services.agreement.policy import Policy
from services.agreement.schedule import before
from services.agreement.steps.base import Reckoning, Step, by_itself, changes, countdown, reckoning
from services.model import Hold, LifecycleState, Status, Tenant, Verdict
from services.words import say_instant, say_length


def explain_hold(verdict: Verdict, hold: Hold, tenant: Tenant, policy: Policy, now: datetime) -> Reckoning:
    """How the verdict on a hold comes about. Never raises."""
    law = by_law(hold, policy)
    steps = [f"placed {say_instant(hold.placed_at)} by {hold.owner}: {hold.reason}"]
    word = "among" if law else "not among"
    steps.append(f"its basis {hold.basis} is {word} those that excuse")
    if hold.expires_at is not None:
        steps.append(f"expires {say_instant(hold.expires_at)}")
    if hold.lifted_at is not None:
        steps.append(f"lifted {say_instant(hold.lifted_at)}")
    hosted = blocked_clock(hold, tenant, policy)
    keys = ["return-or-delete.excused_by", "due.hold"]
    if hosted is not None:
        keys += ["right-to-be-forgotten.retention", "due.hosted_data"]
        steps.append(f"hosted data is due for destruction {say_instant(hosted.ends_at)}")
    when = verdict.changes_at
    then = judge_hold(hold, tenant, policy, when) if when is not None else None
    over = not hold.holds(now) and hold.placed_at <= now
    act = None if over else "it is lifted, or its expiry is recorded anew"
    last = _last(hold, tenant, policy, now)
    promise = "data is destroyed in time, unless law requires to keep it"
    return reckoning(verdict, promise, policy, keys, steps, last, changes(act, by_itself(verdict, then)))


def _last(hold: Hold, tenant: Tenant, policy: Policy, now: datetime) -> Step:
    if not hold.holds(now):
        return Step(f"it does not stand at {say_instant(now)}", Status.NOT_APPLICABLE)
    if tenant.state is LifecycleState.DESTROYED:
        return Step("it stands, and the tenant is recorded destroyed", Status.AT_RISK)
    hosted = blocked_clock(hold, tenant, policy)
    if hosted is not None and now >= max(hosted.starts_at, before(hosted.ends_at, policy.due.hosted_data)):
        near = f"{say_instant(hosted.ends_at)} − {say_length(policy.due.hosted_data)}"
        return Step(f"{say_instant(now)} ≥ {near}, and it excuses nothing", Status.AT_RISK)
    ends_at = ends_of(hold)
    if ends_at is None:
        return Step(f"it stands at {say_instant(now)}, and no expiry is recorded", Status.OK)
    return countdown(now, ends_at, due=policy.due.hold, at_risk=None)
