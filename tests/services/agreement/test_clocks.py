"""The clocks of an ended subscription, for two agreements that share no figure."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.agreement import (
    Period,
    PeriodError,
    ZoneError,
    conduct_clock,
    count,
    end_of_day,
    reckon_clocks,
    tenant_clocks,
    zone,
)
from services.model import Clock, ClockState
from tests.services.agreement.nouns import tenant
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, OTHER, Expected
from tests.services.agreement.zones import DAY, behaviours, boundary, near, segments

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
instants = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31"), timezones=st.just(UTC)
)


def utc(text: str) -> datetime:
    """An instant as the agreement's examples write it."""
    return datetime.fromisoformat(text)


def clocks(
    agreed: Expected,
    ended: date = date(2026, 2, 28),
    *,
    available: datetime | None = None,
    requested: datetime | None = None,
    confirmed: datetime | None = None,
) -> dict[str, Clock]:
    """The clocks by name. Where the agreement counts from the request, that is the availability unless given."""
    found = reckon_clocks(
        tenant(ended_on=ended, confirmed_at=confirmed),
        agreed.policy,
        export_available=available,
        export_requested=requested or (available if agreed is OTHER else None),
    )
    return {clock.name: clock for clock in found}


def by_hand(day: date, period: Period, local: ZoneInfo) -> datetime:
    """The end of a calendar period by an arithmetic of its own and the oracle of local midnight."""
    month = day.month - 1 + period.months
    year, month = day.year + month // 12, month % 12 + 1
    last = date(year, month, min(day.day, monthrange(year, month)[1])) + period.days * DAY
    return boundary(last, near(last, segments(local)))


def test_the_worked_examples() -> None:
    """The dates that the agreement works out come out as clocks, each with its clause."""
    found = clocks(DEFAULT)
    start = utc("2026-02-28T23:00:00Z")
    assert found == {
        "grace": Clock("grace", start, utc("2026-03-30T22:00:00Z"), "right-to-be-forgotten"),
        "hosted_data": Clock("hosted_data", start, utc("2026-05-28T22:00:00Z"), "right-to-be-forgotten"),
        "return_or_delete": Clock("return_or_delete", start, utc("2026-08-27T22:00:00Z"), "return-or-delete"),
    }
    assert clocks(DEFAULT, date(2026, 11, 30))["hosted_data"].ends_at == utc("2027-02-28T23:00:00Z")


@pytest.mark.unmeasured
@both
def test_clocks_around_every_clock_change(agreed: Expected) -> None:
    """With an end, or a deadline, on any day next to any clock change of any zone, each clock ends as by hand."""
    seen: set[tuple[datetime, timedelta, timedelta]] = set()
    for local in behaviours():
        pairs = [(later.start, earlier.offset, later.offset) for earlier, later in pairwise(segments(local))]
        changes = [pair[0].date() for pair in pairs if pair not in seen]  # zones that change alike are asked once
        seen.update(pairs)
        offsets = (0, agreed.grace.days, agreed.retention.days, agreed.outer.days)
        for change in changes:
            for day in {change - (back + around) * DAY for back in offsets for around in (-1, 0, 1)}:
                if not 2020 <= day.year <= 2039:
                    continue
                grace, hosted, outer = reckon_clocks(tenant(ended_on=day, zone=local.key), agreed.policy)
                assert grace.starts_at == by_hand(day, Period(), local)
                assert grace.ends_at == by_hand(day, agreed.grace, local)
                assert hosted.ends_at == by_hand(day, agreed.retention, local)
                assert outer.ends_at == by_hand(day, agreed.outer, local)
    assert len(seen) > 700


@both
def test_no_end_no_clocks(agreed: Expected) -> None:
    """A subscription without an agreed end has no clocks."""
    assert tenant_clocks(tenant(ended_on=None), agreed.policy) == ()


@both
@given(confirmed=instants)
def test_confirming_ends_the_grace_early_and_never_late(agreed: Expected, confirmed: datetime) -> None:
    """Grace ends when the termination is confirmed; before the end it has no length; after it, nothing changes."""
    plain, found = clocks(agreed), clocks(agreed, confirmed=confirmed)
    start, end = plain["grace"].starts_at, plain["grace"].ends_at
    assert found["grace"].starts_at == start
    assert found["grace"].ends_at == sorted((start, confirmed, end))[1]
    assert found["hosted_data"] == plain["hosted_data"]
    assert found["return_or_delete"] == plain["return_or_delete"]


