"""What slots take out of a month's availability."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement.excluded import month_of, months_of, united
from services.model import Slot, SlotState
from tests.services.agreement.policies import DEFAULT, OTHER
from tests.services.agreement.records import DAY, HOUR, INSTANTS, slot, utc

DECEMBER = utc("2026-12-01T00:00:00Z")


@pytest.mark.parametrize(
    ("slots", "hours"),
    [
        ([], 0),
        ([slot()], 2),
        ([slot(), slot(id="s-2")], 2),
        ([slot(), slot("2026-12-01T22:00:00Z", id="s-2")], 3),
        ([slot(), slot("2026-12-01T23:00:00Z", id="s-2")], 4),
        ([slot("2026-11-30T23:00:00Z")], 1),
        ([slot("2026-12-31T23:00:00Z")], 1),
        ([slot("2027-01-01T00:00:00Z"), slot("2026-11-30T22:00:00Z")], 0),
        ([slot(state=SlotState.CANCELLED)], 0),
        ([slot(state=SlotState.DONE)], 2),
    ],
)
def test_what_is_excluded_is_counted_once_and_cut_to_the_month(slots: list[Slot], hours: int) -> None:
    """Overlaps once; nothing of a cancelled slot, or of the months beside it."""
    month = month_of(DECEMBER, slots, "public", DEFAULT.policy)
    assert (month.excluded, month.length, month.name) == (hours * HOUR, 31 * DAY, "December 2026")
    assert month.budget == timedelta(hours=(31 * 24 - hours) * 0.005)


def test_what_was_entered_too_late_excludes_nothing() -> None:
    """By the policy's notice; and nothing does where the policy excludes no maintenance."""
    noticed = DEFAULT.policy.model_copy(
        update={"maintenance": DEFAULT.policy.maintenance.model_copy(update={"notice": DAY})}
    )
    late = slot(scheduled="2026-11-30T21:00:01Z")
    known = slot(scheduled="2026-11-30T21:00:00Z")
    assert month_of(DECEMBER, [late], "public", noticed).excluded == timedelta()
    assert month_of(DECEMBER, [known], "public", noticed).excluded == 2 * HOUR
    assert month_of(DECEMBER, [slot()], "gold", OTHER.policy).excluded == timedelta()


def test_a_tier_that_the_policy_lacks_has_no_target() -> None:
    """And therefore no budget."""
    assert month_of(DECEMBER, [], "platinum", DEFAULT.policy).budget is None


@given(INSTANTS, st.timedeltas(timedelta(seconds=1), timedelta(days=70)))
def test_the_months_of_a_slot_hold_all_of_it(starts: datetime, length: timedelta) -> None:
    """Each touches it, the first begins before it, and together they are as long as it at least."""
    ends = starts + length
    months = months_of(starts, ends)
    assert months[0] <= starts
    assert all(month < ends and month.day == 1 and month.hour == 0 for month in months)
    spans = [(month, month + month_of(month, [], "public", DEFAULT.policy).length) for month in months]
    assert spans[-1][1] >= ends
    cut = [(max(starts, since), min(ends, until)) for since, until in spans]
    assert united(cut) == length
