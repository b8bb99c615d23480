"""The closed list of transitions: every other one is refused, with the reason."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from services.agreement import Act, TransitionRefusedError, reckon_clocks, transition, transitions
from services.model import Export, ExportState, LifecycleState
from tests.services.agreement.nouns import NOW, tenant
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, OTHER, Expected

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
TICK = timedelta(microseconds=1)

ALLOWED = {
    ("active", "disable"): "grace",
    ("grace", "renew"): "active",
    ("grace", "dismiss"): "dismissed",
    ("active", "terminate-for-breach"): "dismissed",
    ("grace", "terminate-for-breach"): "dismissed",
    ("dismissed", "reinstate"): "active",
    ("dismissed", "destroy"): "destroying",
    ("destroying", "certify"): "destroyed",
}


@both
@pytest.mark.parametrize(("state", "act"), list(product(LifecycleState, Act)))
def test_what_is_not_listed_is_refused(agreed: Expected, state: LifecycleState, act: Act) -> None:
    """For a tenant whose clocks are all over, each act leads where the list says or is refused by name and state."""
    who = tenant(state, ended_on=date(2020, 2, 28))
    if (state, act) in ALLOWED:
        found = transition(who, act, agreed.policy, NOW)
        assert (found.before, found.act, found.after) == (state, act, ALLOWED[state, act])
    else:
        with pytest.raises(TransitionRefusedError, match=f"{act} is refused: the tenant is {state}"):
            transition(who, act, agreed.policy, NOW)


def test_the_list_is_closed() -> None:
    """There are no transitions beside those that the agreement draws."""
    assert {(state, act): one.after for (state, act), one in transitions(DEFAULT.policy).items()} == ALLOWED


@both
@pytest.mark.parametrize(
    ("act", "state", "clock", "edge"),
    [
        (Act.DISABLE, LifecycleState.ACTIVE, "grace", "starts_at"),
        (Act.DISMISS, LifecycleState.GRACE, "grace", "ends_at"),
        (Act.DESTROY, LifecycleState.DISMISSED, "hosted_data", "ends_at"),
    ],
)
def test_an_act_before_its_clock_is_refused(
    agreed: Expected, act: Act, state: LifecycleState, clock: str, edge: str
) -> None:
    """Disabling waits for the end, dismissing for the grace, destroying for the deadline; the refusal names it."""
    who = tenant(state)
    clocks = {one.name: one for one in reckon_clocks(who, agreed.policy)}
    at = getattr(clocks[clock], edge)
    assert transition(who, act, agreed.policy, at).act is act
    with pytest.raises(TransitionRefusedError, match=f"refused before {at:%Y-%m-%dT%H:%M:%SZ}"):
        transition(who, act, agreed.policy, at - TICK)


@both
def test_confirming_lets_a_tenant_be_dismissed_early(agreed: Expected) -> None:
    """With the termination confirmed, dismissing does not wait for the whole grace."""
    plain = reckon_clocks(tenant(), agreed.policy)[0]
    confirmed = plain.starts_at + timedelta(days=1)
    who = tenant(LifecycleState.GRACE, confirmed_at=confirmed)
    assert transition(who, Act.DISMISS, agreed.policy, confirmed).after is LifecycleState.DISMISSED


def test_a_late_renewal_is_a_reinstatement() -> None:
    """Renewing a dismissed tenant is refused and the way that is open is named; it needs a second person."""
    who = tenant(LifecycleState.DISMISSED)
    with pytest.raises(TransitionRefusedError, match="until destruction starts it can be reinstated"):
        transition(who, Act.RENEW, DEFAULT.policy, NOW)
    assert transition(who, Act.REINSTATE, DEFAULT.policy, NOW).needs_approval
    with pytest.raises(TransitionRefusedError, match="possible: certify"):
        transition(tenant(LifecycleState.DESTROYING), Act.REINSTATE, DEFAULT.policy, NOW)


def test_who_has_to_agree_is_the_policy_s_word() -> None:
    """Termination for breach and reinstatement need a second person where the policy says so; destroying always."""
    for agreed, needed in ((DEFAULT, True), (OTHER, False)):
        listed = transitions(agreed.policy)
        assert listed[LifecycleState.DISMISSED, Act.REINSTATE].needs_approval is needed
        assert listed[LifecycleState.ACTIVE, Act.TERMINATE_FOR_BREACH].needs_approval is needed
        assert listed[LifecycleState.DISMISSED, Act.DESTROY].needs_approval


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (tenant(ended_on=None), "no end of the subscription is recorded"),
        (tenant(zone="Mars/Phobos"), "unknown time zone"),
    ],
)
def test_without_clocks_nothing_is_disabled(who: object, told: str) -> None:
    """Where the clocks cannot be reckoned, an act that waits for one is refused."""
    with pytest.raises(TransitionRefusedError, match=told):
        transition(who, Act.DISABLE, DEFAULT.policy, NOW)  # type: ignore[arg-type]


def test_an_export_alone_makes_no_end() -> None:
    """A window may be open where no end is agreed; there is still nothing to disable at."""
    export = Export("ex-1", "acme", ExportState.AVAILABLE, NOW - timedelta(days=2), "dpo", available_at=NOW)
    with pytest.raises(TransitionRefusedError, match="no end of the subscription is recorded"):
        transition(tenant(ended_on=None), Act.DISABLE, DEFAULT.policy, NOW, exports=(export,))
