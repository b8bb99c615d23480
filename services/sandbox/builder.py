"""The pieces that tenants are made of: records, databases, their backups. Used by the fleet and by the stories."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from services.agreement import zone
from services.aws.facts import Tags
from services.model import LifecycleState, TestKind
from services.sandbox.clock import Restorable, healthy
from services.sandbox.options import DEDICATED_ACCOUNT, PUBLIC_ACCOUNT
from services.sandbox.plan import Planting, dice, token
from services.sandbox.planned.databases import Cluster, Instance, Snapshot
from services.wire.operations import RecoveryTestRecord
from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord

ENGINES = {"postgres": "16.4", "mysql": "8.0.39", "mariadb": "10.11.9"}
CLUSTER_ENGINES = {"aurora-postgresql": "16.4", "aurora-mysql": "8.0.mysql_aurora.3.08.0"}
MULTI_AZ_ENGINES = {"postgres": "16.4", "mysql": "8.0.39"}
"""Of clusters that are not Aurora's: one that writes and two that can be read, each with the data."""
ZONES = {
    "us-east-1": "America/New_York",
    "eu-central-1": "Europe/Berlin",
    "me-central-1": "Asia/Dubai",
    "eu-west-2": "Europe/London",
    "ca-central-1": "America/Toronto",
    "ap-southeast-1": "Asia/Singapore",
}
MULTI_AZ_CLASS = "db.r6gd.large"
"""Of the instances of a Multi-AZ cluster, which takes none without a disk of its own."""
DEFAULT_ZONE = "Europe/Rome"
"""Where a tenant has no zone of its own: as the default policy says."""


