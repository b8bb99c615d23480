"""What AWS Backup keeps from being deleted (clause ``return-or-delete``)."""

from __future__ import annotations

from services.agreement import judge_hold
from services.aws.collect.legal_holds import LEGAL_HOLDS
from services.checks.base import Check

HOLDS_BACKUP = Check(
    name="holds.backup",
    clause="return-or-delete",
    title="Legal holds on recovery points",
    area="retention",
    collectors=(LEGAL_HOLDS,),
    judge=judge_hold,
)
