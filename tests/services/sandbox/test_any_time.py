"""The stories that are told by clocks, at any time of the year: the sandbox starts whenever somebody starts it."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.agreement import (
    export_clock,
    judge_case,
    judge_export,
    judge_hold,
    judge_pending,
    judge_slot,
    lifecycle_verdicts,
    slot_conflicts,
    zone,
)
from services.model import LifecycleState, Tenant, Verdict
from services.sandbox.dates import clock_of, next_gap, next_local, noun, policy
from services.sandbox.fleet import build_fleet
from services.sandbox.stories import Story, plant_stories
from services.sandbox.stories.short_february import last_such
from services.wire.nouns import case, export, hold, slot
from services.words import say_instant

SEED = 1
STORE_FIGURES = ("recovery", "rto", "link")

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
instants = st.integers(0, 12 * 366 * 86400).map(lambda seconds: FIRST + timedelta(seconds=seconds))


def nouns(story: Story) -> dict[str, Tenant]:
    """The tenants of a story, with the end that their last subscription has."""
    ends = {record.tenant: record.ended_on for record in story.planted.subscriptions}
    found = {}
    for record in story.planted.tenants:
        ended = ends.get(record.id)
        if ended is not None:
            found[record.id] = noun(record, ended)
    return found


def verdicts(story: Story, now: datetime) -> Iterator[tuple[str | None, Verdict]]:
    """All that the agreement says of a story without looking at AWS."""
    tenants = nouns(story)
    exports = [export(record) for record in story.planted.exports]
    holds = [hold(record) for record in story.planted.holds]
    slots = [slot(record) for record in story.planted.slots]
    for name, tenant in tenants.items():
        for verdict in lifecycle_verdicts(tenant, policy(), now, exports=exports, holds=holds):
            yield name, verdict
    for one in exports:
        yield one.tenant, judge_export(one, tenants[one.tenant], policy(), now)
    for each in holds:
        yield each.tenant, judge_hold(each, tenants[each.tenant], policy(), now)
    for record in story.planted.cases:
        yield record.tenant, judge_case(case(record), tenants[record.tenant], policy(), now)
    for planned in slots:
        scope = [it for it in tenants.values() if planned.concerns(it.id, it.tier, it.region)]
        conflicts = slot_conflicts(planned, slots, scope, exports, policy())
        yield planned.tenant, judge_slot(planned, conflicts, (), policy(), now)
    for pending in story.planted.pending:
        figure = f"pending.{pending.resource.rpartition(':')[2]}.{pending.action}"
        forced = pending.forced_at is not None
        applies = pending.applied_at
        yield (
            story.planted.tenants[0].id,
            judge_pending(pending.action, applies, forced=forced, policy=policy(), now=now, figure=figure),
        )


@settings(max_examples=15)
@given(at=instants, later=st.integers(0, 600))
@example(at=datetime(2026, 2, 28, 22, 30, tzinfo=UTC), later=0)
@example(at=datetime(2028, 2, 29, 12, 0, tzinfo=UTC), later=0)
@example(at=datetime(2026, 3, 29, 1, 0, tzinfo=UTC), later=60)
@example(at=datetime(2026, 5, 31, 12, 0, tzinfo=UTC), later=0)
@example(at=datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), later=5)
def test_every_clock_is_as_told_whenever_it_starts(at: datetime, later: int) -> None:
    """In the ten minutes from any start, each verdict that rests on records alone is the one that its story tells."""
    now = at + timedelta(seconds=later)
    for story in plant_stories(SEED, at):
        said = {(tenant, verdict.figure): verdict for tenant, verdict in verdicts(story, now)}
        for expected in story.expected:
            if expected.figure is None or expected.figure.partition(".")[0] in STORE_FIGURES:
                continue
            verdict = said[expected.tenant, expected.figure]
            assert verdict.status is expected.status, (story.name, verdict.reason)


@settings(max_examples=12)
@given(at=instants)
def test_no_story_disturbs_another(at: datetime) -> None:
    """No export, destruction or slot of one story, nor of an ordinary tenant, collides with a slot of another's."""
    fleet = build_fleet(SEED, 60, at)
    ends = {record.tenant: record.ended_on for record in fleet.planting.subscriptions}
    tenants = [noun(record, ended) for record in fleet.planting.tenants if (ended := ends[record.id]) is not None]
    slots = [slot(record) for record in fleet.planting.slots]
    exports = [export(record) for record in fleet.planting.exports]
    for planned in slots:
        scope = [it for it in tenants if planned.concerns(it.id, it.tier, it.region)]
        found = slot_conflicts(planned, slots, scope, exports, policy())
        mine = {"ca-storage", "cogswell-cert", "spacely-night"}
        assert bool(found) is (planned.id in mine), (planned.id, found)


