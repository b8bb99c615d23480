"""The state of a private link, step by step."""

from __future__ import annotations

from datetime import datetime

from services.agreement.links import OVER, judge_link, link_status
from services.agreement.observed import answered_at
from services.agreement.policy import Policy
from services.agreement.steps.base import Reckoning, Step, aged, by_itself, changes, reckoning
from services.model import Link, LinkState, Status, Tenant, Verdict
from services.words import say_instant


def explain_link(
    verdict: Verdict, link: Link | None, tenant: Tenant | None, policy: Policy, now: datetime
) -> Reckoning:
    """How the verdict on a link comes about; ``link`` is ``None`` where links could not be told. Never raises."""
    tiers = ", ".join(policy.peering.tiers)
    promise = f"{tiers}: a private connection; what carries nothing keeps no promise" if tiers else "no private link"
    keys = ["peering.tiers", "peering.max_age"]
    observed = answered_at(link.sources) if link is not None else None
    if link is None or observed is None:
        return reckoning(verdict, promise, policy, keys, (), None, "the calls that list it answer")
    steps = [*aged(now, observed, policy.peering.max_age), *_paths(link)]
    last = None
    if now - observed <= policy.peering.max_age:
        last = _last(link, tenant, policy)
    when, state = verdict.changes_at, tenant.state if tenant is not None else None
    then = None
    if when is not None:
        tier = tenant.tier if tenant is not None else None
        then = judge_link(link, tier, state, policy, when, figure=verdict.figure)
    return reckoning(verdict, promise, policy, keys, steps, last, changes(_act(link, tenant), by_itself(verdict, then)))


def _paths(link: Link) -> list[str]:
    words = {True: "up", False: "down", None: "AWS does not say"}
    return [
        f"{path.name}: {words[path.up]}"
        + (f" since {say_instant(path.changed_at)}" if path.changed_at is not None else "")
        + (f" ({path.note})" if path.note else "")
        for path in link.paths
    ]


def _last(link: Link, tenant: Tenant | None, policy: Policy) -> Step:
    if tenant is None:
        return Step("nobody owns it, so that nothing is promised of it", Status.UNKNOWN)
    if tenant.tier not in policy.peering.tiers:
        return Step(f"{tenant.tier} is none of peering.tiers", Status.NOT_APPLICABLE)
    if tenant.state in OVER:
        return Step(f"{tenant.state}: access is blocked", Status.NOT_APPLICABLE)
    said = f"{link.paths_up} of {len(link.paths)} paths are up: {link.state}" if link.paths else f"{link.state}"
    return Step(f"{link.said}: {link.state}" if not link.paths else said, link_status(link))


def _act(link: Link, tenant: Tenant | None) -> str | None:
    if tenant is None:
        return "the registry declares it, or its tag names a tenant"
    if link.state is LinkState.TESTING:
        return "the test ends"
    return "a path is lost" if link.state is LinkState.UP else "all of its paths are up"
