"""Legal holds of AWS Backup beside those of the internal API."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.aws.facts_backup import BackupLegalHold
from services.fleet.forecast import basis, forecast
from services.fleet.missing import unread_lists
from services.fleet.snapshot import TenantView
from services.model import LifecycleState, Observation, Outcome, Source, Status, Verdict
from tests.services.estate.things import HERE, NOW, answers, instance, tagged
from tests.services.fleet.fakes import picture, registry, tenant
from tests.services.fleet.nouns import hold

ORDERS = instance("orders", tags=tagged("acme"))


def legal_hold(**members: Any) -> BackupLegalHold:
    chosen: dict[str, Any] = {
        "id": "lh-1",
        "arn": "arn:aws:backup:eu-central-1:111122223333:legal-hold:lh-1",
        "title": "keep it",
        "description": "a lawsuit",
        "status": "ACTIVE",
        "created_at": NOW - timedelta(days=9),
        "cancelled_at": None,
        "retained_until": None,
        "vaults": (),
        "resources": (ORDERS.arn,),
        "from_at": None,
        "to_at": None,
        "account": HERE.account,
        "region": HERE.region,
    }
    return BackupLegalHold(**(chosen | members))


def acme(*holds: BackupLegalHold, **answer: Any) -> TenantView:
    """A tenant whose hosted data was due long ago, and what AWS Backup holds."""
    made = picture()
    ended = NOW.date() - timedelta(days=120)
    made.take_registry(registry(tenant("acme", state=LifecycleState.DISMISSED, ended_on=ended), **answer), NOW)
    listed: Observation[Any] = Observation(
        Source("backup", "ListLegalHolds", HERE.account, HERE.region), NOW, Outcome.SEEN, holds
    )
    made.take([*answers(ORDERS), listed])
    return made.publish(NOW, 1).tenants["acme"]


def test_a_hold_that_nothing_records_stops_destruction_and_excuses_nothing() -> None:
    """It is the tenant's whose store it covers, a risk, and known by its ARN."""
    (view,) = acme(legal_hold()).holds
    assert (view.verdict.figure, view.verdict.status) == ("hold.lh-1", Status.AT_RISK)
    assert view.arn == "arn:aws:backup:eu-central-1:111122223333:legal-hold:lh-1"
    assert view.hold.reason == "keep it: a lawsuit"


def test_a_hold_that_carries_out_a_recorded_one_is_that_one() -> None:
    """Its title names it; it is not told twice."""
    (view,) = acme(legal_hold(title="tenure-hold-acme"), holds=(hold(),)).holds
    assert (view.verdict.figure, view.arn) == ("hold.hold-acme", None)


def test_a_hold_that_cannot_be_read_again_is_unknown() -> None:
    """What was last seen of it is said, and that others cannot be told."""
    made = picture()
    ended = NOW.date() - timedelta(days=120)
    made.take_registry(registry(tenant("acme", state=LifecycleState.DISMISSED, ended_on=ended)), NOW)
    source = Source("backup", "ListLegalHolds", HERE.account, HERE.region)
    made.take([*answers(ORDERS), Observation(source, NOW, Outcome.SEEN, (legal_hold(),))])
    made.publish(NOW, 1)
    made.take([Observation(source, NOW, Outcome.THROTTLED, error="Rate exceeded")])
    shot = made.publish(NOW, 1)
    (view,) = shot.tenants["acme"].holds
    assert (view.verdict.figure, view.verdict.status) == ("hold.lh-1", Status.UNKNOWN)
    throttled = "backup ListLegalHolds of 111122223333 eu-central-1 throttled: Rate exceeded"
    assert f"{throttled}, last read 2026-11-23T12:00:00Z; was at-risk" in view.verdict.reason
    (later,) = forecast(basis(shot, made.judging, made.slots, NOW), NOW + timedelta(days=1)).tenants["acme"].holds
    assert later.verdict.status is Status.UNKNOWN
    told = {verdict.figure: verdict for verdict in unread_lists(shot)}
    assert told["holds.backup"].status is Status.UNKNOWN


def test_a_hold_that_was_read_too_long_ago_is_unknown_by_time_alone() -> None:
    """From the moment that the policy's age is reached; the reason says which age is allowed and what was seen."""
    made = picture()
    ended = NOW.date() - timedelta(days=120)
    later = NOW + timedelta(minutes=5)
    listed: Observation[Any] = Observation(
        Source("backup", "ListLegalHolds", HERE.account, HERE.region), NOW, Outcome.SEEN
    )
    made.take_registry(registry(tenant("acme", state=LifecycleState.DISMISSED, ended_on=ended), at=later), later)
    made.take([*answers(ORDERS), replace(listed, value=(legal_hold(),))])
    made.publish(later, 1)

    def held(at: datetime) -> Verdict:
        (view,) = made.rejudge(at).tenants["acme"].holds
        return view.verdict

    limit = NOW + timedelta(minutes=15)
    assert held(limit - timedelta(seconds=1)).status is Status.AT_RISK
    assert held(limit).status is Status.UNKNOWN
    assert held(limit).reason.startswith(
        "backup ListLegalHolds of 111122223333 eu-central-1 was last read 2026-11-23T12:00:00Z, at most 15m ago is "
        "allowed; was at-risk: "
    )


@pytest.mark.parametrize(
    "members", [{"status": "CANCELED"}, {"resources": (instance("other").arn,)}, {"resources": ()}]
)
def test_a_hold_that_is_over_or_covers_others_is_none_of_the_tenants(members: dict[str, Any]) -> None:
    """Nothing is said of it here."""
    assert acme(legal_hold(**members)).holds == ()
