"""The plans of maintenance slots: what becomes of the record, of the windows in AWS, and of the month."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import JsonValue

from services.model import ExportState, SlotState
from services.orders.base import RefusedError
from services.orders.planning import make_plan
from services.orders.world import Known
from services.wire.operations import ExportRecord, SlotRecord
from services.wire.orders import NOW as LATER
from services.wire.orders import differences
from tests.services.agreement.policies import DEFAULT, OTHER
from tests.services.orders.slot_worlds import (
    DEDICATED,
    KEY,
    NOW,
    PUBLIC,
    asked,
    calls,
    known,
    puts,
    schedule,
    slot,
    tenant,
    utc,
    window,
)

DAY = timedelta(days=1)
NOTICED = DEFAULT.policy.model_copy(
    update={"maintenance": DEFAULT.policy.maintenance.model_copy(update={"notice": DAY})}
)
SEEN: dict[str, JsonValue] = {"windows of slot s-1": [window()]}


def refused(of: Known, action: str, tenants: tuple[str, ...] = (), /, **fields: str) -> tuple[str, str | None]:
    """Why it is not planned, and where."""
    with pytest.raises(RefusedError) as error:
        make_plan(of, asked(action, tenants, **fields))
    return str(error.value), error.value.where


def test_a_slot_is_a_record_a_window_and_its_targets() -> None:
    """In this order: the record, one window in the tenant's account and region named after the slot, and the tenant's
    tag registered with the window that the step before has made."""
    plan = schedule()
    id_ = f"slot-{KEY[:12]}-1"
    (put,) = puts(plan)
    assert (put.method, put.path, put.before) == ("PUT", f"/slots/{id_}", None)
    made = SlotRecord.model_validate({**(put.after or {}), "scheduled_at": NOW.isoformat()})
    assert (put.after or {})["scheduled_at"] == LATER
    assert (made.tenant, made.starts_at, made.ends_at) == ("acme", utc("2026-12-01T21:00Z"), utc("2026-12-01T23:00Z"))
    assert (made.zone, made.local_start.isoformat(), made.choice) == ("Europe/Rome", "2026-12-01T22:00:00", None)
    create, register = calls(plan)
    assert (create.operation, create.account, create.region) == ("CreateMaintenanceWindow", PUBLIC, "eu-central-1")
    assert create.parameters == {
        "Name": f"tenure-{id_}",
        "Description": "Upgrade",
        "Schedule": "at(2026-12-01T22:00:00)",
        "ScheduleTimezone": "Europe/Rome",
        "Duration": 2,
        "Cutoff": 0,
        "AllowUnassociatedTargets": False,
        "Tags": [{"Key": "tenure:slot", "Value": id_}, {"Key": "tenure:order", "Value": KEY}],
    }
    assert register.parameters == {
        "WindowId": "$2.WindowId",
        "ResourceType": "INSTANCE",
        "Targets": [{"Key": "tag:tenant", "Values": ["acme"]}],
        "Name": "tenants-1",
    }
    assert [step.undo for step in plan.steps] == ["deleted", "deleted", "deregistered"]


def test_the_window_finds_its_tenants_by_the_tag_that_the_server_is_told() -> None:
    """Call, sentence and what the plan rests on name it: under another tag it is another plan."""
    plan = schedule(replace(known(), tenant_tag="tenure:tenant"))
    assert calls(plan)[1].parameters["Targets"] == [{"Key": "tag:tenure:tenant", "Values": ["acme"]}]
    assert plan.steps[2].says == "what is tagged tenure:tenant=acme registered with it"
    assert differences(schedule(), plan) == ("tags.tenant: tenant → tenure:tenant",)


@pytest.mark.parametrize(
    ("length", "hours"), [("2h", 2), ("90m", 2), ("PT1H1M", 2), ("1h", 1), ("20m", 1), ("24h", 24), ("23h01m", 24)]
)
def test_a_window_lasts_whole_hours(length: str, hours: int) -> None:
    """The slot rounded up."""
    (create,) = calls(schedule(length=length), "CreateMaintenanceWindow")
    assert create.parameters["Duration"] == hours


@pytest.mark.parametrize("length", ["24h01m", "0m", "", "soon", "P1M", "-1h"])
def test_a_length_that_no_window_has_is_refused(length: str) -> None:
    """More than a day, nothing, and what is no length."""
    fields = {"start": "2026-12-01 22:00", "reason": "Upgrade", "length": length}
    assert refused(known(), "slot-schedule", ("acme",), **fields)[1] == "fields.length"


@pytest.mark.parametrize(
    ("start", "choice", "at"),
    [
        ("2026-10-25 02:30", "earlier", "2026-10-25T00:30:00Z"),
        ("2026-10-25 02:30", "later", "2026-10-25T01:30:00Z"),
        ("2027-03-28 02:30", "earlier", "2027-03-28T00:30:00Z"),
        ("2027-03-28 02:30", "later", "2027-03-28T01:30:00Z"),
    ],
)
def test_a_time_that_the_clocks_skip_or_repeat_takes_a_choice(start: str, choice: str, at: str) -> None:
    """In Rome: without one it is refused and both instants are named; with it the record keeps it, and the window is
    scheduled in UTC, since the local time would not say which."""
    fields = {"start": start, "length": "1h", "reason": "Upgrade"}
    why, where = refused(known(), "slot-schedule", ("acme",), **fields)
    assert where == "fields.choice"
    assert f"{choice} ({at})" in why
    plan = schedule(**fields, choice=choice)
    (put,) = puts(plan)
    assert (put.after or {})["starts_at"] == at
    assert (put.after or {})["choice"] == choice
    (create,) = calls(plan, "CreateMaintenanceWindow")
    assert (create.parameters["Schedule"], create.parameters["ScheduleTimezone"]) == (f"at({at[:-1]})", "UTC")


def test_a_choice_that_nothing_takes_is_not_kept() -> None:
    """Where the local time exists once."""
    (put,) = puts(schedule(choice="later"))
    assert (put.after or {})["choice"] is None


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("start", "2026-09-30 10:00", "that is over"),
        ("start", "tomorrow", "no time such as"),
        ("start", "2026-12-01T22:00Z", "no offset"),
        ("zone", "Europe/Romme", "Europe/Rome"),
        ("announce", "perhaps", "one of no, yes"),
        ("tier", "public", "not both"),
        ("colour", "red", "has no field"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(field: str, value: str, why: str) -> None:
    """A time that is over, one with an offset, a zone that there is not, two scopes."""
    fields = {"start": "2026-12-01 22:00", "length": "2h", "reason": "Upgrade", field: value}
    said, where = refused(known(), "slot-schedule", ("acme",), **fields)
    assert why in said
    assert where == ("tenants" if field == "tier" else f"fields.{field}")


def test_the_zone_is_the_tenants_own_unless_another_is_given() -> None:
    """Each of several tenants gets its slot at its own place's evening, or all at that of the zone given; what the
    customer's clock shows is said where it is another."""
    far = tenant("umbrella", zone="America/New_York")
    of = known((tenant(), far))
    starts = [(put.after or {})["starts_at"] for put in puts(schedule(of, ("acme", "umbrella")))]
    assert starts == ["2026-12-01T21:00:00Z", "2026-12-02T03:00:00Z"]
    plan = schedule(of, ("acme", "umbrella"), zone="Europe/Rome")
    assert {(put.after or {})["starts_at"] for put in puts(plan)} == {"2026-12-01T21:00:00Z"}
    assert "For umbrella: 2026-12-01 16:00 to 18:00 America/New_York" in plan.effects
    assert len({put.path for put in puts(plan)}) == 2


