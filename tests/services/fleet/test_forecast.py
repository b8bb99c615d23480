"""The fleet as it will stand if nobody acts."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

from services.fleet.forecast import basis, forecast
from services.fleet.merge import Picture
from services.fleet.refresh import Fleet
from services.fleet.snapshot import FleetSnapshot
from services.model import LifecycleState, Status
from tests.services.estate.things import NOW, answers, instance, seen, tagged
from tests.services.fleet.fakes import POLICY, FakeAws, FakeRegistry, picture, registry, restored, tenant
from tests.services.fleet.nouns import DAY, HOUR, case, export, pending, slot, window
from tests.services.fleet.test_operations import verdict

ORDERS = instance("orders", tags=tagged("acme"))
ENDED: dict[str, Any] = {"state": LifecycleState.GRACE, "ended_on": date(2026, 11, 1)}


def made(**answer: Any) -> Picture:
    it = picture()
    it.take_registry(registry(tenant("acme", **ENDED), recovery_tests=(restored("orders"),), **answer), NOW)
    planned = answer.get("slots", ())
    it.take([*answers(ORDERS), seen("DescribeMaintenanceWindows", *map(window, planned))])
    return it


def at(it: Picture, when: timedelta, known: timedelta = timedelta()) -> FleetSnapshot:
    it.publish(NOW + known, 1)
    return forecast(basis(it.snapshot, it.judging, it.slots, NOW + known), NOW + when)


def test_clocks_go_on_and_nobody_acts() -> None:
    """A grace that runs now is over then, and the record has not followed."""
    it = made()
    then = at(it, 20 * DAY).tenants["acme"]
    assert verdict(it.snapshot.tenants["acme"], "state").status is Status.OK
    assert then.state_due is LifecycleState.DISMISSED
    assert verdict(then, "state").status is not Status.OK


def test_stores_stand_as_they_were_last_seen() -> None:
    """RPO and RTO are those of the present, evidence is as old as it is."""
    it = made()
    then = at(it, 20 * DAY)
    assert then.tenants["acme"].stores == it.snapshot.tenants["acme"].stores
    assert verdict(then.tenants["acme"], "recovery.orders").status is Status.OK
    assert then.sources == it.snapshot.sources


def test_a_forecast_says_that_it_is_one() -> None:
    """Since when and for when; ages are those of the present."""
    then = at(made(), 20 * DAY)
    assert (then.at, then.forecast_from, then.known_at) == (NOW + 20 * DAY, NOW, NOW)


def test_cases_exports_slots_and_what_is_pending_go_on() -> None:
    """Each by its own clock."""
    it = made(cases=(case(),), exports=(export(delivered_at=None),), slots=(slot(),))
    it.take([seen("DescribePendingMaintenanceActions", pending(ORDERS.arn, applies_at=None, forced_at=NOW + 30 * DAY))])
    now, then = at(it, HOUR / 2), at(it, 29 * DAY)
    assert [view.verdict.status for view in now.tenants["acme"].cases] == [Status.AT_RISK]
    assert "not corrected" in then.tenants["acme"].cases[0].verdict.reason
    assert now.tenants["acme"].exports[0].verdict.status is Status.OK
    assert then.tenants["acme"].exports[0].verdict.status is Status.BREACHED
    assert [view.verdict.status for view in now.slots] == [Status.DUE]
    assert then.slots[0].verdict.status is Status.AT_RISK  # it is over, and nobody recorded that it was done
    assert now.pending_maintenance[0].verdict.status is Status.OK
    assert then.pending_maintenance[0].verdict.status is Status.AT_RISK


def test_what_cannot_be_relied_on_now_is_not_relied_on_then() -> None:
    """A list that was not read says nothing of any day."""
    then = at(made(failed=("exports", "cases")), 20 * DAY).tenants["acme"]
    assert verdict(then, "exports").status is Status.UNKNOWN
    assert verdict(then, "cases").status is Status.UNKNOWN
    assert verdict(then, "hosted_data").status is Status.UNKNOWN


def test_a_registry_that_is_too_old_foretells_nothing() -> None:
    """What it says is unknown then as it is now."""
    then = at(made(), 20 * DAY, known=HOUR).tenants["acme"]
    assert {it.status for it in then.verdicts if it.figure in {"grace", "state"}} == {Status.UNKNOWN}


def test_an_end_that_cannot_be_told_is_not_foretold() -> None:
    """The doubt stays."""
    then = at(made(doubts={"acme": "a bad record names it"}), 20 * DAY).tenants["acme"]
    assert verdict(then, "state").status is Status.UNKNOWN
    assert then.clocks == ()


def test_a_forecast_for_the_present_is_the_present() -> None:
    """Verdict for verdict, and it changes nothing of the picture."""
    it = made(cases=(case(),), exports=(export(),), slots=(slot(),))
    before = it.publish(NOW, 1)
    same = at(it, timedelta())
    assert same.tenants["acme"].verdicts == before.tenants["acme"].verdicts
    assert same.slots == before.slots
    assert it.rejudge(NOW) is it.snapshot


def test_the_fleet_foretells_without_asking() -> None:
    """From what the last refresh left."""
    aws = FakeAws(lambda *_: [])
    fleet = Fleet(FakeRegistry(registry(tenant("acme", **ENDED))), aws, POLICY, lambda: NOW)
    fleet.refresh(lambda _: None, threading.Event())
    aws.asked.clear()
    then = fleet.forecast(NOW + 20 * DAY)
    assert then.tenants["acme"].state_due is LifecycleState.DISMISSED
    assert (then.forecast_from, aws.asked) == (NOW, [])
