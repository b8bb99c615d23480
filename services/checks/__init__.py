"""What is checked of a tenant's resources. A check is one declaration: what it collects, how it judges, its clause."""

from services.checks.base import Check, actions_of, iam_policy
from services.checks.recovery import RECOVERY_RDS

CHECKS: tuple[Check, ...] = (RECOVERY_RDS,)
"""All of them; the console's IAM policy is made from this."""

__all__ = ["CHECKS", "RECOVERY_RDS", "Check", "actions_of", "iam_policy"]