def test_a_group_has_one_slot_and_a_window_in_each_account() -> None:
    """A tier in a region: those that are destroyed do not count, neighbours neither; the targets are registered fifty
    at a time."""
    many = [tenant(f"t-{number:03}") for number in range(60)]
    other = tenant("elsewhere", account=DEDICATED)
    gone = tenant("gone", state="destroyed")
    far = tenant("far", region="us-east-1")
    plan = schedule(known((*many, other, gone, far)), (), tier="public", region="eu-central-1")
    (put,) = puts(plan)
    after = put.after or {}
    assert (after["tenant"], after["tier"], after["region"]) == (None, "public", "eu-central-1")
    assert [call.account for call in calls(plan, "CreateMaintenanceWindow")] == [PUBLIC, DEDICATED]
    registered = calls(plan, "RegisterTargetWithMaintenanceWindow")
    found: list[Any] = [call.parameters["Targets"] for call in registered]
    assert [len(targets[0]["Values"]) for targets in found] == [50, 10, 1]
    assert [call.parameters["WindowId"] for call in registered] == ["$2.WindowId", "$2.WindowId", "$5.WindowId"]
    assert {change.tenant for change in plan.tenants} == {it.id for it in many} | {"elsewhere"}
    assert plan.effects[0] == f"61 tenants in {PUBLIC} eu-central-1, {DEDICATED} eu-central-1"


