"""Renew, confirm the termination, disable, reinstate: clause ``right-to-be-forgotten``."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from services.orders.world import Known
from services.wire.orders import NOW, Confirmation
from tests.services.agreement.policies import OTHER
from tests.services.orders.worlds import (
    AT,
    ENDED_AT,
    GRACE_END,
    HOUR,
    acme,
    becomes,
    calls,
    carried_out,
    known,
    later,
    plan,
    refusal,
    subscription,
    tenant,
)
from tests.support import registry

GRACE = known(*acme("grace"))
CONFIRMED = "2026-11-20T09:00:00Z"


def test_a_renewal_in_grace_gives_the_service_back_and_a_new_end() -> None:
    """The end date moves, the state is active again, and every clock moves with it."""
    made = plan(GRACE, "renew", until="2027-10-31", order="SO-2")
    ended, state = calls(made)
    assert becomes(ended) == {"ended_on": ("2026-10-31", "2027-10-31"), "order": (None, "SO-2")}
    assert becomes(state) == {"state": ("grace", "active")}
    assert [(it.clock, it.after) for it in made.clocks] == [
        ("grace", datetime.fromisoformat("2027-11-30T23:00:00Z")),
        ("hosted_data", datetime.fromisoformat("2028-01-31T23:00:00Z")),
        ("return_or_delete", datetime.fromisoformat("2028-04-28T22:00:00Z")),
    ]
    assert made.effects == ("The service is enabled again, and nothing happens to the data.",)
    assert (made.warnings, made.confirmation, made.approval) == ((), Confirmation.REVERSIBLE, False)


def test_a_renewal_before_the_end_writes_the_end_alone() -> None:
    """An active tenant stays active."""
    made = plan(known(*acme(ended_on=date(2026, 12, 31))), "renew", until="2027-12-31")
    assert [becomes(call) for call in calls(made)] == [{"ended_on": ("2026-12-31", "2027-12-31")}]
    assert made.effects == ()


def test_a_renewal_takes_a_confirmed_termination_back_and_says_so() -> None:
    """What was confirmed no longer holds."""
    made = plan(known(*acme("grace", termination_confirmed_at=CONFIRMED)), "renew", until="2027-10-31")
    assert becomes(calls(made)[0])["termination_confirmed_at"] == (CONFIRMED, None)
    assert any("termination was confirmed 2026-11-20" in line for line in made.warnings)


def test_a_renewal_after_the_grace_is_told_to_be_late() -> None:
    """Recorded grace, though its thirty days are over: nobody has dismissed it."""
    made = plan(later(GRACE, GRACE_END), "renew", until="2027-10-31")
    assert made.warnings == ("acme: its grace ended 2026-11-30T23:00:00Z: this renewal is late",)
    assert plan(later(GRACE, GRACE_END - HOUR), "renew", until="2027-10-31").warnings == ()


@pytest.mark.parametrize("until", ["2026-10-31", "2026-10-30", "2026-11-22"])
def test_a_renewal_lengthens_and_ends_in_the_time_to_come(until: str) -> None:
    """Not to an earlier end, nor to one that is over already."""
    assert refusal(GRACE, "renew", until=until).where == "fields.until"


def test_a_day_counts_to_its_end_in_the_tenants_zone() -> None:
    """To the end of today it may be renewed; an hour after Rome's midnight it may not."""
    assert plan(GRACE, "renew", until="2026-11-23").steps
    over = datetime.fromisoformat("2026-11-23T23:00:00Z")
    assert "over since 2026-11-23T23:00:00Z" in str(refusal(later(GRACE, over), "renew", until="2026-11-23"))


def test_beyond_the_calendar_is_refused_at_its_field() -> None:
    """The last day that there is has no end."""
    assert refusal(GRACE, "renew", until="9999-12-31").where == "fields.until"


@pytest.mark.parametrize("state", ["dismissed", "destroying", "destroyed"])
def test_a_dismissed_tenant_is_not_renewed(state: str) -> None:
    """Until destruction starts it can be reinstated; the refusal is the agreement's own."""
    assert str(refusal(known(*acme(state)), "renew", until="2027-10-31")).startswith("acme: renew is refused")


def test_where_no_end_is_agreed_there_is_nothing_to_renew() -> None:
    """A renewal would shorten it."""
    assert "nothing to renew" in str(refusal(known(*acme(ended_on=None)), "renew", until="2027-10-31"))


def test_several_tenants_are_renewed_by_one_order() -> None:
    """Each with its own steps, and one refusal refuses all."""
    both = known(*acme("grace"), tenant("beta"), subscription(date(2026, 12, 31), of="beta"))
    made = plan(both, "renew", "beta", "acme", until="2027-10-31")
    assert [it.tenant for it in made.tenants] == ["beta", "acme"]
    assert [call.path for call in calls(made)] == [
        "/subscriptions/sub-beta",
        "/subscriptions/sub-acme",
        "/tenants/acme",
    ]
    refused = refusal(
        known(*acme("dismissed"), *both.records[type(tenant())][1:], subscription(of="beta")),
        "renew",
        "beta",
        "acme",
        until="2027-10-31",
    )
    assert refused.where == "acme"


