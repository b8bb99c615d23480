"""A finding about a tenant's record (its tier, its region), which has no arithmetic."""

from __future__ import annotations

from services.agreement.policy import Policy
from services.agreement.steps.base import Reckoning, reckoning
from services.model import Tenant, Verdict

_PROMISES = {
    "tiers": "every tenant has a tier of the agreement",
    "regions": "a tier offers certain regions",
    "recovery": "stores can be brought back, by tier",
}


def explain_finding(verdict: Verdict, tenant: Tenant | None, policy: Policy) -> Reckoning:
    """The rule behind a finding, and what the registry records. Never raises."""
    keys: list[str] = []
    steps: list[str] = []
    if tenant is not None:
        steps.append(f"recorded: tier {tenant.tier}, region {tenant.region}")
    if verdict.clause == "tiers":
        steps.append(f"the policy's tiers: {', '.join(policy.tiers)}")
    elif verdict.clause == "regions" and tenant is not None and tenant.tier in policy.regions:
        keys.append(f"regions.{tenant.tier}")
    elif verdict.clause == "recovery" and tenant is not None and tenant.tier in policy.recovery.rpo:
        keys += [f"recovery.rpo.{tenant.tier}", f"recovery.rto.{tenant.tier}"]
    promise = _PROMISES.get(verdict.clause, verdict.clause)
    return reckoning(verdict, promise, policy, keys, steps, None, "the record, or what is seen of it, changes")
