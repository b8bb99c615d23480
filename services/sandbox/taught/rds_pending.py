"""RDS's own maintenance: what it means to carry out, and when.

Read from the API reference of 2014-10-31 (DescribePendingMaintenanceActions).
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import InvalidParameterValue
from moto.rds.responses import RDSResponse

from services.sandbox.planned.databases import Pending
from services.sandbox.taught.paging import page

PENDING = "tenure_pending"
"""The attribute of a backend that lists its ``Pending``."""


def teach() -> None:
    """Change moto's RDS in this process."""
    method = "describe_pending_maintenance_actions"
    setattr(RDSResponse, method, describe_pending_maintenance_actions)


def describe_pending_maintenance_actions(self: RDSResponse) -> ActionResult:
    found: dict[str, list[Pending]] = {}
    for each in getattr(self.backend, PENDING, ()):
        found.setdefault(each.resource, []).append(each)
    wanted = self.params.get("ResourceIdentifier")
    names = [{wanted}] if wanted else []
    for each in self.params.get("Filters", []):
        if each["Name"] not in ("db-cluster-id", "db-instance-id"):
            raise InvalidParameterValue(f"Unrecognized filter name: {each['Name']}")
        names.append(set(each["Values"]))
    chosen = [arn for arn in found if all(arn in allowed or arn.rpartition(":")[2] in allowed for allowed in names)]
    items, marker = page(chosen, str, self.params)
    return ActionResult(
        {
            "PendingMaintenanceActions": [
                {"ResourceIdentifier": arn, "PendingMaintenanceActionDetails": [_say(one) for one in found[arn]]}
                for arn in items
            ],
            "Marker": marker,
        }
    )


def _say(one: Pending) -> dict[str, Any]:
    answer = {
        "Action": one.action,
        "AutoAppliedAfterDate": one.auto_applied_after,
        "ForcedApplyDate": one.forced_at,
        "OptInStatus": one.opt_in,
        "CurrentApplyDate": one.applied_at,
        "Description": one.description,
    }
    return {name: value for name, value in answer.items() if value is not None}
