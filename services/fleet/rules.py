"""The rules by which the fleet is judged: the agreement's functions, in the form that the merge calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from services import agreement
from services.agreement import Policy
from services.agreement.life import Passage
from services.checks.base import Judge
from services.model import (
    Case,
    Clock,
    Export,
    Hold,
    LifecycleState,
    Link,
    Order,
    Slot,
    Tenant,
    Verdict,
)

Exports: TypeAlias = Sequence[Export]
Holds: TypeAlias = Sequence[Hold]


@dataclass(frozen=True, slots=True)
class Rules:
    """Pure functions; a test may count their calls."""

    life: Callable[[Tenant, Policy, datetime, Exports, Holds], Passage]
    """Clocks, due state and verdicts of a tenant."""
    rpo: Judge
    rto: Judge
    max_age: Callable[[Policy, str], timedelta]
    """How old facts of a tenant of that tier may be; for an unknown tier, the strictest there is."""
    export_clock: Callable[[Export, Tenant, Policy], Clock | None]
    export: Callable[[Export, Tenant, Policy, datetime], Verdict]
    case_clock: Callable[[Case, Tenant, Policy], Clock | None]
    case: Callable[[Case, Tenant, Policy, datetime], Verdict]
    hold: Callable[[Hold, Tenant, Policy, datetime], Verdict]
    slot_conflicts: Callable[[Slot, Sequence[Slot], Sequence[Tenant], Exports, Policy], tuple[str, ...]]
    slot: Callable[[Slot, Sequence[str], Sequence[str] | None, Policy, datetime], Verdict]
    pending: Callable[[str, datetime | None, bool, Policy, datetime, str], Verdict]
    """Of (action, when it is applied, whether at any hour, policy, now, figure)."""
    link: Callable[[Link, str | None, LifecycleState | None, Policy, datetime, str], Verdict]
    """Of (link, tier and state of its tenant, policy, now, figure)."""
    order: Callable[[Order, Order | None, datetime], Verdict]
    """Of (order, the one that mended it, now)."""


def max_age(policy: Policy, tier: str) -> timedelta:
    ages = policy.recovery.max_age
    return ages.get(tier) or min(ages.values())


AGREEMENT = Rules(
    life=agreement.life_at,
    rpo=agreement.judge_rpo,
    rto=agreement.judge_rto,
    max_age=max_age,
    export_clock=agreement.export_clock,
    export=agreement.judge_export,
    case_clock=agreement.case_clock,
    case=agreement.judge_case,
    hold=agreement.judge_hold,
    slot_conflicts=agreement.slot_conflicts,
    slot=agreement.judge_slot,
    pending=lambda action, applies_at, forced, policy, now, figure: agreement.judge_pending(
        action, applies_at, forced=forced, policy=policy, now=now, figure=figure
    ),
    link=lambda link, tier, state, policy, now, figure: agreement.judge_link(
        link, tier, state, policy, now, figure=figure
    ),
    order=agreement.judge_order,
)
