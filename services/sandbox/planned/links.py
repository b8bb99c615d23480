"""Private links to be planted: VPN connections, Direct Connect lines and interfaces, Connect peers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.aws.facts import Tags


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A tunnel of a VPN connection."""

    address: str
    up: bool
    changed_at: datetime
    message: str = ""
    routes: int = 0


@dataclass(frozen=True, slots=True)
class Vpn:
    """A site-to-site VPN connection."""

    account: str
    region: str
    id: str
    gateway: str
    """The virtual private gateway, ``vgw-…``."""
    customer_gateway: str
    tunnels: tuple[Tunnel, ...]
    tags: Tags = ()
    state: str = "available"

    @property
    def arn(self) -> str:
        return f"arn:aws:ec2:{self.region}:{self.account}:vpn-connection/{self.id}"


@dataclass(frozen=True, slots=True)
class Session:
    """A BGP session."""

    customer: str
    """The address on the customer's side."""
    amazon: str
    up: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A Direct Connect connection: the line of a partner."""

    account: str
    region: str
    id: str
    name: str
    location: str
    bandwidth: str
    partner: str
    state: str = "available"


@dataclass(frozen=True, slots=True)
class Interface:
    """A private virtual interface over a line."""

    account: str
    region: str
    id: str
    name: str
    line: str
    vlan: int
    sessions: tuple[Session, ...]
    state: str = "available"
    tags: Tags = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:directconnect:{self.region}:{self.account}:dxvif/{self.id}"


@dataclass(frozen=True, slots=True)
class Peer:
    """A Connect peer of a transit gateway, to which an SD-WAN is joined."""

    account: str
    region: str
    id: str
    attachment: str
    created_at: datetime
    sessions: tuple[Session, ...]
    state: str = "available"
    tags: Tags = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:ec2:{self.region}:{self.account}:transit-gateway-connect-peer/{self.id}"
