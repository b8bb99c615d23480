"""Every figure of every story of the sandbox explains itself."""

from __future__ import annotations

import threading

import pytest

from services.areas import AREAS
from services.areas.machine import to_dict
from services.fleet.snapshot import FleetSnapshot
from services.model import Status
from services.sandbox.stories import plant_stories
from services.why import explain, figures, find
from tests.services.fleet.test_sandbox import fleet_of
from tests.support.sandbox import AT, SEED, RunningSandbox


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


def test_every_story_is_told_alike_by_the_areas_by_due_and_by_why(shot: FleetSnapshot) -> None:
    """The verdict that a story expects is that of its row, of the due list where it is not well, and of ``why``."""
    told: dict[str, dict[tuple[str | None, str], object]] = {}
    for area in AREAS.values():
        rows = [(area.explain(row), to_dict(area, row)) for row in area.rows(shot)]
        told[area.name] = {asked: row["status"] for asked, row in rows if asked and row.get("figure") == asked[1]}
    expectations = [one for story in plant_stories(SEED, AT) for one in story.expected if one.figure is not None]
    assert len(expectations) > 50
    for expected in expectations:
        figure = str(expected.figure)
        if expected.tenant is None and expected.store and expected.area == "recovery":
            figure = f"recovery.{expected.store}"
        asked = (expected.tenant, figure)
        assert explain(shot, *asked).status is expected.status, asked
        assert told[expected.area].get(asked, expected.status) == expected.status, asked
        quiet = expected.status in (Status.OK, Status.NOT_APPLICABLE)
        assert told["due"].get(asked) == (None if quiet else expected.status), asked


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
