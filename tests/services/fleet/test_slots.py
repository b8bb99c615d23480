"""Slots: in whose scope they are, what carries them out, and which are judged again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.fleet.merge import Picture
from services.fleet.snapshot import SlotView
from services.model import Slot, SlotState, Status
from tests.services.estate.things import HERE, NOW, THERE, answers, failed, seen
from tests.services.fleet.fakes import Counting, picture, registry, tenant
from tests.services.fleet.nouns import HOUR, slot, window

WINDOWS = "DescribeMaintenanceWindows"


def planned(
    *slots: Slot, windows: tuple[Any, ...] | None = None, made: Picture | None = None, **answer: Any
) -> Picture:
    """A public tenant in HERE and one in THERE, the slots, and the windows of HERE."""
    made = made or picture()
    made.take_registry(registry(tenant("acme"), tenant("far", THERE), slots=slots, **answer), NOW)
    made.take([*answers(), seen(WINDOWS, *(map(window, slots) if windows is None else windows))])
    return made


def only(made: Picture, **later: float) -> SlotView:
    (view,) = made.publish(NOW + timedelta(**later), 1).slots
    return view


def test_a_slot_that_its_windows_carry_out_is_due_before_it_begins() -> None:
    """Its scope is the tier's tenants of the region, its windows are those of their accounts."""
    view = only(planned(slot()))
    assert (view.verdict.status, view.verdict.figure) == (Status.DUE, "slot.tonight")
    assert view.tenants == ("acme",)
    assert [it.id for it in view.windows] == ["mw-1"]
    assert view.conflicts == ()


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"enabled": False}, "is disabled"),
        ({"next_at": NOW + 3 * HOUR}, "runs 2026-11-23T15:00:00Z, planned 2026-11-23T14:00:00Z"),
        ({"next_at": None}, "has no next execution"),
        ({"duration": HOUR}, "lasts 1h, planned 1h30m"),
        ({"name": "tenure-other"}, "no maintenance window tenure-tonight in 111122223333 eu-central-1"),
    ],
)
def test_a_window_that_does_not_do_what_was_planned_is_a_risk(members: dict[str, Any], said: str) -> None:
    """Each fault is a sentence of its own."""
    view = only(planned(slot(), windows=(window(slot(), **members),)))
    assert view.verdict.status is Status.AT_RISK
    assert view.carried is not None
    assert any(said in fault for fault in view.carried)
    assert said in view.verdict.reason


def test_windows_that_could_not_be_read_make_the_slot_unknown() -> None:
    """With whom was asked; and waiting for the first answer is unknown as well."""
    made = picture()
    made.take_registry(registry(tenant("acme"), slots=(slot(),)), NOW)
    made.take(answers())
    assert "waiting for ssm DescribeMaintenanceWindows" in only(made).verdict.reason
    made.take([failed(WINDOWS)])
    view = only(made)
    assert view.verdict.status is Status.UNKNOWN
    assert "ssm DescribeMaintenanceWindows of 111122223333 eu-central-1 denied: AccessDenied" in view.verdict.reason


def test_windows_seen_too_long_ago_make_the_slot_unknown() -> None:
    """Time alone does that, without a question."""
    made = planned(slot())
    assert only(made).verdict.status is Status.DUE
    made.rejudge(NOW + timedelta(minutes=16))
    assert only(made, minutes=16).verdict.status is Status.UNKNOWN


def test_of_a_slot_that_is_over_no_window_is_asked_for() -> None:
    """A window that has run has no next execution."""
    done = slot(starts_at=NOW - 5 * HOUR, state=SlotState.DONE)
    assert only(planned(done, windows=())).verdict.status is Status.OK


def test_slots_that_collide_name_each_other() -> None:
    """A tenant's slot lies in its tier's."""
    other = slot("acme-own", tenant="acme", tier=None, region=None)
    views = {view.slot.id: view for view in planned(slot(), other).publish(NOW, 1).slots}
    assert "acme-own" in views["tonight"].conflicts[0]
    assert "tonight" in views["acme-own"].conflicts[0]
    assert {view.verdict.status for view in views.values()} == {Status.AT_RISK}


def test_without_the_exports_conflicts_cannot_be_told() -> None:
    """An export could be under way in the slot; a conflict that is known stays one."""
    view = only(planned(slot(), failed=("exports",)))
    assert view.verdict.status is Status.UNKNOWN
    assert "conflicts cannot be told: internal GET /exports failed" in view.verdict.reason


def test_a_list_of_slots_that_was_not_read_makes_those_known_unknown() -> None:
    """They stay in sight."""
    made = planned(slot())
    assert only(made).verdict.status is Status.DUE
    made.take_registry(registry(tenant("acme"), tenant("far", THERE), failed=("slots",)), NOW)
    view = only(made)
    assert view.verdict.status is Status.UNKNOWN
    assert "was due" in view.verdict.reason


def test_only_the_slots_of_tenants_that_changed_are_judged_again() -> None:
    """A tenant elsewhere, and windows elsewhere, leave a slot alone."""
    counting = Counting()
    near, far = slot(), slot("far-off", region=THERE.region, starts_at=NOW + 9 * HOUR)
    made = planned(near, far, made=picture(counting.rules))
    made.publish(NOW, 1)
    counting.slots.clear()
    made.take([seen(WINDOWS, window(far), place=THERE)])
    made.publish(NOW, 1)
    assert counting.slots == ["far-off"]
    counting.slots.clear()
    made.take_registry(registry(tenant("acme", customer="New"), tenant("far", THERE), slots=(near, far)), NOW)
    made.publish(NOW, 1)
    assert counting.slots == ["tonight"]


def test_a_slot_that_is_gone_is_no_longer_shown() -> None:
    """The list is the registry's."""
    made = planned(slot())
    assert only(made).slot.id == "tonight"
    made.take_registry(registry(tenant("acme"), tenant("far", THERE)), NOW)
    assert made.publish(NOW, 1).slots == ()


def test_slots_stand_by_their_start() -> None:
    """Whatever the order in which they were entered."""
    later, sooner = slot("b", starts_at=NOW + 9 * HOUR), slot("a", starts_at=NOW + 5 * HOUR)
    assert [view.slot.id for view in planned(later, sooner).publish(NOW, 1).slots] == ["a", "b"]
    assert HERE.region == sooner.region
