"""The collectors of links: what they read of AWS's records, page by page, and what they never take for nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.session import Session

from services.aws.collect.connect_peers import CONNECT_PEERS
from services.aws.collect.virtual_interfaces import VIRTUAL_INTERFACES
from services.aws.collect.vpn_connections import VPN_CONNECTIONS
from services.aws.facts_links import BgpSession, ConnectPeer, Tunnel, VirtualInterface, VpnConnection
from services.model import Outcome
from tests.services.aws.collect.fake_client import HERE, FakeClient, records, refusal

CHANGED = datetime(2026, 11, 23, 11, 48, tzinfo=UTC)
VPN = {
    "VpnConnectionId": "vpn-0a1b",
    "State": "available",
    "VgwTelemetry": [
        {
            "OutsideIpAddress": "203.0.113.5",
            "Status": "DOWN",
            "StatusMessage": "IPSEC IS DOWN",
            "LastStatusChange": CHANGED,
            "AcceptedRouteCount": 0,
        },
        {"OutsideIpAddress": "203.0.113.6", "Status": "UP", "AcceptedRouteCount": 4},
    ],
    "Tags": [{"Key": "tenant", "Value": "acme"}],
}
INTERFACE = {
    "virtualInterfaceId": "dxvif-1",
    "virtualInterfaceName": "acme-private",
    "virtualInterfaceState": "available",
    "ownerAccount": "111122223333",
    "connectionId": "dxcon-1",
    "bgpPeers": [
        {"bgpPeerId": "p1", "customerAddress": "169.254.1.2/30", "bgpPeerState": "available", "bgpStatus": "up"},
        {"bgpPeerId": "p2", "customerAddress": "2001:db8::2/64", "bgpPeerState": "available", "bgpStatus": "down"},
        {"bgpPeerId": "p3", "customerAddress": "169.254.9.2/30", "bgpPeerState": "deleted", "bgpStatus": "down"},
    ],
    "tags": [{"key": "tenant", "value": "acme"}],
}
LINE = {"connectionId": "dxcon-1", "connectionState": "down", "partnerName": "Equinix, Inc."}
PEER = {
    "TransitGatewayConnectPeerId": "tgw-connect-peer-1",
    "State": "available",
    "ConnectPeerConfiguration": {"BgpConfigurations": [{"PeerAddress": "169.254.6.1", "BgpStatus": "up"}]},
    "Tags": [{"Key": "tenant", "Value": "acme"}],
}
TAGS = (("tenant", "acme"),)


def client(*, vpns: Any = None, interfaces: Any = None, lines: Any = None, peers: Any = None) -> FakeClient:
    """Each answers with these records; given something to call, with what that returns or raises."""

    def told(member: str, given: Any) -> Any:
        return given if callable(given) else lambda **_: {member: given if given is not None else []}

    return FakeClient(
        lists={"describe_transit_gateway_connect_peers": lambda **_: [{"TransitGatewayConnectPeers": peers or []}]},
        gets={
            "describe_vpn_connections": told("VpnConnections", vpns),
            "describe_virtual_interfaces": told("virtualInterfaces", interfaces),
            "describe_connections": told("connections", lines),
        },
    )


def test_a_vpn_connection_is_read_with_its_tunnels() -> None:
    """Status, when it last changed, what AWS says of it, and the routes; the ARN is made of the id and the place."""
    (found,) = records(client(vpns=[VPN]).observe(VPN_CONNECTIONS))
    tunnels = (
        Tunnel("203.0.113.5", "DOWN", CHANGED, "IPSEC IS DOWN", 0),
        Tunnel("203.0.113.6", "UP", None, "", 4),
    )
    arn = "arn:aws:ec2:eu-central-1:111122223333:vpn-connection/vpn-0a1b"
    assert found == VpnConnection(arn, "vpn-0a1b", HERE.account, HERE.region, "available", tunnels, TAGS)


def test_an_interface_is_read_with_its_sessions_and_its_line() -> None:
    """A peer that is deleted is no path; the line tells the partner, and whether it is down itself."""
    (found,) = records(client(interfaces=[INTERFACE], lines=[LINE]).observe(VIRTUAL_INTERFACES))
    assert found == VirtualInterface(
        arn="arn:aws:directconnect:eu-central-1:111122223333:dxvif/dxvif-1",
        id="dxvif-1",
        name="acme-private",
        account=HERE.account,
        region=HERE.region,
        state="available",
        connection="dxcon-1",
        connection_state="down",
        partner="Equinix, Inc.",
        sessions=(BgpSession("169.254.1.2/30", "up"), BgpSession("2001:db8::2/64", "down")),
        tags=TAGS,
    )


def test_an_interface_over_another_accounts_line_has_no_state_of_it() -> None:
    """The line is not listed here: that is not known, and not down."""
    (found,) = records(client(interfaces=[INTERFACE]).observe(VIRTUAL_INTERFACES))
    assert (found.connection_state, found.partner) == (None, None)


def test_interfaces_are_read_to_the_last_page() -> None:
    """Both calls go on while AWS names a further page."""
    pages = {None: ("dxvif-1", "a"), "a": ("dxvif-2", "b"), "b": ("dxvif-3", None)}

    def page(**parameters: Any) -> dict[str, Any]:
        name, following = pages[parameters.get("nextToken")]
        return {"virtualInterfaces": [{**INTERFACE, "virtualInterfaceId": name}], "nextToken": following}

    assert [it.id for it in records(client(interfaces=page).observe(VIRTUAL_INTERFACES))] == [
        "dxvif-1",
        "dxvif-2",
        "dxvif-3",
    ]


def test_a_connect_peer_is_read_with_its_sessions() -> None:
    """Each BGP session with its status."""
    (found,) = records(client(peers=[PEER]).observe(CONNECT_PEERS))
    arn = "arn:aws:ec2:eu-central-1:111122223333:transit-gateway-connect-peer/tgw-connect-peer-1"
    sessions = (BgpSession("169.254.6.1", "up"),)
    assert found == ConnectPeer(arn, "tgw-connect-peer-1", HERE.account, HERE.region, "available", sessions, TAGS)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("UnauthorizedOperation", Outcome.DENIED),
        ("RequestLimitExceeded", Outcome.THROTTLED),
        ("ServiceUnavailable", Outcome.FAILED),
    ],
)
def test_a_refusal_is_no_absence(code: str, outcome: Outcome) -> None:
    """Of each call, that for the lines too, though the interfaces were listed."""

    def refused(**_: Any) -> Any:
        raise refusal(code, 503 if outcome is Outcome.FAILED else 400)

    for given, collector in (
        ({"vpns": refused}, VPN_CONNECTIONS),
        ({"interfaces": refused}, VIRTUAL_INTERFACES),
        ({"interfaces": [INTERFACE], "lines": refused}, VIRTUAL_INTERFACES),
    ):
        seen = client(**given).observe(collector)
        assert (seen.outcome, seen.value) == (outcome, None)


@pytest.mark.parametrize(
    ("given", "collector", "member"),
    [
        ({"vpns": lambda **_: {}}, VPN_CONNECTIONS, "VpnConnections"),
        ({"interfaces": lambda **_: {}}, VIRTUAL_INTERFACES, "virtualInterfaces"),
        ({"lines": lambda **_: {}}, VIRTUAL_INTERFACES, "connections"),
        ({"vpns": [{"State": "available"}]}, VPN_CONNECTIONS, "VpnConnectionId"),
        ({"interfaces": [{"virtualInterfaceState": "down"}]}, VIRTUAL_INTERFACES, "virtualInterfaceId"),
        ({"peers": [{"State": "available"}]}, CONNECT_PEERS, "TransitGatewayConnectPeerId"),
    ],
    ids=["no vpns", "no interfaces", "no lines", "a vpn", "an interface", "a peer"],
)
def test_what_cannot_be_read_fails_by_name(given: dict[str, Any], collector: Any, member: str) -> None:
    """An answer without its list, or a record without what identifies it."""
    seen = client(**given).observe(collector)
    assert seen.outcome is Outcome.FAILED
    assert member in (seen.error or "")


@pytest.mark.parametrize(
    ("service", "operation", "listed_in", "record", "nested"),
    [
        ("ec2", "DescribeVpnConnections", "VpnConnections", VPN, "VgwTelemetry"),
        ("directconnect", "DescribeVirtualInterfaces", "virtualInterfaces", INTERFACE, "bgpPeers"),
        ("directconnect", "DescribeConnections", "connections", LINE, None),
        ("ec2", "DescribeTransitGatewayConnectPeers", "TransitGatewayConnectPeers", PEER, None),
    ],
)
def test_aws_has_every_member_that_is_read(
    service: str, operation: str, listed_in: str, record: dict[str, Any], nested: str | None
) -> None:
    """In its own model of the service."""
    shape: Any = Session().get_service_model(service).operation_model(operation).output_shape
    members = shape.members[listed_in].member.members
    assert set(record) <= set(members)
    if nested is not None:
        assert {name for one in record[nested] for name in one} <= set(members[nested].member.members)
