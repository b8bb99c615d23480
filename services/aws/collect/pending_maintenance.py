"""What RDS itself will do to databases (Amazon RDS API reference, DescribePendingMaintenanceActions)."""

from __future__ import annotations

from services.aws.collect.base import Asking, Chain, Place, Record, instant, need, read_all, text
from services.aws.facts_maintenance import PendingMaintenance


def read(record: Record, place: Place) -> tuple[PendingMaintenance, ...]:
    """The actions of one resource."""
    arn = need(record, "ResourceIdentifier")
    return tuple(
        PendingMaintenance(
            arn=arn,
            action=need(action, "Action"),
            description=text(action, "Description") or "",
            account=place.account,
            region=place.region,
            auto_applied_after=instant(action, "AutoAppliedAfterDate"),
            forced_at=instant(action, "ForcedApplyDate"),
            opted_in=text(action, "OptInStatus"),
            applies_at=instant(action, "CurrentApplyDate"),
        )
        for action in record.get("PendingMaintenanceActionDetails") or ()
    )


def ask(asking: Asking) -> tuple[PendingMaintenance, ...]:
    records = asking.list("describe_pending_maintenance_actions", "PendingMaintenanceActions")
    found = read_all(records, read, asking.place, "PendingMaintenanceActions")
    return tuple(action for actions in found for action in actions)


PENDING_MAINTENANCE = Chain("rds", "DescribePendingMaintenanceActions", ask, ("rds:DescribePendingMaintenanceActions",))
