"""Assistance cases: received, answered, closed (clause ``processing``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from services.orders.world import Known
from services.wire.orders import NOW
from tests.services.agreement.policies import OTHER
from tests.services.orders.worlds import (
    AT,
    DAY,
    HOUR,
    KEY,
    acme,
    becomes,
    calls,
    known,
    later,
    plan,
    refusal,
    subscription,
    tenant,
)
from tests.support import registry

RECEIVED = "2026-11-23T09:00:00Z"
OPENING = {"kind": "data-subject-request", "received": RECEIVED, "scope": "mailbox 1234"}


def with_case(**members: Any) -> Known:
    """A data subject's request, three hours old."""
    given = {"kind": "data-subject-request", "delivered_at": datetime.fromisoformat(RECEIVED)} | members
    return known(*acme(), registry.case("c-1", "acme", **given))


def test_the_clock_runs_from_when_it_was_received() -> None:
    """Not from when it was entered: days by the tenant's calendar, or hours that elapse."""
    made = plan(known(*acme()), "assist-open", **OPENING, reference="DSR-1")
    (call,) = calls(made)
    assert call.after is not None
    assert (call.after["delivered_at"], call.after["opened_at"], call.after["state"]) == (RECEIVED, NOW, "open")
    (clock,) = made.clocks
    assert (clock.clock, clock.after) == ("data_subject_request", datetime.fromisoformat("2026-12-03T23:00:00Z"))
    (clock,) = plan(known(*acme()), "assist-open", **{**OPENING, "kind": "breach-notice"}).clocks
    assert (clock.clock, clock.after) == ("breach_notice", datetime.fromisoformat("2026-11-24T09:00:00Z"))


def test_the_periods_are_the_policys() -> None:
    """Another agreement tells of a breach within twelve hours."""
    given = known(tenant(zone="UTC"), subscription(), policy=OTHER.policy)
    (clock,) = plan(given, "assist-open", **{**OPENING, "kind": "breach-notice"}).clocks
    assert clock.after == datetime.fromisoformat("2026-11-23T21:00:00Z")


def test_one_breach_is_told_to_many() -> None:
    """A case and a clock for each customer."""
    both = known(*acme(), tenant("beta"), subscription(of="beta"))
    made = plan(both, "assist-open", "acme", "beta", **{**OPENING, "kind": "breach-notice"})
    assert [call.path for call in calls(made)] == [f"/cases/case-{KEY[:12]}-{number}" for number in (1, 2)]
    assert [it.tenant for it in made.clocks] == ["acme", "beta"]


def test_what_is_late_already_is_told() -> None:
    """It is entered all the same."""
    made = plan(known(*acme()), "assist-open", **{**OPENING, "received": "2026-11-01T09:00:00Z"})
    assert made.warnings == ("acme: it was due by 2026-11-11T23:00:00Z: it is late already",)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"received": "2026-11-23T12:00:01Z"}, "fields.received"),
        ({"kind": "acceptable-use"}, "fields.kind"),
        ({"scope": " "}, "fields.scope"),
        ({"scope": "x" * 1001}, "fields.scope"),
        ({"reference": "DSR-1"}, "fields.reference"),
    ],
)
def test_openings_that_are_refused(fields: dict[str, str], where: str) -> None:
    """Received in time to come, no such kind, about nothing or too much, and the same mail a second time."""
    assert refusal(with_case(reference="DSR-1"), "assist-open", **{**OPENING, **fields}).where == where


def test_an_answer_is_dated_by_its_own_time_or_by_the_order() -> None:
    """Lateness is judged by it."""
    now = plan(with_case(), "assist-answer", case="c-1", outcome="sent")
    assert becomes(calls(now)[0]) == {"ended_at": (None, NOW), "outcome": (None, "sent")}
    then = plan(with_case(), "assist-answer", case="c-1", outcome="sent", answered="2026-11-23T10:00:00Z")
    assert becomes(calls(then)[0])["ended_at"] == (None, "2026-11-23T10:00:00Z")


def test_a_late_answer_is_told_and_taken() -> None:
    """By the instant of the answer, not by when it is entered."""
    of = later(with_case(), AT + 20 * DAY)
    assert plan(of, "assist-answer", case="c-1", outcome="sent").warnings == (
        "it was due by 2026-12-03T23:00:00Z: this is late",
    )
    in_time = plan(of, "assist-answer", case="c-1", outcome="sent", answered="2026-12-03T22:59:59Z")
    assert in_time.warnings == ()


@pytest.mark.parametrize(
    ("members", "fields"),
    [
        ({}, {"answered": "2026-11-23T08:59:59Z"}),
        ({}, {"answered": "2026-11-23T12:00:01Z"}),
        ({}, {"outcome": ""}),
        ({"ended_at": AT}, {}),
        ({"state": "closed", "ended_at": AT}, {}),
        ({"kind": "acceptable-use"}, {}),
    ],
)
def test_answers_that_are_refused(members: dict[str, Any], fields: dict[str, str]) -> None:
    """Before it was received, in time to come, without a word, twice, of a closed case, of a conduct case."""
    refused = refusal(with_case(**members), "assist-answer", **{"case": "c-1", "outcome": "sent", **fields})
    assert refused.where == f"fields.{next(iter(fields), 'case')}"


def test_only_what_was_answered_is_closed() -> None:
    """A closed case is judged no longer: an unanswered one would be forgotten by it."""
    assert "assist-answer first" in str(refusal(with_case(), "assist-close", case="c-1"))
    made = plan(with_case(ended_at=AT - HOUR), "assist-close", case="c-1")
    assert [becomes(call) for call in calls(made)] == [{"state": ("open", "closed")}]