def test_a_group_in_several_zones_has_no_zone_of_its_own() -> None:
    """One has to be given; a group in one zone has that, wherever the policy is at home."""
    near = tenant(zone="America/New_York")
    group = {"tier": "public", "region": "eu-central-1"}
    (put,) = puts(schedule(known((near,)), (), **group))
    assert (put.after or {})["zone"] == "America/New_York"
    given = {"start": "2026-12-01 22:00", "length": "2h", "reason": "Upgrade", **group}
    why, where = refused(known((near, tenant("umbrella"))), "slot-schedule", **given)
    assert why == "zone is missing: the tenants are in 2, America/New_York, Europe/Rome"
    assert where == "fields.zone"


@pytest.mark.parametrize("fields", [{}, {"tier": "public"}, {"region": "eu-central-1"}])
def test_a_slot_has_a_scope(fields: dict[str, str]) -> None:
    """Tenants, or a tier and a region; a group of nobody is none."""
    given = {"start": "2026-12-01 22:00", "length": "2h", "reason": "Upgrade", **fields}
    assert "name tenants, or a tier and a region" in refused(known(), "slot-schedule", **given)[0]
    empty = {**given, "tier": "public", "region": "us-east-1"}
    assert "there is no tenant" in refused(known(), "slot-schedule", **empty)[0]


EXPORT = ExportRecord(
    id="e-1",
    tenant="acme",
    state=ExportState.PREPARING,
    requested_at=utc("2026-11-30T09:00:00Z"),
    requester="Anna",
)


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (known(slots=[slot("2026-12-01T22:30:00Z")]), "overlaps slot s-1 of acme"),
        (known(slots=[slot(tenant=None, tier="public", region="eu-central-1")]), "overlaps slot s-1 of public"),
        (known(exports=[EXPORT]), "export e-1 of acme is being prepared"),
        (
            known([tenant(tier="gold")], policy=OTHER.policy),
            "falls on the blackout 2026-12-20 to 2027-01-06: Year's end",
        ),
    ],
)
@pytest.mark.parametrize("scope", ["tenant", "group"])
def test_a_conflict_refuses_the_slot_with_its_reason(of: Known, why: str, scope: str) -> None:
    """Another slot in the scope, an export that is being prepared, a blackout: for a tenant and for its group."""
    start = "2026-12-24 22:00" if "blackout" in why else "2026-12-01 22:00"
    fields = {"start": start, "length": "2h", "reason": "Upgrade", "zone": "Europe/Rome"}
    who: tuple[str, ...] = ("acme",)
    if scope == "group":
        who = ()
        tier = "gold" if "blackout" in why else "public"
        fields |= {"tier": tier, "region": "eu-central-1"}
    said, where = refused(of, "slot-schedule", who, **fields)
    assert why in said
    assert where == "fields.start"