def test_confirming_in_grace_ends_it_when_it_is_carried_out() -> None:
    """At what instant that will be, no plan can say; and the retention runs from the end of the service as before."""
    made = plan(GRACE, "confirm-termination", by="Dr Rossi, by mail")
    (call,) = calls(made)
    assert becomes(call) == {"termination_confirmed_at": (None, NOW)}
    assert made.steps[0].says == "termination of acme confirmed by Dr Rossi, by mail"
    (clock,) = made.clocks
    assert (clock.clock, clock.before, clock.after, clock.at_once) == ("grace", GRACE_END, None, True)
    assert made.tenants[0].after == "grace over"
    assert any("may be dismissed at once" in line for line in made.effects)
    assert plan(later(GRACE, AT + HOUR), "confirm-termination", by="Dr Rossi, by mail").digest == made.digest


def test_confirming_before_the_end_leaves_a_grace_of_no_length() -> None:
    """The service stays in force to the last moment of the end date."""
    made = plan(known(*acme(), now=ENDED_AT - HOUR), "confirm-termination")
    (clock,) = made.clocks
    assert (clock.clock, clock.before, clock.after, clock.at_once) == ("grace", GRACE_END, ENDED_AT, False)
    assert made.tenants[0].after == "in force to the end of 2026-10-31, then no grace"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (known(*acme("dismissed")), "dismissed"),
        (known(*acme("grace", termination_confirmed_at=CONFIRMED)), "confirmed already, 2026-11-20T09:00:00Z"),
        (known(*acme(ended_on=None)), "no end of the subscription is agreed"),
        (known(*acme("grace"), now=GRACE_END), "its grace ended 2026-11-30T23:00:00Z"),
    ],
)
def test_nothing_to_confirm(given: Known, said: str) -> None:
    """Too late, twice, or of nothing."""
    assert said in str(refusal(given, "confirm-termination"))


def test_the_service_is_disabled_from_the_end_on_and_not_before() -> None:
    """At the last moment of the end date it is in force; the tenant notices, so its id is typed."""
    before = known(*acme(), now=ENDED_AT - timedelta(microseconds=1))
    assert "before 2026-10-31T23:00:00Z" in str(refusal(before, "disable"))
    made = plan(later(before, ENDED_AT), "disable")
    assert [becomes(call) for call in calls(made)] == [{"state": ("active", "grace")}]
    assert (made.confirmation, made.approval) == (Confirmation.SEEN, False)
    assert made.tenants[0].after == "grace until 2026-11-30T23:00:00Z"
    assert len(made.effects) == 1
    assert "to be dismissed next" in plan(later(before, GRACE_END), "disable").effects[1]


def test_disabling_twice_is_refused() -> None:
    """The second operator sees what the first one did."""
    once = known(*acme())
    done = carried_out(once, plan(once, "disable"))
    assert "the tenant is grace" in str(refusal(done, "disable"))


def test_a_dismissed_tenant_is_reinstated_with_a_second_person() -> None:
    """A late renewal: a new end, active again, and a word on what this order does not do."""
    made = plan(known(*acme("dismissed", termination_confirmed_at=CONFIRMED)), "reinstate", until="2027-10-31")
    ended, state = calls(made)
    assert becomes(ended) == {"ended_on": ("2026-10-31", "2027-10-31"), "termination_confirmed_at": (CONFIRMED, None)}
    assert becomes(state) == {"state": ("dismissed", "active")}
    assert made.approval
    assert made.effects == (
        "Access is given again. Nothing in this order restores the live stores from the final backup.",
    )


def test_whether_reinstating_takes_two_is_the_policys_word() -> None:
    """Another agreement asks no second person."""
    given = known(tenant(state="dismissed", tier="silver"), subscription(), policy=OTHER.policy)
    assert not plan(given, "reinstate", until="2027-10-31").approval


def test_reinstating_after_a_breach_says_what_the_breach_was() -> None:
    """And takes the mark away: it is in force again."""
    made = plan(known(*acme("dismissed", terminated_for="fees unpaid")), "reinstate", until="2027-10-31")
    assert made.warnings == ("acme was terminated for a breach: fees unpaid",)
    assert becomes(calls(made)[0])["terminated_for"] == ("fees unpaid", None)


@pytest.mark.parametrize("state", ["active", "grace", "destroying", "destroyed"])
def test_only_a_dismissed_tenant_is_reinstated(state: str) -> None:
    """Before it is renewed, and once destruction has begun there is no way back."""
    assert "reinstate is refused" in str(refusal(known(*acme(state)), "reinstate", until="2027-10-31"))


def test_an_export_window_that_a_renewal_no_longer_cuts_moves_with_it() -> None:
    """The outer clock cuts the windows of exports; each that it cuts is told."""
    late = [
        registry.export(
            f"ex-{place}",
            "acme",
            state="available",
            requested_at="2027-04-01T00:00:00Z",
            available_at=f"2027-04-{place:02}T12:00:00Z",
        )
        for place in (10, 20)
    ]
    made = plan(known(*acme("grace"), *late), "renew", until="2027-10-31")
    windows = [(it.before, it.after) for it in made.clocks if it.clock == "export_window"]
    cut = datetime.fromisoformat("2027-04-29T22:00:00Z")
    assert windows == [
        (cut, datetime.fromisoformat("2027-05-10T22:00:00Z")),
        (cut, datetime.fromisoformat("2027-05-20T22:00:00Z")),
    ]
