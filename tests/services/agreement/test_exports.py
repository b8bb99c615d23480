"""Exports: what they do to the clock of hosted data, their window, and the verdict on each."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement import (
    count,
    export_clock,
    judge_export,
    lifecycle_verdicts,
    reckon_clocks,
    tenant_clocks,
    zone,
)
from services.model import Clock, Export, ExportState, LifecycleState, Status
from tests.services.agreement.nouns import tenant
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, OTHER, Expected
from tests.services.agreement.records import DAY, EXPORTS, HOUR, delivered, export, utc

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
TICK = datetime.resolution
ROME = zone("Europe/Rome")
DISMISSED = tenant(LifecycleState.DISMISSED)
HOSTED = utc("2026-05-28T22:00:00Z")
"""``DISMISSED``'s by the default agreement, no export in sight."""
OUTER = utc("2026-08-27T22:00:00Z")


def hosted(agreed: Expected, *exports: Export) -> Clock:
    """The clock of hosted data with these exports."""
    return next(one for one in reckon_clocks(DISMISSED, agreed.policy, exports=exports) if one.name == "hosted_data")


def windows(agreed: Expected, *exports: Export) -> list[datetime]:
    """When the windows close that stand among the clocks."""
    found = tenant_clocks(DISMISSED, agreed.policy, exports=exports)
    return [clock.ends_at for clock in found if clock.name == "export_window"]


def status(agreed: Expected, it: Export, now: datetime) -> Status:
    """The verdict on it."""
    return judge_export(it, DISMISSED, agreed.policy, now).status


def test_one_delivered_complete_brings_hosted_data_forward() -> None:
    """Requested after the end and delivered complete: hosted data is due when its window closes."""
    assert hosted(DEFAULT, delivered()).ends_at == utc("2026-04-09T22:00:00Z")


def test_the_soonest_of_several_counts() -> None:
    """Of several delivered exports the one whose window closes first decides; the other windows stay as they are."""
    late, soon = delivered("2026-04-01T09:00:00Z"), delivered("2026-03-12T09:00:00Z")
    assert hosted(DEFAULT, late, soon).ends_at == utc("2026-04-11T22:00:00Z") == hosted(DEFAULT, soon, late).ends_at
    assert windows(DEFAULT, late, soon) == [utc("2026-04-11T22:00:00Z"), utc("2026-05-01T22:00:00Z")]


@both
@pytest.mark.parametrize(
    "it",
    [
        export(),
        export(complete=False, delivered="2026-03-11T09:00:00Z"),
        export(complete=None, delivered="2026-03-11T09:00:00Z"),
        export(ExportState.FAILED, delivered="2026-03-11T09:00:00Z"),
        export(ExportState.CANCELLED, delivered="2026-03-11T09:00:00Z"),
        export(ExportState.PREPARING, available=None, complete=None),
        delivered(requested="2026-02-20T09:00:00Z"),
    ],
    ids=["not fetched", "incomplete", "not verified", "failed", "cancelled", "preparing", "asked before the end"],
)
def test_nothing_else_does(agreed: Expected, it: Export) -> None:
    """A failed, incomplete, unverified, undelivered or early export is never a reason to destroy early."""
    assert hosted(agreed, it) == hosted(agreed)


