"""Links judged: each state to its word, old evidence to none, and nothing of whom nothing is promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.agreement import PolicyError, default_policy_text, judge_link, parse_policy
from services.agreement.links import link_known
from services.model import LifecycleState, Link, LinkState, Observation, Outcome, Source, Status, Verdict

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
POLICY = parse_policy(default_policy_text())
SOURCE = Source("ec2", "DescribeVpnConnections", "444455556666", "eu-west-1")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ACTIVE = LifecycleState.ACTIVE


def link(state: LinkState, *, outcome: Outcome = Outcome.SEEN, **more: object) -> Link:
    seen: Observation[object] = Observation(SOURCE, NOW, outcome, error=None if outcome.answered else "told")
    made = Link("arn:aws:ec2:eu-west-1:444455556666:vpn-connection/vpn-1", "vpn-1", "vpn", "444455556666", "eu-west-1",
        state, "2 of 2 tunnels up", sources=(seen,))  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]  # the caller's field names are checked by dataclasses


def judged(
    one: Link, tier: str | None = "dedicated", state: LifecycleState | None = ACTIVE, now: datetime = NOW
) -> Verdict:
    return judge_link(one, tier, state, POLICY, now, figure="link.vpn-1")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (LinkState.UP, Status.OK),
        (LinkState.DEGRADED, Status.AT_RISK),
        (LinkState.TESTING, Status.AT_RISK),
        (LinkState.DOWN, Status.BREACHED),
        (LinkState.UNKNOWN, Status.UNKNOWN),
    ],
)
def test_each_state_has_its_word(state: LinkState, status: Status) -> None:
    """By clause ``peering``; the reason names the state and the link."""
    verdict = judged(link(state))
    assert (verdict.status, verdict.clause, verdict.figure) == (status, "peering", "link.vpn-1")
    assert verdict.reason.startswith(f"{state}: vpn-1")


def test_what_is_still_being_set_up_is_at_risk_and_not_broken() -> None:
    """Though nothing runs over it yet."""
    assert judged(link(LinkState.DOWN, forming=True)).status is Status.AT_RISK


def test_since_when_it_is_down_is_what_is_counted_from() -> None:
    """Of one that is well nothing is counted, though AWS tells since when that is."""
    since = NOW - 12 * MINUTE
    down, well = judged(link(LinkState.DOWN, since=since)), judged(link(LinkState.UP, since=since))
    assert (down.at, down.due_at) == (since, since)
    assert "since 2026-11-23T11:48:00Z" in down.reason
    assert (well.at, well.due_at) == (since, None)


@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.THROTTLED, Outcome.FAILED])
@pytest.mark.parametrize("state", list(LinkState))
def test_a_call_that_did_not_answer_says_nothing_of_a_link(state: LinkState, outcome: Outcome) -> None:
    """Whatever it was before; the call, how it ended and what was last seen are told."""
    one = link(state, outcome=outcome)
    verdict = judged(one)
    assert verdict.status is Status.UNKNOWN
    assert f"DescribeVpnConnections in 444455556666 eu-west-1 {outcome}" in verdict.reason
    assert f"last seen {state}" in verdict.reason
    assert not link_known(one, POLICY, NOW)


def test_evidence_may_be_as_old_as_the_policy_says_and_no_older() -> None:
    """To the moment; the verdict knows when that comes, and says what it was."""
    one, last = link(LinkState.UP), NOW + 5 * MINUTE
    assert judged(one, now=last).status is Status.OK
    assert link_known(one, POLICY, last)
    after = judged(one).changes_at
    assert after == last + datetime.resolution
    old = judged(one, now=after)
    assert old.status is Status.UNKNOWN
    assert "at most 5m ago is allowed; was ok: UP" in old.reason
    assert not link_known(one, POLICY, after)


def test_nothing_is_promised_to_a_public_tenant_and_to_one_whose_access_is_blocked() -> None:
    """Their links are shown, not judged: also where they are down, or nobody knows."""
    for state in (LinkState.DOWN, LinkState.UP, LinkState.UNKNOWN):
        assert judged(link(state), "public").status is Status.NOT_APPLICABLE
    for over in (LifecycleState.DISMISSED, LifecycleState.DESTROYING, LifecycleState.DESTROYED):
        assert judged(link(LinkState.DOWN), state=over).status is Status.NOT_APPLICABLE
    assert judged(link(LinkState.DOWN), state=LifecycleState.GRACE).status is Status.BREACHED
    assert judged(link(LinkState.DOWN, outcome=Outcome.DENIED), "public").status is Status.NOT_APPLICABLE


def test_what_nobody_owns_is_unknown() -> None:
    """Up or down: nothing is promised of it, and nobody would miss it."""
    for state in LinkState:
        assert judged(link(state), None, None).status is Status.UNKNOWN


def test_a_policy_that_says_nothing_of_the_age_allows_five_minutes() -> None:
    """So that a policy of one's own that was written before there were links stays one."""
    text = default_policy_text()
    line = next(line for line in text.splitlines() if line.strip().startswith("max_age: PT5M"))
    silent = parse_policy(text.replace(line, ""))
    assert silent.peering.max_age == POLICY.peering.max_age == 5 * MINUTE


def test_a_length_that_is_none_is_told() -> None:
    """With what to write instead."""
    text = default_policy_text().replace("  max_age: PT5M", "  max_age: soon")
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    (problem,) = caught.value.problems
    assert problem.path == "peering.max_age"
