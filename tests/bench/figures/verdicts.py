"""All clocks, due states and verdicts of 100,000 tenants, made and kept in memory, beside the time that Python's `json`
takes to read their records (tenant and subscription, as the internal API serves them); each the median of five, in
turns, nothing remembered from the turn before, with the collector of garbage as the console sets it. 90 % of the
tenants are active with an end in the next 500 days (a tenth of these with none), 10 % ended within the last 300 days,
in ten zones; half of the ended have confirmed the termination, each at an instant of its own; one ended tenant in ten
has an export and one in fifty a legal hold."""

from __future__ import annotations

import gc
import json
import random
import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from console.main import COLLECTED_AFTER
from services.agreement import default_policy_text, life_at, parse_policy
from services.agreement.memo import forget
from services.model import Export, ExportState, Hold, LifecycleState, Tenant
from services.wire.registry import SubscriptionRecord, TenantRecord
from tests.bench.measured import Measured, seconds

TENANTS = 100_000
TIMES = 5
NOW = datetime(2026, 11, 23, 12, 4, 31, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ZONES = [
    "Europe/Rome", "Europe/Berlin", "Europe/London", "Europe/Helsinki", "Asia/Dubai", "America/New_York",
    "America/Chicago", "America/Los_Angeles", "America/Santiago", "Australia/Sydney",
]  # fmt: skip

Life = tuple[Tenant, tuple[Export, ...], tuple[Hold, ...]]


def fleet() -> list[Life]:
    """Made-up tenants with their exports and holds; always the same."""
    chance = random.Random(2026)  # noqa: S311 - made-up tenants
    return [_life(number, chance) for number in range(TENANTS)]


def _life(number: int, chance: random.Random) -> Life:
    state, ended, confirmed = LifecycleState.ACTIVE, None, None
    if chance.random() < 0.9:
        if chance.random() < 0.9:
            ended = TODAY + timedelta(days=chance.randrange(500))
    else:
        past = chance.randrange(1, 300)
        ended = TODAY - timedelta(days=past)
        state = [LifecycleState.GRACE, LifecycleState.DISMISSED, LifecycleState.DESTROYED][(past > 30) + (past > 92)]
        if chance.random() < 0.5:
            confirmed = NOW - timedelta(days=past, seconds=-chance.randrange(86400))
    id_ = f"tenant-{number}"
    tenant = Tenant(
        id=id_,
        name=f"Tenant number {number} S.p.A.",
        tier=chance.choice(["public", "dedicated"]),
        region=chance.choice(["eu-central-1", "us-east-1", "me-central-1"]),
        account=chance.choice(["111122223333", "444455556666"]),
        zone=chance.choice(ZONES),
        state=state,
        customer=f"customer-{number}",
        order=f"SO-{number}",
        started_on=date(2024, 1, 1) + timedelta(days=chance.randrange(300)),
        ended_on=ended,
        termination_confirmed_at=confirmed,
    )
    exports: tuple[Export, ...] = ()
    holds: tuple[Hold, ...] = ()
    if state is not LifecycleState.ACTIVE and chance.random() < 0.1:
        asked = NOW - timedelta(days=20)
        exports = (
            Export(
                f"export-{number}",
                id_,
                ExportState.AVAILABLE,
                asked,
                "somebody",
                available_at=asked + timedelta(days=2),
                complete=True,
                delivered_at=asked + timedelta(days=5),
            ),
        )
    if state is not LifecycleState.ACTIVE and chance.random() < 0.02:
        holds = (Hold(f"hold-{number}", id_, "member-state-law", "Legal", "Tax audit", NOW - timedelta(days=10)),)
    return tenant, exports, holds


def records(tenants: list[Life]) -> bytes:
    """Their records as JSON."""
    listed = [
        TenantRecord(
            id=one.id,
            name=one.name,
            tier=one.tier,
            region=one.region,
            account=one.account,
            zone=one.zone,
            state=one.state,
            customer=one.customer,
        ).model_dump(mode="json")
        for one, _, _ in tenants
    ]
    subscribed = [
        SubscriptionRecord(
            id=f"subscription-{one.id}",
            tenant=one.id,
            order=one.order,
            started_on=one.started_on or TODAY,
            ended_on=one.ended_on,
            termination_confirmed_at=one.termination_confirmed_at,
        ).model_dump(mode="json")
        for one, _, _ in tenants
    ]
    return json.dumps({"tenants": listed, "subscriptions": subscribed}).encode()


def measure() -> Iterator[Measured]:
    """The time for all of them."""
    gc.set_threshold(*COLLECTED_AFTER)
    tenants = fleet()
    text = records(tenants)
    kept: list[object] = []
    ours: list[float] = []
    theirs: list[float] = []
    policy = parse_policy(default_policy_text())

    def judge() -> None:
        kept.extend(life_at(tenant, policy, NOW, exports, holds) for tenant, exports, holds in tenants)

    for _ in range(TIMES):
        forget()
        gc.collect()
        ours.append(seconds(judge))
        kept.clear()
        forget()
        gc.collect()
        theirs.append(seconds(lambda: kept.append(json.loads(text))))
        kept.clear()
    yield Measured(
        "clocks and verdicts, 100,000 tenants",
        statistics.median(ours),
        "s",
        1,
        statistics.median(theirs),
        "json.loads of their records",
    )
