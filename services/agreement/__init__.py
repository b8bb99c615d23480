"""The agreement: a policy file and pure functions over it. No I/O, no clock of its own.

Source of the default policy: "Imagicle UCX Cloud Suite agreement", 16 June 2023.
"""

from services.agreement.cases import case_clock, judge_case
from services.agreement.clocks import conduct_clock, reckon_clocks
from services.agreement.conflicts import slot_conflicts
from services.agreement.course import STATE
from services.agreement.exports import judge_export
from services.agreement.gaps import daily_gaps, worst_gap
from services.agreement.holds import judge_hold
from services.agreement.life import Passage, life_at
from services.agreement.lifecycle import Act, Transition, TransitionRefusedError, transition, transitions
from services.agreement.links import judge_link
from services.agreement.orders import judge_order
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
from services.agreement.ranking import due_rank
from services.agreement.reading import default_policy_text, parse_policy
from services.agreement.rpo import judge_rpo
from services.agreement.rto import judge_rto
from services.agreement.slots import judge_pending, judge_slot
from services.agreement.verdicts import lifecycle_verdicts, state_due, tenant_clocks
from services.agreement.wall import Reading, read_wall_clock
from services.agreement.windows import export_clock

__all__ = [
    "STATE",
    "Act",
    "BeyondCalendarError",
    "Passage",
    "Period",
    "PeriodError",
    "Policy",
    "PolicyError",
    "Problem",
    "Reading",
    "Transition",
    "TransitionRefusedError",
    "ZoneError",
    "case_clock",
    "conduct_clock",
    "count",
    "daily_gaps",
    "default_policy_text",
    "due_rank",
    "end_of_day",
    "export_clock",
    "judge_case",
    "judge_export",
    "judge_hold",
    "judge_link",
    "judge_order",
    "judge_pending",
    "judge_rpo",
    "judge_rto",
    "judge_slot",
    "life_at",
    "lifecycle_verdicts",
    "parse_policy",
    "read_wall_clock",
    "reckon_clocks",
    "slot_conflicts",
    "state_due",
    "tenant_clocks",
    "transition",
    "transitions",
    "worst_gap",
    "zone",
    "zone_names",
]
