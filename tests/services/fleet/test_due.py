"""Who is asked as time goes by: a fleet over half an hour, with its focus, its faults and its credentials."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.aws.collect.base import Place
from services.fleet import round as round_
from services.fleet.asked import EVERYTHING, Due, Focus, Only
from services.fleet.refresh import Fleet
from services.fleet.schedule import Tempo
from services.fleet.snapshot import FleetSnapshot
from services.model import BASE, Credential, Outcome, Renewal, Source, Status
from tests.services.estate.things import HERE, NOW, THERE
from tests.services.fleet.fakes import POLICY, Counting
from tests.services.fleet.living import ASKED_BY_NAME, DEDICATED, Life

NEVER = threading.Event()
DBS = Source("rds", "DescribeDBInstances", THERE.account, THERE.region)


def figures(shot: FleetSnapshot) -> dict[tuple[str | None, str], Status]:
    """Every status that is shown."""
    found: dict[tuple[str | None, str], Status] = {
        (name, it.figure): it.status for name, view in shot.tenants.items() for it in view.verdicts
    }
    found |= {(None, it.verdict.figure): it.verdict.status for it in shot.slots}
    return found | {(it.arn, it.verdict.figure): it.verdict.status for it in shot.pending_maintenance}


def view_of(shot: FleetSnapshot, source: Source) -> tuple[Outcome | None, int, float | None]:
    """The outcome of a source, its failures, and the seconds until it is asked again."""
    view = next(it for it in shot.sources if it.source == source)
    left = (view.next_at - shot.at).total_seconds() if view.next_at else None
    return view.outcome, view.failures, left


@pytest.mark.parametrize("seed", [7, 20_261_123])
def test_a_healthy_fleet_never_shows_unknown_over_half_an_hour(seed: int) -> None:
    """Whatever is asked seldom: every figure keeps its status, one that is broken included, which rests on more."""
    life = Life(seed=seed)
    first = figures(life.ask_all())
    assert Status.UNKNOWN not in first.values()
    assert Status.BREACHED in first.values()
    for second in range(1800):
        assert figures(life.pass_second()) == first, f"after {second + 1} s"


def test_what_moves_by_the_hour_is_asked_seldom() -> None:
    """In half an hour: databases every minute, jobs and tags every four, what a verdict needs younger as often as it
    needs; less than half of what asking everything every minute would be."""
    life = Life()
    life.ask_all()
    life.forget()
    life.pass_seconds(1800)
    counted = life.counted
    assert 27 * 3 <= counted["describe_db_instances"] <= 34 * 3
    assert 6 * 3 <= counted["list_backup_jobs"] <= 9 * 3
    assert 27 <= counted["GET /tenants"] <= 34
    assert 13 <= counted["GET /audit"] <= 17
    # the place where a database is behind: a newer snapshot would count, so they are asked as often as databases
    assert 27 + 2 * 6 <= counted["describe_db_snapshots"] <= 34 + 2 * 9
    assert sum(counted[name] for name in ASKED_BY_NAME) < 0.5 * 30 * 3 * len(ASKED_BY_NAME)


def test_what_is_on_the_screen_is_asked_more_often() -> None:
    """Of an area what it rests on, of a tenant's page what is asked where that tenant is; an overview nothing."""

    def in_ten_minutes(focus: Focus) -> tuple[int, int]:
        """How often windows were asked about in one place, and jobs in another."""
        life = Life(focus=focus)
        life.ask_all()
        life.forget()
        life.pass_seconds(600)
        asked = life.aws.asked
        windows = asked.count(("describe_maintenance_windows", HERE.account, HERE.region))
        return windows, asked.count(("list_backup_jobs", THERE.account, THERE.region))

    windows, jobs = in_ten_minutes(Focus(area="due"))
    assert in_ten_minutes(Focus(area="maintenance"))[0] >= 2 * windows
    assert in_ten_minutes(Focus(area="maintenance"))[1] == jobs
    elsewhere, there = in_ten_minutes(Focus(tenant=DEDICATED.id))
    assert elsewhere == windows
    assert there >= 2 * jobs


def test_a_source_that_fails_is_backed_off_from_and_found_again_when_it_answers() -> None:
    """Its failures are counted and its next time is told; once the fault is gone it answers within that wait, and its
    verdicts are what they were."""
    life = Life()
    before = figures(life.ask_all())
    life.aws.broken.add(("describe_db_instances", THERE.region))
    life.forget()
    lefts = [view_of(life.pass_second(), DBS)[2] or 0 for _ in range(900)]
    assert max(lefts) <= 121
    shot = life.pass_second()
    outcome, failures, left = view_of(shot, DBS)
    assert (outcome, shot.tenants[DEDICATED.id].status) == (Outcome.FAILED, Status.UNKNOWN)
    asked = [it for it in life.aws.asked if it == ("describe_db_instances", THERE.account, THERE.region)]
    assert failures == len(asked)
    assert 7 <= len(asked) <= 40, "neither every second, nor so seldom that nobody notices that it is back"
    life.aws.broken.clear()
    _, _, left = view_of(shot, DBS)
    assert left is not None
    shot = life.pass_seconds(int(left) + 2)
    assert view_of(shot, DBS)[:2] == (Outcome.SEEN, 0)
    assert figures(shot) == before


