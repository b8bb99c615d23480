"""Every figure of every story of the sandbox explains itself."""

from __future__ import annotations

import threading

import pytest

from services.areas import AREAS
from services.fleet.snapshot import FleetSnapshot
from services.model import Status
from services.why import explain, figures, find
from tests.services.fleet.test_sandbox import fleet_of
from tests.support.sandbox import RunningSandbox


@pytest.fixture(scope="module")
def shot(sandbox: RunningSandbox) -> FleetSnapshot:
    """The sandbox's fleet, read once."""
    with pytest.MonkeyPatch.context() as monkeypatch, fleet_of(sandbox, monkeypatch) as fleet:
        return fleet.refresh(lambda _: None, threading.Event())


def test_every_figure_of_every_story_explains_itself(shot: FleetSnapshot) -> None:
    """Its reckoning ends in its status, it rests on something seen, and no two have one name."""
    names = [(tenant, figure) for tenant in (None, *shot.tenants) for figure in figures(shot, tenant)]
    assert len(set(names)) == len(names)
    for tenant, figure in names:
        explained, verdict = explain(shot, tenant, figure), find(shot, tenant, figure).verdict
        assert explained.steps[-1].endswith(f"→ {verdict.status}"), (tenant, figure, explained.steps)
        assert explained.evidence, (tenant, figure)
        assert all(seen.observed_at for seen in explained.evidence), (tenant, figure)
        assert explained.promise, (tenant, figure)


def test_every_row_of_every_area_can_be_asked_why(shot: FleetSnapshot) -> None:
    """But for those that nothing is judged of."""
    for area in AREAS.values():
        for row in area.rows(shot):
            asked = area.explain(row)
            if asked is not None:
                find(shot, *asked)


def test_what_the_arithmetic_says_is_what_the_judge_said(shot: FleetSnapshot) -> None:
    """Where steps lead to a status by themselves they lead to the verdict's: its reason had to stand in only where
    nothing is reckoned, or where what was seen is not enough."""
    borrowed = [
        (tenant, figure)
        for tenant in shot.tenants
        for figure in figures(shot, tenant)
        if (it := explain(shot, tenant, figure)).steps[-1] == f"{it.reason} → {it.status}"
        and it.status in (Status.DUE, Status.AT_RISK, Status.BREACHED)
        and not figure.startswith("state")
    ]
    assert borrowed == []