@both
@given(exports=st.lists(EXPORTS, max_size=3), ended=st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_an_export_prolongs_nothing(agreed: Expected, exports: list[Export], ended: date) -> None:
    """Whatever exports there are: hosted data is due no later than without them and never before the grace ends,
    and no window outlives the outer clock."""
    who = tenant(LifecycleState.DISMISSED, ended_on=ended)
    plain = {clock.name: clock for clock in tenant_clocks(who, agreed.policy)}
    found = tenant_clocks(who, agreed.policy, exports=exports)
    brought = next(clock for clock in found if clock.name == "hosted_data")
    assert plain["grace"].ends_at <= brought.ends_at <= plain["hosted_data"].ends_at
    assert all(clock.ends_at <= plain["return_or_delete"].ends_at for clock in found)
    if brought.ends_at < plain["hosted_data"].ends_at:
        assert any(it.delivered_complete and it.requested_at >= plain["grace"].starts_at for it in exports)


@both
def test_the_window_of_an_active_tenant_needs_no_end(agreed: Expected) -> None:
    """Without an agreed end a window is neither cut nor are there other clocks."""
    it = export()
    (found,) = tenant_clocks(tenant(ended_on=None), agreed.policy, exports=[it])
    since = it.requested_at if agreed is OTHER else it.available_at
    assert found == export_clock(it, tenant(ended_on=None), agreed.policy)
    assert since is not None
    assert found.ends_at == count(agreed.window, since, ROME)


def test_a_destroyed_package_has_no_clock_and_still_moves_the_data() -> None:
    """When the package is gone its window is no clock any more; that it was delivered still brings hosted data
    forward."""
    it = export(ExportState.CLOSED, delivered="2026-03-11T09:00:00Z", destroyed=utc("2026-04-10T09:00:00Z"))
    assert windows(DEFAULT, it) == []
    assert hosted(DEFAULT, it).ends_at == utc("2026-04-09T22:00:00Z")


@both
def test_making_it_takes_no_longer_than_the_policy_gives(agreed: Expected) -> None:
    """Until the package is there: ok, due, at risk, and a breach from the end of the policy's period on."""
    it = export(ExportState.PREPARING, available=None, complete=None, progress=0.61)
    end = count(agreed.preparation, it.requested_at, ROME)
    assert end < hosted(agreed).ends_at
    due, near = end - agreed.horizons["export_preparation"], agreed.at_risk["export_preparation"]
    course = [(due - TICK, Status.OK), (due, Status.DUE), (end, Status.BREACHED)]
    course += [(end - TICK, Status.DUE)] if near is None else [(end - near, Status.AT_RISK)]
    for now, expected in course:
        verdict = judge_export(it, DISMISSED, agreed.policy, now)
        assert (verdict.status, verdict.due_at, verdict.length) == (expected, end, end - it.requested_at)
        assert "61% done" in verdict.reason
        assert (verdict.figure, verdict.clause) == ("export.e-1", "right-to-be-forgotten")


def test_it_must_be_made_before_hosted_data_goes() -> None:
    """Asked for two days before hosted data is due: that is its deadline too, and the reason says why."""
    it = export(ExportState.REQUESTED, requested=HOSTED - 2 * DAY, available=None, complete=None)
    verdict = judge_export(it, DISMISSED, DEFAULT.policy, HOSTED - DAY)
    assert (verdict.status, verdict.due_at) == (Status.AT_RISK, HOSTED)
    assert "when hosted data is due for destruction" in verdict.reason
    after = export(ExportState.REQUESTED, requested=HOSTED + DAY, available=None, complete=None)
    assert judge_export(after, DISMISSED, DEFAULT.policy, HOSTED + DAY).due_at == utc("2026-06-09T22:00:00Z")


@both
def test_a_failure_escalates_at_once(agreed: Expected) -> None:
    """A failed export is at risk, with what failed, and a breach once the time to make it is over."""
    it = export(ExportState.FAILED, available=None, complete=None, failure="disk full")
    end = count(agreed.preparation, it.requested_at, ROME)
    verdict = judge_export(it, DISMISSED, agreed.policy, it.requested_at)
    assert (verdict.status, verdict.changes_at) == (Status.AT_RISK, end)
    assert "disk full" in verdict.reason
    assert status(agreed, it, end) is Status.BREACHED


@both
def test_an_open_window_is_ok_until_its_horizon(agreed: Expected) -> None:
    """A complete package is ok, then due; when the window has closed it must go: at risk, and after the allowance a
    breach; a recorded destruction ends that."""
    it = export()
    clock = export_clock(it, DISMISSED, agreed.policy)
    assert clock is not None
    closes = clock.ends_at
    due = max(clock.starts_at, closes - agreed.horizons["export_window"])
    course = [(clock.starts_at, Status.OK), (due, Status.DUE), (closes, Status.AT_RISK)]
    course += [(closes + agreed.allowance - TICK, Status.AT_RISK), (closes + agreed.allowance, Status.BREACHED)]
    assert [(now, status(agreed, it, now)) for now, _ in course] == course
    for gone, expected in ((agreed.allowance - TICK, Status.OK), (agreed.allowance, Status.NOT_APPLICABLE)):
        over = export(ExportState.CLOSED, destroyed=closes + gone)
        assert status(agreed, over, closes + 99 * DAY) is expected


def test_three_days_before_the_window_closes() -> None:
    """Three days left and nobody fetched it: due, and the reason says both."""
    verdict = judge_export(export(), DISMISSED, DEFAULT.policy, utc("2026-04-06T22:00:00Z"))
    assert (verdict.status, verdict.due_at) == (Status.DUE, utc("2026-04-09T22:00:00Z"))
    assert verdict.reason == "complete, not fetched yet; the window closes 2026-04-09T22:00:00Z"


@pytest.mark.parametrize(
    ("complete", "opened", "near", "closed"),
    [
        (True, Status.OK, Status.DUE, Status.AT_RISK),
        (None, Status.UNPROVEN, Status.AT_RISK, Status.AT_RISK),
        (False, Status.AT_RISK, Status.AT_RISK, Status.BREACHED),
    ],
)
def test_a_package_that_is_not_known_to_be_complete(
    complete: bool | None, opened: Status, near: Status, closed: Status
) -> None:
    """Unverified is unproven and then at risk, never ok; incomplete is at risk and, after its window, a breach."""
    it = export(complete=complete)
    closes = utc("2026-04-09T22:00:00Z")
    found = [status(DEFAULT, it, now) for now in (closes - 20 * DAY, closes - DAY, closes)]
    assert found == [opened, near, closed]


def test_a_window_that_outlives_the_three_months() -> None:
    """The package stays to the close of its window while hosted data goes on time."""
    it = delivered("2026-05-20T09:00:00Z", "2026-05-10T09:00:00Z")
    assert hosted(DEFAULT, it).ends_at == HOSTED
    verdict = judge_export(it, DISMISSED, DEFAULT.policy, HOSTED)
    assert verdict.due_at == utc("2026-06-19T22:00:00Z")
    assert "cut" not in verdict.reason


@pytest.mark.parametrize(
    ("available", "told"), [("2026-08-20T09:00:00Z", "cut"), ("2026-09-20T09:00:00Z", "no window")]
)
def test_a_window_cut_by_the_outer_clock_is_flagged(available: str, told: str) -> None:
    """What would close after the 180 days closes with them, and the reason says from when it was cut."""
    it = export(requested="2026-08-15T09:00:00Z", available=available)
    verdict = judge_export(it, DISMISSED, DEFAULT.policy, OUTER - HOUR)
    assert verdict.due_at == OUTER
    assert told in verdict.reason
    assert "cut by the outer clock" in judge_export(it, DISMISSED, DEFAULT.policy, OUTER).reason


def test_a_package_destroyed_too_early_is_a_breach_while_its_window_would_run() -> None:
    """The customer's window never shrinks; once it would be over anyway nothing is left to judge."""
    it = export(ExportState.CLOSED, destroyed=utc("2026-03-20T09:00:00Z"))
    closes = utc("2026-04-09T22:00:00Z")
    assert status(DEFAULT, it, closes - TICK) is Status.BREACHED
    assert status(DEFAULT, it, closes) is Status.NOT_APPLICABLE


@pytest.mark.parametrize("state", [ExportState.AVAILABLE, ExportState.CLOSED])
def test_a_record_that_contradicts_itself_is_unknown(state: ExportState) -> None:
    """Available, and not since when: unknown, not a window without an end."""
    assert status(DEFAULT, export(state, available=None), OUTER) is Status.UNKNOWN
    assert export_clock(export(state, available=None), DISMISSED, DEFAULT.policy) is None


def test_an_unknown_zone_is_told() -> None:
    """Where the clocks cannot be reckoned the verdict is unknown and says why, and there is no clock."""
    who = tenant(zone="Mars/Phobos")
    verdict = judge_export(export(), who, DEFAULT.policy, OUTER)
    assert verdict.status is Status.UNKNOWN
    assert "Mars/Phobos" in verdict.reason
    assert export_clock(export(), who, DEFAULT.policy) is None


def test_closed_without_a_destruction_is_not_believed() -> None:
    """Recorded closed, and not when the package was destroyed: at risk, and a breach after the allowance."""
    it = export(ExportState.CLOSED)
    closes = utc("2026-04-09T22:00:00Z")
    assert [status(DEFAULT, it, now) for now in (closes - 20 * DAY, closes, closes + DAY)] == [
        Status.AT_RISK,
        Status.AT_RISK,
        Status.BREACHED,
    ]


def test_the_windows_are_judged_by_themselves() -> None:
    """Among the verdicts of the lifecycle there is none on a recorded export."""
    found = lifecycle_verdicts(DISMISSED, DEFAULT.policy, utc("2026-03-20T00:00:00Z"), exports=[delivered()])
    assert {one.figure for one in found} == {"grace", "hosted_data", "return_or_delete", "state"}
