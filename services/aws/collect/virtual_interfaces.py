"""Virtual interfaces of Direct Connect, each with its line (AWS Direct Connect API reference,
DescribeVirtualInterfaces, BGPPeer and DescribeConnections)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from services.aws.collect.base import Asking, Chain, Place, Record, arn_of, need, read_all, text
from services.aws.collect.vpn_connections import EVERY
from services.aws.facts_links import BgpSession, VirtualInterface

FORGOTTEN = frozenset({"deleting", "deleted"})
"""States of a BGP peer that is no path any more."""


def read(record: Record, place: Place, lines: Mapping[str, Record]) -> VirtualInterface:
    name, owner = need(record, "virtualInterfaceId"), text(record, "ownerAccount") or place.account
    line = lines.get(str(record.get("connectionId")), {})
    return VirtualInterface(
        arn=arn_of("directconnect", Place(owner, place.region), f"dxvif/{name}"),
        id=name,
        name=text(record, "virtualInterfaceName"),
        account=place.account,
        region=place.region,
        state=text(record, "virtualInterfaceState") or "unknown",
        connection=text(record, "connectionId"),
        connection_state=text(line, "connectionState"),
        partner=text(line, "partnerName"),
        sessions=tuple(
            BgpSession(text(peer, "customerAddress") or text(peer, "bgpPeerId") or "", text(peer, "bgpStatus"))
            for peer in record.get("bgpPeers") or ()
            if text(peer, "bgpPeerState") not in FORGOTTEN
        ),
        tags=tuple((str(tag.get("key", "")), str(tag.get("value", ""))) for tag in record.get("tags") or ()),
    )


def ask(asking: Asking) -> tuple[VirtualInterface, ...]:
    """The lines are asked about in any case: that it is not permitted is better known before one is there."""
    records = list(_paged(asking, "describe_virtual_interfaces", "virtualInterfaces"))
    lines = {str(line.get("connectionId")): line for line in _paged(asking, "describe_connections", "connections")}
    return read_all(records, partial(read, lines=lines), asking.place, "virtualInterfaces")


def _paged(asking: Asking, method: str, listed_in: str) -> Iterator[Record]:
    """Page by page, for which boto3 has no paginator here."""
    token: str | None = None
    while True:
        answer = asking.get(method, **({"nextToken": token} if token else {}))
        yield from asking.member(answer, listed_in)
        token = text(answer, "nextToken")
        if token is None:
            return


VIRTUAL_INTERFACES = Chain(
    "directconnect",
    "DescribeVirtualInterfaces",
    ask,
    ("directconnect:DescribeConnections", "directconnect:DescribeVirtualInterfaces"),
    EVERY,
)
