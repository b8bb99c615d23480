"""The fleet of the pictures with private links: of every state, declared and not there, unread, and nobody's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from services.agreement import default_policy_text, judge_link, parse_policy
from services.agreement.links import link_figure, link_known
from services.fleet.snapshot import FleetSnapshot, LinkView, TenantView
from services.model import Link, LinkPath, LinkState, Observation, Outcome, Source, Status, Tenant, Verdict, worst
from tests.support.fleet import ACCOUNTS, AT, HOSTILE_NAMES, fleet, observation

POLICY = parse_policy(default_policy_text())
MINUTE = timedelta(minutes=1)
VPN = "DescribeVpnConnections"


def link(
    id_: str,
    state: LinkState,
    said: str,
    ups: Iterable[bool | None] = (),
    *,
    kind: str = "vpn",
    region: str = "eu-west-1",
    since: timedelta | None = None,
    outcome: Outcome = Outcome.SEEN,
    error: str | None = None,
    **more: object,
) -> Link:
    """A link as it was seen 40 seconds before the pictures; ``ups`` are its paths."""
    service, word = {"vpn": ("ec2", "vpn-connection"), "direct-connect": ("directconnect", "dxvif")}.get(
        kind, ("ec2", "transit-gateway-connect-peer")
    )
    operation = {"ec2": VPN, "directconnect": "DescribeVirtualInterfaces"}[service]
    seen = observation(Source(service, operation, ACCOUNTS[1], region), AT, outcome, error)
    paths = tuple(LinkPath(f"203.0.113.{number}", up) for number, up in enumerate(ups, 5))
    made = Link(
        arn=f"arn:aws:{service}:{region}:{ACCOUNTS[1]}:{word}/{id_}",
        id=id_,
        kind=kind,
        account=ACCOUNTS[1],
        region=region,
        state=state,
        said=said,
        paths=paths,
        since=AT - since if since is not None else None,
        declared=True,
        sources=(seen,),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # the caller's field names are checked by dataclasses


def linked_view(one: Link, owner: Tenant | None, now: datetime = AT) -> LinkView:
    """As the fleet judges it."""
    tier, state = (owner.tier, owner.state) if owner is not None else (None, None)
    figure = link_figure(one) if owner is not None else f"link.{one.arn}"
    verdict = judge_link(one, tier, state, POLICY, now, figure=figure)
    known = link_known(one, POLICY, now)
    observed = one.sources[0].at if one.sources and one.sources[0].outcome.answered else None
    return LinkView(one, owner.id if owner else None, verdict, one.account, one.region, observed, known)


def unread_links(owner: Tenant) -> LinkView:
    """Of a tenant whose links could not be told."""
    seen: Observation[object] = observation(
        Source("directconnect", "DescribeVirtualInterfaces", owner.account, owner.region),
        AT,
        Outcome.DENIED,
        "AccessDeniedException: User is not authorized",
    )
    reason = "its virtual interfaces cannot be told: directconnect DescribeVirtualInterfaces denied"
    return LinkView(
        None,
        owner.id,
        Verdict(Status.UNKNOWN, "links", "peering", reason, evidence=(seen,)),
        owner.account,
        owner.region,
        None,
    )


def with_links(view: TenantView, *links: LinkView) -> TenantView:
    """The tenant with these links, judged by the worst of all."""
    verdicts = (*view.verdicts, *(it.verdict for it in links))
    return replace(view, links=links, verdicts=verdicts, status=worst(it.status for it in verdicts))


def linked_fleet() -> FleetSnapshot:
    """The fleet of the other pictures; its dedicated tenants have links in every state, one public one has one, too."""
    picture = fleet()
    tenants = dict(picture.tenants)

    def give(name: str, *links: Link) -> None:
        owner = replace(tenants[name].tenant, links=tuple(it.arn for it in links))
        view = replace(tenants[name], tenant=owner)
        tenants[name] = with_links(view, *(linked_view(it, owner) for it in links))

    give(
        "acme-health",
        link("vpn-0d5c31f0a7b2e9c44", LinkState.DEGRADED, "1 of 2 tunnels up", (True, False), since=47 * MINUTE),
        link(
            "dxvif-fg7a2c01",
            LinkState.TESTING,
            "a failover test keeps its BGP sessions down; 0 of 1 BGP sessions up",
            (False,),
            kind="direct-connect",
            carrier="Equinix, Inc.",
        ),
    )
    give(
        "bellows",
        link("vpn-0badc0ffee0ddf00d", LinkState.DOWN, "0 of 2 tunnels up", (False, False), since=12 * MINUTE),
        link(
            "vpn-00000000000000000",
            LinkState.DOWN,
            "declared by the registry, and AWS has no such VPN connection in 444455556666 eu-west-1",
            seen=False,
        ),
    )
    give(
        "trey-research",
        link(
            "tgw-connect-peer-0a1b2c3d4e5f60718",
            LinkState.UP,
            "2 of 2 BGP sessions up",
            (True, True),
            kind="sd-wan",
            name=HOSTILE_NAMES[0],
        ),
        link(
            "vpn-0feedbeeffeedbeef",
            LinkState.UP,
            "2 of 2 tunnels up",
            (True, True),
            outcome=Outcome.THROTTLED,
            error="RequestLimitExceeded: \x1b[1mRequest limit exceeded.",
        ),
    )
    give("lumen-spa", link("vpn-0123456789abcdef0", LinkState.UP, "2 of 2 tunnels up", (True, True), since=90 * MINUTE))
    tenants["trey-research"] = with_links(
        tenants["trey-research"],
        *tenants["trey-research"].links,
        unread_links(tenants["trey-research"].tenant),
    )
    stray = linked_view(link("vpn-0ffffffffffffffff", LinkState.UP, "2 of 2 tunnels up", (True, True)), None)
    return replace(picture, tenants=tenants, orphan_links=(stray,), policy=POLICY)
