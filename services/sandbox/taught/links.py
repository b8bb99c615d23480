"""Private links: tunnels of VPN connections, Direct Connect interfaces and lines, Connect peers.

Read from the API references of 2016-11-15 (DescribeVpnConnections, DescribeTransitGatewayConnectPeers) and 2012-10-25
(DescribeVirtualInterfaces, DescribeConnections). What is planted is kept here; VPN connections and lines that somebody
makes with moto are listed after it, without telemetry, as moto has none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4
from xml.sax.saxutils import escape

from moto.core.responses import ActionResult
from moto.directconnect.models import directconnect_backends
from moto.directconnect.responses import DirectConnectResponse
from moto.ec2.exceptions import InvalidParameterValueError, InvalidVpnConnectionIdError
from moto.ec2.models import ec2_backends
from moto.ec2.responses import EC2Response

from services.aws.facts import Tags
from services.sandbox.planned.links import Interface, Line, Peer, Session, Tunnel, Vpn
from services.sandbox.taught.tokens import TokenError, take

EC2_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
ASN, AMAZON_ASN = 65010, 64512
FEWEST, MOST = 5, 1000
"""Connect peers of a page."""
PAGE = 100
"""Of Direct Connect."""

ItemT = TypeVar("ItemT")


@dataclass(slots=True)
class Kept:
    """What one account and region hold, by id."""

    vpns: dict[str, Vpn] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    interfaces: dict[str, Interface] = field(default_factory=dict)
    peers: dict[str, Peer] = field(default_factory=dict)


_KEPT: dict[tuple[str, str], Kept] = {}


def kept(account: str, region: str) -> Kept:
    """What an account and region hold; empty where nothing was planted."""
    return _KEPT.setdefault((account, region), Kept())


def teach() -> None:
    """Change moto's EC2 and Direct Connect in this process."""
    for method in (describe_vpn_connections, describe_transit_gateway_connect_peers):
        setattr(EC2Response, method.__name__, method)
    for answer in (describe_virtual_interfaces, describe_connections):
        setattr(DirectConnectResponse, answer.__name__, answer)


def _kept(response: Any) -> Kept:
    return kept(response.current_account, response.region)


def _has(backends: Any, response: Any) -> bool:
    """Whether moto holds anything there: to ask is to make it, which takes a moment."""
    account = response.current_account
    return dict.__contains__(backends, account) and dict.__contains__(backends[account], response.region)


# EC2


def describe_vpn_connections(self: EC2Response) -> str:
    """All in one answer, as EC2 gives them; written here, for moto's own serialiser takes seconds over a thousand."""
    wanted = self._get_param("VpnConnectionIds", [])
    held = _kept(self).vpns
    found = [_vpn(one) for name, one in held.items() if not wanted or name in wanted]
    made = [name for name in wanted if name not in held]
    if _has(ec2_backends, self) and (made or not wanted):
        found += [_made(one) for one in self.ec2_backend.describe_vpn_connections(vpn_connection_ids=made)]
    elif made:
        raise InvalidVpnConnectionIdError(made[0])
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><DescribeVpnConnectionsResponse xmlns="{EC2_NAMESPACE}">'
        f"<requestId>{uuid4()}</requestId><vpnConnectionSet>{''.join(found)}</vpnConnectionSet>"
        "</DescribeVpnConnectionsResponse>"
    )


def _vpn(one: Vpn) -> str:
    tunnels = "".join(_item(_tunnel(each)) for each in one.tunnels)
    more = f"<options><staticRoutesOnly>false</staticRoutesOnly></options><vgwTelemetry>{tunnels}</vgwTelemetry>"
    return _connection(one.id, one.state, one.customer_gateway, one.gateway, None, one.tags, more)


def _made(one: Any) -> str:
    """One that somebody made: moto's, which has no telemetry."""
    tags = tuple((tag["key"], tag["value"]) for tag in one.get_tags())
    return _connection(
        one.id, one.state, one.customer_gateway_id, one.vpn_gateway_id, one.transit_gateway_id, tags, "<vgwTelemetry/>"
    )


def _connection(  # the members of a connection, in EC2's order
    id_: str, state: str, customer: str, gateway: str | None, transit: str | None, tags: Tags, more: str
) -> str:
    members = {
        "vpnConnectionId": id_,
        "state": state,
        "type": "ipsec.1",
        "category": "VPN",
        "customerGatewayId": customer,
        "vpnGatewayId": gateway,
        "transitGatewayId": transit,
    }
    named = "".join(_item({"key": key, "value": value}) for key, value in tags)
    return f"<item>{_members(members)}{more}<tagSet>{named}</tagSet></item>"


