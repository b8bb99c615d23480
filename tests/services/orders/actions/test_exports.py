"""Export requests registered and withdrawn (clause ``right-to-be-forgotten``)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from services.orders.world import Known
from services.wire.operations import ExportRecord
from tests.services.agreement.policies import OTHER
from tests.services.orders.worlds import (
    AT,
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

ASKED = {
    "reference": "mail 2026-11-20 of Dr Rossi",
    "requested": "2026-11-20T10:00:00Z",
    "requester": "Dr Rossi",
    "checked_by": "dpo@example.org",
}


def test_a_request_is_registered_with_who_checked_it() -> None:
    """Reference, date, requester, and who verified that the requester may ask; the clock of preparation begins."""
    made = plan(known(*acme("grace")), "export-register", **ASKED)
    (call,) = calls(made)
    assert call.after is not None
    assert call.path == f"/exports/export-{KEY[:12]}-1"
    assert {name: call.after[name] for name in ("state", "requested_at", "requester", "reference", "checked_by")} == {
        "state": "requested",
        "requested_at": "2026-11-20T10:00:00Z",
        "requester": "Dr Rossi",
        "reference": ASKED["reference"],
        "checked_by": "dpo@example.org",
    }
    (clock,) = made.clocks
    assert (clock.clock, clock.before) == ("export_preparation", None)
    assert clock.after == datetime.fromisoformat("2026-11-30T23:00:00Z")
    assert made.warnings == ()


def test_a_day_begins_at_the_tenants_midnight() -> None:
    """The mail says a day: the day after the end counts as after the end."""
    (call,) = calls(plan(known(*acme("grace")), "export-register", **{**ASKED, "requested": "2026-11-01"}))
    assert call.after is not None
    assert call.after["requested_at"] == "2026-10-31T23:00:00Z"


@pytest.mark.parametrize(("requested", "sooner"), [("2026-11-01", True), ("2026-10-31", False)])
def test_only_a_request_after_the_end_brings_destruction_forward(requested: str, sooner: bool) -> None:
    """Which of the two it is, is told now."""
    (effect,) = plan(known(*acme("grace")), "export-register", **{**ASKED, "requested": requested}).effects
    assert ("if that is sooner" in effect) is sooner


def test_a_window_that_the_180_days_will_cut_is_flagged_when_requested() -> None:
    """The package at the last moment of its preparation, thirty days from there: past D + 180 days."""
    of = known(*acme("dismissed", date(2026, 6, 10)), now=AT)
    made = plan(of, "export-register", **ASKED)
    assert made.warnings == (
        "acme: a window to 2026-12-31T23:00:00Z is cut to 2026-12-07T23:00:00Z by the outer clock (return-or-delete)",
    )
    assert plan(known(*acme("dismissed", date(2026, 7, 5))), "export-register", **ASKED).warnings == ()


@pytest.mark.parametrize(("ended_on", "cut"), [(date(2026, 7, 30), False), (date(2026, 7, 29), True)])
def test_a_policy_that_counts_from_the_request_counts_from_it(ended_on: date, cut: bool) -> None:
    """Ten days from the request end with 30 November, whenever the package is there."""
    silver = tenant(state="dismissed", tier="silver", zone="UTC")
    given = known(
        silver, subscription(ended_on), policy=OTHER.policy, now=datetime.fromisoformat("2026-11-21T00:00:00Z")
    )
    warnings = plan(given, "export-register", **ASKED).warnings
    assert any("a window to 2026-12-01T00:00:00Z is cut to 2026-11-30T00:00:00Z" in line for line in warnings) is cut
    assert any("is cut to" in line for line in warnings) is cut


def test_hosted_data_that_goes_first_and_a_late_start_are_told() -> None:
    """The package is to be made before its data is due for destruction."""
    of = known(*acme("dismissed", date(2026, 8, 25)))
    assert plan(of, "export-register", **ASKED).warnings == (
        "acme: hosted data is due 2026-11-25T23:00:00Z: make the package before that",
    )
    late = plan(known(*acme("grace")), "export-register", **{**ASKED, "requested": "2026-11-02"})
    assert late.warnings == ("acme: the package was due by 2026-11-12T23:00:00Z: it is late already",)


def test_the_same_mail_is_registered_once_and_another_open_export_is_told() -> None:
    """Two operators read the same mail."""
    given = known(*acme("grace"), registry.export("ex-1", "acme", reference=ASKED["reference"]))
    assert refusal(given, "export-register", **ASKED).where == "fields.reference"
    made = plan(given, "export-register", **{**ASKED, "reference": "another"})
    assert made.warnings == ("acme: export ex-1 is requested already",)


@pytest.mark.parametrize(
    ("given", "fields", "where"),
    [
        (known(*acme("destroying")), {}, "acme"),
        (known(*acme("destroyed")), {}, "acme"),
        (known(*acme()), {"requested": "2026-11-24"}, "fields.requested"),
        (known(*acme()), {"requested": "last week"}, "fields.requested"),
        (known(*acme()), {"checked_by": ""}, "fields.checked_by"),
        (known(*acme()), {"requester": "x" * 1001}, "fields.requester"),
    ],
)
def test_requests_that_are_refused(given: Known, fields: dict[str, str], where: str) -> None:
    """Data that goes or is gone, a time to come, no day, and nobody who checked the requester."""
    assert refusal(given, "export-register", **{**ASKED, **fields}).where == where


def with_export(**members: Any) -> Known:
    """A request of five days ago."""
    return known(*acme("grace"), registry.export("ex-1", "acme", **members))


def test_a_withdrawn_request_stops_its_clock() -> None:
    """And why is in the order's words."""
    made = plan(with_export(state="preparing"), "export-cancel", export="ex-1", reason="withdrawn by mail")
    assert [becomes(call) for call in calls(made)] == [{"state": ("preparing", "cancelled")}]
    assert made.steps[0].says == "export ex-1 cancelled: withdrawn by mail"
    (clock,) = made.clocks
    assert (clock.clock, clock.after) == ("export_preparation", None)
    assert clock.before == datetime.fromisoformat("2026-11-28T23:00:00Z")


@pytest.mark.parametrize(
    ("export", "said"),
    [
        (registry.export("ex-1", "acme", state="available", available_at=AT), "is available"),
        (registry.export("ex-1", "acme", state="closed", available_at=AT), "is closed"),
        (registry.export("ex-1", "acme", state="cancelled"), "is cancelled"),
        (registry.export("ex-1", "beta"), "is one of beta"),
    ],
)
def test_what_can_no_longer_be_withdrawn(export: ExportRecord, said: str) -> None:
    """A package that stands goes at the close of its window and not before."""
    assert said in str(refusal(known(*acme("grace"), export), "export-cancel", export="ex-1", reason="x"))


def test_a_reason_too_long_for_its_sentence_is_refused() -> None:
    """Not a fault of the server."""
    assert "4000 characters" in str(refusal(with_export(), "export-cancel", export="ex-1", reason="x" * 4000))


def test_registering_stays_the_same_plan_while_time_passes() -> None:
    """Nothing in it follows the clock of whoever makes it."""
    of = known(*acme("grace"))
    assert (
        plan(of, "export-register", **ASKED).digest
        == plan(later(of, AT.replace(hour=18)), "export-register", **ASKED).digest
    )
