"""Restore jobs as restore tests."""

from __future__ import annotations

from typing import Any

import pytest

from services.estate.join import Estate
from services.estate.sighting import Sighting
from services.model import Observation, Outcome, TestKind
from tests.services.estate.things import (
    THERE,
    ago,
    answers,
    bucket,
    failed,
    instance,
    recovery_point,
    restore_job,
    seen,
)

ORDERS = instance("orders")
RESTORES = "ListRestoreJobs"


def sighted(*observations: Observation[Any], name: str = "orders") -> Sighting:
    made = Estate()
    for observation in observations:
        made.put(observation)
    made.refresh()
    return next(it for it in made.sightings() if it.resource.identifier == name)


@pytest.mark.parametrize(
    ("status", "validation", "succeeded"),
    [
        ("COMPLETED", None, True),
        ("COMPLETED", "SUCCESSFUL", True),
        ("COMPLETED", "VALIDATING", None),
        ("COMPLETED", "FAILED", False),
        ("COMPLETED", "TIMED_OUT", False),
        ("FAILED", None, False),
        ("ABORTED", None, False),
        ("RUNNING", None, None),
        ("PENDING", None, None),
        ("unknown", None, None),
    ],
)
def test_what_a_restore_job_proves(status: str, validation: str | None, *, succeeded: bool | None) -> None:
    """Completed and not found wanting; what is under way has no end yet."""
    (test,) = sighted(*answers(ORDERS, restore_job("r", ORDERS, status, validation=validation))).tests
    assert (test.succeeded, test.ended_at) == (succeeded, None if succeeded is None else ago(days=3))
    assert (test.store, test.kind, test.started_at) == (ORDERS.arn, TestKind.RESTORE, ago(days=3, hours=2))
    assert test.seen_in == "backup ListRestoreJobs"


def test_tests_stand_newest_first_wherever_they_were_made() -> None:
    """A copy may be restored where it lies."""
    old, far = restore_job("old", ORDERS), restore_job("far", ORDERS, created_at=ago(days=1))
    it = sighted(*answers(ORDERS, old), *answers(far, place=THERE))
    assert [test.id for test in it.tests] == ["far", "old"]


@pytest.mark.parametrize("later", [False, True])
def test_a_job_that_names_only_the_point_is_of_what_that_was_taken_of(*, later: bool) -> None:
    """Whichever of the two is heard first."""
    point = recovery_point("p", ORDERS)
    job = restore_job("r", ORDERS, resource=None, recovery_point=point.arn)
    heard = answers(ORDERS, point, job)
    if later:
        heard = [*(it for it in heard if it.source.operation != RESTORES), seen(RESTORES, job)]
    else:
        heard = [seen(RESTORES, job), *(it for it in heard if it.source.operation != RESTORES)]
    assert [test.id for test in sighted(*heard).tests] == ["r"]


def test_a_job_of_a_bucket_is_a_test_of_the_bucket() -> None:
    """By its ARN, which bears no account."""
    media = bucket("media")
    assert [it.id for it in sighted(*answers(media, restore_job("r", media)), name="media").tests] == ["r"]


def test_whether_the_tests_are_all_known_is_told() -> None:
    """Not while the call was not heard, nor when it was refused."""
    without = [it for it in answers(ORDERS) if it.source.operation != RESTORES]
    it = sighted(*without)
    assert (it.test_sources, [source.operation for source in it.test_waiting]) == ((), [RESTORES])
    it = sighted(*without, failed(RESTORES))
    assert ([seen.outcome for seen in it.test_sources], it.test_waiting) == ([Outcome.DENIED], ())
    it = sighted(*answers(ORDERS))
    assert [seen.outcome for seen in it.test_sources] == [Outcome.EMPTY]
