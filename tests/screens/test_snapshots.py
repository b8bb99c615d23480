"""Pictures of the screens in their states; look at each before it is accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.fleet.snapshot import FleetSnapshot
from services.model import LifecycleState
from tests.support.console import Answers, console, settled, typed
from tests.support.fleet import AT, fleet, healthy_fleet, rds, tenant, view
from tests.support.pilot import until
from tests.support.shots import LARGE, SMALL, Compare, shot


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("area", ["tenants", "recovery", "sources"])
def test_area(snap_compare: Compare, area: str, size: tuple[int, int]) -> None:
    """An area with every status, hostile names, failed sources and bad records."""
    assert shot(snap_compare, console(fleet(), area=area), size=size)


def test_narrow(snap_compare: Compare) -> None:
    """At 60 columns the least important columns and words give way."""
    assert shot(snap_compare, console(fleet()), size=(60, 24))


def test_healthy(snap_compare: Compare) -> None:
    """A fleet in which all is well: no notice, nothing but ok."""
    assert shot(snap_compare, console(healthy_fleet(), banner=None))


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("filter", [*typed("/region=eu-central-1 hostile")]),
        ("filter-error", [*typed("/tier=public teir=x")]),
        ("filter-none", [*typed("/nobody"), "enter"]),
        ("command", [*typed(":rec")]),
        ("command-error", [*typed(":tenant nobody"), "enter"]),
        ("matrix", ["m"]),
        ("matrix-chosen", ["m", "enter"]),
        ("sorted", ["right", "shift+right", "shift+right", "o", "o"]),
        ("not-ok", ["exclamation_mark"]),
        ("help", ["question_mark"]),
        ("flash", ["q"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_tenants(snap_compare: Compare, name: str, keys: list[str]) -> None:
    """The list of tenants after some keys."""
    assert shot(snap_compare, console(fleet()), *keys)


def test_matrix_large(snap_compare: Compare) -> None:
    """The matrix at 120×40."""
    assert shot(snap_compare, console(fleet()), "m", size=LARGE)


def stages() -> FleetSnapshot:
    """The fleet, and a tenant that was dismissed in time."""
    picture = fleet()
    grace = picture.tenants["fabrikam"]
    ended = grace.clocks[0].starts_at - timedelta(days=40)
    shift = ended - grace.clocks[0].starts_at
    clocks = tuple(replace(one, starts_at=one.starts_at + shift, ends_at=one.ends_at + shift) for one in grace.clocks)
    owner = tenant("oldham", state=LifecycleState.DISMISSED, ended_on=ended.date())
    gone = replace(view(owner, clocks=clocks), state_due=LifecycleState.DISMISSED)
    running = tenant("runner")
    ahead = tuple(
        replace(one, starts_at=AT + timedelta(days=100), ends_at=AT + timedelta(days=130)) for one in grace.clocks
    )
    future = replace(view(running, *grace.stores, clocks=ahead), state_due=LifecycleState.ACTIVE)
    return replace(picture, tenants={**picture.tenants, "oldham": gone, "runner": future})


@pytest.mark.parametrize(
    "name", ["fabrikam", "northgate", "oldham", "runner", "acme-health", "contoso-ae", "hostile-1", "adatum"]
)
def test_tenant(snap_compare: Compare, name: str) -> None:
    """A tenant's page: grace, late, dismissed, active, breached, unreadable, hostile, without an end."""
    assert shot(snap_compare, console(stages()), *typed(f":tenant {name}"), "enter")


def test_tenant_large(snap_compare: Compare) -> None:
    """A tenant's page at 120×40."""
    assert shot(snap_compare, console(stages()), *typed(":tenant fabrikam"), "enter", size=LARGE)


def test_tenant_gone(snap_compare: Compare) -> None:
    """The tenant whose page is open is no longer in the registry's answer."""
    reader = Answers(fleet(), healthy_fleet())
    app = console(reader)

    async def journey(pilot: object) -> None:
        await settled(pilot)  # type: ignore[arg-type]  # pytest-textual-snapshot leaves it untyped
        await pilot.press(*typed(":tenant fabrikam"), "enter", "r")  # type: ignore[attr-defined]  # as above
        await until(pilot, lambda: "fabrikam" not in app.fleet.tenants)  # type: ignore[arg-type]  # as above
        await pilot.pause()  # type: ignore[attr-defined]  # as above

    assert snap_compare(app, run_before=journey)


def test_no_color(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without colour the words and shapes still say all."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert shot(snap_compare, console(fleet()), "m")


def test_many_regions(snap_compare: Compare) -> None:
    """A matrix of more regions than it has lines scrolls with its cursor."""
    picture = healthy_fleet()
    tenants = {}
    for number in range(14):
        owner = tenant(f"t-{number}", region=f"xx-region-{number:02}", tier="public" if number % 3 else "dedicated")
        tenants[owner.id] = view(owner)
    seen = replace(picture.sources[-1], source=rds("111122223333", "xx-region-00"))
    app = console(replace(picture, tenants=tenants, sources=(*picture.sources, seen)))
    assert shot(snap_compare, app, "m", *["down"] * 10)