def test_the_months_availability_is_said_before_anything_is_written() -> None:
    """What of the month is excluded before and after, overlaps once, and what the target then allows."""
    plan = schedule(known(slots=[slot("2026-12-05T21:00:00Z", 1), slot("2026-12-07T21:00:00Z", id_="s-2")]))
    assert "December 2026: 3h → 5h excluded" in plan.effects
    assert "99.5 % of the rest allow 3h41m of downtime outside slots" in plan.effects
    assert plan.warnings == ()


def test_a_slot_over_the_end_of_a_month_counts_in_both() -> None:
    """Each month gets its part, in UTC."""
    plan = schedule(start="2026-12-01 00:00")
    assert [line for line in plan.effects if "excluded" in line] == [
        "November 2026: 0s → 1h excluded",
        "December 2026: 0s → 1h excluded",
    ]


def test_a_slot_inside_the_notice_is_warned_of() -> None:
    """It may be scheduled, and it excludes nothing."""
    soon = (NOW + DAY - timedelta(minutes=1)).replace(tzinfo=None).isoformat()
    plan = schedule(known(policy=NOTICED), start=soon, zone="UTC", length="1h")
    assert plan.warnings == ("It is not excluded from availability: that takes a notice of 24h.",)
    assert "October 2026: 0s → 0s excluded" in plan.effects
    in_time = (NOW + DAY).replace(tzinfo=None).isoformat()
    assert schedule(known(policy=NOTICED), start=in_time, zone="UTC", length="1h").warnings == ()


def test_a_policy_may_exclude_no_maintenance_at_all() -> None:
    """Then it is said, and nothing is excluded."""
    plan = schedule(known([tenant(tier="gold")], policy=OTHER.policy))
    assert plan.warnings == ("The policy excludes no maintenance from availability.",)
    assert "December 2026: 0s → 0s excluded" in plan.effects


def test_an_announcement_is_the_last_step() -> None:
    """Onto the record as the first step wrote it, once the windows stand."""
    plan = schedule(announce="yes")
    first, *_, last = plan.steps
    assert last.call in puts(plan)
    _, put = puts(plan)
    assert (put.before or {})["scheduled_at"] == f"${first.number}.scheduled_at"
    assert (put.after or {})["announced_at"] == LATER


def test_the_same_plan_is_made_some_minutes_later() -> None:
    """Nothing in it says what time it is, so that it can be confirmed."""
    of = known(slots=[slot("2026-12-05T21:00:00Z", announced_at=NOW)], aws=SEEN)
    later = replace(of, now=NOW + timedelta(minutes=9))
    assert schedule(of, announce="yes").digest == schedule(later, announce="yes").digest
    for action, fields in (
        ("slot-move", {"start": "2026-12-07 21:00"}),
        ("slot-extend", {"by": "1h"}),
        ("slot-cancel", {}),
    ):
        wanted = asked(action, slot="s-1", **fields)
        assert make_plan(of, wanted).digest == make_plan(later, wanted).digest


def test_moving_moves_record_and_window() -> None:
    """It is entered anew, is to be announced anew, and can be undone to the times it had."""
    of = known(slots=[slot(announced_at=NOW)], aws=SEEN)
    plan = make_plan(of, asked("slot-move", slot="s-1", start="2026-12-02 20:00", length="3h", zone="Europe/Rome"))
    (put,) = puts(plan)
    after = put.after or {}
    assert (after["starts_at"], after["ends_at"]) == ("2026-12-02T19:00:00Z", "2026-12-02T22:00:00Z")
    assert (after["scheduled_at"], after["announced_at"]) == (LATER, None)
    (update,) = calls(plan)
    assert (update.operation, update.account) == ("UpdateMaintenanceWindow", PUBLIC)
    assert update.parameters == {
        "WindowId": "mw-0123456789abcdef0",
        "Schedule": "at(2026-12-02T20:00:00)",
        "ScheduleTimezone": "Europe/Rome",
        "Duration": 3,
        "before": {"Schedule": "at(2026-12-01T21:00:00)", "ScheduleTimezone": "UTC", "Duration": 2},
    }
    assert plan.warnings == ("It was announced for the old time: announce it anew.",)
    assert plan.tenants[0].before.startswith("2026-12-01T21:00:00Z")


