"""SSM maintenance windows (AWS Systems Manager API reference, DescribeMaintenanceWindows).

Their instants are text. Where one bears no offset it is in the window's own zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.aws.collect.base import Listing, Place, Record, UnreadableError, need, text, whole
from services.aws.facts_maintenance import MaintenanceWindow


def read(record: Record, place: Place) -> MaintenanceWindow:
    zone = text(record, "ScheduleTimezone")
    return MaintenanceWindow(
        id=need(record, "WindowId"),
        name=need(record, "Name"),
        account=place.account,
        region=place.region,
        description=text(record, "Description") or "",
        enabled=bool(record.get("Enabled")),
        schedule=text(record, "Schedule") or "",
        zone=zone,
        duration=timedelta(hours=whole(record, "Duration") or 0),
        cutoff=timedelta(hours=whole(record, "Cutoff") or 0),
        next_at=_instant(record, "NextExecutionTime", zone),
        ends_on=_instant(record, "EndDate", zone),
    )


def _instant(record: Record, member: str, zone: str | None) -> datetime | None:
    written = text(record, member)
    if written is None:
        return None
    try:
        read_at = datetime.fromisoformat(written)
        if read_at.tzinfo is None:
            read_at = read_at.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
        return read_at.astimezone(UTC)
    except (ValueError, OverflowError, LookupError):
        raise UnreadableError(f"has a {member} that is no instant: {written}") from None


MAINTENANCE_WINDOWS = Listing(
    "ssm",
    "DescribeMaintenanceWindows",
    "describe_maintenance_windows",
    "WindowIdentities",
    read,
    "ssm:DescribeMaintenanceWindows",
)