def _tunnel(each: Tunnel) -> dict[str, str | None]:
    return {
        "outsideIpAddress": each.address,
        "status": "UP" if each.up else "DOWN",
        "lastStatusChange": each.changed_at.isoformat().replace("+00:00", "Z"),
        "statusMessage": each.message,
        "acceptedRouteCount": str(each.routes),
    }


def _item(members: Mapping[str, str | None]) -> str:
    return f"<item>{_members(members)}</item>"


def _members(members: Mapping[str, str | None]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in members.items() if text is not None)


def describe_transit_gateway_connect_peers(self: EC2Response) -> ActionResult:
    wanted = self._get_param("TransitGatewayConnectPeerIds", [])
    found = [one for name, one in _kept(self).peers.items() if not wanted or name in wanted]
    size = self._get_int_param("MaxResults", MOST)
    if not FEWEST <= size <= MOST:
        raise InvalidParameterValueError(f"MaxResults must be between {FEWEST} and {MOST}")
    try:
        items, following = take(found, lambda one: one.id, size, self._get_param("NextToken"))
    except TokenError:
        raise InvalidParameterValueError("The token is invalid") from None
    return ActionResult({"TransitGatewayConnectPeers": [_peer(one) for one in items], "NextToken": following})


def _peer(one: Peer) -> dict[str, Any]:
    return {
        "TransitGatewayConnectPeerId": one.id,
        "TransitGatewayAttachmentId": one.attachment,
        "State": one.state,
        "CreationTime": one.created_at,
        "ConnectPeerConfiguration": {
            "TransitGatewayAddress": one.sessions[0].amazon if one.sessions else None,
            "PeerAddress": one.sessions[0].customer if one.sessions else None,
            "InsideCidrBlocks": ["169.254.6.0/29"],
            "Protocol": "gre",
            "BgpConfigurations": [
                {
                    "TransitGatewayAsn": AMAZON_ASN,
                    "PeerAsn": ASN,
                    "TransitGatewayAddress": each.amazon,
                    "PeerAddress": each.customer,
                    "BgpStatus": "up" if each.up else "down",
                }
                for each in one.sessions
            ],
        },
        "Tags": _pascal(one.tags),
    }


def _pascal(tags: Tags) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags]


# Direct Connect


def describe_virtual_interfaces(self: DirectConnectResponse) -> str:
    asked = json.loads(self.body or "{}")
    found = [
        _interface(one)
        for one in _kept(self).interfaces.values()
        if asked.get("virtualInterfaceId") in (None, one.id) and asked.get("connectionId") in (None, one.line)
    ]
    return _page(asked, "virtualInterfaces", found, lambda one: str(one["virtualInterfaceId"]))


def describe_connections(self: DirectConnectResponse) -> str:
    asked = json.loads(self.body or "{}")
    wanted = asked.get("connectionId")
    found = [_line(one) for one in _kept(self).lines.values() if wanted in (None, one.id)]
    if _has(directconnect_backends, self) and not (wanted and found):
        found += [one.to_dict() for one in self.directconnect_backend.describe_connections(wanted)]
    return _page(asked, "connections", found, lambda one: str(one["connectionId"]))


def _page(asked: Any, member: str, found: Iterable[ItemT], key: Callable[[ItemT], str]) -> str:
    try:
        items, token = take(found, key, asked.get("maxResults") or PAGE, asked.get("nextToken"))
    except TokenError:
        items, token = [], None
    return json.dumps({member: items, **({"nextToken": token} if token else {})})


def _line(one: Line) -> dict[str, Any]:
    return {
        "ownerAccount": one.account,
        "connectionId": one.id,
        "connectionName": one.name,
        "connectionState": one.state,
        "region": one.region,
        "location": one.location,
        "bandwidth": one.bandwidth,
        "partnerName": one.partner,
        "tags": [],
    }


def _interface(one: Interface) -> dict[str, Any]:
    return {
        "ownerAccount": one.account,
        "virtualInterfaceId": one.id,
        "virtualInterfaceName": one.name,
        "virtualInterfaceType": "private",
        "virtualInterfaceState": one.state,
        "connectionId": one.line,
        "region": one.region,
        "vlan": one.vlan,
        "asn": ASN,
        "amazonSideAsn": AMAZON_ASN,
        "bgpPeers": [_bgp(one.id, number, each) for number, each in enumerate(one.sessions)],
        "tags": [{"key": key, "value": value} for key, value in one.tags],
    }


def _bgp(interface: str, number: int, each: Session) -> dict[str, Any]:
    return {
        "bgpPeerId": f"dxpeer-{interface.removeprefix('dxvif-')}{number}",
        "asn": ASN,
        "addressFamily": "ipv6" if ":" in each.customer else "ipv4",
        "amazonAddress": each.amazon,
        "customerAddress": each.customer,
        "bgpPeerState": "available",
        "bgpStatus": "up" if each.up else "down",
    }
