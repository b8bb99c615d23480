"""Tenants, stores and observations for the tests of the agreement."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from services.model import LifecycleState, Observation, Outcome, RestorePoint, Source, Store, Tenant

ENDED = date(2026, 2, 28)
NOW = datetime(2026, 11, 23, 12, 4, 31, tzinfo=UTC)


def tenant(
    state: LifecycleState = LifecycleState.ACTIVE,
    *,
    ended_on: date | None = ENDED,
    zone: str = "Europe/Rome",
    confirmed_at: datetime | None = None,
    tier: str = "public",
) -> Tenant:
    """A tenant of which only what the agreement looks at matters."""
    return Tenant(
        id="fabrikam",
        name="Fabrikam",
        tier=tier,
        region="eu-central-1",
        account="111122223333",
        zone=zone,
        state=state,
        customer="Fabrikam",
        ended_on=ended_on,
        termination_confirmed_at=confirmed_at,
    )


def observation(
    outcome: Outcome = Outcome.SEEN,
    *,
    age: timedelta = timedelta(),
    operation: str = "DescribeDBInstances",
    error: str | None = None,
) -> Observation[object]:
    """An answer, or none, ``age`` before ``NOW``."""
    source = Source("rds", operation, "111122223333", "eu-central-1")
    return Observation(source, NOW - age, outcome, error=error)


def point(
    age: timedelta | None,
    kind: str = "snapshot",
    *,
    note: str = "",
    observed_at: datetime | None = None,
    not_after: datetime | None = None,
) -> RestorePoint:
    """A restore point ``age`` before ``NOW``, or one without a date."""
    at = None if age is None else NOW - age
    return RestorePoint(kind, at, f"arn:aws:rds:eu-central-1:111122223333:snapshot:{age}", note, observed_at, not_after)


def store(
    *points: RestorePoint,
    kind: str = "rds-instance",
    sources: tuple[Observation[object], ...] | None = None,
    created: timedelta | None = timedelta(days=400),
) -> Store:
    """A store with these restore points, seen at ``NOW`` unless other sources are given."""
    return Store(
        arn="arn:aws:rds:eu-central-1:111122223333:db:orders-db",
        name="orders-db",
        kind=kind,
        account="111122223333",
        region="eu-central-1",
        engine="postgres",
        created_at=None if created is None else NOW - created,
        tenants=("fabrikam",),
        parts=(),
        tag_tenant=None,
        points=points,
        sources=(observation(),) if sources is None else sources,
    )
