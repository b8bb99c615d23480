"""Legal holds: what they excuse, what they do not, and when they are in the way."""

from __future__ import annotations

from datetime import datetime

import pytest

from services.agreement import (
    Act,
    TransitionRefusedError,
    judge_hold,
    lifecycle_verdicts,
    reckon_clocks,
    state_due,
    tenant_clocks,
    transition,
)
from services.model import Hold, LifecycleState, Status, Verdict
from tests.services.agreement.nouns import tenant
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, OTHER, Expected
from tests.services.agreement.records import DAY, hold, utc

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
TICK = datetime.resolution
HOSTED = utc("2026-05-28T22:00:00Z")
OUTER = utc("2026-08-27T22:00:00Z")
EXPIRY = utc("2026-12-31T23:00:00Z")
BY_LAW = hold(expires=EXPIRY)
LITIGATION = hold("litigation", expires=EXPIRY)
DISMISSED = tenant(LifecycleState.DISMISSED)


def verdicts(
    now: datetime, *holds: Hold, state: LifecycleState = LifecycleState.DISMISSED, agreed: Expected = DEFAULT
) -> dict[str, Verdict]:
    """The verdicts on a tenant under these holds."""
    return {one.figure: one for one in lifecycle_verdicts(tenant(state), agreed.policy, now, holds=holds)}


@pytest.mark.parametrize("figure", ["hosted_data", "return_or_delete"])
@pytest.mark.parametrize("now", [HOSTED + 2 * DAY, OUTER, OUTER + DAY, EXPIRY - TICK])
def test_a_hold_by_law_excuses_while_it_stands(figure: str, now: datetime) -> None:
    """Both clocks of the data are not applicable, and the reason names basis, owner and expiry."""
    verdict = verdicts(now, BY_LAW)[figure]
    assert verdict.status is Status.NOT_APPLICABLE
    assert all(word in verdict.reason for word in ("member-state-law", "Legal", "2026-12-31T23:00:00Z"))


def test_the_recorded_state_is_then_as_is_due() -> None:
    """Dismissed is what is due as long as law forbids more; blocking access is due all the same."""
    state = verdicts(OUTER, BY_LAW)["state"]
    assert (state.status, state.changes_at) == (Status.OK, EXPIRY)
    assert "destruction is held" in state.reason
    assert state_due(DISMISSED, DEFAULT.policy, OUTER, holds=[BY_LAW]) is LifecycleState.DISMISSED
    behind = verdicts(OUTER, BY_LAW, state=LifecycleState.GRACE)["state"]
    assert behind.status is Status.AT_RISK
    assert "access should be blocked" in behind.reason
    assert verdicts(OUTER, BY_LAW, state=LifecycleState.DESTROYING)["state"].status is Status.NOT_APPLICABLE
    assert verdicts(OUTER, BY_LAW, state=LifecycleState.DESTROYED)["state"].status is Status.AT_RISK


@pytest.mark.parametrize("figure", ["hosted_data", "return_or_delete", "state"])
def test_when_it_ends_the_allowance_begins(figure: str) -> None:
    """From the end of the hold the data may no longer be there: at risk, and a breach after the allowance."""
    after = verdicts(EXPIRY, BY_LAW)[figure]
    assert (after.status, after.changes_at) == (Status.AT_RISK, EXPIRY + DEFAULT.allowance) or figure == "state"
    assert verdicts(EXPIRY + DEFAULT.allowance, BY_LAW)[figure].status is Status.BREACHED


def test_one_that_is_over_before_the_end_changes_nothing() -> None:
    """A hold that expired while the clock ran leaves its end where it was."""
    early = hold(expires="2026-04-01T00:00:00Z")
    assert verdicts(HOSTED, early) == verdicts(HOSTED)


def test_one_placed_too_late_excuses_from_then_on() -> None:
    """Placed when hosted data was overdue: a breach until then, excused while it stands."""
    late = hold(placed=HOSTED + 10 * DAY, expires=EXPIRY)
    assert verdicts(HOSTED + 10 * DAY - TICK, late)["hosted_data"].status is Status.BREACHED
    assert verdicts(HOSTED + 10 * DAY, late)["hosted_data"].status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("figure", "now"), [("hosted_data", HOSTED + DAY), ("return_or_delete", OUTER), ("state", HOSTED + DAY)]
)
def test_any_other_hold_excuses_nothing(figure: str, now: datetime) -> None:
    """A hold on another basis leaves every verdict what it is, and its reason names the hold."""
    plain, held = verdicts(now)[figure], verdicts(now, LITIGATION)[figure]
    assert held.status is plain.status is Status.BREACHED
    assert "a hold stops destruction, excuses nothing: litigation, owner Legal" in held.reason
    assert (held.due_at, held.at) == (plain.due_at, plain.at)


