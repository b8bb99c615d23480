"""What the clocks say of a tenant: due state, verdicts, and when each changes by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement import lifecycle_verdicts, reckon_clocks, state_due
from services.model import Clock, LifecycleState, Status, Tenant, Verdict
from tests.services.agreement.nouns import tenant
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, Expected

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
STATES = list(LifecycleState)
instants = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-12-31"), timezones=st.just(UTC)
)


def utc(text: str) -> datetime:
    """An instant as people write it."""
    return datetime.fromisoformat(text)


def ends(agreed: Expected, who: Tenant | None = None) -> dict[str, Clock]:
    """The clocks by name."""
    return {clock.name: clock for clock in reckon_clocks(who or tenant(), agreed.policy)}


def verdicts(agreed: Expected, state: LifecycleState, now: datetime) -> dict[str, Verdict]:
    """The verdicts by figure."""
    return {verdict.figure: verdict for verdict in lifecycle_verdicts(tenant(state), agreed.policy, now)}


@both
def test_the_due_state_changes_exactly_at_its_boundaries(agreed: Expected) -> None:
    """Through a tenant's life each state is due from the instant of its clock on, and not a microsecond before."""
    clocks = ends(agreed)
    boundaries = [
        clocks["grace"].starts_at,
        clocks["grace"].ends_at,
        clocks["hosted_data"].ends_at,
        clocks["return_or_delete"].ends_at,
    ]
    for boundary, before, after in zip(boundaries, STATES, STATES[1:], strict=False):
        assert state_due(tenant(), agreed.policy, boundary - TICK) is before
        assert state_due(tenant(), agreed.policy, boundary) is after


@both
def test_a_zero_grace_goes_straight_to_dismissed(agreed: Expected) -> None:
    """Confirmed before the end, the tenant is due to be dismissed the moment the service ends."""
    who = tenant(confirmed_at=utc("2026-02-01T00:00:00Z"))
    end = ends(agreed, who)["grace"].starts_at
    assert state_due(who, agreed.policy, end - TICK) is LifecycleState.ACTIVE
    assert state_due(who, agreed.policy, end) is LifecycleState.DISMISSED


@both
def test_no_end_is_active(agreed: Expected) -> None:
    """Without an agreed end a tenant is due to be active for ever; another record cannot be explained."""
    now = utc("2026-06-01T00:00:00Z")
    assert state_due(tenant(ended_on=None), agreed.policy, now) is LifecycleState.ACTIVE
    (fine,) = lifecycle_verdicts(tenant(ended_on=None), agreed.policy, now)
    (odd,) = lifecycle_verdicts(tenant(LifecycleState.GRACE, ended_on=None), agreed.policy, now)
    assert (fine.status, odd.status) == (Status.OK, Status.UNKNOWN)


def test_two_days_before_the_grace_ends_it_is_due() -> None:
    """The verdict on a grace that ends in two days is due, and its reason names the end."""
    found = verdicts(DEFAULT, LifecycleState.GRACE, utc("2026-03-28T22:00:00Z"))
    assert found["grace"].status is Status.DUE
    assert "2026-03-30T22:00:00Z" in found["grace"].reason
    assert found["grace"].at == found["grace"].changes_at == utc("2026-03-30T22:00:00Z")
    assert found["state"].status is Status.OK


@both
@pytest.mark.parametrize("name", ["grace", "hosted_data", "return_or_delete"])
def test_a_clock_is_ok_until_its_horizon_and_then_due(agreed: Expected, name: str) -> None:
    """A running clock is ok until the policy's horizon before its end, due from there, and at risk from the nearer
    horizon on where the policy has one; all the while it counts down to its end, against its own length."""
    clock = ends(agreed)[name]
    horizon = clock.ends_at - agreed.horizons[name]
    near = agreed.at_risk[name]
    course = [(clock.starts_at, Status.OK), (horizon - TICK, Status.OK), (horizon, Status.DUE)]
    last = clock.ends_at - TICK
    course += (
        [(last, Status.DUE)]
        if near is None
        else [
            (clock.ends_at - near - TICK, Status.DUE),
            (clock.ends_at - near, Status.AT_RISK),
            (last, Status.AT_RISK),
        ]
    )
    for now, status in course:
        verdict = verdicts(agreed, LifecycleState.GRACE, now)[name]
        assert (verdict.status, verdict.due_at) == (status, clock.ends_at)
        assert verdict.length == clock.ends_at - clock.starts_at


