"""The whole fleet: the stories' tenants, and ordinary ones up to the number asked for.

An ordinary tenant depends on the seed and its number alone, so that a larger fleet holds a smaller one. All of them are
in health; what is wrong in a fleet is in its stories.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from services.model import LifecycleState
from services.sandbox import backups, buckets, links, routine
from services.sandbox.builder import Builder
from services.sandbox.endings import farewell
from services.sandbox.names import Namer
from services.sandbox.options import (
    DEDICATED_ACCOUNT,
    DEDICATED_REGIONS,
    PUBLIC_ACCOUNT,
    PUBLIC_REGIONS,
    STORY_TENANTS,
)
from services.sandbox.plan import Planting, dice
from services.sandbox.planned.databases import Cluster, Instance
from services.sandbox.stories import plant_stories
from services.sandbox.stories.base import Story
from services.wire.registry import TenantRecord

SHARERS = 4
"""Public tenants on a shared server, at most."""


@dataclass(frozen=True, slots=True)
class Fleet:
    planting: Planting
    stories: tuple[Story, ...]


def build_fleet(seed: int, tenants: int, at: datetime) -> Fleet:
    """Exactly ``tenants`` tenants, relative to the instant ``at``. Raises ``ValueError`` if the stories need more."""
    stories = plant_stories(seed, at)
    planting = Planting()
    builder = Builder(seed, at, planting)
    backups.vaults(builder)
    routine.slots(builder)
    for story in stories:
        planting.add(story.planted)
    links.of_stories(builder)
    if len(planting.tenants) != STORY_TENANTS:
        raise ValueError(f"the stories have {len(planting.tenants)} tenants, not {STORY_TENANTS}")
    if tenants < STORY_TENANTS:
        raise ValueError(f"the stories alone take {STORY_TENANTS} tenants")
    ordinary = _Ordinary(builder, Namer({record.id for record in planting.tenants}))
    for number in range(tenants - STORY_TENANTS):
        ordinary.plant(number)
    return Fleet(planting, stories)


class _Ordinary:
    def __init__(self, builder: Builder, namer: Namer) -> None:
        self._builder = builder
        self._namer = namer
        self._resellers: list[str] = []
        self._providers: list[str] = []
        self._shared: dict[str, tuple[Instance, int]] = {}
        """By region: the shared server that still has room, and how many it has."""
        self._servers = 0

    def plant(self, number: int) -> None:
        random = dice(self._builder.seed, "tenant", number)
        name, id_ = self._namer.company(random)
        tier = "dedicated" if random.random() < 0.35 else "public"
        region = random.choice(DEDICATED_REGIONS if tier == "dedicated" else PUBLIC_REGIONS)
        state = _state(random)
        reseller, provider, ends = self._parties(random, id_)
        tenant = self._builder.tenant(
            id_,
            name,
            tier,
            region,
            reseller=reseller,
            service_provider=provider,
            sp_end_customers=ends,
            state=state,
            own_zone=random.random() < 0.8,
        )
        self._subscribe(tenant, random)
        routine.history(self._builder, tenant)
        if state is LifecycleState.DISMISSED:
            farewell(self._builder, tenant)
        elif tier == "dedicated":
            self._dedicated_stores(tenant, random)
            links.ordinary(self._builder, tenant)
        else:
            self._public_stores(tenant, random)

    def _parties(self, random: Random, id_: str) -> tuple[str | None, str | None, tuple[str, ...]]:
        """Reseller, service provider and SP end customers: most tenants have none."""
        draw = random.random()
        if draw < 0.25:
            return self._one_of(self._resellers, 12, random, "reseller", "Resale"), None, ()
        if draw < 0.40:
            provider = self._one_of(self._providers, 6, random, "service-provider", "Telecom")
            ends = []
            for _ in range(random.randrange(2, 6)):
                name, end_id = self._namer.company(random)
                ends.append(self._builder.party("sp-end-customer", f"end-{end_id}", f"{name} (of {id_})"))
            return None, provider, tuple(ends)
        return None, None, ()

    def _one_of(self, known: list[str], most: int, random: Random, kind: str, trade: str) -> str:
        if len(known) < most and (not known or random.random() < 0.5):
            name, id_ = self._namer.company(random, trade)
            known.append(self._builder.party(kind, f"{kind}-{id_}", name))
        return random.choice(known)

    def _subscribe(self, tenant: TenantRecord, random: Random) -> None:
        builder, today = self._builder, self._builder.today(tenant)
        if tenant.state is LifecycleState.ACTIVE:
            started = today - timedelta(days=random.randrange(30, 360))
            if random.random() < 0.3:  # renewed: the period that ended does not count any more
                earlier = started - timedelta(days=random.randrange(360, 720))
                builder.subscription(tenant, earlier, started - timedelta(days=1))
            ended = today + timedelta(days=random.randrange(5, 500)) if random.random() < 0.9 else None
            builder.subscription(tenant, started, ended)
            return
        past = random.randrange(4, 25) if tenant.state is LifecycleState.GRACE else random.randrange(35, 80)
        ended = today - timedelta(days=past)
        builder.subscription(tenant, ended - timedelta(days=random.randrange(180, 720)), ended)

    def _dedicated_stores(self, tenant: TenantRecord, random: Random) -> None:
        builder, tags = self._builder, (("tenant", tenant.id), ("environment", "production"))
        age = timedelta(days=random.randrange(60, 1500), minutes=random.randrange(1440))
        if random.random() < 0.35:
            engine = random.choice(("aurora-postgresql", "aurora-mysql"))
            cluster = builder.cluster(
                DEDICATED_ACCOUNT,
                tenant.region,
                f"{tenant.id[:50]}-core",
                tier="dedicated",
                engine=engine,
                age=age,
                tags=tags,
            )
            builder.store(tenant, cluster.arn)
        else:
            engine = random.choice(("postgres", "mysql", "mariadb"))
            instance = builder.instance(
                DEDICATED_ACCOUNT,
                tenant.region,
                f"{tenant.id[:50]}-core",
                tier="dedicated",
                engine=engine,
                age=age,
                tags=tags,
            )
            builder.store(tenant, instance.arn)
            if random.random() < 0.5:
                day = builder.at - timedelta(days=random.randrange(3, 30))
                builder.snapshot(instance, f"{tenant.id[:40]}-before-upgrade", created_at=day, tags=tags)
        if random.random() < 0.3:  # named by its tag alone: the registry does not know every database
            cdr = builder.instance(
                DEDICATED_ACCOUNT, tenant.region, f"{tenant.id[:50]}-cdr", tier="dedicated", age=age, tags=tags
            )
            builder.tested(tenant, cdr.arn)
        chance = dice(builder.seed, "media", tenant.id).random()
        if chance < 0.6:
            buckets.bucket(builder, tenant, copied=True, age=age)

    def _public_stores(self, tenant: TenantRecord, random: Random) -> None:
        builder = self._builder
        if random.random() < 0.35:
            server = self._room(tenant, random)
            builder.store(tenant, server.arn, part=tenant.id.replace("-", "_"))
            self._media(tenant, timedelta(days=300))
            return
        age = timedelta(days=random.randrange(30, 1500), minutes=random.randrange(1440))
        tags = (("service", "suite"),)
        name = f"{tenant.id[:50]}-db"
        store: Instance | Cluster
        if random.random() < 0.15:
            store = builder.cluster(PUBLIC_ACCOUNT, tenant.region, name, age=age, tags=tags, members=1)
        else:
            engine = random.choice(("postgres", "postgres", "mysql"))
            store = builder.instance(PUBLIC_ACCOUNT, tenant.region, name, engine=engine, age=age, tags=tags)
        self._vaulted(tenant, store)
        self._media(tenant, age)

    def _vaulted(self, tenant: TenantRecord, store: Instance | Cluster) -> None:
        """Some databases are in AWS Backup too, and their restores are tested there; the others' are written down."""
        builder = self._builder
        random = dice(builder.seed, "vaulted", tenant.id)
        if random.random() >= 0.4:
            builder.store(tenant, store.arn)
            return
        builder.store(tenant, store.arn, tested=False)
        night = builder.at - timedelta(hours=random.randrange(1, 15), minutes=random.randrange(60))
        points = backups.daily_points(builder, store, newest=night)
        backups.copy(builder, store, points[min(1, len(points) - 1)])
        tested = builder.at - timedelta(days=random.randrange(4, 28), minutes=random.randrange(1440))
        of = next((one for one in points if one.created_at < tested), points[-1])
        backups.restore_job(builder, store, of, tested, timedelta(minutes=random.randrange(25, 200)))

    def _media(self, tenant: TenantRecord, age: timedelta) -> None:
        """A bucket for most: in AWS Backup, or with its versions and a protected copy."""
        builder = self._builder
        chance = dice(builder.seed, "media", tenant.id).random()
        if chance < 0.5:
            buckets.daily(builder, buckets.bucket(builder, tenant, age=age))
        elif chance < 0.8:
            buckets.bucket(builder, tenant, copied=True, age=age)

    def _room(self, tenant: TenantRecord, random: Random) -> Instance:
        """The region's shared server with room for one more; a new one where all are full."""
        region = tenant.region
        server, count = self._shared.get(region, (None, SHARERS))
        if server is None or count >= SHARERS:
            self._servers += 1
            server = self._builder.instance(
                PUBLIC_ACCOUNT,
                region,
                f"shared-{region}-{self._servers}",
                age=timedelta(days=random.randrange(500, 1500)),
                tags=(("service", "suite"), ("tenancy", "shared")),
            )
            self._builder.tested(tenant, server.arn)
            count = 0
        self._shared[region] = (server, count + 1)
        return server


def _state(random: Random) -> LifecycleState:
    draw = random.random()
    if draw < 0.06:
        return LifecycleState.GRACE
    return LifecycleState.DISMISSED if draw < 0.10 else LifecycleState.ACTIVE
