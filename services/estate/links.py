"""From what AWS says of VPN connections, virtual interfaces and Connect peers to links in one vocabulary. Pure.

A path that is up carries; of a link with several, as many as are up. ``available`` says of a VPN connection, and of a
Connect peer, that it is configured and nothing more: their state is that of the tunnels and sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.aws.collect.base import Collector, Place
from services.aws.collect.connect_peers import CONNECT_PEERS
from services.aws.collect.virtual_interfaces import VIRTUAL_INTERFACES
from services.aws.collect.vpn_connections import VPN_CONNECTIONS
from services.aws.facts import Tags
from services.aws.facts_links import BgpSession, ConnectPeer, LinkFact, VirtualInterface, VpnConnection
from services.estate.arns import parse
from services.model import Link, LinkPath, LinkState

GONE = frozenset({"deleting", "deleted", "rejected"})
"""States of what AWS still lists and that is no link any more."""
FORMING = frozenset({"pending", "confirming", "verifying"})


@dataclass(frozen=True, slots=True)
class LinkKind:
    """A kind of link: how it is told in an ARN, and which call lists it."""

    name: str
    service: str
    arn_kind: str
    word: str
    """For a person, in the singular."""
    collector: Collector[Any]

    @property
    def listed_by(self) -> str:
        """The operation that lists it."""
        return self.collector.operation


VPN = LinkKind("vpn", "ec2", "vpn-connection", "VPN connection", VPN_CONNECTIONS)
DIRECT_CONNECT = LinkKind("direct-connect", "directconnect", "dxvif", "virtual interface", VIRTUAL_INTERFACES)
SD_WAN = LinkKind("sd-wan", "ec2", "transit-gateway-connect-peer", "Connect peer", CONNECT_PEERS)
LINK_KINDS = (VPN, DIRECT_CONNECT, SD_WAN)
LINK_LISTINGS = frozenset(kind.listed_by for kind in LINK_KINDS)


def link_kind_of(arn: str) -> LinkKind | None:
    """The kind that an ARN names; ``None`` for what is no link that is read here."""
    parsed = parse(arn)
    word = parsed.name.partition("/")[0] if parsed is not None else None
    return next((it for it in LINK_KINDS if parsed and (it.service, it.arn_kind) == (parsed.service, word)), None)


def link_id(arn: str) -> str:
    """``vpn-0a1b2c3d``: what a link is called within its ARN; the whole of it where it has no such part."""
    return arn.rpartition("/")[2] or arn


def link_place(arn: str) -> Place | None:
    """Where a link is by its ARN; ``None`` where that does not tell."""
    parsed = parse(arn)
    return Place(parsed.account, parsed.region) if parsed and parsed.account and parsed.region else None


def link_of(fact: LinkFact) -> Link:
    """The link that AWS tells of; whose it is, and how the call answered, are told elsewhere."""
    match fact:
        case VpnConnection():
            return _of_vpn(fact)
        case VirtualInterface():
            return _of_interface(fact)
        case ConnectPeer():
            state, said = _of_paths(_sessions(fact.sessions), "BGP session")
            return _link(fact, SD_WAN, state, said, _sessions(fact.sessions), name=_named(fact.tags))


def _of_vpn(fact: VpnConnection) -> Link:
    paths = tuple(
        LinkPath(
            tunnel.address, {"UP": True, "DOWN": False}.get(tunnel.status or ""), tunnel.changed_at, tunnel.message
        )
        for tunnel in fact.tunnels
    )
    state, said = _of_paths(paths, "tunnel")
    if state is LinkState.UP and not any(tunnel.accepted_routes for tunnel in fact.tunnels):
        said += "; no route was accepted over them"
    return _link(fact, VPN, state, said, paths, name=_named(fact.tags))


def _of_interface(fact: VirtualInterface) -> Link:
    paths = _sessions(fact.sessions)
    state, said = _of_paths(paths, "BGP session")
    if fact.state == "testing":
        state, said = LinkState.TESTING, f"a failover test keeps its BGP sessions down; {said}"
    elif fact.connection_state == "down":
        state, said = LinkState.DOWN, f"its connection {fact.connection} is down; {said}"
    elif fact.state == "down":
        state, said = LinkState.DOWN, f"AWS says down; {said}"
    elif fact.state != "available":
        state, said = LinkState.UNKNOWN, f"AWS says {fact.state}; {said}"
    return _link(fact, DIRECT_CONNECT, state, said, paths, name=fact.name or _named(fact.tags), carrier=fact.partner)


def _sessions(sessions: Sequence[BgpSession]) -> tuple[LinkPath, ...]:
    return tuple(LinkPath(it.address, {"up": True, "down": False}.get(it.status or "")) for it in sessions)


def _of_paths(paths: Sequence[LinkPath], word: str) -> tuple[LinkState, str]:
    """The state that the paths make together, and how many of them are up."""
    if not paths:
        return LinkState.UNKNOWN, f"AWS tells of no {word}"
    up = sum(path.up is True for path in paths)
    said = f"{up} of {len(paths)} {word}s up"
    down = [path for path in paths if path.up is False]
    if any(path.up is None for path in paths):
        return LinkState.UNKNOWN, f"{said}, of others AWS does not say"
    if not down:
        return LinkState.UP, said
    return LinkState.DEGRADED if up else LinkState.DOWN, said


def _link(
    fact: LinkFact,
    kind: LinkKind,
    state: LinkState,
    said: str,
    paths: tuple[LinkPath, ...],
    *,
    name: str | None,
    carrier: str | None = None,
) -> Link:
    forming, gone = fact.state in FORMING, fact.state in GONE
    if forming or gone:
        state, said = LinkState.DOWN, f"AWS says {fact.state}" + (", it is still being set up" if forming else "")
    return Link(
        arn=fact.arn,
        id=fact.id,
        kind=kind.name,
        account=fact.account,
        region=fact.region,
        state=state,
        said=said,
        paths=paths,
        since=max((path.changed_at for path in paths if path.changed_at is not None), default=None),
        forming=forming,
        seen=not gone,
        name=name,
        carrier=carrier,
    )


def _named(tags: Tags) -> str | None:
    return next((value for key, value in tags if key == "Name" and value), None)
