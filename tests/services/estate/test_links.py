"""What AWS says of a link, in one vocabulary; and whose each link is, declared, tagged or nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from services.aws.collect.base import Place
from services.aws.collect.vpn_connections import VPN_CONNECTIONS
from services.aws.facts_links import BgpSession, ConnectPeer, Tunnel, VirtualInterface, VpnConnection
from services.estate.facts import Facts
from services.estate.link_book import LinkBook
from services.estate.links import link_id, link_kind_of, link_of, link_place
from services.model import LinkState, Observation, Outcome
from tests.services.estate.things import HERE, NOW, OTHER

MINUTE = timedelta(minutes=1)
UP, DOWN = ("UP", 4), ("DOWN", 0)


def vpn(
    *tunnels: tuple[str | None, int],
    state: str = "available",
    name: str = "vpn-1",
    tag: str = "acme",
    place: Place = HERE,
) -> VpnConnection:
    made = tuple(
        Tunnel(f"203.0.113.{number}", status, NOW - number * MINUTE, "", routes)
        for number, (status, routes) in enumerate(tunnels, 5)
    )
    arn = f"arn:aws:ec2:{place.region}:{place.account}:vpn-connection/{name}"
    tags = (("tenant", tag),) if tag else ()
    return VpnConnection(arn, name, place.account, place.region, state, made, tags)


def interface(state: str = "available", line: str | None = "available", *statuses: str | None) -> VirtualInterface:
    sessions = tuple(BgpSession(f"169.254.1.{number}", status) for number, status in enumerate(statuses or ("up",)))
    return VirtualInterface("arn:aws:directconnect:eu-central-1:1:dxvif/d", "d", "private", HERE.account, HERE.region,
        state, "dxcon-1", line, "Equinix, Inc.", sessions, ())  # fmt: skip


@pytest.mark.parametrize(
    ("tunnels", "state", "said"),
    [
        ((UP, UP), LinkState.UP, "2 of 2 tunnels up"),
        ((UP, DOWN), LinkState.DEGRADED, "1 of 2 tunnels up"),
        ((DOWN, DOWN), LinkState.DOWN, "0 of 2 tunnels up"),
        ((UP, (None, 0)), LinkState.UNKNOWN, "1 of 2 tunnels up, of others AWS does not say"),
        ((DOWN, (None, 0)), LinkState.UNKNOWN, "0 of 2 tunnels up, of others AWS does not say"),
        ((), LinkState.UNKNOWN, "AWS tells of no tunnel"),
        ((("UP", 0), ("UP", 0)), LinkState.UP, "2 of 2 tunnels up; no route was accepted over them"),
    ],
)
def test_a_vpn_is_what_its_tunnels_are(
    tunnels: tuple[tuple[str | None, int], ...], state: LinkState, said: str
) -> None:
    """Not what AWS says of the connection, which is ``available`` in each of these."""
    found = link_of(vpn(*tunnels))
    assert (found.state, found.said) == (state, said)
    assert found.since == (NOW - 5 * MINUTE if tunnels else None)


@pytest.mark.parametrize(
    ("state", "line", "statuses", "expected"),
    [
        ("available", "available", ("up",), LinkState.UP),
        ("available", "available", ("up", "down"), LinkState.DEGRADED),
        ("available", "available", ("down",), LinkState.DOWN),
        ("available", "available", ("unknown",), LinkState.UNKNOWN),
        ("available", None, ("up",), LinkState.UP),
        ("available", "down", ("up",), LinkState.DOWN),
        ("down", "available", ("up",), LinkState.DOWN),
        ("testing", "available", ("down",), LinkState.TESTING),
        ("testing", "down", ("down",), LinkState.TESTING),
        ("unknown", "available", ("up",), LinkState.UNKNOWN),
        ("something new", "available", ("up",), LinkState.UNKNOWN),
    ],
)
def test_an_interface_is_what_its_sessions_its_line_and_aws_say(
    state: str, line: str | None, statuses: tuple[str, ...], expected: LinkState
) -> None:
    """The worse of them; a word that nobody knows here is no good one."""
    assert link_of(interface(state, line, *statuses)).state is expected


def test_a_connect_peer_is_what_its_sessions_are() -> None:
    """``available`` says that it is configured."""
    peer = ConnectPeer("arn:aws:ec2:eu-central-1:1:transit-gateway-connect-peer/p", "p", HERE.account, HERE.region,
        "available", (BgpSession("a", "up"), BgpSession("b", "down")), (("Name", "north"),))  # fmt: skip
    found = link_of(peer)
    assert (found.state, found.kind, found.name, found.paths_up) == (LinkState.DEGRADED, "sd-wan", "north", 1)


@pytest.mark.parametrize("state", ["pending", "deleting", "deleted"])
def test_what_is_not_there_yet_or_any_more_is_down_whatever_its_tunnels_say(state: str) -> None:
    """And says which; only what is being set up is excused."""
    found = link_of(vpn(UP, UP, state=state))
    assert found.state is LinkState.DOWN
    assert f"AWS says {state}" in found.said
    assert (found.forming, found.seen) == (state == "pending", state == "pending")


def test_an_arn_tells_kind_place_and_id() -> None:
    """Of what is no link nothing."""
    arn = "arn:aws:directconnect:eu-west-1:444455556666:dxvif/dxvif-1"
    kind = link_kind_of(arn)
    assert kind is not None
    assert (kind.name, link_place(arn), link_id(arn)) == (
        "direct-connect",
        Place("444455556666", "eu-west-1"),
        "dxvif-1",
    )
    for other in ("arn:aws:rds:eu-west-1:444455556666:db:orders", "arn:aws:s3:::bucket", "nonsense"):
        assert link_kind_of(other) is None


@dataclass(frozen=True)
class Tenant:
    id: str
    links: tuple[str, ...] = ()


def book(*tenants: Tenant, seen: tuple[VpnConnection, ...] | None = (), outcome: Outcome | None = None) -> LinkBook:
    """What is known of HERE after an answer; ``seen`` ``None``: it was never asked; then perhaps one that failed."""
    facts = Facts()
    made = LinkBook(facts, "tenant")
    known = {it.id: it for it in tenants}
    made.tenants_changed(known, known)
    if seen is not None:
        facts.put(Observation(VPN_CONNECTIONS.source(HERE), NOW, Outcome.SEEN if seen else Outcome.EMPTY, seen))
    if outcome is not None:
        facts.put(Observation(VPN_CONNECTIONS.source(HERE), NOW + MINUTE, outcome, error="told"))
    made.place_changed(HERE, known)
    return made


def test_a_link_is_of_whoever_declares_it_and_only_else_of_whom_its_tag_names() -> None:
    """A tag never adds an owner to a declared link, and one that names nobody gives none."""
    one = vpn(UP, UP, tag="acme")
    acme, other = Tenant("acme"), Tenant("bellows", (one.arn,))
    assert [it.id for it in book(acme, seen=(one,)).of_tenant(acme)] == ["vpn-1"]
    both = book(acme, other, seen=(one,))
    assert both.of_tenant(acme) == []
    assert [(it.tenants, it.declared) for it in both.of_tenant(other)] == [(("bellows",), True)]
    stranger = book(other, seen=(vpn(UP, UP, tag="ghost", name="vpn-2"), vpn(UP, name="vpn-3", tag="")))
    assert [(it.id, it.tag_tenant) for it in stranger.unowned()] == [("vpn-2", "ghost"), ("vpn-3", None)]


def test_a_declared_link_is_down_only_by_a_whole_answer_that_lacks_it() -> None:
    """Not asked, refused, or of a kind that nobody reads: that is not known."""
    arn = vpn(UP).arn
    acme = Tenant("acme", (arn,))
    (gone,) = book(acme, seen=()).of_tenant(acme)
    assert (gone.state, gone.seen) == (LinkState.DOWN, False)
    assert "AWS has no such VPN connection" in gone.said
    (unasked,) = book(acme, seen=None).of_tenant(acme)
    assert (unasked.state, unasked.sources) == (LinkState.UNKNOWN, ())
    for outcome in (Outcome.DENIED, Outcome.THROTTLED, Outcome.FAILED):
        (refused,) = book(acme, seen=None, outcome=outcome).of_tenant(acme)
        assert refused.state is LinkState.UNKNOWN
    strange = Tenant("acme", ("arn:aws:rds:eu-west-1:444455556666:db:orders",))
    (odd,) = book(strange).of_tenant(strange)
    assert odd.state is LinkState.UNKNOWN
    assert "nothing here reads this kind of link" in odd.said


def test_a_refusal_after_an_answer_keeps_the_link_and_says_that_it_was_not_read() -> None:
    """It is as it was last seen; its source is the call that failed."""
    acme = Tenant("acme")
    (kept,) = book(acme, seen=(vpn(UP, UP),), outcome=Outcome.THROTTLED).of_tenant(acme)
    assert (kept.state, kept.seen) == (LinkState.UP, True)
    assert [it.outcome for it in kept.sources] == [Outcome.THROTTLED]


def test_a_link_that_aws_deletes_is_gone_unless_it_is_declared() -> None:
    """EC2 lists what was deleted for a while; nobody's deleted link is no news."""
    gone = vpn(UP, state="deleted")
    acme = Tenant("acme")
    assert book(acme, seen=(gone,)).of_tenant(acme) == []
    assert book(acme, seen=(gone,)).unowned() == []
    declaring = Tenant("acme", (gone.arn,))
    (told,) = book(declaring, seen=(gone,)).of_tenant(declaring)
    assert (told.state, told.said) == (LinkState.DOWN, "AWS says deleted")