@settings(max_examples=12)
@given(at=instants)
def test_the_slot_in_a_gap_is_at_no_time(at: datetime) -> None:
    """The wall clock never shows the announced time, and the story says so."""
    story = next(story for story in plant_stories(SEED, at) if story.name == "slot-in-a-gap")
    (record,) = story.planted.slots
    local = zone(record.zone)
    for fold in (0, 1):
        shown = record.local_start.replace(tzinfo=local, fold=fold).astimezone(UTC).astimezone(local)
        assert shown.replace(tzinfo=None) != record.local_start
    assert record.starts_at > at


@pytest.mark.parametrize(
    ("today", "ended"),
    [
        (date(2026, 11, 22), date(2025, 11, 30)),
        (date(2026, 11, 30), date(2025, 11, 30)),
        (date(2026, 12, 1), date(2026, 11, 30)),
        (date(2028, 5, 1), date(2026, 11, 30)),  # February 2028 has 29 days
        (date(2028, 12, 24), date(2028, 11, 30)),
    ],
)
def test_the_last_november_before_a_short_february(today: date, ended: date) -> None:
    """It lies before today, and the next year's February has 28 days."""
    assert last_such(today) == ended
    assert not isleap(ended.year + 1)


def test_three_months_into_a_short_february() -> None:
    """Hosted data of the story is due at the end of 28 February, local time."""
    story = next(
        story for story in plant_stories(SEED, datetime(2026, 11, 22, 3, tzinfo=UTC)) if story.name == "short-february"
    )
    (record,) = story.planted.tenants
    (subscription,) = story.planted.subscriptions
    assert subscription.ended_on == date(2025, 11, 30)
    assert record.state is LifecycleState.DESTROYED
    clock = clock_of(record, subscription.ended_on, "hosted_data")
    assert say_instant(clock.ends_at) == "2026-03-01T00:00:00Z"  # midnight in London


def test_the_cut_window_is_cut() -> None:
    """The window of the story would close after the 180 days, and closes with them."""
    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    story = next(story for story in plant_stories(SEED, at) if story.name == "export-cut")
    (tenant,) = nouns(story).values()
    clock = export_clock(export(story.planted.exports[0]), tenant, policy())
    assert clock is not None
    assert clock.cut_by is not None
    assert tenant.ended_on is not None
    assert clock.ends_at == clock_of(story.planted.tenants[0], tenant.ended_on, "return_or_delete").ends_at


@pytest.mark.parametrize(
    ("zone_name", "found"),
    [
        ("Europe/London", "2027-03-28T01:00:00"),
        ("America/Toronto", "2027-03-14T02:00:00"),
        ("Asia/Singapore", None),
    ],
)
def test_finds_the_next_gap(zone_name: str, found: str | None) -> None:
    """The first local time that is skipped, where the clocks of a zone change at all."""
    gap = next_gap(datetime(2026, 11, 22, 3, tzinfo=UTC), zone_name)
    assert (gap.isoformat() if gap else None) == found


def test_the_next_hour_of_a_wall_clock() -> None:
    """Strictly after the instant given, today or tomorrow."""
    nine = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # 21:00 in New York
    assert next_local(nine - timedelta(seconds=1), "America/New_York", 21) == nine
    assert next_local(nine, "America/New_York", 21) == nine + timedelta(days=1)
