"""Copies that a restore test made: promised nothing, and never forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.agreement import judge_rpo, judge_rto
from services.agreement.scratch import LONGEST_TEST
from services.model import Outcome, Status, Store, Verdict
from tests.services.agreement.nouns import NOW, observation, store
from tests.services.agreement.policies import DEFAULT

SECOND = timedelta(seconds=1)


def copy(created: timedelta | None = timedelta(minutes=5), outcome: Outcome = Outcome.SEEN) -> Store:
    """A copy without a single restore point."""
    return replace(store(created=created, sources=(observation(outcome),)), scratch="test-7")


def rpo(of: Store) -> Verdict:
    return judge_rpo(of, "public", DEFAULT.policy, NOW, figure="recovery.orders-db")


@pytest.mark.parametrize("created", [None, timedelta(minutes=5), LONGEST_TEST])
def test_a_copy_is_promised_nothing(created: timedelta | None) -> None:
    """However few its restore points; both figures say what it is."""
    for verdict in (rpo(copy(created)), judge_rto(copy(created), "public", DEFAULT.policy, NOW, figure="rto")):
        assert verdict.status is Status.NOT_APPLICABLE
        assert verdict.reason == "a copy made by restore test test-7, deleted when it ends: it is promised nothing"


def test_a_store_that_is_none_is_judged() -> None:
    """The same without the tag has no restore point, which is what a copy would be told."""
    assert rpo(replace(copy(timedelta(days=9)), scratch=None)).status is Status.BREACHED


def test_what_is_left_behind_is_at_risk() -> None:
    """Seen longer after it was made than a test lasts, somebody has to delete it; one of its figures says so."""
    left = copy(LONGEST_TEST + SECOND)
    verdict = rpo(left)
    assert (verdict.status, verdict.at) == (Status.AT_RISK, left.created_at)
    assert "left behind 2026-11-22T12:04:30Z: delete it" in verdict.reason
    assert judge_rto(left, "public", DEFAULT.policy, NOW, figure="rto").status is Status.NOT_APPLICABLE


def test_what_was_not_answered_is_unknown() -> None:
    """Also of a copy."""
    assert rpo(copy(outcome=Outcome.DENIED)).status is Status.UNKNOWN
