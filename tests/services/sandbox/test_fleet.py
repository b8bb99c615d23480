"""The fleet as it is planned, before anything serves it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.model import LifecycleState
from services.sandbox.clock import healthy
from services.sandbox.fleet import Fleet, build_fleet
from services.sandbox.options import ACCOUNTS, DEDICATED_REGIONS, PUBLIC_REGIONS, STORY_TENANTS

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FACTS = """
import json, sys
from services.sandbox.fleet import build_fleet
from services.sandbox.options import parse_instant
json.dump(build_fleet(7, 40, parse_instant("2026-11-22T03:00:00Z")).planting.facts(), sys.stdout)
"""


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return build_fleet(1, 60, AT)


def test_same_seed_same_bytes_in_another_process() -> None:
    """Seed, size and instant alone decide on every fact: two processes with other hash seeds agree to the byte."""
    texts = {
        subprocess.run(
            [sys.executable, "-c", FACTS],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(texts) == 1
    assert json.loads(texts.pop()) == build_fleet(7, 40, AT).planting.facts()


def test_another_seed_is_another_fleet(fleet: Fleet) -> None:
    """The ordinary tenants of two seeds differ."""
    other = {tenant.id for tenant in build_fleet(2, 60, AT).planting.tenants}
    told = {tenant.id for story in fleet.stories for tenant in story.planted.tenants}
    assert len((other & {tenant.id for tenant in fleet.planting.tenants}) - told) < 10


def test_a_larger_fleet_holds_the_smaller(fleet: Fleet) -> None:
    """Asking for more tenants adds some and changes none."""
    assert build_fleet(1, 90, AT).planting.tenants[:60] == fleet.planting.tenants


@pytest.mark.parametrize("tenants", [STORY_TENANTS, STORY_TENANTS + 1, 60, 1000])
def test_exactly_as_many_as_asked(tenants: int) -> None:
    """The stories count: N tenants are N tenants, each with an id of its own."""
    records = build_fleet(3, tenants, AT).planting.tenants
    assert len({record.id for record in records}) == len(records) == tenants


def test_fewer_than_the_stories_are_refused() -> None:
    """A fleet that cannot hold its stories is not made."""
    with pytest.raises(ValueError, match=f"take {STORY_TENANTS} tenants"):
        build_fleet(1, STORY_TENANTS - 1, AT)


def test_every_reference_leads_somewhere(fleet: Fleet) -> None:
    """No id is used twice, and what a record names is there; only a story's database is missing on purpose."""
    planting = fleet.planting
    for records in (planting.parties, planting.tenants, planting.subscriptions, planting.stores):
        assert max(Counter(record.id for record in records).values()) == 1
    kinds = {party.id: party.kind for party in planting.parties}
    tenants = {tenant.id for tenant in planting.tenants}
    for tenant in planting.tenants:
        assert kinds[tenant.customer] == "customer"
        assert tenant.reseller is None or kinds[tenant.reseller] == "reseller"
        assert tenant.service_provider is None or kinds[tenant.service_provider] == "service-provider"
        assert all(kinds[end] == "sp-end-customer" for end in tenant.sp_end_customers)
    assert {record.tenant for record in planting.subscriptions} == tenants
    live = {instance.arn for instance in planting.instances if instance.deleted_at is None}
    live |= {cluster.arn for cluster in planting.clusters} | {bucket.arn for bucket in planting.buckets}
    missing = {record.store for record in planting.stores} - live
    assert missing == {"arn:aws:rds:eu-central-1:111122223333:db:tyrell-connect-db"}
    assert {record.tenant for record in planting.stores} <= tenants


def test_tiers_regions_and_accounts(fleet: Fleet) -> None:
    """Both tiers are there, each in all of its regions and in no other, each in its account."""
    regions: dict[str, set[str]] = {"public": set(), "dedicated": set()}
    for tenant in fleet.planting.tenants:
        regions[tenant.tier].add(tenant.region)
        assert tenant.account == ACCOUNTS[tenant.tier == "dedicated"]
    assert regions["public"] == set(PUBLIC_REGIONS)
    assert regions["dedicated"] == set(DEDICATED_REGIONS)


def test_what_a_fleet_is_made_of(fleet: Fleet) -> None:
    """Instances and clusters, shared servers with a schema each, standbys, all parties, tenants at their end."""
    planting = fleet.planting
    assert {party.kind for party in planting.parties} == {
        "customer",
        "reseller",
        "service-provider",
        "sp-end-customer",
    }
    states = Counter(tenant.state for tenant in planting.tenants)
    assert states[LifecycleState.GRACE] >= 2
    assert states[LifecycleState.DISMISSED] >= 2
    assert len(planting.clusters) >= 5
    shared = Counter(record.store for record in planting.stores if record.part)
    assert max(shared.values()) >= 2
    assert len({(record.store, record.part) for record in planting.stores}) == len(planting.stores)
    dedicated = [
        one
        for one in planting.instances
        if one.account == ACCOUNTS[1] and one.cluster is None and one.identifier != "pendant-press-core"  # a story
    ]
    assert all(one.standby_zone not in (None, one.zone) for one in dedicated)
    assert {snapshot.snapshot_type for snapshot in planting.snapshots} == {"automated", "manual"}
    assert all(snapshot.created_at < AT for snapshot in planting.snapshots)


def test_a_dedicated_database_bears_its_tenants_tag(fleet: Fleet) -> None:
    """Every database in the dedicated account is tagged; the one tag that no tenant knows is a story."""
    tenants = {tenant.id for tenant in fleet.planting.tenants}
    tagged = {dict(one.tags).get("tenant") for one in fleet.planting.instances if one.account == ACCOUNTS[1]}
    assert tagged - tenants == {"wayne-archive"}


@given(
    phase=st.integers(0, 299),
    second=st.integers(0, 10**7),
    tier=st.sampled_from(["public", "dedicated"]),
)
def test_a_healthy_database_keeps_up(phase: int, second: int, tier: str) -> None:
    """At any second of the clock a dedicated database is one to four minutes behind, a public one one to six."""
    now = AT + timedelta(seconds=second)
    age = now - healthy(tier, phase).read(now)
    assert timedelta(minutes=1) <= age < timedelta(minutes=4 if tier == "dedicated" else 6)


def test_restorable_times_only_move_forward() -> None:
    """What could be restored to a moment ago can be restored to now: the time jumps forward and never back."""
    clock = healthy("dedicated", 17)
    times = [clock.read(AT + timedelta(seconds=second)) for second in range(600)]
    assert all(earlier <= later for earlier, later in pairwise(times))
    assert 3 <= len(set(times)) <= 5
