from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from services.aws.session import AwsSession, AwsSettings
from services.checks import CHECKS, LINKS_PEERING
from services.checks.base import collectors_of
from services.fleet.refresh import Fleet
from services.fleet.snapshot import FleetSnapshot
from services.internal.client import InternalApi
from services.model import Outcome, Status
from tests.services.fleet.fakes import POLICY
from tests.support.sandbox import RunningSandbox

NEVER = threading.Event()
STUCK = "me-central-1"
pytestmark = pytest.mark.unmeasured  # whole runs of what has tests of its own


@contextmanager
def fleet_of(running: RunningSandbox, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Iterator[Fleet]:
    """The console's own fleet, with the settings that the sandbox printed."""
    for name, value in running.aws_environment.items():
        monkeypatch.setenv(name, value)
    aws = AwsSession(AwsSettings(role_arn=running.role_arn, max_attempts=1, **settings))
    with InternalApi(
        running.api_url, running.tokens["viewer"], now=running.now, default_zone=POLICY.default_zone
    ) as api:
        yield Fleet(api, aws, POLICY, running.now)
    aws.close()


def verdicts(shot: FleetSnapshot, *, outside: str) -> dict[str, list[tuple[Status, str]]]:
    """Status and figure of each tenant's verdicts, but for those of a region. Reasons move with the clock."""
    return {
        name: [(it.status, it.figure) for it in view.verdicts]
        for name, view in shot.tenants.items()
        if view.tenant.region != outside
    }


def test_the_whole_fleet_is_read_over_http(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every tenant, every place, every call answered, and who is looking."""
    published: list[FleetSnapshot] = []
    with fleet_of(sandbox, monkeypatch) as fleet:
        shot = fleet.refresh(published.append, NEVER)
    assert len(shot.tenants) == 60
    assert {view.outcome for view in shot.sources} == {Outcome.SEEN, Outcome.EMPTY}
    places = {(view.tenant.account, view.tenant.region) for view in shot.tenants.values()}
    asked = {(it.source.account, it.source.region) for it in shot.sources if it.source.service == "rds"}
    assert asked == places
    homes = {(it.tenant.account, it.tenant.region) for it in shot.tenants.values() if it.tenant.tier == "dedicated"}
    of_links = len(LINKS_PEERING.collectors)
    calls = len(places) * (len(collectors_of(CHECKS)) - of_links) + len(homes) * of_links
    assert sum(it.source.account is not None for it in shot.sources) == calls
    assert shot.identity.role == "viewer"
    assert shot.identity.aws_arn is not None
    assert published[0].pending == len(published[0].sources)
    assert Status.OK in {view.status for view in shot.tenants.values()}


@pytest.mark.parametrize(("fault", "outcome"), [("denied", Outcome.DENIED), ("down", Outcome.FAILED)])
def test_a_fault_in_one_region_leaves_the_others_tenants_as_they_are(
    fault: str, outcome: Outcome, faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The region's tenants with databases are unknown, all others have the very verdicts that they have without it."""
    with fleet_of(faulty, monkeypatch) as fleet:
        healthy = verdicts(fleet.refresh(lambda _: None, NEVER), outside=STUCK)
    faulty.set_faults(f"{fault}:rds:{STUCK}")
    with fleet_of(faulty, monkeypatch) as fleet:
        shot = fleet.refresh(lambda _: None, NEVER)
    assert verdicts(shot, outside=STUCK) == healthy
    assert {view.outcome for view in shot.failed} == {outcome}
    assert {view.source.region for view in shot.failed} == {STUCK}
    there = [view for view in shot.tenants.values() if view.tenant.region == STUCK]
    assert there
    for view in there:
        databases = {row.verdict.status for row in view.stores if row.store is None or row.store.kind != "s3-bucket"}
        assert Status.UNKNOWN in databases
        assert not {Status.OK, Status.NOT_APPLICABLE} & databases


def test_a_region_that_comes_back_is_judged_again(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials that are refused freeze the view with what was last seen; the next answer resumes it. What a refresh
    returns is judged whole, however slow the machine is: here a slice of time is enough for few tenants."""
    for module in ("refresh", "round"):
        monkeypatch.setattr(f"services.fleet.{module}.SLICE", timedelta(microseconds=500))
    with fleet_of(faulty, monkeypatch) as fleet:
        before = fleet.refresh(lambda _: None, NEVER)
        faulty.set_faults("expired:rds")
        frozen = fleet.refresh(lambda _: None, NEVER)
        faulty.set_faults()
        after = fleet.refresh(lambda _: None, NEVER)
    rows = [
        row for view in frozen.tenants.values() for row in view.stores if row.store and row.store.kind != "s3-bucket"
    ]
    assert rows
    assert {row.verdict.status for row in rows} == {Status.UNKNOWN}
    assert all("last seen" in row.verdict.reason or "no restore point" in row.verdict.reason for row in rows)
    assert {it.outcome for it in frozen.failed} == {Outcome.DENIED}
    assert verdicts(after, outside="") == verdicts(before, outside="")
