"""What is shared among tenants: the same objects for the same terms, and nothing that differs from reckoning anew."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement import (
    Policy,
    life_at,
    lifecycle_verdicts,
    parse_policy,
    reckon_clocks,
    state_due,
    tenant_clocks,
)
from services.agreement.basics import FORGOTTEN, Terms
from services.agreement.course import STATE, boundaries, state_now, state_phases
from services.agreement.life import Life
from services.agreement.memo import POLICIES, forget, per_policy
from services.agreement.schedule import Schedule
from services.model import Export, Hold, LifecycleState, Tenant
from tests.services.agreement.nouns import NOW, tenant
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, OTHER, OTHER_TEXT, Expected
from tests.services.agreement.records import EXPORTS, HOLDS, INSTANTS, MAYBE, TENANTS, hold

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)


@both
def test_equal_terms_share_clocks_and_verdicts(agreed: Expected) -> None:
    """Two tenants with the same end, zone and state have the very same objects, and no verdict names either."""
    one = tenant(LifecycleState.DISMISSED)
    other = replace(one, id="contoso", name="Contoso", region="us-east-1", account="444455556666")
    mine, theirs = life_at(one, agreed.policy, NOW), life_at(other, agreed.policy, NOW)
    assert mine.clocks is theirs.clocks
    assert mine.verdicts is theirs.verdicts
    assert not any("fabrikam" in verdict.reason for verdict in mine.verdicts)
    assert tenant_clocks(one, agreed.policy) is mine.clocks
    assert lifecycle_verdicts(other, agreed.policy, NOW) is mine.verdicts


def test_other_terms_share_nothing_that_differs() -> None:
    """The end, the zone, the state, the confirmation, a hold and the policy each make another life."""
    plain = tenant(LifecycleState.GRACE)
    others = [
        replace(plain, ended_on=date(2026, 3, 1)),
        replace(plain, zone="Asia/Dubai"),
        replace(plain, state=LifecycleState.DISMISSED),
        replace(plain, termination_confirmed_at=datetime(2026, 3, 3, tzinfo=UTC)),
    ]
    now = datetime(2026, 3, 2, tzinfo=UTC)
    known = lifecycle_verdicts(plain, DEFAULT.policy, now)
    assert all(lifecycle_verdicts(other, DEFAULT.policy, now) != known for other in others)
    assert lifecycle_verdicts(plain, OTHER.policy, now) != known
    later = datetime(2026, 6, 2, tzinfo=UTC)
    known = lifecycle_verdicts(plain, DEFAULT.policy, later)
    assert lifecycle_verdicts(plain, DEFAULT.policy, later, holds=[hold()]) != known


@both
@given(
    who=TENANTS,
    exports=st.lists(EXPORTS, max_size=2).map(tuple),
    holds=st.lists(HOLDS, max_size=2).map(tuple),
    moments=st.lists(INSTANTS, min_size=1, max_size=4),
)
def test_what_is_remembered_is_what_is_reckoned(
    agreed: Expected,
    who: Tenant,
    exports: tuple[Export, ...],
    holds: tuple[Hold, ...],
    moments: list[datetime],
) -> None:
    """Asked in any order, a life that is remembered says what one made for the moment says."""
    terms = Terms(who.ended_on, who.zone, who.termination_confirmed_at, who.state)
    for now in moments:
        fresh = Life(agreed.policy, terms, exports, holds).at(now)
        known = life_at(who, agreed.policy, now, exports, holds)
        assert (known.clocks, known.due, known.verdicts) == (fresh.clocks, fresh.due, fresh.verdicts)
        assert known.since <= now < known.until
        kept = {"exports": exports, "holds": holds}
        assert state_due(who, agreed.policy, now, **kept) is fresh.due  # type: ignore[arg-type]


@both
@given(state=st.sampled_from(LifecycleState), confirmed=MAYBE, now=INSTANTS)
def test_the_state_of_a_moment_is_that_of_its_schedule(
    agreed: Expected, state: LifecycleState, confirmed: datetime | None, now: datetime
) -> None:
    """The short way to the verdict on a recorded state says what the whole schedule says."""
    terms = Terms(date(2026, 6, 30), "Europe/Rome", confirmed, state)
    clocks = reckon_clocks(terms, agreed.policy)
    whole = Schedule(STATE, FORGOTTEN, state_phases(terms, agreed.policy, clocks, ()))
    changes = boundaries(clocks)
    place = bisect_right(changes, now)
    assert state_now(terms, agreed.policy, clocks, changes, place, now) == whole.at(now)


def test_policies_are_told_apart_and_forgotten_in_the_end() -> None:
    """What is remembered hangs on the policy itself; of more policies than a process has, the first are forgotten."""
    made: list[int] = []

    @per_policy(4)
    def length(policy: Policy, times: int) -> timedelta:
        made.append(times)
        return policy.erasure.allowance * times

    first = parse_policy(OTHER_TEXT)
    assert length(first, 2) == length(first, 2) == timedelta(days=6)
    assert length(DEFAULT.policy, 2) == timedelta(days=2)
    assert made == [2, 2]
    others = [parse_policy(OTHER_TEXT) for _ in range(POLICIES)]
    assert {length(other, 3) for other in others} == {timedelta(days=9)}
    assert length(first, 2) == timedelta(days=6)
    assert made.count(2) == 3
    forget()
    assert length(first, 2) == timedelta(days=6)
    assert made.count(2) == 4