def test_which_bases_excuse_is_the_policy_s_word() -> None:
    """Where the policy names none, a hold by law excuses nothing either."""
    now = reckon_clocks(DISMISSED, OTHER.policy)[-1].ends_at
    assert verdicts(now, BY_LAW, agreed=OTHER)["return_or_delete"].status is Status.BREACHED


@both
def test_holds_move_no_clock(agreed: Expected) -> None:
    """The clocks are what they are without a hold."""
    assert tenant_clocks(DISMISSED, agreed.policy, holds=[BY_LAW]) == tenant_clocks(DISMISSED, agreed.policy)


@pytest.mark.parametrize("it", [BY_LAW, LITIGATION], ids=["by law", "not by law"])
def test_every_hold_stops_destruction(it: Hold) -> None:
    """While it stands nothing is destroyed, whatever its basis; blocking goes on."""
    with pytest.raises(TransitionRefusedError, match="a legal hold stands"):
        transition(DISMISSED, Act.DESTROY, DEFAULT.policy, HOSTED, holds=[it])
    assert transition(DISMISSED, Act.DESTROY, DEFAULT.policy, EXPIRY, holds=[it]).act is Act.DESTROY
    grace = tenant(LifecycleState.GRACE)
    assert transition(grace, Act.DISMISS, DEFAULT.policy, HOSTED, holds=[it]).act is Act.DISMISS


@both
def test_the_verdict_on_a_hold(agreed: Expected) -> None:
    """Not yet placed, standing, about to expire, expired; it counts down to its expiry."""
    who, policy = tenant(ended_on=None), agreed.policy
    near = EXPIRY - agreed.horizons["hold"]
    course = [
        (BY_LAW.placed_at - TICK, Status.NOT_APPLICABLE),
        (BY_LAW.placed_at, Status.OK),
        (near - TICK, Status.OK),
        (near, Status.DUE),
        (EXPIRY - TICK, Status.DUE),
        (EXPIRY, Status.NOT_APPLICABLE),
    ]
    assert [(now, judge_hold(BY_LAW, who, policy, now).status) for now, _ in course] == course
    verdict = judge_hold(BY_LAW, who, policy, near)
    assert (verdict.figure, verdict.clause) == ("hold.h-1", "return-or-delete")
    assert (verdict.due_at, verdict.length) == (EXPIRY, EXPIRY - BY_LAW.placed_at)


def test_a_hold_that_excuses_nothing_is_at_risk_when_it_is_in_the_way() -> None:
    """From the horizon of hosted data on it stops what will be due, and counts down to that."""
    near = HOSTED - DEFAULT.horizons["hosted_data"]
    assert judge_hold(LITIGATION, DISMISSED, DEFAULT.policy, near - TICK).status is Status.OK
    verdict = judge_hold(LITIGATION, DISMISSED, DEFAULT.policy, near)
    assert (verdict.status, verdict.due_at) == (Status.AT_RISK, HOSTED)
    assert judge_hold(BY_LAW, DISMISSED, DEFAULT.policy, near).status is Status.OK


@both
def test_lifted_and_contradicting_holds(agreed: Expected) -> None:
    """Lifted it stands no more; standing over a tenant recorded as destroyed, one of the two is wrong."""
    lifted = hold(expires=EXPIRY, lifted="2026-04-01T00:00:00Z")
    found = judge_hold(lifted, DISMISSED, agreed.policy, utc("2026-04-01T00:00:00Z"))
    assert found.status is Status.NOT_APPLICABLE
    assert "lifted 2026-04-01" in found.reason
    gone = tenant(LifecycleState.DESTROYED)
    assert judge_hold(BY_LAW, gone, agreed.policy, OUTER).status is Status.AT_RISK
    endless = judge_hold(hold(), tenant(ended_on=None), agreed.policy, OUTER)
    assert (endless.status, endless.due_at) == (Status.OK, None)
    assert "no expiry" in endless.reason