def test_moving_makes_the_window_that_is_missing() -> None:
    """Where AWS has none in a place concerned."""
    of = known(slots=[slot()], aws={"windows of slot s-1": []})
    plan = make_plan(of, asked("slot-move", slot="s-1", start="2026-12-02 20:00"))
    assert [call.operation for call in calls(plan)] == [
        "CreateMaintenanceWindow",
        "RegisterTargetWithMaintenanceWindow",
    ]


@pytest.mark.parametrize(
    ("action", "fields"), [("slot-move", {"start": "2026-12-02 20:00"}), ("slot-extend", {"by": "1h"})]
)
def test_a_window_where_none_of_its_tenants_lives_any_more_is_deleted(action: str, fields: dict[str, str]) -> None:
    """After one is made where they do; both are told, and the tasks that go with it."""
    of = known([tenant(account=DEDICATED)], [slot()], aws={"windows of slot s-1": [window(tasks=1)]})
    plan = make_plan(of, asked(action, slot="s-1", **fields))
    assert [(call.operation, call.account) for call in calls(plan)] == [
        ("CreateMaintenanceWindow", DEDICATED),
        ("RegisterTargetWithMaintenanceWindow", DEDICATED),
        ("DeleteMaintenanceWindow", PUBLIC),
    ]
    gone = f"None of its tenants is in {PUBLIC} eu-central-1 any more."
    assert gone in plan.warnings
    assert any("1 tasks: they go with it" in it for it in plan.warnings)


@pytest.mark.parametrize(
    ("action", "fields"),
    [("slot-move", {"start": "2026-12-02 20:00"}), ("slot-cancel", {}), ("slot-extend", {"by": "1h"})],
)
def test_without_awss_word_nothing_is_planned(action: str, fields: dict[str, str]) -> None:
    """Which windows there are is not guessed."""
    assert "AWS was not asked" in refused(known(slots=[slot()]), action, slot="s-1", **fields)[0]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"slot": "s-9", "start": "2026-12-02 20:00"}, "nothing under slots/s-9"),
        ({"slot": "s-2", "start": "2026-12-02 20:00"}, "cancelled already"),
        ({"slot": "s-3", "start": "2026-12-02 20:00"}, "has begun"),
        ({"slot": "s-1", "start": "2026-12-01 21:00"}, "when it is already"),
        ({"slot": "s-1", "start": "2026-12-05 21:00"}, "overlaps slot s-4"),
        ({"slot": "s-1", "start": "2026-12-03 21:00", "length": "25h"}, "at most 24 hours"),
    ],
)
def test_what_cannot_be_moved(fields: dict[str, str], why: str) -> None:
    """A slot that there is not, that is over or has begun, and a time that it cannot have."""
    slots = [
        slot(),
        slot(id_="s-2", state=SlotState.CANCELLED),
        slot("2026-10-01T11:00:00Z", id_="s-3"),
        slot("2026-12-05T21:00:00Z", id_="s-4"),
    ]
    assert why in refused(known(slots=slots, aws=SEEN), "slot-move", **fields)[0]


def test_the_slot_of_one_tenant_is_not_anothers() -> None:
    """Nor does one who is named stand for a group."""
    of = known(
        (tenant(), tenant("umbrella")), [slot(), slot(id_="s-2", tenant=None, tier="public", region="eu-central-1")]
    )
    assert "is one of acme" in refused(of, "slot-cancel", ("umbrella",), slot="s-1")[0]
    assert "name no tenant" in refused(of, "slot-cancel", ("acme",), slot="s-2")[0]


