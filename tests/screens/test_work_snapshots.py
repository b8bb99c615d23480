"""Pictures of the areas of work in their states, and of what opens over them; look at each before it is accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import Outcome
from tests.support.console import Answers, Hangs, console, typed
from tests.support.fleet import healthy_fleet
from tests.support.operations import COLLECTIONS, busy_fleet, forecast_fleet, source
from tests.support.shots import LARGE, Compare, shot

WORK = ("due", "retention", "exports", "maintenance", "cases")
OWN = {"due": "exports", "retention": "holds", "exports": "exports", "maintenance": "slots", "cases": "cases"}
"""A list of the internal API that each of them cannot do without."""


def quiet() -> FleetSnapshot:
    """All is well, and nobody has asked for anything."""
    fleet = healthy_fleet()
    return replace(fleet, sources=(*fleet.sources, *(source(name) for name in COLLECTIONS)))


def without(fleet: FleetSnapshot, collection: str) -> FleetSnapshot:
    """The fleet, one list of the internal API of which was refused."""

    def refused(view: SourceView) -> SourceView:
        seen = view.observation
        if seen is None or view.source.operation != f"GET /{collection}":
            return view
        return replace(view, observation=replace(seen, outcome=Outcome.DENIED, error="403 the role may not read it"))

    return replace(fleet, sources=tuple(map(refused, fleet.sources)))


def starting(fleet: FleetSnapshot) -> FleetSnapshot:
    """The registry has answered, and nobody else."""
    asked = tuple(SourceView(view.source, asking=True) for view in fleet.sources[4:])
    return replace(fleet, tenants={}, sources=(*fleet.sources[:4], *asked))


@pytest.mark.parametrize("area", [*WORK, "audit", "recovery"])
def test_busy(snap_compare: Compare, area: str) -> None:
    """Everything that an area may hold, at 80×24."""
    assert shot(snap_compare, console(busy_fleet(), area=area))


@pytest.mark.parametrize("area", WORK)
def test_busy_large(snap_compare: Compare, area: str) -> None:
    """The same at 120×40: more columns, no other design."""
    assert shot(snap_compare, console(busy_fleet(), area=area), size=LARGE)


@pytest.mark.parametrize("area", WORK)
def test_empty(snap_compare: Compare, area: str) -> None:
    """All sources answered, and there is nothing."""
    assert shot(snap_compare, console(quiet(), area=area))


@pytest.mark.parametrize("area", WORK)
def test_loading(snap_compare: Compare, area: str) -> None:
    """Most sources have not answered yet."""
    assert shot(snap_compare, console(Hangs(starting(quiet())), area=area))


@pytest.mark.parametrize("area", WORK)
def test_refused(snap_compare: Compare, area: str) -> None:
    """The list that the area rests on was refused: it is not called empty."""
    assert shot(snap_compare, console(without(quiet(), OWN[area]), area=area))


def test_forecast(snap_compare: Compare) -> None:
    """Another day's list: header, title and notice say so."""
    assert shot(snap_compare, console(forecast_fleet(), area="due"))


@pytest.mark.parametrize("name", ["why", "why-end"])
def test_why(snap_compare: Compare, name: str) -> None:
    """The explanation of the first row, its beginning and its end."""
    assert shot(snap_compare, console(busy_fleet(), area="due"), "w", *(["G"] if name == "why-end" else []))


def test_why_large(snap_compare: Compare) -> None:
    """The whole of it at 120×40."""
    assert shot(snap_compare, console(busy_fleet(), area="due"), "w", size=LARGE)


@pytest.mark.parametrize("name", ["new", "wrong", "refused", "again"])
def test_acknowledge(snap_compare: Compare, name: str) -> None:
    """The dialog as it opens, after a word that is no instant, refused, and over an acknowledgement."""
    fleet = busy_fleet()
    reader = Answers(replace(fleet, identity=replace(fleet.identity, role="operator")))
    reader.refusal = "the internal API refused it: the token has ended"
    keys = {
        "new": ["a"],
        "wrong": ["a", *typed(" or so"), "enter"],
        "refused": ["a", "enter"],
        "again": [*typed("/bellows"), "enter", "a"],
    }
    assert shot(snap_compare, console(reader, area="due"), *keys[name])


@pytest.mark.parametrize("name", ["fabrikam", "litware", "oakwood"])
def test_tenant(snap_compare: Compare, name: str) -> None:
    """A tenant's page: in grace with tests and a slot, with exports, dismissed too late and held."""
    assert shot(snap_compare, console(busy_fleet(), area="due"), *typed(f":tenant {name}"), "enter")


def test_tenant_end(snap_compare: Compare) -> None:
    """The end of a page, the cursor on the last figure."""
    assert shot(snap_compare, console(busy_fleet(), area="due"), *typed(":tenant litware"), "enter", "G")


def test_retention_timeline(snap_compare: Compare) -> None:
    """The lifecycle of the tenant under the cursor."""
    assert shot(snap_compare, console(busy_fleet(), area="retention"), "t")
