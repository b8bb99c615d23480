"""Where the registry and AWS differ, over pictures of a fleet made for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.aws.collect.base import Place
from services.estate.kinds import KINDS
from services.fleet.snapshot import FleetSnapshot, SourceView, StoreView, TenantView
from services.model import LifecycleState, Observation, Outcome, Status, Store, Tenant, Verdict
from services.upkeep.differences import Difference, Kind, differences
from services.wire.registry import StoreRecord
from tests.support.api import AT
from tests.support.registry import ACCOUNT

REGION = "eu-central-1"
ARN = f"arn:aws:rds:{REGION}:{ACCOUNT}:db"


def tenant(name: str, state: LifecycleState = LifecycleState.ACTIVE, region: str = REGION) -> Tenant:
    return Tenant(name, name.title(), "public", region, ACCOUNT, "Europe/Rome", state, "Northwind")


def store(name: str, *owners: str, tag: str | None = None, region: str = REGION) -> Store:
    arn = f"arn:aws:rds:{region}:{ACCOUNT}:db:{name}"
    return Store(arn, name, "rds-instance", ACCOUNT, region, "postgres", AT, owners, (), tag, (), ())


def view(of: str | None, seen: Store | None) -> StoreView:
    verdict = Verdict(Status.OK, f"recovery.{seen.name}" if seen else "recovery", "recovery", "")
    return StoreView(seen, of, None, verdict, ACCOUNT, REGION, AT)


def picture(
    *tenants: Tenant,
    stores: tuple[Store, ...] = (),
    outcome: Outcome = Outcome.SEEN,
    places: tuple[Place, ...] = (Place(ACCOUNT, REGION),),
) -> FleetSnapshot:
    """A fleet in which the lists of all places ended alike."""
    views = {}
    for one in tenants:
        of = tuple(view(one.id, seen) for seen in stores if one.id in seen.tenants) or (view(one.id, None),)
        views[one.id] = TenantView(one, one.state, (), (), of, Status.OK, None)
    listings = [kind.listing(place) for place in places for kind in KINDS]
    return FleetSnapshot(
        AT,
        tenants=views,
        orphans=tuple(view(None, seen) for seen in stores if not seen.tenants),
        sources=tuple(SourceView(source, Observation(source, AT, outcome, (), error="gone")) for source in listings),
    )


def mapping(of: str, name: str, *, arn: str | None = None) -> StoreRecord:
    return StoreRecord(id=f"{of}-{name}", tenant=of, store=arn or f"{ARN}:{name}")


def told(found: list[Difference]) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    return [(one.kind, one.tenant, one.resource, one.registry, one.aws) for one in found]


def test_where_both_say_the_same_there_is_no_difference() -> None:
    """Mapped and tagged, mapped alone, tagged alone, and shared by two whose tag names one of them."""
    fleet = picture(
        tenant("acme"),
        tenant("beta"),
        stores=(
            store("both", "acme", tag="acme"),
            store("mapped", "acme"),
            store("tagged", "beta", tag="beta"),
            store("shared", "acme", "beta", tag="beta"),
        ),
    )
    mappings = [
        mapping("acme", "both"),
        mapping("acme", "mapped"),
        mapping("acme", "shared"),
        mapping("beta", "shared"),
    ]
    assert differences(fleet, [*mappings, mapping("beta", "shared")]) == []


def test_each_difference_says_what_either_side_says() -> None:
    """Contradicting first, then elsewhere, not registered, unowned."""
    fleet = picture(
        tenant("acme"),
        stores=(
            store("taken", "acme", tag="beta"),
            store("far", "acme", tag="acme", region="us-east-1"),
            store("ghostly", tag="ghost"),
            store("nobodys"),
            store("lost"),
        ),
    )
    found = differences(fleet, [mapping("acme", "taken"), mapping("gone", "lost")])
    assert told(found) == [
        ("contradicting", "acme", f"{ARN}:taken", "acme", "beta"),
        ("elsewhere", "acme", f"arn:aws:rds:us-east-1:{ACCOUNT}:db:far", f"{ACCOUNT} {REGION}", f"{ACCOUNT} us-east-1"),
        ("not-registered", "ghost", f"{ARN}:ghostly", None, "ghost"),
        ("not-registered", "gone", f"{ARN}:lost", "gone", None),
        ("unowned", None, f"{ARN}:nobodys", None, None),
    ]
    assert all(one.reason for one in found)


@pytest.mark.parametrize(
    ("outcome", "places", "kind"),
    [
        (Outcome.SEEN, (Place(ACCOUNT, REGION),), Kind.NOT_SEEN),
        (Outcome.EMPTY, (Place(ACCOUNT, REGION),), Kind.NOT_SEEN),
        (Outcome.DENIED, (Place(ACCOUNT, REGION),), Kind.UNKNOWN),
        (Outcome.FAILED, (Place(ACCOUNT, REGION),), Kind.UNKNOWN),
        (Outcome.SEEN, (), Kind.UNKNOWN),
    ],
)
def test_what_could_not_be_looked_at_is_no_difference(outcome: Outcome, places: tuple[Place, ...], kind: Kind) -> None:
    """A mapped store and a tenant of which nothing is seen: only where the lists answered they are not there."""
    fleet = picture(tenant("acme"), tenant("beta"), outcome=outcome, places=places)
    found = differences(fleet, [mapping("acme", "orders")])
    assert [(one.kind, one.tenant, one.resource) for one in found] == [
        (kind, "acme", f"{ARN}:orders"),
        (kind, "beta", None),
    ]


@pytest.mark.parametrize("state", LifecycleState)
def test_a_tenant_whose_stores_are_gone_by_right_is_no_difference(state: LifecycleState) -> None:
    """From dismissal on the live stores are removed; before it their absence is told."""
    fleet = picture(tenant("acme", state), tenant("beta", state))
    found = differences(fleet, [mapping("acme", "orders")])
    assert len(found) == (2 if state in (LifecycleState.ACTIVE, LifecycleState.GRACE) else 0)


def test_a_bucket_is_looked_for_where_its_tenant_is() -> None:
    """Its ARN names neither account nor region; what nothing reads is unknown."""
    fleet = picture(tenant("acme"))
    mappings = [
        mapping("acme", "files", arn="arn:aws:s3:::files-of-acme"),
        mapping("acme", "queue", arn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue"),
        mapping("ghost", "files", arn="arn:aws:s3:::files-of-ghost"),
    ]
    found = differences(fleet, mappings)
    assert [(one.kind, one.tenant, one.reason) for one in found] == [
        ("not-seen", "acme", f"ListBuckets of {ACCOUNT} {REGION} does not list it"),
        ("unknown", "acme", "nothing here reads this kind of store"),
        ("unknown", "ghost", "it cannot be told where to look for it"),
    ]


def test_a_store_is_told_once_however_many_share_it() -> None:
    """Its owners are named together."""
    shared = store("shared", "acme", "beta", tag="ghost")
    fleet = picture(tenant("acme"), tenant("beta"), stores=(shared,))
    found = differences(fleet, [mapping("acme", "shared"), mapping("beta", "shared")])
    assert told(found) == [("contradicting", "acme", f"{ARN}:shared", "acme, beta", "ghost")]
    assert replace(found[0], reason="") != found[0]
