"""Connect peers of transit gateways, to which an SD-WAN is joined (Amazon EC2 API reference,
DescribeTransitGatewayConnectPeers, TransitGatewayAttachmentBgpConfiguration)."""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, arn_of, need, tags, text
from services.aws.collect.vpn_connections import EVERY
from services.aws.facts_links import BgpSession, ConnectPeer


def read(record: Record, place: Place) -> ConnectPeer:
    name = need(record, "TransitGatewayConnectPeerId")
    configured = (record.get("ConnectPeerConfiguration") or {}).get("BgpConfigurations") or ()
    return ConnectPeer(
        arn=arn_of("ec2", place, f"transit-gateway-connect-peer/{name}"),
        id=name,
        account=place.account,
        region=place.region,
        state=text(record, "State") or "unknown",
        sessions=tuple(BgpSession(text(it, "PeerAddress") or "", text(it, "BgpStatus")) for it in configured),
        tags=tags(record, "Tags"),
    )


CONNECT_PEERS = Listing(
    service="ec2",
    operation="DescribeTransitGatewayConnectPeers",
    method="describe_transit_gateway_connect_peers",
    listed_in="TransitGatewayConnectPeers",
    read=read,
    action="ec2:DescribeTransitGatewayConnectPeers",
    every=EVERY,
)
