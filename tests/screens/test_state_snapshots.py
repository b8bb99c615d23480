"""Pictures of every area in each state of its facts; look at each before it is accepted.

Of an area that rests on one list there is no partial one; links have theirs in ``test_links``. Empty are those areas
pictured that say something of their own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.areas import AREAS
from services.fleet.condition import State
from services.fleet.snapshot import FleetSnapshot
from services.model import Outcome
from tests.support.conditions import LATER, busy, ended, quiet, struck, waited_for
from tests.support.console import Breaks, Hangs, Watch, console, typed
from tests.support.fleet import AT
from tests.support.shots import LARGE, Compare, shot

SOON = AT + timedelta(seconds=3)
ONE_SOURCE = ("orders", "audit")
PICTURED = tuple(area for area in AREAS if area not in ("links", "sources"))
WITH_ROWS = [
    (area, state)
    for area in PICTURED
    for state in State
    if state is not State.FRESH and not (area in ONE_SOURCE and state is State.PARTIAL)
]
EMPTY = [
    *((area, State.FRESH) for area in PICTURED),
    ("due", State.LOADING),
    ("recovery", State.PARTIAL),
    ("recovery", State.DENIED),
    ("exports", State.DENIED),
    ("cases", State.STALE),
    ("tenants", State.FROZEN),
    ("audit", State.FAILED),
]


def moment(state: State) -> Watch:
    return Watch(LATER if state is State.STALE else SOON)


@pytest.mark.parametrize(("area", "state"), WITH_ROWS)
def test_state(snap_compare: Compare, area: str, state: State) -> None:
    """What is known stays in sight, and a line says how far it can be believed and what to do."""
    reader = Hangs(struck(area, state, busy()))
    assert shot(snap_compare, console(reader, area=area, now=moment(state)))


@pytest.mark.parametrize(("area", "state"), EMPTY)
def test_empty(snap_compare: Compare, area: str, state: State) -> None:
    """Nothing is there, or nobody knows: no two of these look alike."""
    reader = Hangs(struck(area, state, quiet()))
    assert shot(snap_compare, console(reader, area=area, now=moment(state)))


@pytest.mark.parametrize("state", [State.PARTIAL, State.STALE, State.FROZEN])
def test_page(snap_compare: Compare, state: State) -> None:
    """A tenant's page, troubled by its own region alone."""
    picture = busy()
    if state is State.PARTIAL:
        picture = ended(picture, Outcome.THROTTLED, lambda it: (it.service, it.region) == ("rds", "eu-central-1"))
    else:
        picture = struck("tenants", state, picture)
    app = console(picture, area="tenants", now=moment(state))
    assert shot(snap_compare, app, *typed(":tenant fabrikam"), "enter")


def of_each_kind() -> FleetSnapshot:
    """Calls that were denied, that failed, that were throttled, and one that has not answered yet."""
    picture = ended(busy(), Outcome.DENIED, lambda it: (it.service, it.region) == ("rds", "me-central-1"))
    picture = ended(picture, Outcome.FAILED, lambda it: it.operation == "ListCopyJobs")
    picture = ended(picture, Outcome.THROTTLED, lambda it: it.service == "ssm", again=timedelta(minutes=3))
    return waited_for(picture, lambda it: it.operation == "ListLegalHolds")


@pytest.mark.parametrize("keys", [[], ["enter"], ["R"]], ids=["list", "whole", "again"])
def test_sources(snap_compare: Compare, keys: list[str]) -> None:
    """The failed first with the countdown to the next question, one of them whole, and one asked again."""
    assert shot(snap_compare, console(Hangs(of_each_kind()), area="sources"), *keys)


def test_sources_large(snap_compare: Compare) -> None:
    """Failures in a row and errors at 120×40."""
    assert shot(snap_compare, console(of_each_kind(), area="sources"), size=LARGE)


def test_asking(snap_compare: Compare) -> None:
    """Before any answer: what is asked, and how far it is."""
    picture = waited_for(quiet(), lambda _: True)
    assert shot(snap_compare, console(Hangs(picture), area="due"))


def test_no_picture(snap_compare: Compare) -> None:
    """The first refresh broke off: there is nothing to show but why."""
    assert shot(snap_compare, console(Breaks(RuntimeError("no region is configured")), area="due"))


def test_broken_off(snap_compare: Compare) -> None:
    """A later refresh broke off: the picture stays, and one trouble does not hide the other."""
    picture = replace(struck("due", State.PARTIAL, busy()), bad_records=busy().bad_records)
    reader = Breaks(RuntimeError("no region is configured"), picture)
    assert shot(snap_compare, console(reader, area="due"), "r")
