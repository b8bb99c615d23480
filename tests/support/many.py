"""A hundred thousand tenants with a database each, as the registry and AWS would tell of them: made up, and always the
same. A thousand accounts of a hundred tenants; every tenth subscription has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from services.agreement import default_policy_text, parse_policy
from services.aws.collect.base import Place
from services.aws.facts import DatabaseInstance
from services.estate.kinds import KINDS
from services.fleet.merge import Picture
from services.fleet.registry import SOURCES
from services.fleet.rules import AGREEMENT, Rules
from services.internal.answer import RegistryAnswer
from services.model import LifecycleState, Observation, Outcome, RecoveryTest, Source, StoreMapping, Tenant, TestKind

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REGIONS = ("eu-central-1", "us-east-1", "me-central-1", "eu-west-1")


def place_of(number: int) -> Place:
    """Where the tenant of that number is."""
    account = number // 100
    return Place(f"{100000000000 + account}", REGIONS[account % len(REGIONS)])


def _arn(number: int) -> str:
    place = place_of(number)
    return f"arn:aws:rds:{place.region}:{place.account}:db:db-{number:06}"


def _tenant(number: int) -> Tenant:
    place, ended = place_of(number), number % 10 == 0
    return Tenant(
        id=f"tenant-{number:06}",
        name=f"Tenant {number}",
        tier="public",
        region=place.region,
        account=place.account,
        zone="Europe/Rome",
        state=LifecycleState.GRACE if ended else LifecycleState.ACTIVE,
        customer=f"Customer {number}",
        ended_on=date(2026, 11, 1) + timedelta(days=number % 20) if ended else date(2027, 1, 1),
    )


def registry(count: int, at: datetime = NOW) -> RegistryAnswer:
    """What the internal API says of so many tenants."""
    tests = tuple(
        RecoveryTest(
            f"test-{number:06}", _arn(number), TestKind.RESTORE, NOW - timedelta(days=2), NOW - timedelta(days=2) +
            timedelta(hours=1), True, "internal GET /recovery-tests",  # noqa: FBT003
        )
        for number in range(count)
    )  # fmt: skip
    return RegistryAnswer(
        tuple(Observation(source, at, Outcome.SEEN, ()) for source in SOURCES.values()),
        tuple(map(_tenant, range(count))),
        tuple(StoreMapping(f"tenant-{number:06}", _arn(number)) for number in range(count)),
        recovery_tests=tests,
    )


def answers(first: int, at: datetime = NOW) -> Iterator[Observation[tuple[object, ...]]]:
    """What AWS says of the account of the tenant ``first`` and the ninety-nine after it."""
    place = place_of(first)
    for source in dict.fromkeys(source for kind in KINDS for source in kind.sources(place)):
        instances = source.operation == "DescribeDBInstances"
        found = tuple(_instance(number, at) for number in range(first, first + 100)) if instances else ()
        yield Observation(source, at, Outcome.SEEN if found else Outcome.EMPTY, found)
    yield Observation(Source("backup", "ListRestoreJobs", place.account, place.region), at, Outcome.EMPTY, ())


def _instance(number: int, at: datetime) -> DatabaseInstance:
    place = place_of(number)
    return DatabaseInstance(
        arn=_arn(number),
        identifier=f"db-{number:06}",
        resource_id=f"db-RESOURCE{number:06}",
        account=place.account,
        region=place.region,
        engine="postgres",
        status="available",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        latest_restorable_time=at - timedelta(minutes=3),
        backup_retention_days=7,
        multi_az=False,
        zone=f"{place.region}a",
        standby_zone=None,
        cluster=None,
        tags=(),
    )


def picture(count: int, rules: Rules = AGREEMENT) -> Picture:
    """All of them merged, and a snapshot published."""
    made = Picture(parse_policy(default_policy_text()), rules, "tenant", NOW)
    made.take_registry(registry(count), NOW)
    for first in range(0, count, 100):
        made.take(answers(first))
    made.publish(NOW, 1)
    return made