def test_whose_a_link_is_follows_the_registry() -> None:
    """A tenant that comes has the link that bears its tag; another that declares it takes it, and both are told."""
    one = vpn(UP, UP, tag="acme")
    made = book(seen=(one,))
    assert [it.id for it in made.unowned()] == ["vpn-1"]
    known = {"acme": Tenant("acme")}
    made.tenants_changed(["acme"], known)
    assert made.unowned() == []
    assert len(made.of_tenant(known["acme"])) == 1
    known["bellows"] = Tenant("bellows", (one.arn,))
    assert made.tenants_changed(["bellows"], known) == {"acme"}
    assert made.of_tenant(known["acme"]) == []
    known["bellows"] = Tenant("bellows")
    assert made.tenants_changed(["bellows"], known) == {"acme"}
    assert len(made.of_tenant(known["acme"])) == 1
    assert made.declared_places() == set()


def test_only_those_are_told_whom_a_place_concerns() -> None:
    """Owners before and after, and whoever declares something there."""
    facts = Facts()
    made = LinkBook(facts, "tenant")
    elsewhere = vpn(UP, place=OTHER).arn
    known = {
        it.id: it
        for it in (Tenant("acme"), Tenant("bellows", (vpn(UP, name="vpn-9").arn,)), Tenant("far", (elsewhere,)))
    }
    made.tenants_changed(known, known)
    assert made.declared_places() == {HERE, OTHER}

    def put(at: datetime, *found: VpnConnection) -> set[str]:
        facts.put(Observation(VPN_CONNECTIONS.source(HERE), at, Outcome.SEEN, found))
        return made.place_changed(HERE, known)

    assert put(NOW, vpn(UP)) == {"acme", "bellows"}
    assert put(NOW + MINUTE) == {"acme", "bellows"}
    assert put(NOW + 2 * MINUTE) == {"bellows"}