def test_an_extension_before_the_start_is_excluded() -> None:
    """The record ends later, the window lasts longer."""
    plan = make_plan(known(slots=[slot()], aws=SEEN), asked("slot-extend", slot="s-1", by="30m"))
    (put,) = puts(plan)
    assert (put.after or {})["ends_at"] == "2026-12-01T23:30:00Z"
    assert "December 2026: 2h → 2h30m excluded" in plan.effects
    assert calls(plan)[0].parameters["Duration"] == 3


def test_an_extension_after_the_start_excludes_nothing() -> None:
    """And says so: the record keeps its end, the window lasts longer."""
    running = slot("2026-10-01T11:00:00Z")
    plan = make_plan(known(slots=[running], aws=SEEN), asked("slot-extend", slot="s-1", by="1h"))
    (put,) = puts(plan)
    before, after = put.before or {}, put.after or {}
    assert {name for name in after if after[name] != before[name]} == {"reason"}
    assert "October 2026: 2h → 2h excluded" in plan.effects
    assert "the extension excludes nothing" in plan.warnings[0]
    assert calls(plan)[0].parameters["Duration"] == 3


def test_an_extension_inside_the_notice_is_refused() -> None:
    """Entered anew, the whole slot would no longer be excluded."""
    near = slot((NOW + DAY / 2).isoformat(), 1)
    said, where = refused(known(slots=[near], policy=NOTICED, aws=SEEN), "slot-extend", slot="s-1", by="1h")
    assert "another slot" in said
    assert where == "fields.by"


def test_cancelling_deletes_the_windows() -> None:
    """The record is cancelled first; what the window was made from is kept for its return."""
    plan = make_plan(known(slots=[slot()], aws=SEEN), asked("slot-cancel", slot="s-1"))
    (put,) = puts(plan)
    assert (put.after or {})["state"] == "cancelled"
    (delete,) = calls(plan)
    assert delete.operation == "DeleteMaintenanceWindow"
    assert delete.parameters["before"] == {
        "Name": "tenure-s-1",
        "Schedule": "at(2026-12-01T21:00:00)",
        "ScheduleTimezone": "UTC",
        "Duration": 2,
        "Cutoff": 0,
    }
    assert "December 2026: 2h → 0s excluded" in plan.effects
    assert plan.steps[-1].undo == "made again, under another id"


def test_a_window_with_tasks_does_not_come_back() -> None:
    """Which is said before it is deleted."""
    aws: dict[str, JsonValue] = {"windows of slot s-1": [window(tasks=2)]}
    plan = make_plan(known(slots=[slot()], aws=aws), asked("slot-cancel", slot="s-1"))
    assert plan.steps[-1].undo is None
    assert "has 2 tasks" in plan.warnings[0]


def test_done_is_what_has_begun() -> None:
    """Not what is to come; the record alone is written."""
    assert "begins" in refused(known(slots=[slot()]), "slot-done", slot="s-1")[0]
    plan = make_plan(known(slots=[slot("2026-10-01T09:00:00Z")]), asked("slot-done", slot="s-1"))
    (put,) = puts(plan)
    assert (put.after or {})["state"] == "done"
    assert calls(plan) == []
    assert "downtime" in plan.warnings[0]


def test_a_slot_at_the_end_of_the_calendar_is_refused() -> None:
    """Its end and its months could not be reckoned: a refusal, not an error of the server."""
    why, where = refused(
        known(), "slot-schedule", ("acme",), start="9999-12-31 23:30", length="2h", reason="Upgrade", zone="UTC"
    )
    assert (why, where) == ("9999-12-31 23:30 in UTC lies beyond the calendar", "fields.start")
