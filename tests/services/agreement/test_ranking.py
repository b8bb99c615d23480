"""The order of the due list."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.agreement import due_rank
from services.model import Status, Verdict
from tests.services.agreement.nouns import NOW
from tests.services.agreement.records import DAY, HOUR, MAYBE

MINUTE = timedelta(minutes=1)


def verdict(status: Status, left: timedelta | None = None, length: timedelta | None = None) -> Verdict:
    """One with so much time left of so long a clock."""
    return Verdict(status, "x", "y", "", due_at=None if left is None else NOW + left, length=length)


def test_the_order() -> None:
    """Breached by how much of its clock is over, then what ticks by the share that is left, unknown, unproven, well."""
    listed = [
        verdict(Status.BREACHED, -4 * MINUTE, 5 * MINUTE),
        verdict(Status.BREACHED, -2 * DAY, 92 * DAY),
        verdict(Status.BREACHED),
        verdict(Status.AT_RISK, -HOUR, 30 * DAY),
        verdict(Status.AT_RISK),
        verdict(Status.DUE, HOUR, 90 * DAY),
        verdict(Status.AT_RISK, HOUR, 24 * HOUR),
        verdict(Status.DUE, 2 * DAY, 30 * DAY),
        verdict(Status.UNKNOWN),
        verdict(Status.UNPROVEN),
        verdict(Status.OK, HOUR, 90 * DAY),
        verdict(Status.OK, 80 * DAY, 90 * DAY),
        verdict(Status.NOT_APPLICABLE),
    ]
    ranks = [due_rank(one, NOW) for one in listed]
    assert all(before < after for before, after in pairwise(ranks))


@given(
    verdicts=st.lists(
        st.builds(
            lambda status, due_at, length: Verdict(status, "x", "y", "", due_at=due_at, length=length),
            st.sampled_from(Status),
            MAYBE,
            st.none() | st.timedeltas(timedelta(-1), timedelta(days=400)),
        ),
        max_size=8,
    ),
    now=st.just(NOW),
)
def test_it_is_an_order_whatever_the_verdicts(verdicts: list[Verdict], now: datetime) -> None:
    """Every verdict has a place: breached first, unknown before unproven; a clock of no length breaks nothing."""
    order = [one.status for one in sorted(verdicts, key=lambda one: due_rank(one, now))]
    places = [
        (Status.BREACHED,),
        (Status.AT_RISK, Status.DUE),
        (Status.UNKNOWN,),
        (Status.UNPROVEN,),
        (Status.OK,),
        (Status.NOT_APPLICABLE,),
    ]
    ranks = [next(rank for rank, group in enumerate(places) if status in group) for status in order]
    assert ranks == sorted(ranks)
