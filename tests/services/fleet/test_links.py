"""Links in the fleet's picture: judged with their tenant, never silently absent, asked only where there may be some."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.aws.collect.base import Place
from services.estate.links import LINK_KINDS, LINK_LISTINGS
from services.fleet.merge import Picture
from services.fleet.refresh import Fleet
from services.fleet.snapshot import FleetSnapshot, LinkView
from services.model import LifecycleState, LinkState, Observation, Outcome, Scope, Status, StoreMapping
from tests.services.estate.test_links import DOWN, UP, vpn
from tests.services.estate.things import HERE, NOW, OTHER, THERE
from tests.services.fleet.fakes import POLICY, FakeAws, FakeRegistry, picture, registry, tenant

MINUTE = timedelta(minutes=1)
ACME = tenant("acme", tier="dedicated")
ARN = vpn(UP).arn


def heard(*found: Any, place: Place = HERE, at: Any = NOW, lost: Outcome | None = None) -> list[Observation[Any]]:
    """What the three lists of a place say: these VPN connections, and nothing else; or that nobody answered."""
    said: list[Observation[Any]] = []
    for kind in LINK_KINDS:
        value = found if kind.name == "vpn" else ()
        outcome = lost or (Outcome.SEEN if value else Outcome.EMPTY)
        seen = Observation(kind.collector.source(place), at, outcome, None if lost else value)
        said.append(replace(seen, error="told") if lost else seen)
    return said


def shown(made: Picture, at: Any = NOW) -> FleetSnapshot:
    while made.behind:
        made.catch_up(at)
    return made.publish(at, 1)


def links(shot: FleetSnapshot, name: str = "acme") -> dict[str, LinkView]:
    return {view.verdict.figure: view for view in shot.tenants[name].links}


def made_of(*tenants: Any) -> Picture:
    made = picture()
    made.take_registry(registry(*tenants), NOW)
    return made


def test_a_tenants_links_are_judged_with_it() -> None:
    """A link that is down is among its verdicts, and nothing is worse than the worst of them."""
    made = made_of(ACME)
    made.take(heard(vpn(DOWN, DOWN), vpn(UP, UP, name="vpn-2")))
    shot = shown(made)
    assert {figure: view.verdict.status for figure, view in links(shot).items()} == {
        "link.vpn-1": Status.BREACHED,
        "link.vpn-2": Status.OK,
    }
    assert shot.tenants["acme"].status is Status.BREACHED
    assert {"link.vpn-1", "link.vpn-2"} <= {verdict.figure for verdict in shot.tenants["acme"].verdicts}


def test_a_declared_link_that_aws_does_not_have_is_down_and_one_that_is_unread_is_unknown() -> None:
    """The one by a whole answer; the other before it, and after a refusal."""
    made = made_of(replace(ACME, links=(ARN,)))
    before = links(shown(made))["link.vpn-1"]
    assert before.verdict.status is Status.UNKNOWN
    assert "waiting for ec2 DescribeVpnConnections" in before.verdict.reason
    made.take(heard())
    gone = links(shown(made))["link.vpn-1"]
    assert (gone.verdict.status, gone.known) == (Status.BREACHED, True)
    made.take(heard(at=NOW + MINUTE, lost=Outcome.DENIED))
    lost = links(shown(made, NOW + MINUTE))["link.vpn-1"]
    assert (lost.verdict.status, lost.known) == (Status.UNKNOWN, False)


@pytest.mark.parametrize("lost", [Outcome.DENIED, Outcome.THROTTLED, Outcome.FAILED])
def test_who_has_no_link_that_is_known_is_told_which_lists_were_not_read(lost: Outcome) -> None:
    """A tag could name one more; of a tenant with a link its own row says so. A public tenant is not told."""
    made = made_of(ACME, tenant("public"))
    made.take(heard(lost=lost))
    shot = shown(made)
    (row,) = shot.tenants["acme"].links
    assert (row.link, row.verdict.figure, row.verdict.status) == (None, "links", Status.UNKNOWN)
    for kind in LINK_KINDS:
        assert f"{kind.listed_by} of {HERE.account} {HERE.region} {lost}" in row.verdict.reason
    assert shot.tenants["public"].links == ()


def test_a_declared_link_does_not_speak_for_those_that_a_tag_could_name() -> None:
    """Before a list was ever read there may be more than the registry declares; afterwards its own row is enough."""
    made = made_of(replace(ACME, links=(ARN,)))
    made.take(heard(lost=Outcome.DENIED))
    assert set(links(shown(made))) == {"link.vpn-1", "links"}
    again = made_of(replace(ACME, links=(ARN,)))
    again.take(heard())
    again.take([it for it in heard(at=NOW + MINUTE, lost=Outcome.DENIED) if "Vpn" in it.source.operation])
    assert set(links(shown(again, NOW + MINUTE))) == {"link.vpn-1"}


def test_a_link_stays_when_its_list_is_no_longer_read() -> None:
    """It is unknown, says what it was, and takes nobody's word for an absence."""
    made = made_of(ACME)
    made.take(heard(vpn(UP, UP)))
    assert links(shown(made))["link.vpn-1"].verdict.status is Status.OK
    made.take(heard(at=NOW + MINUTE, lost=Outcome.THROTTLED))
    view = links(shown(made, NOW + MINUTE))["link.vpn-1"]
    assert (view.verdict.status, view.known, view.observed_at) == (Status.UNKNOWN, False, None)
    assert view.link is not None
    assert view.link.state is LinkState.UP
    assert "last seen UP" in view.verdict.reason