@both
def test_only_clocks_that_run_have_a_verdict(agreed: Expected) -> None:
    """Before the end there is the state alone; the grace has none when it is over; a destroyed tenant has no clock."""
    clocks = ends(agreed)
    assert set(verdicts(agreed, LifecycleState.ACTIVE, clocks["grace"].starts_at - TICK)) == {"state"}
    after = verdicts(agreed, LifecycleState.DISMISSED, clocks["grace"].ends_at)
    assert set(after) == {"hosted_data", "return_or_delete", "state"}
    assert set(verdicts(agreed, LifecycleState.DESTROYED, clocks["hosted_data"].ends_at)) == {"state"}


@both
@pytest.mark.parametrize("state", [LifecycleState.DISMISSED, LifecycleState.DESTROYING])
def test_hosted_data_unmet_is_at_risk_and_after_the_allowance_breached(agreed: Expected, state: LifecycleState) -> None:
    """From its end hosted data is at risk, from the end of the allowance it is a breach; no clock says it was done."""
    due = ends(agreed)["hosted_data"].ends_at
    assert verdicts(agreed, state, due)["hosted_data"].status is Status.AT_RISK
    assert verdicts(agreed, state, due)["hosted_data"].changes_at == due + agreed.allowance
    assert verdicts(agreed, state, due + agreed.allowance - TICK)["hosted_data"].status is Status.AT_RISK
    assert verdicts(agreed, state, due + agreed.allowance)["hosted_data"].status is Status.BREACHED


@both
def test_hosted_data_is_met_by_evidence_alone(agreed: Expected) -> None:
    """An inventory that found no readable store takes the verdict away, from its instant on."""
    late = ends(agreed)["hosted_data"].ends_at + agreed.allowance + SECOND
    who = tenant(LifecycleState.DESTROYING)
    for met, expected in ((late, False), (late + TICK, True), (None, True)):
        found = lifecycle_verdicts(who, agreed.policy, late, hosted_data_met_at=met)
        assert any(verdict.figure == "hosted_data" for verdict in found) is expected


@both
def test_the_outer_clock_has_no_allowance(agreed: Expected) -> None:
    """Not destroyed when the outer clock ends is a breach at once, under its own clause."""
    end = ends(agreed)["return_or_delete"].ends_at
    found = verdicts(agreed, LifecycleState.DESTROYING, end)
    assert (found["return_or_delete"].status, found["return_or_delete"].clause) == (Status.BREACHED, "return-or-delete")
    assert (found["state"].status, found["state"].clause) == (Status.BREACHED, "return-or-delete")


EXPECTED = {
    # recorded: by the due state
    LifecycleState.ACTIVE: ("ok", "at-risk", "at-risk", "at-risk", "breached"),
    LifecycleState.GRACE: ("at-risk", "ok", "at-risk", "at-risk", "breached"),
    LifecycleState.DISMISSED: ("at-risk", "at-risk", "ok", "at-risk", "breached"),
    LifecycleState.DESTROYING: ("breached", "breached", "at-risk", "ok", "breached"),
    LifecycleState.DESTROYED: ("breached", "breached", "at-risk", "ok", "ok"),
}


@both
@pytest.mark.parametrize("recorded", STATES)
@pytest.mark.parametrize("due", STATES)
def test_recorded_against_due(agreed: Expected, recorded: LifecycleState, due: LifecycleState) -> None:
    """Every recorded state against every due one: what differs is at risk, what broke a clock for good is a breach."""
    clocks = ends(agreed)
    now = {
        LifecycleState.ACTIVE: clocks["grace"].starts_at - TICK,
        LifecycleState.GRACE: clocks["grace"].starts_at,
        LifecycleState.DISMISSED: clocks["grace"].ends_at,
        LifecycleState.DESTROYING: clocks["hosted_data"].ends_at,
        LifecycleState.DESTROYED: clocks["return_or_delete"].ends_at,
    }[due]
    state = verdicts(agreed, recorded, now)["state"]
    assert state.status == EXPECTED[recorded][STATES.index(due)]
    assert state_due(tenant(recorded), agreed.policy, now) is due
    if recorded is not due and state.status is not Status.OK:
        assert f"recorded {recorded}" in state.reason
    if STATES.index(recorded) < STATES.index(due):
        assert f"since {now:%Y-%m-%dT%H:%M:%SZ}" in state.reason


