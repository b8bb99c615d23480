"""Site-to-site VPN connections and their tunnels (Amazon EC2 API reference, DescribeVpnConnections, VgwTelemetry)."""

from __future__ import annotations

from datetime import timedelta

from services.aws.collect.base import Asking, Chain, Place, Record, arn_of, instant, need, read_all, tags, text, whole
from services.aws.facts_links import Tunnel, VpnConnection

EVERY = timedelta(minutes=2)
"""Of links, which fail by the minute; the policy's ``peering.max_age`` may want it more often."""


def read(record: Record, place: Place) -> VpnConnection:
    name = need(record, "VpnConnectionId")
    return VpnConnection(
        arn=arn_of("ec2", place, f"vpn-connection/{name}"),
        id=name,
        account=place.account,
        region=place.region,
        state=text(record, "State") or "unknown",
        tunnels=tuple(_tunnel(each) for each in record.get("VgwTelemetry") or ()),
        tags=tags(record, "Tags"),
    )


def _tunnel(record: Record) -> Tunnel:
    return Tunnel(
        address=text(record, "OutsideIpAddress") or "",
        status=text(record, "Status"),
        changed_at=instant(record, "LastStatusChange"),
        message=text(record, "StatusMessage") or "",
        accepted_routes=whole(record, "AcceptedRouteCount"),
    )


def ask(asking: Asking) -> tuple[VpnConnection, ...]:
    """All of them: the call has no pages."""
    records = asking.whole("describe_vpn_connections", "VpnConnections")
    return read_all(records, read, asking.place, "VpnConnections")


VPN_CONNECTIONS = Chain("ec2", "DescribeVpnConnections", ask, ("ec2:DescribeVpnConnections",), EVERY)
