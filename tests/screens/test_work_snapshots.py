"""Pictures of the areas of work in their states, and of what opens over them; look at each before it is accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.console import Answers, console, typed
from tests.support.operations import busy_fleet, forecast_fleet
from tests.support.shots import LARGE, Compare, shot

WORK = ("due", "retention", "exports", "maintenance", "cases")


@pytest.mark.parametrize("area", [*WORK, "audit", "recovery"])
def test_busy(snap_compare: Compare, area: str) -> None:
    """Everything that an area may hold, at 80×24."""
    assert shot(snap_compare, console(busy_fleet(), area=area))


@pytest.mark.parametrize("area", WORK)
def test_busy_large(snap_compare: Compare, area: str) -> None:
    """The same at 120×40: more columns, no other design."""
    assert shot(snap_compare, console(busy_fleet(), area=area), size=LARGE)


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
