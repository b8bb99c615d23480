"""What AWS says of private links, as the collectors read it: facts, judged by nobody here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.aws.facts import Tags


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A tunnel of a VPN connection (``VgwTelemetry``)."""

    address: str
    """Its outside address."""
    status: str | None
    """``UP``, ``DOWN``."""
    changed_at: datetime | None
    message: str
    accepted_routes: int | None


@dataclass(frozen=True, slots=True)
class VpnConnection:
    """A site-to-site VPN connection (``DescribeVpnConnections``)."""

    arn: str
    id: str
    account: str
    region: str
    state: str
    """``pending``, ``available``, ``deleting``, ``deleted``: of the connection, and nothing of its tunnels."""
    tunnels: tuple[Tunnel, ...]
    tags: Tags


@dataclass(frozen=True, slots=True)
class BgpSession:
    """A BGP session of a virtual interface or of a Connect peer."""

    address: str
    """The customer's."""
    status: str | None
    """``up``, ``down``, ``unknown``. ``up`` proves no route."""


@dataclass(frozen=True, slots=True)
class VirtualInterface:
    """A virtual interface of Direct Connect (``DescribeVirtualInterfaces``), with the line that it runs over
    (``DescribeConnections``)."""

    arn: str
    id: str
    name: str | None
    account: str
    region: str
    state: str
    """``confirming``, ``verifying``, ``pending``, ``available``, ``down``, ``testing``, ``deleting``, ``deleted``,
    ``rejected``, ``unknown``."""
    connection: str | None
    connection_state: str | None
    """``None``: the line is another account's, and not listed here."""
    partner: str | None
    sessions: tuple[BgpSession, ...]
    tags: Tags


@dataclass(frozen=True, slots=True)
class ConnectPeer:
    """A Connect peer of a transit gateway, to which an SD-WAN is joined (``DescribeTransitGatewayConnectPeers``)."""

    arn: str
    id: str
    account: str
    region: str
    state: str
    """``pending``, ``available``, ``deleting``, ``deleted``."""
    sessions: tuple[BgpSession, ...]
    tags: Tags


LinkFact: TypeAlias = VpnConnection | VirtualInterface | ConnectPeer
