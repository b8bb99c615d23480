"""Credentials end in the middle: what was seen stays, and what is refused for another reason does not."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.fleet.ledger import SPARED
from services.fleet.refresh import Fleet
from services.fleet.snapshot import FleetSnapshot
from services.internal.answer import RegistryAnswer
from services.model import BASE, INTERNAL, Credential, Outcome, Renewal, Status
from tests.services.estate.things import HERE, NOW, THERE
from tests.services.fleet.fakes import POLICY, FakeAws, FakeRegistry, raw_instance, registry, restored, tenant

GOOD = Credential(BASE, "arn:aws:iam::111122223333:user/olga", renewal=Renewal.SSO)
PLACES = {place.region: place for place in (HERE, THERE)}


@dataclass
class World:
    """Two places, a tenant with a database in each; what AWS and the internal API answer can be changed."""

    refused: str | None = None
    """The code of all that AWS answers."""
    refuses_first: str | None = None
    """The code of what it answers in one of the places."""
    now: datetime = NOW
    ends: bool = False
    """Whether the first such answer ends the operator's credentials."""

    def __post_init__(self) -> None:
        self.aws = FakeAws(self.pages, known=(GOOD,))
        tests = tuple(replace(restored("db", place), id=region) for region, place in PLACES.items())
        self.whole = registry(*(tenant(region, place) for region, place in PLACES.items()), recovery_tests=tests)
        self.registry = FakeRegistry(self.whole)
        self.fleet = Fleet(self.registry, self.aws, POLICY, lambda: self.now)

    def pages(self, operation: str, account: str, region: str) -> list[dict[str, Any]]:
        code = self.refused or (self.refuses_first if region == HERE.region else None)
        if code is not None:
            if self.ends:
                self.aws.known = (replace(GOOD, ended=True),)
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, operation)
        if operation != "describe_db_instances":
            return []
        return [raw_instance("db", PLACES[region], tags={"tenant": region})]

    def look(self) -> FleetSnapshot:
        return self.fleet.refresh(lambda _: None, threading.Event())


def statuses(fleet: FleetSnapshot) -> set[Status]:
    return {view.status for view in fleet.tenants.values()}


def calls(fleet: FleetSnapshot) -> set[Outcome | None]:
    """How the calls into the places ended, as far as the picture knows."""
    return {view.outcome for view in fleet.sources if view.source.service == "rds"}


@pytest.fixture
def world() -> World:
    """A world that was looked at once, and in which all is well."""
    made = World()
    assert statuses(made.look()) == {Status.OK}
    return made


def test_what_was_seen_stays_when_credentials_end(world: World) -> None:
    """Every call is refused for it: verdicts, sources and their ages are those of the last answers."""
    before = world.look()
    world.refused, world.ends = "ExpiredToken", True
    after = world.look()
    assert after.frozen is not None
    assert after.tenants == before.tenants
    assert calls(after) == calls(before)
    assert not any(view.asking for view in after.sources)


def test_what_is_answered_before_the_end_is_known_stays_too(world: World) -> None:
    """The first calls are called expired while nobody knows yet that they are right."""
    before = world.look()
    world.refused = "ExpiredToken"
    published: list[FleetSnapshot] = []

    def publish(fleet: FleetSnapshot) -> None:
        published.append(fleet)
        world.aws.known = (replace(GOOD, ended=True),)

    after = world.fleet.refresh(publish, threading.Event())
    assert after.tenants == before.tenants
    assert all(statuses(fleet) == {Status.OK} for fleet in published)


def test_a_service_that_is_wrong_about_it_is_believed_at_the_end_of_the_round(world: World) -> None:
    """The credentials are good elsewhere: what it refused is unknown, and the rest is as it was."""
    world.refuses_first = "ExpiredToken"
    after = world.look()
    assert after.frozen is None
    assert (after.tenants[HERE.region].status, after.tenants[THERE.region].status) == (Status.UNKNOWN, Status.OK)
    assert Outcome.DENIED in calls(after)


def test_a_role_that_has_ended_is_given_some_seconds(world: World) -> None:
    """Its account's calls are called expired: what is said within ten seconds is not believed yet."""
    before = world.look()
    world.refused = "ExpiredToken"
    world.aws.known = (GOOD, Credential(HERE.account, ended=True))
    assert HERE.account == THERE.account
    assert world.look().tenants == before.tenants
    world.now += SPARED - timedelta(seconds=1)
    assert world.look().tenants == before.tenants
    world.now += timedelta(seconds=1)
    assert statuses(world.look()) == {Status.UNKNOWN}
    world.refused, world.aws.known = None, (GOOD,)
    assert statuses(world.look()) == {Status.OK}
    world.refused, world.aws.known = "ExpiredToken", (GOOD, Credential(HERE.account, ended=True))
    assert statuses(world.look()) == {Status.OK}


def test_another_refusal_is_believed_at_once(world: World) -> None:
    """AccessDenied is no end of credentials."""
    world.refused = "AccessDenied"
    assert statuses(world.look()) == {Status.UNKNOWN}


def test_what_never_answered_is_unknown() -> None:
    """Without anything seen before there is nothing to stand still."""
    world = World(refused="ExpiredToken", ends=True)
    assert statuses(world.look()) == {Status.UNKNOWN}
    assert Outcome.DENIED in calls(world.look())


def test_after_the_sign_in_the_picture_goes_on(world: World) -> None:
    """What is answered then takes the place of what stood."""
    world.refused, world.ends = "ExpiredToken", True
    world.look()
    world.refused, world.aws.known = "AccessDenied", (GOOD,)
    world.ends = False
    assert statuses(world.look()) == {Status.UNKNOWN}
    world.refused = None
    assert statuses(world.look()) == {Status.OK}


def test_the_token_of_the_internal_api_likewise(world: World) -> None:
    """Its lists are refused: tenants and verdicts stay; with a good token a refusal counts."""
    before = world.look()
    refused = tuple(
        replace(seen, outcome=Outcome.DENIED, value=None, error="401 the token has ended")
        for seen in world.whole.observations
    )
    world.registry.answer = RegistryAnswer(observations=refused)
    world.registry.token = Credential(INTERNAL, "olga", renewal=Renewal.SHELL, ended=True)
    after = world.look()
    assert after.frozen is not None
    assert after.tenants == before.tenants
    world.registry.token = Credential(INTERNAL, "olga")
    assert statuses(world.look()) == {Status.UNKNOWN}
