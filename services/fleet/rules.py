"""The rules by which the fleet is judged: the agreement's functions, in the form that the merge calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services import agreement
from services.agreement import Policy
from services.checks import RECOVERY_RDS
from services.checks.base import Judge
from services.model import Clock, LifecycleState, Tenant, Verdict


@dataclass(frozen=True, slots=True)
class Rules:
    """Pure functions; a test may count their calls."""

    clocks: Callable[[Tenant, Policy], tuple[Clock, ...]]
    state_due: Callable[[Tenant, Policy, datetime], LifecycleState | None]
    lifecycle: Callable[[Tenant, Policy, datetime], tuple[Verdict, ...]]
    rpo: Judge
    max_age: Callable[[Policy, str], timedelta]
    """How old facts of a tenant of that tier may be; for an unknown tier, the strictest there is."""


def max_age(policy: Policy, tier: str) -> timedelta:
    ages = policy.recovery.max_age
    return ages.get(tier) or min(ages.values())


AGREEMENT = Rules(
    clocks=agreement.tenant_clocks,
    state_due=agreement.state_due,
    lifecycle=agreement.lifecycle_verdicts,
    rpo=RECOVERY_RDS.judge,
    max_age=max_age,
)