@both
def test_destruction_that_has_not_begun_breaks_its_clock_after_the_allowance(agreed: Expected) -> None:
    """Recorded dismissed, due destroying: at risk at first, a breach when the allowance is over."""
    due = ends(agreed)["hosted_data"].ends_at
    state = verdicts(agreed, LifecycleState.DISMISSED, due)["state"]
    assert (state.status, state.changes_at) == (Status.AT_RISK, due + agreed.allowance)
    assert verdicts(agreed, LifecycleState.DISMISSED, due + agreed.allowance)["state"].status is Status.BREACHED


def test_the_export_window_is_a_clock_of_its_own() -> None:
    """An open window is ok, then due; once closed nothing shows that its package is gone."""
    available = utc("2026-03-10T09:00:00Z")
    closes = utc("2026-04-09T22:00:00Z")
    who = tenant(LifecycleState.DISMISSED)
    for now, status in (
        (available, Status.OK),
        (closes - timedelta(days=7), Status.DUE),
        (closes, Status.UNPROVEN),
    ):
        found = lifecycle_verdicts(who, DEFAULT.policy, now, export_available=available)
        assert [verdict.status for verdict in found if verdict.figure == "export_window"] == [status]
    assert state_due(who, DEFAULT.policy, closes, export_available=available) is LifecycleState.DESTROYING


@both
@given(
    state=st.sampled_from(STATES),
    confirmed=st.none() | instants,
    now=instants,
    later=st.integers(1, 400 * 86400 * 10**6),
)
def test_changes_at_is_the_next_change(
    agreed: Expected, state: LifecycleState, confirmed: datetime | None, now: datetime, later: int
) -> None:
    """Until its announced instant a verdict stays what it is, at that instant it is another; the set of verdicts and
    the due state change at announced instants only."""
    who = tenant(state, confirmed_at=confirmed)
    found = lifecycle_verdicts(who, agreed.policy, now)
    changes = [verdict.changes_at for verdict in found if verdict.changes_at]
    assert all(change > now for change in changes)
    for verdict in found:
        if verdict.changes_at:
            after = lifecycle_verdicts(who, agreed.policy, verdict.changes_at)
            assert verdict not in after
            just_before = lifecycle_verdicts(who, agreed.policy, verdict.changes_at - TICK)
            assert verdict in just_before
    moment = min([now + timedelta(microseconds=later), *(change - TICK for change in changes)])
    assert lifecycle_verdicts(who, agreed.policy, moment) == found
    assert state_due(who, agreed.policy, moment) is state_due(who, agreed.policy, now)


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (tenant(zone="Mars/Phobos"), "unknown time zone 'Mars/Phobos'"),
        (tenant(LifecycleState.GRACE, ended_on=date(9999, 12, 31)), "beyond the calendar"),
    ],
)
def test_what_cannot_be_reckoned_is_unknown(who: Tenant, told: str) -> None:
    """An unknown zone, or clocks beyond the calendar: one unknown verdict that says what."""
    (verdict,) = lifecycle_verdicts(who, DEFAULT.policy, utc("2026-06-01T00:00:00Z"))
    assert verdict.status is Status.UNKNOWN
    assert told in verdict.reason


def test_an_unknown_zone_leaves_no_due_state() -> None:
    """Which state is due cannot be told without the zone of the end date."""
    assert state_due(tenant(zone="Mars/Phobos"), DEFAULT.policy, utc("2026-06-01T00:00:00Z")) is None


@pytest.mark.parametrize("ended", [date(9999, 12, 31), date(9999, 12, 15)])
def test_an_end_in_the_last_days_of_the_calendar_is_in_force(ended: date) -> None:
    """A date that means "never", whose clocks no calendar holds: in force for now."""
    who = tenant(ended_on=ended)
    now = utc("2026-06-01T00:00:00Z")
    (verdict,) = lifecycle_verdicts(who, DEFAULT.policy, now)
    assert verdict.status is Status.OK
    assert state_due(who, DEFAULT.policy, now) is LifecycleState.ACTIVE
