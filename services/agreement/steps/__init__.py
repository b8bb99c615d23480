"""Why a verdict is what it is: promise, values of the policy, the arithmetic, and what would change it.

A file for each kind of figure. The last step is reckoned apart from the judgement that it explains; where the two
differ, the judge saw what the reckoning does not, and the verdict's own reason is the last step.
"""

from services.agreement.steps.base import Reckoning, written
from services.agreement.steps.case import explain_case
from services.agreement.steps.export import explain_export
from services.agreement.steps.finding import explain_finding
from services.agreement.steps.hold import explain_hold
from services.agreement.steps.lifecycle import explain_lifecycle
from services.agreement.steps.link import explain_link
from services.agreement.steps.order import explain_order
from services.agreement.steps.pending import explain_pending
from services.agreement.steps.rpo import explain_rpo
from services.agreement.steps.rto import explain_rto
from services.agreement.steps.slot import explain_slot

__all__ = [
    "Reckoning",
    "explain_case",
    "explain_export",
    "explain_finding",
    "explain_hold",
    "explain_lifecycle",
    "explain_link",
    "explain_order",
    "explain_pending",
    "explain_rpo",
    "explain_rto",
    "explain_slot",
    "written",
]
