"""Which clocks an act moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.model import Case, CaseKind, CaseState, Export, ExportState, LifecycleState, Tenant
from services.orders.clocks import moved, moved_of_case
from tests.services.agreement.policies import DEFAULT
from tests.services.orders.worlds import AT, DAY, ENDED, ENDED_AT, GRACE_END

ACME = Tenant(
    id="acme",
    name="Acme",
    tier="public",
    region="eu-central-1",
    account="111122223333",
    zone="Europe/Rome",
    state=LifecycleState.GRACE,
    customer="c",
    ended_on=ENDED,
)
EXPORT = Export("ex-1", "acme", ExportState.AVAILABLE, AT - DAY, "dpo", available_at=AT, complete=True, delivered_at=AT)
CASE = Case("c-1", "acme", CaseKind.ACCEPTABLE_USE, "application fax", CaseState.OPEN, AT, None)


def test_what_does_not_move_is_not_told() -> None:
    """The same tenant, and one whose state alone is another."""
    assert moved(ACME, ACME, DEFAULT.policy, [EXPORT]) == ()
    assert moved(ACME, replace(ACME, state=LifecycleState.DISMISSED), DEFAULT.policy, [EXPORT]) == ()


def test_clocks_that_begin_and_that_stop() -> None:
    """An end that is agreed starts three; an end that is taken away stops them."""
    endless = replace(ACME, ended_on=None)
    begun = moved(endless, ACME, DEFAULT.policy)
    assert [(it.clock, it.before is None, it.after is None) for it in begun] == [
        (name, True, False) for name in ("grace", "hosted_data", "return_or_delete")
    ]
    assert [(it.clock, it.before, it.after) for it in moved(ACME, endless, DEFAULT.policy)] == [
        (it.clock, it.after, None) for it in begun
    ]


def test_a_clock_that_ends_when_it_is_carried_out_has_no_end_yet() -> None:
    """By the instant that stands for it, and only by that."""
    after = replace(ACME, termination_confirmed_at=AT)
    (at_once,) = moved(ACME, after, DEFAULT.policy, now=AT)
    assert (at_once.before, at_once.after, at_once.at_once) == (GRACE_END, None, True)
    (dated,) = moved(ACME, after, DEFAULT.policy)
    assert (dated.before, dated.after, dated.at_once) == (GRACE_END, AT, False)


def test_an_export_moves_the_hosted_data_and_its_own_window() -> None:
    """One that is no more has no window."""
    cancelled = replace(EXPORT, state=ExportState.CANCELLED)
    found = moved(ACME, ACME, DEFAULT.policy, [EXPORT], [cancelled])
    closes = datetime(2026, 12, 23, 23, tzinfo=UTC)
    assert [(it.clock, it.before, it.after) for it in found] == [
        ("hosted_data", closes, datetime(2027, 1, 31, 23, tzinfo=UTC)),
        ("export_window", closes, None),
    ]
    gone = replace(EXPORT, destroyed_at=AT + DAY)
    assert [it.clock for it in moved(ACME, ACME, DEFAULT.policy, [EXPORT], [gone])] == ["export_window"]


def test_what_cannot_be_reckoned_moves_nothing() -> None:
    """A zone that there is not, an end beyond the calendar: the action itself says so."""
    for odd in (replace(ACME, zone="Mars/Olympus"), replace(ACME, ended_on=date.max)):
        assert moved(odd, odd, DEFAULT.policy) == ()
        assert [it.after for it in moved(ACME, odd, DEFAULT.policy)] == [None, None, None]


def test_the_clock_of_a_case_begins_with_its_delivery() -> None:
    """Not with the case; and a later delivery moves it."""
    delivered = replace(CASE, delivered_at=ENDED_AT)
    assert moved_of_case(None, CASE, ACME, DEFAULT.policy) == ()
    (begun,) = moved_of_case(CASE, delivered, ACME, DEFAULT.policy)
    assert (begun.clock, begun.clause, begun.before, begun.after) == (
        "conduct",
        "acceptable-use",
        None,
        ENDED_AT + timedelta(hours=24),
    )
    assert moved_of_case(delivered, delivered, ACME, DEFAULT.policy) == ()
