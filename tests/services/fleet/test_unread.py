from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.aws.facts import ResourceTags
from services.fleet.snapshot import TenantView
from services.model import Observation, Status, StoreMapping
from tests.services.estate.things import (
    HERE,
    NOW,
    OTHER,
    OTHERS,
    RDS,
    THERE,
    ago,
    answers,
    bucket,
    cluster,
    failed,
    instance,
    seen,
    tagged,
)
from tests.services.fleet.fakes import picture, registry, tenant
from tests.services.fleet.test_merge import merged, only

ORDERS = instance("orders", tags=tagged("acme"))


def refused(mapped: tuple[StoreMapping, ...], **answer: Any) -> TenantView:
    """``acme`` with its region refused, its mappings, and what else is said of the registry."""
    made = picture()
    made.take_registry(registry(tenant("acme"), stores=mapped, **answer), NOW)
    return merged(made, *(failed(operation) for operation in (*RDS, *OTHERS))).tenants["acme"]


def test_a_refused_region_has_one_row_for_each_mapped_store() -> None:
    """What a tag could add to them is unknown, and said in the first of these rows with its evidence."""
    names = ("orders", "files", "crm")
    view = refused(tuple(StoreMapping("acme", instance(name).arn) for name in names))
    assert [row.verdict.figure for row in view.stores] == [f"recovery.{name}" for name in names]
    assert {row.verdict.status for row in view.stores} == {Status.UNKNOWN}
    first, *others = (row.verdict for row in view.stores)
    assert "orders could not be read: rds DescribeDBInstances" in first.reason
    assert "further databases and buckets cannot be told: rds DescribeDBClusters of" in first.reason
    assert [it.source.operation for it in first.evidence] == [
        "DescribeDBInstances",
        "DescribeDBClusters",
        "ListBuckets",
    ]
    assert all("DescribeDBClusters" not in verdict.reason for verdict in others)


def test_a_region_whose_every_kind_is_mapped_says_nothing_twice() -> None:
    """Each row names the inventory that it rests on."""
    arns = (instance("orders").arn, cluster("crm").arn, bucket("files").arn)
    view = refused(tuple(StoreMapping("acme", arn) for arn in arns))
    assert len(view.stores) == 3
    assert not any("further" in row.verdict.reason for row in view.stores)


@pytest.mark.parametrize("arn", [instance("orders", THERE).arn, instance("orders", OTHER).arn])
def test_a_store_mapped_elsewhere_does_not_speak_for_a_refused_region(arn: str) -> None:
    """The tenant's own region keeps its row."""
    view = refused((StoreMapping("acme", arn),))
    assert len(view.stores) == 2
    assert view.stores[1].verdict.figure == "recovery"
    assert "its databases and buckets cannot be told: rds DescribeDBInstances" in view.stores[1].verdict.reason


def test_a_bucket_that_was_never_listed_is_looked_for_where_its_tenant_is() -> None:
    """Its ARN tells no place: the refused region is said to hold it back, and nothing is said twice of buckets."""
    view = refused((StoreMapping("acme", "arn:aws:s3:::files"),))
    (row,) = view.stores
    assert "files could not be read: s3 ListBuckets of 111122223333 eu-central-1 denied" in row.verdict.reason
    assert "further databases cannot be told: rds DescribeDBInstances" in row.verdict.reason


def test_mappings_never_read_whole_keep_a_row_of_their_own() -> None:
    """The one that is known is not all there may be."""
    made = picture()
    part = replace(registry(tenant("acme"), failed=("stores",)), stores=(StoreMapping("acme", instance("orders").arn),))
    made.take_registry(part, NOW)
    rows = merged(made, *(failed(operation) for operation in (*RDS, *OTHERS))).tenants["acme"].stores
    assert [row.verdict.figure for row in rows] == ["recovery.orders", "recovery"]
    assert "DescribeDBClusters" in rows[1].verdict.reason
    assert "internal GET /stores failed" in rows[1].verdict.reason


def test_a_region_refused_after_it_was_read_keeps_one_row_a_store() -> None:
    """The store last seen says that the clusters are unread too; they were read once, so nothing is missing."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    merged(made, *answers(ORDERS, at=ago(minutes=1)))
    row = only(merged(made, *(failed(operation) for operation in (*RDS, *OTHERS))).tenants["acme"])
    assert row.store is not None
    assert row.verdict.status is Status.UNKNOWN
    assert "last seen 2026-11-23T11:59:00Z" in row.verdict.reason
    assert "further databases and buckets cannot be told: rds DescribeDBClusters" in row.verdict.reason


def test_a_kind_that_was_never_read_is_not_said_by_a_store_last_seen() -> None:
    """The number of the tenant's stores is not known, so a row without a store stands for the rest."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    others = [it for it in answers(ORDERS, at=ago(minutes=1)) if it.source.operation != "DescribeDBClusters"]
    merged(made, *others)
    rows = merged(made, *(failed(operation) for operation in (*RDS, *OTHERS))).tenants["acme"].stores
    assert [row.store is None for row in rows] == [False, True]


def tags(*names: str, at: datetime = NOW) -> Observation[Any]:
    """What the tagging API says of buckets of ``acme``."""
    found = [ResourceTags(bucket(name).arn, HERE.account, HERE.region, tagged("acme")) for name in names]
    return seen("GetResources", *found, at=at)


def test_whose_a_bucket_is_cannot_be_told_while_its_tags_are_unread() -> None:
    """No tenant of the place loses a bucket in silence, and nobody is said to have tagged nothing."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    listed = answers(ORDERS, bucket("files"))
    shot = merged(made, *listed, failed("GetResources"))
    orders, files = (row.verdict for row in shot.tenants["acme"].stores)
    assert orders.status is not Status.UNKNOWN
    assert (files.figure, files.status) == ("recovery", Status.UNKNOWN)
    assert "its buckets cannot be told: resourcegroupstaggingapi GetResources" in files.reason
    assert [it.source.operation for it in files.evidence] == ["ListBuckets", "GetResources"]
    (orphan,) = shot.orphans
    assert "its tenant is unknown: resourcegroupstaggingapi GetResources" in orphan.verdict.reason
    after = merged(made, tags("files"))
    assert [row.verdict.figure for row in after.tenants["acme"].stores] == ["recovery.orders", "recovery.files"]
    assert after.orphans == ()


def test_tags_that_were_read_once_tell_of_what_was_there_then() -> None:
    """A bucket keeps its tenant when its tags cannot be read again; one made since has none that is known."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    shot = merged(made, *answers(bucket("files", created_at=ago(days=9))), tags("files"), failed("GetResources"))
    assert [row.verdict.figure for row in shot.tenants["acme"].stores] == ["recovery.files"]
    two = answers(bucket("files", created_at=ago(days=9)), bucket("new", created_at=NOW + timedelta(seconds=1)))
    shot = merged(made, *two)
    assert [row.verdict.figure for row in shot.tenants["acme"].stores] == ["recovery.files", "recovery"]


def test_a_bucket_that_the_registry_maps_needs_no_tags() -> None:
    """Where every bucket is mapped, tags could add nothing."""
    made = picture()
    made.take_registry(registry(tenant("acme"), stores=(StoreMapping("acme", bucket("files").arn),)), NOW)
    shot = merged(made, *answers(bucket("files")), failed("GetResources"))
    assert [row.verdict.figure for row in shot.tenants["acme"].stores] == ["recovery.files"]