@both
def test_confirming_before_the_end_leaves_a_grace_of_no_length(agreed: Expected) -> None:
    """Confirmed a month before: the grace begins and ends with the end of the last day."""
    grace = clocks(agreed, confirmed=utc("2026-01-28T10:00:00Z"))["grace"]
    assert grace.starts_at == grace.ends_at == end_of_day(date(2026, 2, 28), zone("Europe/Rome"))
    assert grace.state(grace.starts_at) is ClockState.OVER


def test_an_export_brings_hosted_data_forward() -> None:
    """A complete export after the end: hosted data is due when its window closes, before the three months."""
    found = clocks(DEFAULT, available=utc("2026-03-10T09:00:00Z"))
    window = found["export_window"]
    assert (window.starts_at, window.ends_at) == (utc("2026-03-10T09:00:00Z"), utc("2026-04-09T22:00:00Z"))
    assert found["hosted_data"].ends_at == window.ends_at


def test_hosted_data_is_never_due_before_the_grace_ends() -> None:
    """A window that closes inside the grace leaves hosted data due at the end of the grace."""
    found = clocks(OTHER, available=utc("2026-03-01T09:00:00Z"))
    assert found["export_window"].ends_at < found["grace"].ends_at == found["hosted_data"].ends_at


def test_a_confirmed_termination_lets_hosted_data_go_with_the_window() -> None:
    """Where the grace was ended early, the close of the window counts again."""
    found = clocks(OTHER, available=utc("2026-03-01T09:00:00Z"), confirmed=utc("2026-03-02T09:00:00Z"))
    assert found["hosted_data"].ends_at == found["export_window"].ends_at


def test_a_late_export_keeps_the_package_and_not_the_data() -> None:
    """A window that closes after the three months: hosted data goes on time, the package stays to the close."""
    found = clocks(DEFAULT, available=utc("2026-05-20T09:00:00Z"))
    assert found["hosted_data"].ends_at == utc("2026-05-28T22:00:00Z")
    assert found["export_window"].ends_at == utc("2026-06-19T22:00:00Z")


def test_an_export_asked_for_before_the_end_moves_nothing() -> None:
    """Only an export requested after the end brings hosted data forward."""
    found = clocks(DEFAULT, available=utc("2026-03-03T09:00:00Z"), requested=utc("2026-02-20T09:00:00Z"))
    assert found["hosted_data"] == clocks(DEFAULT)["hosted_data"]
    assert "export_window" in found


def test_the_window_is_cut_to_the_outer_clock() -> None:
    """A window that would close after the 180 days closes with them; where the package comes later still, it is empty:
    over with them, and not before the package was there."""
    outer = utc("2026-08-27T22:00:00Z")
    cut = clocks(DEFAULT, available=utc("2026-08-20T09:00:00Z"))["export_window"]
    assert (cut.starts_at, cut.ends_at, cut.cut_by) == (utc("2026-08-20T09:00:00Z"), outer, "return_or_delete")
    late = utc("2026-09-20T09:00:00Z")
    none = clocks(DEFAULT, available=late)["export_window"]
    assert (none.starts_at, none.ends_at, none.cut_by) == (late, outer, "return_or_delete")
    states = [none.state(at) for at in (outer - DAY, outer, late, late + 99 * DAY)]
    assert states == [ClockState.NOT_STARTED, ClockState.NOT_STARTED, ClockState.OVER, ClockState.OVER]


def test_a_window_that_closes_with_the_outer_clock_is_not_cut() -> None:
    """Its 30 days end in the same instant; a day later they would not."""
    outer = utc("2026-08-27T22:00:00Z")
    whole = clocks(DEFAULT, available=utc("2026-07-28T09:00:00Z"))["export_window"]
    assert (whole.ends_at, whole.cut_by) == (outer, None)
    cut = clocks(DEFAULT, available=utc("2026-07-29T09:00:00Z"))["export_window"]
    assert (cut.ends_at, cut.cut_by) == (outer, "return_or_delete")


