"""Looking at some accounts and regions alone: who is asked, who is listed, and how many are not."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from services.fleet.refresh import Fleet
from services.model import EVERYWHERE, Scope, Status
from tests.services.estate.things import HERE, NOW, THERE
from tests.services.fleet.fakes import POLICY, FakeAws, FakeRegistry, raw_instance, registry, tenant

PLACES = {place.region: place for place in (HERE, THERE)}
ONE = Scope(regions=frozenset({HERE.region}))


class Asked:
    """Two places with a tenant and a database each, and where AWS was asked."""

    def __init__(self, scope: Scope = EVERYWHERE) -> None:
        self.places: set[str] = set()
        answers = registry(*(tenant(region, place) for region, place in PLACES.items()))
        self.fleet = Fleet(FakeRegistry(answers), FakeAws(self.pages), POLICY, lambda: NOW, scope=scope)

    def pages(self, operation: str, account: str, region: str) -> list[dict[str, Any]]:
        self.places.add(region)
        if operation != "describe_db_instances":
            return []
        return [raw_instance("db", PLACES[region], tags={"tenant": region})]

    def look(self) -> None:
        self.fleet.refresh(lambda _: None, threading.Event())


def test_nobody_outside_is_asked_or_listed_and_they_are_counted() -> None:
    """A place that the settings leave out costs no call; its tenants are neither ok nor unknown, but counted."""
    asked = Asked(ONE)
    asked.look()
    seen = asked.fleet.rejudge(NOW)
    assert asked.places == {HERE.region}
    assert set(seen.tenants) == {HERE.region}
    assert (seen.outside, seen.scope) == (1, ONE)
    assert {view.source.region for view in seen.sources} <= {HERE.region, None}


def test_narrowing_takes_effect_without_a_question_and_is_taken_back() -> None:
    """What was read elsewhere is kept: wide again, both are there."""
    asked = Asked()
    asked.look()
    asked.fleet.narrow(ONE)
    assert set(asked.fleet.rejudge(NOW).tenants) == {HERE.region}
    asked.fleet.narrow(EVERYWHERE)
    wide = asked.fleet.rejudge(NOW)
    assert (set(wide.tenants), wide.outside) == (set(PLACES), 0)
    assert Status.UNKNOWN not in {row.verdict.status for view in wide.tenants.values() for row in view.stores}


def test_a_console_never_looks_beyond_its_settings() -> None:
    """What is typed narrows further, and never widens."""
    asked = Asked(ONE)
    asked.fleet.narrow(Scope(regions=frozenset({HERE.region, THERE.region})))
    asked.look()
    assert asked.places == {HERE.region}


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (EVERYWHERE, ""),
        (ONE, HERE.region),
        (
            Scope(frozenset({"222222222222", "111111111111"}), frozenset({"eu-west-1"})),
            "111111111111 222222222222 eu-west-1",
        ),
        (Scope(frozenset()), "nowhere"),
    ],
)
def test_a_scope_is_said_as_it_is_typed(scope: Scope, words: str) -> None:
    """Accounts first, in order."""
    assert scope.words == words
