"""The links that tenants are made of: VPN connections, Direct Connect interfaces, Connect peers; in health unless told
otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from services.model import LifecycleState
from services.sandbox.builder import Builder
from services.sandbox.plan import dice, uuid
from services.sandbox.planned.links import Interface, Line, Peer, Session, Tunnel, Vpn
from services.wire.registry import TenantRecord

LINKLESS = frozenset({LifecycleState.DISMISSED, LifecycleState.DESTROYING, LifecycleState.DESTROYED})
PARTNERS = (("Equinix, Inc.", "EqFA5"), ("Equinix, Inc.", "EqDC2"), ("Megaport", "MEG01"), ("Colt", "CTFR"))


def ordinary(builder: Builder, tenant: TenantRecord) -> None:
    """A tenant's link in health: for most a VPN, for some a line or an SD-WAN; some are known by their tag alone."""
    random = dice(builder.seed, "link", tenant.id)
    draw, declared = random.random(), random.random() < 0.7
    if draw < 0.7:
        vpn(builder, tenant, declared=declared)
    elif draw < 0.9:
        interface(builder, tenant, declared=declared)
    else:
        peer(builder, tenant, declared=declared)


def of_stories(builder: Builder) -> None:
    """A link in health for every dedicated tenant of the stories that has none, and may have one."""
    for tenant in tuple(builder.planting.tenants):
        if tenant.tier == "dedicated" and not tenant.links and tenant.state not in LINKLESS:
            ordinary(builder, tenant)


def vpn(
    builder: Builder,
    tenant: TenantRecord,
    down: Sequence[timedelta | None] = (None, None),
    *,
    declared: bool = True,
    tagged: bool = True,
    name: str = "site",
) -> Vpn:
    """A VPN connection; ``down`` has for each tunnel how long ago it went down, ``None`` for one that is up."""
    random = dice(builder.seed, "vpn", tenant.id, name)
    tunnels = tuple(
        Tunnel(
            address=f"3.{random.randrange(64, 128)}.{random.randrange(256)}.{random.randrange(1, 255)}",
            up=since is None,
            changed_at=builder.at - (since or timedelta(days=random.randrange(2, 90), minutes=random.randrange(1440))),
            message="" if since is None else "IPSEC IS DOWN",
            routes=random.randrange(1, 9) if since is None else 0,
        )
        for since in down
    )
    made = Vpn(
        account=tenant.account,
        region=tenant.region,
        id=f"vpn-{_hex(builder, tenant, name)}",
        gateway=f"vgw-{_hex(builder, tenant, 'gateway')}",
        customer_gateway=f"cgw-{_hex(builder, tenant, f'{name}-customer')}",
        tunnels=tunnels,
        tags=(("Name", f"{tenant.id}-{name}"), *((("tenant", tenant.id),) if tagged else ())),
    )
    builder.planting.vpns.append(made)
    if declared:
        declare(builder, tenant, made.arn)
    return made


def interface(
    builder: Builder,
    tenant: TenantRecord,
    *,
    state: str = "available",
    up: bool = True,
    declared: bool = True,
) -> Interface:
    """A private interface over a partner's line, with one BGP session."""
    random = dice(builder.seed, "interface", tenant.id)
    partner, location = random.choice(PARTNERS)
    short = _hex(builder, tenant, "line")[:8]
    line = Line(tenant.account, tenant.region, f"dxcon-{short}", f"{tenant.id}-line", location, "1Gbps", partner)
    third = random.randrange(1, 255)
    made = Interface(
        account=tenant.account,
        region=tenant.region,
        id=f"dxvif-{_hex(builder, tenant, 'interface')[:8]}",
        name=f"{tenant.id}-private",
        line=line.id,
        vlan=random.randrange(2, 4000),
        sessions=(Session(f"169.254.{third}.2/30", f"169.254.{third}.1/30", up),),
        state=state,
        tags=(("tenant", tenant.id),),
    )
    builder.planting.lines.append(line)
    builder.planting.interfaces.append(made)
    if declared:
        declare(builder, tenant, made.arn)
    return made


def peer(builder: Builder, tenant: TenantRecord, *, declared: bool = True) -> Peer:
    """A Connect peer with its two BGP sessions."""
    third = dice(builder.seed, "peer", tenant.id).randrange(6, 255)
    made = Peer(
        account=tenant.account,
        region=tenant.region,
        id=f"tgw-connect-peer-{_hex(builder, tenant, 'peer')}",
        attachment=f"tgw-attach-{_hex(builder, tenant, 'attachment')}",
        created_at=builder.at - timedelta(days=120),
        sessions=tuple(Session(f"169.254.{third}.1", f"169.254.{third}.{last}", up=True) for last in (2, 3)),
        tags=(("Name", f"{tenant.id}-sd-wan"), ("tenant", tenant.id)),
    )
    builder.planting.peers.append(made)
    if declared:
        declare(builder, tenant, made.arn)
    return made


def declare(builder: Builder, tenant: TenantRecord, arn: str) -> None:
    """Let the registry name a link of a tenant."""
    records = builder.planting.tenants
    at = next(index for index in reversed(range(len(records))) if records[index].id == tenant.id)
    records[at] = records[at].model_copy(update={"links": (*records[at].links, arn)})


def _hex(builder: Builder, tenant: TenantRecord, word: str) -> str:
    """17 hexadecimal digits, as EC2 has them, that depend on the seed, the tenant and the word alone."""
    return uuid(builder.seed, word, tenant.id).replace("-", "")[:17]
