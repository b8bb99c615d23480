"""Whether each private link carries (clause ``peering``)."""

from __future__ import annotations

from services.agreement import judge_link
from services.aws.collect.connect_peers import CONNECT_PEERS
from services.aws.collect.virtual_interfaces import VIRTUAL_INTERFACES
from services.aws.collect.vpn_connections import VPN_CONNECTIONS
from services.checks.base import Check

LINKS_PEERING = Check(
    name="links.peering",
    clause="peering",
    title="State of VPN connections, Direct Connect interfaces and Connect peers",
    area="links",
    collectors=(VPN_CONNECTIONS, VIRTUAL_INTERFACES, CONNECT_PEERS),
    judge=judge_link,
)