def test_time_alone_makes_a_link_unknown() -> None:
    """At the moment after the policy's age, without anybody being asked; nobody's link too."""
    made = made_of(ACME)
    made.take(heard(vpn(UP, UP), vpn(UP, UP, name="vpn-2", tag="ghost")))
    shown(made)
    made.take_registry(registry(ACME, at=NOW + 5 * MINUTE), NOW + 5 * MINUTE)
    young = made.rejudge(NOW + 5 * MINUTE)
    assert links(young)["link.vpn-1"].verdict.status is Status.OK
    assert young.orphan_links[0].known
    old = made.rejudge(NOW + 5 * MINUTE + timedelta(milliseconds=1))
    assert links(old)["link.vpn-1"].verdict.status is Status.UNKNOWN
    assert not old.orphan_links[0].known


def test_a_link_of_nobody_is_listed_and_says_why_it_is() -> None:
    """Its figure is its ARN; where the registry was not read it may be somebody's all the same."""
    made = made_of(ACME)
    made.take(heard(vpn(UP, UP, tag="ghost"), vpn(UP, UP, name="vpn-2", tag="")))
    ghost, none = shown(made).orphan_links
    assert (ghost.tenant, ghost.verdict.status, ghost.verdict.figure) == (None, Status.UNKNOWN, f"link.{ARN}")
    assert "tagged tenant=ghost, which the registry does not list" in ghost.verdict.reason
    assert "no tenant: not in the registry, no tag tenant" in none.verdict.reason
    made.take_registry(registry(ACME, failed=("tenants",)), NOW)
    unsure, _ = shown(made).orphan_links
    assert "its tenant is unknown: internal GET /tenants failed" in unsure.verdict.reason


def test_a_link_finds_its_owner_when_the_registry_names_it() -> None:
    """And is nobody's again when the tenant goes."""
    made = made_of()
    made.take(heard(vpn(UP, UP)))
    assert len(shown(made).orphan_links) == 1
    made.take_registry(registry(ACME), NOW)
    shot = shown(made)
    assert (shot.orphan_links, list(links(shot))) == ((), ["link.vpn-1"])
    made.take_registry(registry(), NOW)
    assert len(shown(made).orphan_links) == 1


def test_a_dismissed_tenants_link_is_not_judged() -> None:
    """Its access is blocked; a list that is not read does not trouble it either."""
    gone = replace(ACME, state=LifecycleState.DISMISSED, links=(ARN,))
    made = made_of(gone)
    made.take(heard())
    assert links(shown(made))["link.vpn-1"].verdict.status is Status.NOT_APPLICABLE
    made.take(heard(lost=Outcome.DENIED))
    assert {it.verdict.status for it in shown(made).tenants["acme"].links} == {Status.NOT_APPLICABLE}


def test_a_registry_that_is_too_old_proves_no_link() -> None:
    """Who declares what may have changed since."""
    made = made_of(ACME)
    at = NOW + 3 * MINUTE
    made.take(heard(vpn(UP, UP), at=at))
    verdict = links(shown(made, at))["link.vpn-1"].verdict
    assert verdict.status is Status.UNKNOWN
    assert "the registry was last read" in verdict.reason
    assert "was ok: UP" in verdict.reason


def test_outside_the_scope_nothing_is_waited_for() -> None:
    """A declared link elsewhere is not looked at, and says so; nobody's is left out."""
    there = vpn(UP, UP, place=THERE, tag="")
    made = made_of(replace(ACME, links=(there.arn.replace("vpn-1", "vpn-2"),)))
    made.take(heard(there, place=OTHER))
    made.look_within(Scope(accounts=frozenset({HERE.account}), regions=frozenset({HERE.region})))
    shot = shown(made)
    assert shot.orphan_links == ()
    assert "outside the scope" in links(shot)["link.vpn-2"].verdict.reason


def test_links_are_asked_about_only_where_there_may_be_some() -> None:
    """Where tenants are that are promised one, and where one is declared; stores everywhere."""
    declared = replace(tenant("far"), links=(vpn(UP, place=OTHER).arn,))
    aws = FakeAws(lambda *_: [])
    fleet = Fleet(
        FakeRegistry(registry(ACME, declared, tenant("there", THERE), stores=(StoreMapping("far", ARN),))),
        aws,
        POLICY,
        lambda: NOW,
    )
    shot = fleet.refresh(lambda _: None, threading.Event())
    asked = {
        Place(it.source.account or "", it.source.region or "")
        for it in shot.sources
        if it.source.operation in LINK_LISTINGS
    }
    assert asked == {HERE, OTHER}
    assert ("describe_db_instances", THERE.account, THERE.region) in aws.asked
    assert all(it.outcome in (Outcome.SEEN, Outcome.EMPTY) for it in shot.sources)