@dataclass(frozen=True, slots=True)
class Builder:
    """Adds to ``planting``; what it makes depends on the seed, the instant and its arguments alone."""

    seed: int
    at: datetime
    planting: Planting = field(default_factory=Planting)

    def party(self, kind: str, id_: str, name: str) -> str:
        self.planting.parties.append(PartyRecord.model_validate({"id": id_, "kind": kind, "name": name}))
        return id_

    def tenant(
        self,
        id_: str,
        name: str,
        tier: str,
        region: str,
        *,
        customer: str | None = None,
        reseller: str | None = None,
        service_provider: str | None = None,
        sp_end_customers: tuple[str, ...] = (),
        state: LifecycleState = LifecycleState.ACTIVE,
        own_zone: bool = True,
    ) -> TenantRecord:
        """A tenant's record; without ``customer`` (a party's id) a customer of the tenant's name is made."""
        record = TenantRecord(
            id=id_,
            name=name,
            tier=tier,
            region=region,
            account=PUBLIC_ACCOUNT if tier == "public" else DEDICATED_ACCOUNT,
            zone=ZONES[region] if own_zone else None,
            state=state,
            customer=customer or self.party("customer", f"customer-{id_}"[:64], name),
            reseller=reseller,
            service_provider=service_provider,
            sp_end_customers=sp_end_customers,
        )
        self.planting.tenants.append(record)
        return record

    def today(self, tenant: TenantRecord) -> date:
        """The day it is for the tenant."""
        return self.at.astimezone(zone(tenant.zone or DEFAULT_ZONE)).date()

    def subscription(
        self,
        tenant: TenantRecord,
        started_on: date,
        ended_on: date | None,
        *,
        order: str | None = None,
        confirmed_at: datetime | None = None,
    ) -> None:
        number = sum(record.tenant == tenant.id for record in self.planting.subscriptions[-4:]) + 1
        self.planting.subscriptions.append(
            SubscriptionRecord(
                id=f"sub-{tenant.id}-{number}"[:64],
                tenant=tenant.id,
                order=order or f"OF-{started_on:%Y}-{dice(self.seed, 'order', tenant.id, number).randrange(10**5):05}",
                started_on=started_on,
                ended_on=ended_on,
                termination_confirmed_at=confirmed_at,
            )
        )

    def running(self, tenant: TenantRecord) -> None:
        """A subscription in force: begun in the past, its end some months ahead."""
        random = dice(self.seed, "subscription", tenant.id)
        today = self.today(tenant)
        self.subscription(
            tenant,
            today - timedelta(days=random.randrange(60, 900)),
            today + timedelta(days=random.randrange(20, 600)),
        )

    def store(self, tenant: TenantRecord, arn: str, part: str | None = None, *, tested: bool = True) -> None:
        """Map a store, or a part of a shared one, to a tenant; ``tested``: with a test that proves its RTO."""
        number = sum(record.tenant == tenant.id for record in self.planting.stores[-8:]) + 1
        self.planting.stores.append(
            StoreRecord(id=f"store-{tenant.id}-{number}"[:64], tenant=tenant.id, store=arn, part=part)
        )
        if tested and part is None:
            self.tested(tenant, arn)

    def tested(self, tenant: TenantRecord, arn: str) -> None:
        """A recorded test that proves a store's RTO: a restore, or a failover where nothing may be interrupted."""
        random = dice(self.seed, "tested", arn)
        started = self.at - timedelta(days=random.randrange(5, 60), minutes=random.randrange(1440))
        dedicated = tenant.tier == "dedicated"
        took = timedelta(seconds=random.randrange(28, 95) if dedicated else random.randrange(1200, 10_000))
        self.test(tenant, arn, TestKind.FAILOVER if dedicated else TestKind.RESTORE, started, took)

    def test(
        self,
        tenant: TenantRecord,
        arn: str,
        kind: TestKind,
        started_at: datetime,
        took: timedelta,
        *,
        succeeded: bool = True,
    ) -> None:
        """A test that somebody made and wrote down."""
        number = sum(record.tenant == tenant.id for record in self.planting.recovery_tests[-8:]) + 1
        self.planting.recovery_tests.append(
            RecoveryTestRecord(
                id=f"test-{tenant.id}-{number}"[:64],
                tenant=tenant.id,
                store=arn,
                kind=kind,
                started_at=started_at,
                ended_at=started_at + took,
                succeeded=succeeded,
                reference=f"CHG-{dice(self.seed, 'test', arn).randrange(10**5):05}",
            )
        )

    def instance(
        self,
        account: str,
        region: str,
        identifier: str,
        *,
        tier: str = "public",
        engine: str = "postgres",
        restorable: Restorable | None = None,
        backups: bool = True,
        age: timedelta = timedelta(days=200),
        tags: Tags = (),
        cluster: str | None = None,
        zone: str = "a",
        standby: bool = True,
        deleted_at: datetime | None = None,
    ) -> Instance:
        """An instance; in health with its automated backups unless ``restorable`` or ``backups`` say otherwise."""
        random = dice(self.seed, "instance", account, region, identifier)
        continuous = restorable or healthy(tier, random.randrange(300))
        dedicated = tier == "dedicated"
        versions = ENGINES if cluster is None else {**CLUSTER_ENGINES, **MULTI_AZ_ENGINES}
        drawn = random.choice(("db.m7g.large", "db.r7g.large", "db.r7g.xlarge"))
        made = Instance(
            account=account,
            region=region,
            identifier=identifier,
            resource_id="db-" + token(26, self.seed, "db", account, region, identifier),
            engine=engine,
            engine_version=versions[engine],
            instance_class=MULTI_AZ_CLASS if cluster is not None and engine in MULTI_AZ_ENGINES else drawn,
            storage_gib=random.choice((100, 200, 400, 800)),
            created_at=self.at - age,
            restorable=continuous if backups and cluster is None else None,
            retention_days=random.choice((7, 14, 35)) if backups else 0,
            zone=zone,
            standby_zone="b" if dedicated and standby and cluster is None else None,
            cluster=cluster,
            tags=tags,
            deleted_at=deleted_at,
        )
        self.planting.instances.append(made)
        if backups and cluster is None:
            self._nightly(made, random.randrange(1440), deleted_at or self.at)
        return made

    def cluster(
        self,
        account: str,
        region: str,
        identifier: str,
        *,
        tier: str = "public",
        engine: str = "aurora-postgresql",
        restorable: Restorable | None = None,
        backups: bool = True,
        age: timedelta = timedelta(days=200),
        tags: Tags = (),
        members: int = 2,
    ) -> Cluster:
        """A cluster with its member instances in zones of their own: of Aurora, or Multi-AZ by its engine."""
        random = dice(self.seed, "cluster", account, region, identifier)
        continuous = restorable or healthy(tier, random.randrange(300))
        made = Cluster(
            account=account,
            region=region,
            identifier=identifier,
            resource_id="cluster-" + token(26, self.seed, "cluster", account, region, identifier),
            engine=engine,
            engine_version={**CLUSTER_ENGINES, **MULTI_AZ_ENGINES}[engine],
            created_at=self.at - age,
            restorable=continuous if backups else None,
            retention_days=random.choice((7, 14, 35)) if backups else 0,
            tags=tags,
            instance_class=MULTI_AZ_CLASS if engine in MULTI_AZ_ENGINES else None,
        )
        self.planting.clusters.append(made)
        for number in range(members):
            self.instance(
                account,
                region,
                f"{identifier}-{number + 1}",
                tier=tier,
                engine=engine,
                age=age,
                tags=tags,
                cluster=identifier,
                zone="abc"[number % 3],
            )
        if backups:
            self._nightly(made, random.randrange(1440), self.at)
        return made

    def snapshot(
        self,
        of: Instance | Cluster,
        identifier: str,
        *,
        kind: str = "manual",
        created_at: datetime,
        original_created_at: datetime | None = None,
        copied_from: str | None = None,
        tags: Tags = (),
    ) -> Snapshot:
        of_cluster = isinstance(of, Cluster)
        made = Snapshot(
            account=of.account,
            region=of.region,
            identifier=identifier,
            of_cluster=of_cluster,
            source=of.identifier,
            snapshot_type=kind,
            created_at=created_at,
            original_created_at=None if of_cluster else original_created_at or created_at,
            copied_from=copied_from,
            tags=tags,
        )
        self.planting.snapshots.append(made)
        return made

    def _nightly(self, of: Instance | Cluster, minute: int, until: datetime) -> None:
        """The two newest automated snapshots, taken at a minute of the day that the database keeps to."""
        night = until.replace(hour=minute // 60, minute=minute % 60, second=0)
        if night >= until:
            night -= timedelta(days=1)
        for taken in (night - timedelta(days=1), night):
            if taken > of.created_at:
                name = f"rds:{of.identifier}-{taken:%Y-%m-%d-%H-%M}"
                self.snapshot(of, name, kind="automated", created_at=taken)