def test_a_package_later_than_a_window_counted_from_its_request_has_an_empty_one() -> None:
    """Nothing cuts it: it was used up in preparing the package."""
    available = utc("2026-04-20T09:00:00Z")
    window = clocks(OTHER, available=available, requested=utc("2026-03-15T09:00:00Z"))["export_window"]
    assert (window.starts_at, window.ends_at, window.cut_by) == (available, utc("2026-03-25T23:00:00Z"), None)


def test_the_switch_counts_the_window_from_the_request() -> None:
    """Where the policy says so, the days count from the request; the window opens when the package is there."""
    found = clocks(OTHER, available=utc("2026-03-20T09:00:00Z"), requested=utc("2026-03-15T09:00:00Z"))
    window = found["export_window"]
    assert (window.starts_at, window.ends_at) == (utc("2026-03-20T09:00:00Z"), utc("2026-03-25T23:00:00Z"))
    with pytest.raises(PeriodError, match="from the request"):
        reckon_clocks(tenant(), OTHER.policy, export_available=utc("2026-03-20T09:00:00Z"))


@both
@given(ended=st.dates(date(2026, 1, 1), date(2027, 6, 1)), available=instants, confirmed=st.none() | instants)
def test_what_always_holds(agreed: Expected, ended: date, available: datetime, confirmed: datetime | None) -> None:
    """For any dates: nothing is due before the grace ends or after the outer clock, no clock ends before it starts but
    a window that the package missed, none opens before the package is there, and an export prolongs nothing."""
    assume(available >= clocks(agreed, ended)["grace"].starts_at)
    plain = clocks(agreed, ended, confirmed=confirmed)
    found = clocks(agreed, ended, available=available, confirmed=confirmed)
    window = found.pop("export_window")
    assert window.starts_at == available
    outer = found["return_or_delete"].ends_at
    assert window.ends_at == outer if window.cut_by else available < window.ends_at <= outer
    assert all(clock.starts_at <= clock.ends_at for clock in found.values())
    assert found["grace"].ends_at <= found["hosted_data"].ends_at <= plain["hosted_data"].ends_at
    assert max(clock.ends_at for clock in found.values()) == found["return_or_delete"].ends_at
    assert all(clock.starts_at.utcoffset() == clock.ends_at.utcoffset() == timedelta() for clock in found.values())


@both
def test_conduct_counts_from_the_delivery(agreed: Expected) -> None:
    """The clock of an acceptable-use case starts when the request was delivered, in elapsed or local time."""
    local = zone("Europe/Rome")
    delivered = utc("2026-10-24T12:00:00Z")  # the clocks go back that night
    clock = conduct_clock(agreed.policy, delivered, local)
    assert (clock.name, clock.clause, clock.starts_at) == ("conduct", "acceptable-use", delivered)
    assert (
        clock.ends_at
        == {24: utc("2026-10-25T12:00:00Z"), 48: utc("2026-10-26T23:00:00Z")}[24 if agreed is DEFAULT else 48]
    )
    assert clock.ends_at == count(agreed.conduct, delivered, local)


@pytest.mark.parametrize(
    ("zone_name", "ended", "error"),
    [("Mars/Phobos", date(2026, 2, 28), ZoneError), ("Europe/Rome", date(9999, 12, 31), PeriodError)],
)
def test_clocks_that_cannot_be_reckoned(zone_name: str, ended: date, error: type[Exception]) -> None:
    """An unknown zone or an end beyond the calendar gives no clocks, and an error to whoever asks why."""
    broken = tenant(ended_on=ended, zone=zone_name)
    assert tenant_clocks(broken, DEFAULT.policy) == ()
    with pytest.raises(error):
        reckon_clocks(broken, DEFAULT.policy)


def test_a_tenant_without_a_zone_has_the_policy_s() -> None:
    """The policy's default zone is that of an end date that names none."""
    assert tenant_clocks(tenant(zone=""), OTHER.policy) == tenant_clocks(tenant(zone="America/Santiago"), OTHER.policy)