def test_every_source_recovers_by_itself_once_its_fault_is_gone() -> None:
    """All of AWS and of the internal API down for ten minutes: within the longest back-off all answer again."""
    life = Life(tempo=Tempo(longest_wait=timedelta(seconds=60)))
    before = figures(life.ask_all())
    life.aws.broken |= {("*", HERE.region), ("*", THERE.region)}
    life.registry.broken |= {view.source.operation for view in life.fleet.rejudge(NOW).sources}
    shot = life.pass_seconds(600)
    assert all(not view.outcome.answered for view in shot.sources if view.outcome and view.source.service != "sts")
    life.aws.broken.clear()
    life.registry.broken.clear()
    shot = life.pass_seconds(62)
    assert not shot.failed
    assert figures(shot) == before


def test_only_what_is_wanted_is_asked_and_the_rest_keeps_its_observation() -> None:
    """One call in one place, or one list; every other observation is the very one of before."""
    life = Life()
    first = {view.source: view.observation for view in life.ask_all().sources}
    life.forget()
    life.clock.at += timedelta(seconds=5)
    shot = life.fleet.refresh(lambda _: None, NEVER, Only(frozenset({DBS})))
    assert life.counted == {"describe_db_instances": 1}
    assert {view.source for view in shot.sources if view.observation is not first[view.source]} == {DBS}
    holds = Source("internal", "GET /holds")
    life.fleet.refresh(lambda _: None, NEVER, Only(frozenset({holds})))
    assert life.counted == {"describe_db_instances": 1, "GET /holds": 1}


def test_a_refresh_of_a_few_sources_judges_only_whom_they_concern() -> None:
    """The stores of the place that was asked, and of it only where the answer is one of those that judge."""
    counting = Counting()
    life = Life()
    life.fleet = Fleet(life.registry, life.aws, POLICY, life.clock, rules=counting.rules, seed=7)
    life.ask_all()
    for named, judged in (
        (DBS, {"db"}),
        (Source("ssm", "DescribeMaintenanceWindows", THERE.account, THERE.region), set()),
    ):
        counting.judged.clear()
        counting.lives.clear()
        life.fleet.refresh(lambda _: None, NEVER, Only(frozenset({named})))
        assert {store for store, _ in counting.judged} == judged
        assert {tier for _, tier in counting.judged} <= {"dedicated"}
        assert counting.lives == []


def test_nobody_is_asked_by_time_while_credentials_have_ended() -> None:
    """Those that somebody has to make good; a key still asks, and once they are good again time does."""
    life = Life()
    life.ask_all()
    life.aws.known = (Credential(BASE, "olga", NOW + timedelta(minutes=1), Renewal.SSO),)
    life.forget()
    shot = life.pass_seconds(600)
    assert shot.frozen is not None
    asked = sum(life.counted.values())
    assert asked < 40, "in the first minute, before they ended"
    assert life.fleet.refresh(lambda _: None, NEVER, EVERYTHING).frozen is not None
    assert sum(life.counted.values()) > asked + 40
    life.aws.known = (Credential(BASE, "olga", NOW + timedelta(hours=9), Renewal.SSO),)
    shot = life.pass_seconds(120)
    assert shot.frozen is None
    assert shot.tenants[DEDICATED.id].status is Status.OK


def test_credentials_that_renew_themselves_are_tried_with_one_question() -> None:
    """Nothing but who is asking; when that is answered, everything else is asked again too."""
    life = Life()
    life.ask_all()
    ended = Credential(BASE, "olga", None, Renewal.ITSELF, ended=True)
    life.aws.known = (ended,)
    life.fleet.rejudge(NOW)
    life.forget()
    life.pass_seconds(900)
    assert set(life.counted) == {"get_caller_identity"}
    assert life.counted["get_caller_identity"] >= 2
    life.aws.known = (replace(ended, ended=False),)
    shot = life.pass_seconds(2)
    assert not shot.failed
    assert shot.tenants[DEDICATED.id].status is Status.OK


def test_a_place_that_left_the_registry_is_no_source_any_more() -> None:
    """Neither asked, nor shown as ever older."""
    life = Life()
    life.ask_all()
    left = life.registry.answer
    life.registry.answer = replace(left, tenants=left.tenants[:1])
    shot = life.ask_all()
    assert {view.source.region for view in shot.sources} == {None, HERE.region}


def test_who_becomes_due_does_not_wait_for_who_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round that waits for a slow region asks the others when their time comes; what hangs is asked once."""
    monkeypatch.setattr(round_, "TAKE_UP_EVERY_S", 0.01)
    life = Life()
    life.ask_all()
    life.forget()
    gate = threading.Event()

    def pages(operation: str, account: str, region: str) -> list[dict[str, Any]]:
        if region == THERE.region:
            gate.wait(20)
        return life.aws.answer(operation, account, region)

    def asked(place: Place) -> int:
        return life.aws.asked.count(("describe_db_instances", place.account, place.region))

    life.aws.pages = pages
    life.clock.at += timedelta(minutes=5)
    running = threading.Thread(target=lambda: life.fleet.refresh(lambda _: None, NEVER, Due()), daemon=True)
    running.start()
    try:
        for times in (1, 2, 3):
            deadline = time.monotonic() + 20
            while asked(HERE) < times:
                assert time.monotonic() < deadline
                time.sleep(0.005)
            life.clock.at += timedelta(seconds=70)
        assert asked(THERE) == 1
    finally:
        gate.set()
        running.join(20)
    assert not running.is_alive()
