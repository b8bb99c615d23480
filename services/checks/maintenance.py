"""Whether planned work is carried out as it was announced, and what RDS will do by itself (clause ``availability``)."""

from __future__ import annotations

from services.agreement import judge_pending, judge_slot
from services.aws.collect.maintenance_windows import MAINTENANCE_WINDOWS
from services.aws.collect.pending_maintenance import PENDING_MAINTENANCE
from services.checks.base import Check

MAINTENANCE_SLOTS = Check(
    name="maintenance.slots",
    clause="availability",
    title="Slots and the SSM maintenance windows that carry them out",
    area="maintenance",
    collectors=(MAINTENANCE_WINDOWS,),
    judge=judge_slot,
)

MAINTENANCE_PENDING = Check(
    name="maintenance.pending",
    clause="availability",
    title="What RDS has pending on instances and clusters",
    area="maintenance",
    collectors=(PENDING_MAINTENANCE,),
    judge=judge_pending,
)
