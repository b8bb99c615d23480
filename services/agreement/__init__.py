"""The agreement: a policy file and pure functions over it. No I/O, no clock of its own.

Source of the default policy: "Imagicle UCX Cloud Suite agreement", 16 June 2023.
"""

from services.agreement.clocks import conduct_clock, reckon_clocks, tenant_clocks
from services.agreement.lifecycle import Act, Transition, TransitionRefusedError, transition, transitions
from services.agreement.periods import (
    BeyondCalendarError,
    Period,
    PeriodError,
    ZoneError,
    count,
    end_of_day,
    zone,
    zone_names,
)
from services.agreement.policy import Policy
from services.agreement.problems import PolicyError, Problem
from services.agreement.reading import default_policy_text, parse_policy
from services.agreement.rpo import judge_rpo
from services.agreement.verdicts import STATE, lifecycle_verdicts, state_due

__all__ = [
    "STATE",
    "Act",
    "BeyondCalendarError",
    "Period",
    "PeriodError",
    "Policy",
    "PolicyError",
    "Problem",
    "Transition",
    "TransitionRefusedError",
    "ZoneError",
    "conduct_clock",
    "count",
    "default_policy_text",
    "end_of_day",
    "judge_rpo",
    "lifecycle_verdicts",
    "parse_policy",
    "reckon_clocks",
    "state_due",
    "tenant_clocks",
    "transition",
    "transitions",
    "zone",
    "zone_names",
]
