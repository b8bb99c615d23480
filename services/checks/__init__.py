"""What is checked of a tenant's resources. A check is one declaration: what it collects, how it judges, its clause."""

from services.checks.base import Check, actions_of
from services.checks.holds import HOLDS_BACKUP
from services.checks.iam import iam_policy
from services.checks.links import LINKS_PEERING
from services.checks.maintenance import MAINTENANCE_PENDING, MAINTENANCE_SLOTS
from services.checks.recovery import RECOVERY_RDS, RECOVERY_RTO, RECOVERY_S3

CHECKS: tuple[Check, ...] = (
    RECOVERY_RDS,
    RECOVERY_S3,
    RECOVERY_RTO,
    MAINTENANCE_SLOTS,
    MAINTENANCE_PENDING,
    HOLDS_BACKUP,
    LINKS_PEERING,
)
"""All of them; the console's IAM policy is made from this."""

__all__ = [
    "CHECKS",
    "HOLDS_BACKUP",
    "LINKS_PEERING",
    "MAINTENANCE_PENDING",
    "MAINTENANCE_SLOTS",
    "RECOVERY_RDS",
    "RECOVERY_RTO",
    "RECOVERY_S3",
    "Check",
    "actions_of",
    "iam_policy",
]
