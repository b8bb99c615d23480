"""The generated documents against an AWS that enforces them: they suffice, and nothing in them is spare."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.aws.collect.base import Place
from services.aws.facts_storage import Bucket, UnreadSetting
from services.aws.fanout import fan_out
from services.aws.session import AwsSession, AwsSettings
from services.checks import CHECKS, actions_of, iam_policy
from services.checks.base import collectors_of
from services.checks.iam import action_of, operator_policy
from services.checks.permissions import areas_of, permissions
from services.model import Observation, Outcome
from tests.support.enforcing import Enforced, enforced
from tests.support.sandbox import RunningSandbox


@pytest.fixture
def iam(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enforced]:
    for name, value in faulty.aws_environment.items():
        monkeypatch.setenv(name, value)
    with enforced(faulty) as enforcing:
        yield enforcing


def observed(session: AwsSession, sandbox: RunningSandbox, places: list[Place]) -> list[Observation[Any]]:
    """What each collector is answered in each place."""
    calls: list[Any] = [it.call(session, place) for place in places for it in collectors_of(CHECKS)]
    return list(fan_out(calls, cancel=threading.Event(), limit=32, now=sandbox.now))


def places_of(sandbox: RunningSandbox) -> list[Place]:
    return [Place(account, region) for account in sandbox.accounts for region in sandbox.regions]


def without(action: str) -> dict[str, Any]:
    """The generated policy with one action taken away."""
    policy = copy.deepcopy(iam_policy(CHECKS))
    policy["Statement"][0]["Action"].remove(action)
    return policy


def test_the_generated_policies_suffice(iam: Enforced) -> None:
    """With the role's policy, its trust with the external id, and the operator's: every call in every place answers."""
    iam.let_role(iam_policy(CHECKS))
    with closing(iam.session()) as session:
        seen = observed(session, iam.sandbox, places_of(iam.sandbox))
    assert [(it.source, it.error) for it in seen if not it.outcome.answered] == []
    assert not [bucket for it in seen for bucket in it.value or () if unread_of(bucket)]


def richest(iam: Enforced, session: AwsSession) -> Place:
    """A place where every action has something to be asked about."""
    found = permissions(session, places_of(iam.sandbox), CHECKS, now=iam.sandbox.now, limit=32)
    assert not [it for it in found if it.outcome not in (None, Outcome.SEEN)]
    counts = Counter(it.place for it in found if it.outcome is Outcome.SEEN)
    place, tried = counts.most_common(1)[0]
    assert tried == len(actions_of(CHECKS))
    return place


@pytest.mark.unmeasured
def test_without_one_action_exactly_what_declares_it_is_denied(iam: Enforced) -> None:
    """Each action taken away alone: the collectors and areas that declare it are refused, nothing else is, and the
    doctor's question names that action as the one that is missing."""
    iam.let_role(iam_policy(CHECKS))
    with closing(iam.session()) as session:
        place = richest(iam, session)
        for action in actions_of(CHECKS):
            iam.let_role(without(action), [place.account])
            seen = observed(session, iam.sandbox, [place])
            unread = {setting.operation for it in seen if it.value for row in it.value for setting in unread_of(row)}
            denied = {it.source.operation for it in seen if it.outcome is Outcome.DENIED}
            declaring = {it.operation for it in collectors_of(CHECKS) if action in it.actions}
            if unread:
                assert (denied, {action_of("s3", it) for it in unread}) == (set(), {action})
            else:
                assert denied == declaring, action
            asked = permissions(session, [place], CHECKS, now=iam.sandbox.now, limit=32)
            assert {it.action for it in asked if it.missing} == {action}
            refused = {check.area for check in CHECKS for it in check.collectors if it.operation in denied}
            assert unread or refused == set(areas_of(action, CHECKS))


def unread_of(row: Any) -> tuple[UnreadSetting, ...]:
    """Settings of a bucket that were refused."""
    return row.unread if isinstance(row, Bucket) else ()


def test_the_operators_policy_opens_these_roles_and_nothing_else(iam: Enforced) -> None:
    """Where it names one account's role the other stays shut; and with it alone the operator reads nothing itself."""
    iam.let_role(iam_policy(CHECKS))
    first, second = iam.sandbox.accounts
    iam.let_operator(operator_policy(iam.roles[:1]))
    try:
        with closing(iam.session()) as session:
            places = [Place(first, "eu-central-1"), Place(second, "eu-central-1")]
            seen = observed(session, iam.sandbox, places)
            assert {it.source.account for it in seen if it.outcome.answered} == {first}
            refused = [it for it in seen if it.source.account == second]
            assert all(it.outcome is Outcome.DENIED and (it.error or "").startswith("AssumeRole") for it in refused)
            asked = permissions(session, places[1:], CHECKS, now=iam.sandbox.now, limit=32)
            assert not [it for it in asked if it.missing]
        with closing(AwsSession(AwsSettings())) as own, pytest.raises(ClientError, match="AccessDenied"):
            own._client("rds", None, "eu-central-1").describe_db_instances()  # type: ignore[attr-defined]  # boto3's
    finally:
        iam.let_operator(operator_policy(iam.roles))


@pytest.mark.parametrize("external_id", [None, "another"])
def test_the_trust_policy_asks_for_the_external_id(iam: Enforced, external_id: str | None) -> None:
    """Without it, or with another, the role does not open."""
    iam.let_role(iam_policy(CHECKS))
    with closing(iam.session(external_id)) as session, pytest.raises(ClientError, match="AssumeRole"):
        session.client("rds", iam.sandbox.accounts[0], "eu-central-1").describe_db_instances()  # type: ignore[attr-defined]  # boto3's
