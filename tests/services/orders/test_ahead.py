"""What an act on maintenance would come to, before its plan: the plan's own words, from fields that are half typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.orders.ahead import NONE_KNOWN, Ahead, ahead
from services.orders.base import RefusedError
from services.orders.planning import make_plan
from services.orders.world import Known
from tests.services.agreement.policies import DEFAULT
from tests.services.orders.slot_worlds import NOW, asked, known, schedule, slot, tenant, window

SUMMER, WINTER = "2027-03-28 02:30", "2027-10-31 02:30"
"""Skipped, and shown twice, in Rome."""


def told(action: str, of: Known | None = None, tenants: tuple[str, ...] = ("acme",), /, **fields: str) -> Ahead:
    found = ahead(of or known(), asked(action, tenants, **fields))
    assert found is not None
    return found


def under(found: Ahead, label: str) -> list[str]:
    """The lines of a label."""
    lines, at = [], ""
    for row in found.rows:
        at = row.label or at
        lines += [row.text] if at == label else []
    return lines


def test_a_start_alone_is_an_instant_on_every_clock_that_counts() -> None:
    """By the zone that is named, in UTC, and where the customer is; no length is asked for yet."""
    found = told("slot-schedule", start="2026-12-01 22:00", zone="Asia/Tokyo")
    assert found.wrong == {}
    assert under(found, "Begins") == [
        "Tue 2026-12-01 22:00 JST Asia/Tokyo: 2026-12-01T13:00:00Z",
        "For acme: Tue 2026-12-01 14:00 CET Europe/Rome",
    ]


def test_what_it_tells_of_a_whole_form_is_what_the_plan_says() -> None:
    """Times, months and warnings are the plan's effects and warnings, line by line."""
    policy = DEFAULT.policy.model_copy(
        update={"maintenance": DEFAULT.policy.maintenance.model_copy(update={"notice": timedelta(days=90)})}
    )
    of = known(policy=policy)
    plan = schedule(of)
    found = told("slot-schedule", of, start="2026-12-01 22:00", length="2h")
    assert sorted([*under(found, "When"), *under(found, "Also"), *under(found, "Month")]) == sorted(plan.effects)
    assert under(found, "Notice") == list(plan.warnings) != []
    assert under(found, "Conflict") == [NONE_KNOWN]


@pytest.mark.parametrize(("start", "what"), [(SUMMER, "the clocks skip it"), (WINTER, "the clocks show it twice")])
def test_a_time_that_is_no_instant_shows_both_and_asks_for_the_choice(start: str, what: str) -> None:
    """Both readings with the letters of their offsets; once chosen, the slot is told of with the choice marked."""
    found = told("slot-schedule", start=start, length="1h")
    assert found.wrong == {"choice": "earlier or later: see below"}
    first, earlier, later = under(found, "Choice")
    assert what in first
    assert "T00:30:00Z" in earlier
    assert "T01:30:00Z" in later
    assert not under(found, "When")
    chosen = told("slot-schedule", start=start, length="1h", choice="later")
    assert chosen.wrong == {}
    assert under(chosen, "Choice")[2].startswith("▌later")
    assert "T01:30:00Z to " in under(chosen, "When")[0]


def test_a_conflict_is_told_beside_the_field_and_in_full() -> None:
    """Another slot of the tenant then: the sentence for which the plan is refused."""
    of = known(slots=[slot("2026-12-01T21:30:00Z")])
    found = told("slot-schedule", of, start="2026-12-01 22:00", length="2h")
    (said,) = under(found, "Conflict")
    assert "overlaps slot s-1 of acme" in said
    assert found.wrong == {"start": said}
    with pytest.raises(RefusedError, match="overlaps slot s-1"):
        schedule(of)


@pytest.mark.parametrize(
    ("fields", "field", "why", "unread"),
    [
        ({"start": "2026-12-0"}, "start", "no time such as", {"start"}),
        ({"start": "2026-09-01 10:00"}, "start", "that is over", set()),
        ({"start": "2026-12-01 22:00", "zone": "Europe/Nowhere"}, "zone", "Nowhere", set()),
        ({"length": "2x"}, "length", "no length such as", {"length"}),
        ({"length": "30h"}, "length", "at most 24 hours", {"length"}),
        ({"start": "9999-12-31 23:30", "length": "2h"}, "start", "beyond the calendar", set()),
    ],
)
def test_what_speaks_against_a_field_is_told_with_its_name(
    fields: dict[str, str], field: str, why: str, unread: set[str]
) -> None:
    """And whether its text can be read at all: what is being typed cannot, for a while."""
    found = told("slot-schedule", **fields)
    assert why in found.wrong[field]
    assert found.unread == unread


def test_a_group_in_several_zones_is_asked_for_one() -> None:
    """Before tier and region are both there nothing is said; then the zone is what is wrong."""
    of = known([tenant("a"), tenant("b", zone="Asia/Tokyo")])
    assert told("slot-schedule", of, (), start="2026-12-01 22:00", tier="public").wrong == {}
    group = {"start": "2026-12-01 22:00", "tier": "public", "region": "eu-central-1"}
    assert "the tenants are in 2" in told("slot-schedule", of, (), **group).wrong["zone"]
    assert under(told("slot-schedule", of, (), **group, zone="UTC"), "Begins")[1:] == [
        "For b: Wed 2026-12-02 07:00 JST Asia/Tokyo",
        "For a: Tue 2026-12-01 23:00 CET Europe/Rome",
    ]


def test_a_slot_that_is_moved_is_told_as_it_is_and_as_it_would_be() -> None:
    """Its length is kept where none is given; where it is already is refused as by the plan."""
    of = known(slots=[slot()], aws={"windows of slot s-1": [window()]})
    assert len(told("slot-move", of, (), slot="s-1").rows) == 1
    assert "length" in told("slot-move", of, (), slot="s-1", length="2x").wrong
    found = told("slot-move", of, (), slot="s-1", start="2026-12-05 20:00")
    plan = make_plan(of, asked("slot-move", (), slot="s-1", start="2026-12-05 20:00"))
    assert sorted([*under(found, "When"), *under(found, "Also"), *under(found, "Month")]) == sorted(plan.effects)
    assert under(found, "Now")[0].startswith("2026-12-01 21:00 to 23:00 UTC, 2h")
    same = told("slot-move", of, (), slot="s-1", start="2026-12-01 21:00")
    assert same.wrong == {"start": "that is when it is already"}


def test_a_slot_that_is_extended_is_told_until_when_it_runs() -> None:
    """One that has begun keeps its record: the month does not change, and that is said."""
    of = known(slots=[slot()])
    found = told("slot-extend", of, (), slot="s-1", by="1h")
    assert "21:00 to 2026-12-02 00:00 UTC, 3h" in under(found, "When")[0]
    assert under(found, "Month")[0] == "December 2026: 2h → 3h excluded"
    begun = known(slots=[slot()], now=slot().starts_at + timedelta(minutes=5))
    found = told("slot-extend", begun, (), slot="s-1", by="1h")
    assert "00:00 UTC, 3h" in under(found, "When")[0]
    assert under(found, "Month")[0] == "December 2026: 2h → 2h excluded"
    assert under(found, "Notice") == ["It has begun: the extension excludes nothing."]
    assert told("slot-extend", begun, (), slot="s-9").wrong == {"slot": "there is nothing under slots/s-9"}


def test_other_acts_have_nothing_to_tell_ahead() -> None:
    """Only what schedules, moves and extends a slot has."""
    assert ahead(known(), asked("renew", ("acme",), until="2027-01-01")) is None
    assert slot().starts_at > NOW
