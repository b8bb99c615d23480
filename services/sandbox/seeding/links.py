"""Private links: kept beside moto, which has no telemetry, no interfaces and no Connect peers."""

from __future__ import annotations

from services.sandbox.plan import Planting
from services.sandbox.taught.links import kept


def seed_links(planting: Planting) -> None:
    for vpn in planting.vpns:
        kept(vpn.account, vpn.region).vpns[vpn.id] = vpn
    for line in planting.lines:
        kept(line.account, line.region).lines[line.id] = line
    for interface in planting.interfaces:
        kept(interface.account, interface.region).interfaces[interface.id] = interface
    for peer in planting.peers:
        kept(peer.account, peer.region).peers[peer.id] = peer
