"""A legal hold judged (clause ``return-or-delete``): it stands, it is about to expire, it is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.agreement.basics import HOSTED_DATA, OUTER
from services.agreement.clocks import life_clocks
from services.agreement.holding import by_law, ends_of, say_hold
from services.agreement.policy import Policy
from services.agreement.schedule import ALWAYS, Phase, before, judged
from services.agreement.verdicts import tenant_clocks
from services.model import Clock, Hold, LifecycleState, Status, Tenant, Verdict
from services.words import say_instant


def hold_figure(hold: Hold) -> str:
    """The name under which it is judged."""
    return f"hold.{hold.id}"


def judge_hold(hold: Hold, tenant: Tenant, policy: Policy, now: datetime) -> Verdict:
    """Judge a hold. Never raises.

    ``ok`` while it stands, ``due`` inside the policy's horizon before its end. A hold that excuses nothing is
    ``at-risk`` from the horizon of hosted data on: it stops a destruction that will be, or is, due. A hold over a
    tenant that is recorded as destroyed is ``at-risk``: one of the two is wrong. One that does not stand is
    ``not-applicable``.
    """
    return judged(hold_figure(hold), OUTER, list(_phases(hold, tenant, policy)), now)


def blocked_clock(hold: Hold, tenant: Tenant, policy: Policy) -> Clock | None:
    """The clock of hosted data that a hold stops without excusing it; ``None`` where it stops none that runs."""
    if by_law(hold, policy):
        return None
    return life_clocks(tenant_clocks(tenant, policy)).get(HOSTED_DATA)


def _phases(hold: Hold, tenant: Tenant, policy: Policy) -> Iterator[Phase]:
    ends_at = ends_of(hold)
    yield Phase(ALWAYS, Status.NOT_APPLICABLE, f"placed only from {say_instant(hold.placed_at)} on", hold.placed_at)
    if ends_at is None or hold.placed_at < ends_at:
        yield from _standing(hold, tenant, policy, ends_at)
    if ends_at is not None:
        word = "lifted" if ends_at == hold.lifted_at else "expired"
        yield Phase(ends_at, Status.NOT_APPLICABLE, f"{word} {say_instant(ends_at)}: {say_hold(hold)}", ends_at)


def _standing(hold: Hold, tenant: Tenant, policy: Policy, ends_at: datetime | None) -> Iterator[Phase]:
    """From when it was placed on."""
    since, length = hold.placed_at, None if ends_at is None else ends_at - hold.placed_at
    law = by_law(hold, policy)
    said = f"{'excuses' if law else 'excuses nothing'}: {say_hold(hold)}"
    said = f"stops destruction, {said}"
    if tenant.state is LifecycleState.DESTROYED:
        reason = f"the tenant is recorded destroyed, and the hold stands: {say_hold(hold)}"
        yield Phase(since, Status.AT_RISK, reason, hold.placed_at, ends_at, length)
        return
    yield Phase(since, Status.OK, said, hold.placed_at, ends_at, length)
    if ends_at is not None:
        yield Phase(max(since, before(ends_at, policy.due.hold)), Status.DUE, said, hold.placed_at, ends_at, length)
    hosted = blocked_clock(hold, tenant, policy)
    if hosted is not None:
        reason = f"stops the destruction due {say_instant(hosted.ends_at)} and excuses nothing: {say_hold(hold)}"
        near = max(since, hosted.starts_at, before(hosted.ends_at, policy.due.hosted_data))
        length = hosted.ends_at - hosted.starts_at
        yield Phase(near, Status.AT_RISK, reason, hosted.ends_at, hosted.ends_at, length)
