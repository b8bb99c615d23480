"""What RDS has pending, with its owners."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.fleet.pending import when
from services.fleet.snapshot import PendingView
from services.model import Status, StoreMapping
from tests.services.estate.things import HERE, NOW, answers, cluster, failed, instance, seen, tagged
from tests.services.fleet.fakes import picture, registry, tenant
from tests.services.fleet.nouns import DAY, pending

PENDING = "DescribePendingMaintenanceActions"
ORDERS = instance("orders", tags=tagged("acme"))
HOUR = timedelta(hours=1)


def of(*owners: str, mapped: tuple[StoreMapping, ...] = ()) -> tuple[PendingView, ...]:
    """What is pending on ``orders``."""
    made = picture()
    made.take_registry(registry(*map(tenant, owners), stores=mapped), NOW)
    made.take([*answers(ORDERS), seen(PENDING, pending(ORDERS.arn))])
    return made.publish(NOW, 1).pending_maintenance


def test_it_belongs_to_the_owner_of_the_store() -> None:
    """Named as the tenant's other figures name the store, judged by what AWS forces."""
    (view,) = of("acme")
    assert (view.tenant, view.verdict.figure) == ("acme", "pending.orders.system-update")
    assert (view.applies_at, view.forced) == (NOW + 2 * DAY, True)
    assert view.verdict.status is Status.AT_RISK


def test_a_shared_store_has_a_row_for_each_tenant() -> None:
    """Each has its own figure to ask about."""
    mapped = tuple(StoreMapping(name, ORDERS.arn, name) for name in ("acme", "contoso"))
    assert [view.tenant for view in of("acme", "contoso", mapped=mapped)] == ["acme", "contoso"]


def test_of_a_store_that_nobody_owns_it_is_nobodys() -> None:
    """Its figure names the store in full."""
    (view,) = of("contoso")
    assert (view.tenant, view.verdict.figure) == (None, f"pending.{ORDERS.arn}.system-update")


def test_whose_it_is_cannot_be_told_while_the_registry_is_unread() -> None:
    """It is nobody's only where the registry says so."""
    made = picture()
    made.take_registry(registry(tenant("acme"), failed=("tenants",)), NOW)
    made.take([*answers(ORDERS), seen(PENDING, pending(ORDERS.arn))])
    (view,) = made.publish(NOW, 1).pending_maintenance
    assert (view.tenant, view.verdict.status) == (None, Status.UNKNOWN)
    assert "its tenant is unknown: internal GET /tenants failed" in view.verdict.reason
    made.take_registry(registry(tenant("acme")), NOW)
    (view,) = made.publish(NOW, 1).pending_maintenance
    assert (view.tenant, view.verdict.status) == ("acme", Status.AT_RISK)


def test_whose_it_is_cannot_be_told_while_its_store_was_never_listed() -> None:
    """The store's own tag may name somebody."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    made.take([seen(PENDING, pending(ORDERS.arn))])
    (view,) = made.publish(NOW, 1).pending_maintenance
    assert "its tenant is unknown: waiting for rds DescribeDBInstances" in view.verdict.reason
    made.take([failed("DescribeDBInstances")])
    (view,) = made.publish(NOW, 1).pending_maintenance
    assert (view.tenant, view.verdict.status) == (None, Status.UNKNOWN)
    assert "its tenant is unknown: rds DescribeDBInstances of" in view.verdict.reason
    made.take(answers(ORDERS))
    (view,) = made.publish(NOW, 1).pending_maintenance
    assert (view.tenant, view.verdict.status) == ("acme", Status.AT_RISK)


def test_what_is_pending_on_a_clusters_instance_is_the_clusters() -> None:
    """The cluster is the store."""
    crm, member = cluster("crm", tags=tagged("acme")), instance("crm-1", cluster="crm")
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    made.take([*answers(crm, member), seen(PENDING, pending(member.arn))])
    (view,) = made.publish(NOW, 1).pending_maintenance
    assert (view.tenant, view.arn) == ("acme", crm.arn)


def test_a_refused_call_leaves_what_was_seen_as_unknown() -> None:
    """It is not gone; and neither is it after the policy's time without an answer."""
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    made.take([*answers(ORDERS), seen(PENDING, pending(ORDERS.arn))])
    made.publish(NOW, 1)
    late = made.rejudge(NOW + timedelta(minutes=16)).pending_maintenance
    assert [view.verdict.status for view in late] == [Status.UNKNOWN]
    made.take([failed(PENDING)])
    (view,) = made.publish(NOW, 1).pending_maintenance
    assert view.verdict.status is Status.UNKNOWN
    assert f"rds {PENDING} of {HERE.account} {HERE.region} denied" in view.verdict.reason


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, (NOW + 2 * DAY, True)),
        ({"applies_at": NOW + DAY}, (NOW + DAY, False)),
        ({"applies_at": None, "forced_at": None, "auto_applied_after": NOW + DAY}, (NOW + DAY, False)),
        ({"applies_at": None}, (NOW + 2 * DAY, True)),
        ({"applies_at": None, "forced_at": None}, (None, False)),
    ],
)
def test_when_it_is_applied_and_whether_at_any_hour(members: dict[str, object], expected: tuple[object, bool]) -> None:
    """The date in force; forced where that is no earlier than the forced one."""
    assert when(pending(ORDERS.arn, **members)) == expected


@pytest.mark.parametrize(
    ("window", "forced", "expected"),
    [
        ((2 * DAY, 2 * DAY + HOUR), None, (NOW + 2 * DAY, False)),
        ((DAY - HOUR, DAY + HOUR), None, (NOW + DAY, False)),
        ((2 * DAY, 2 * DAY + HOUR), 3 * DAY, (NOW + 2 * DAY, False)),
        ((2 * DAY, 2 * DAY + HOUR), 2 * DAY - HOUR, (NOW + 2 * DAY - HOUR, True)),
    ],
)
def test_the_databases_own_window_is_waited_for(
    window: tuple[timedelta, timedelta], forced: timedelta | None, expected: tuple[object, bool]
) -> None:
    """After the date from which it may be applied: the next window, the one that is open then, and no later than the
    date on which it is forced."""
    weekly = "-".join(f"{NOW + it:%a:%H:%M}" for it in window)
    fact = pending(
        ORDERS.arn, applies_at=None, auto_applied_after=NOW + DAY, forced_at=None if forced is None else NOW + forced
    )
    assert when(fact, weekly) == expected


def test_the_window_of_a_database_stands_with_what_is_pending_on_it() -> None:
    """As its own listing says, and from it the instant at which the work is to be expected."""
    weekly = f"{NOW + 2 * DAY:%a:%H:%M}-{NOW + 2 * DAY + HOUR:%a:%H:%M}".lower()
    made = picture()
    made.take_registry(registry(tenant("acme")), NOW)
    fact = pending(ORDERS.arn, applies_at=None, auto_applied_after=NOW, forced_at=None)
    made.take([*answers(replace(ORDERS, maintenance_window=weekly)), seen(PENDING, fact)])
    (view,) = made.publish(NOW, 1).pending_maintenance
    assert (view.window, view.applies_at, view.forced) == (weekly, NOW + 2 * DAY, False)
