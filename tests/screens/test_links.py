"""Pictures of the area of links, and of a tenant's page with some; look at each before it is accepted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.fleet.condition import State
from tests.support.conditions import LATER, quiet, struck
from tests.support.console import Watch, console, typed
from tests.support.fleet import AT
from tests.support.links import linked_fleet
from tests.support.shots import LARGE, SMALL, Compare, shot


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_area(snap_compare: Compare, size: tuple[int, int]) -> None:
    """Every state, a hostile name, one that was declared and is not there, one that was not read, one of nobody."""
    assert shot(snap_compare, console(linked_fleet(), area="links"), size=size)


@pytest.mark.parametrize("state", [it for it in State if it is not State.FRESH])
def test_state(snap_compare: Compare, state: State) -> None:
    """What is said above the rows where not all was read."""
    now = Watch(LATER if state is State.STALE else AT + timedelta(seconds=3))
    assert shot(snap_compare, console(struck("links", state, linked_fleet()), area="links", now=now))


def test_empty(snap_compare: Compare) -> None:
    """No link anywhere, and every source answered."""
    assert shot(snap_compare, console(quiet(), area="links"))


def test_filtered(snap_compare: Compare) -> None:
    """By state, in the words of the table."""
    assert shot(snap_compare, console(linked_fleet(), area="links"), *typed("/state=DOWN"), "enter")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_tenant(snap_compare: Compare, size: tuple[int, int]) -> None:
    """A tenant's page: a line a link, and why it is not well."""
    assert shot(snap_compare, console(linked_fleet()), *typed(":tenant acme-health"), "enter", size=size)


def test_why(snap_compare: Compare) -> None:
    """Of a link that is down: the paths one by one, and the clause."""
    assert shot(snap_compare, console(linked_fleet(), area="links"), "w")
