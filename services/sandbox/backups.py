"""AWS Backup and recovery tests for what a builder has made: points, jobs, copies, tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.sandbox.builder import Builder
from services.sandbox.clock import Restorable
from services.sandbox.options import DEDICATED_ACCOUNT, DEDICATED_REGIONS, PUBLIC_ACCOUNT, PUBLIC_REGIONS
from services.sandbox.plan import dice, uuid
from services.sandbox.planned.backup import BackupJob, CopyJob, Plan, RecoveryPoint, RestoreJob, Vault
from services.sandbox.planned.buckets import Bucket
from services.sandbox.planned.databases import Cluster, Instance

VAULT = "suite-daily"
COPIES = "suite-copies"
"""The vault that keeps copies, locked in compliance mode."""
RETENTION_DAYS = 35

Store = Instance | Cluster | Bucket

_TYPES = {Instance: "RDS", Cluster: "Aurora", Bucket: "S3"}


def vaults(builder: Builder) -> None:
    """The two vaults of every place and the plan that fills the first."""
    made = builder.at - timedelta(days=900)
    for account, regions in ((PUBLIC_ACCOUNT, PUBLIC_REGIONS), (DEDICATED_ACCOUNT, DEDICATED_REGIONS)):
        for region in regions:
            builder.planting.vaults += [
                Vault(account=account, region=region, name=VAULT, created_at=made),
                Vault(
                    account=account,
                    region=region,
                    name=COPIES,
                    created_at=made,
                    locked=True,
                    min_retention_days=7,
                    max_retention_days=RETENTION_DAYS,
                    lock_date=made + timedelta(days=3),
                ),
            ]
            builder.planting.plans.append(
                Plan(
                    account=account,
                    region=region,
                    id=plan_of(builder, account, region),
                    name="suite-daily",
                    vault=VAULT,
                    schedule="cron(0 5 ? * * *)",
                    created_at=made,
                    retention_days=RETENTION_DAYS,
                    tag=("backup", "daily"),
                )
            )


def plan_of(builder: Builder, account: str, region: str) -> str:
    """The id of a place's plan."""
    return uuid(builder.seed, "plan", account, region)


def point(
    builder: Builder,
    store: Store,
    created_at: datetime,
    *,
    status: str = "COMPLETED",
    message: str | None = None,
    account: str | None = None,
    region: str | None = None,
    vault: str = VAULT,
    retention_days: int = RETENTION_DAYS,
    source_vault: str | None = None,
) -> RecoveryPoint:
    """A snapshot point of ``store``, in the store's own place unless told otherwise."""
    account, region = account or store.account, region or store.region
    id_ = uuid(builder.seed, "point", store.arn, created_at.isoformat(), account, region, vault)
    head = f"arn:aws:rds:{region}:{account}"
    if isinstance(store, Instance):
        arn = f"{head}:snapshot:awsbackup:job-{id_}"
    elif isinstance(store, Cluster):
        arn = f"{head}:cluster-snapshot:awsbackup:job-{id_}"
    else:
        arn = f"arn:aws:backup:{region}:{account}:recovery-point:{store.name}-{created_at:%Y%m%d%H%M%S}-{id_[:8]}"
    made = RecoveryPoint(
        account=account,
        region=region,
        arn=arn,
        vault=vault,
        resource=store.arn,
        resource_type=_TYPES[type(store)],
        status=status,
        created_at=created_at,
        completed_at=created_at + timedelta(minutes=25) if status != "CREATING" else None,
        status_message=message,
        plan=None if source_vault else plan_of(builder, account, region),
        retention_days=retention_days,
        size_bytes=_size(builder, store),
        source_vault=source_vault,
    )
    builder.planting.recovery_points.append(made)
    return made


def continuous_point(
    builder: Builder, store: Store, reaches: Restorable, since: datetime, *, status: str = "AVAILABLE"
) -> RecoveryPoint:
    """The continuous point of ``store``: begun at ``since``, it reaches as far as the store's restorable time.

    One that is ``STOPPED`` reaches no further, and is kept until its retention is over.
    """
    tail = uuid(builder.seed, "continuous", store.arn)[:8]
    name = store.name if isinstance(store, Bucket) else store.resource_id.lower()
    made = RecoveryPoint(
        account=store.account,
        region=store.region,
        arn=f"arn:aws:backup:{store.region}:{store.account}:recovery-point:continuous:{name}-{tail}",
        vault=VAULT,
        resource=store.arn,
        resource_type=_TYPES[type(store)],
        status=status,
        created_at=since,
        completed_at=since + timedelta(minutes=25),
        continuous=reaches,
        plan=plan_of(builder, store.account, store.region),
        retention_days=RETENTION_DAYS,
        size_bytes=_size(builder, store),
    )
    builder.planting.recovery_points.append(made)
    return made


def job(
    builder: Builder,
    store: Store,
    created_at: datetime,
    *,
    state: str = "COMPLETED",
    message: str | None = None,
    made: RecoveryPoint | None = None,
) -> None:
    """A backup job of ``store``, with the point that it made."""
    builder.planting.backup_jobs.append(
        BackupJob(
            account=store.account,
            region=store.region,
            id=uuid(builder.seed, "job", store.arn, created_at.isoformat()).upper(),
            vault=VAULT,
            resource=store.arn,
            resource_type=_TYPES[type(store)],
            state=state,
            created_at=created_at,
            completed_at=created_at + timedelta(minutes=25) if state not in ("CREATED", "RUNNING") else None,
            status_message=message,
            recovery_point=made.arn if made else None,
            plan=plan_of(builder, store.account, store.region),
            size_bytes=made.size_bytes if made else 0,
        )
    )


def daily_points(
    builder: Builder,
    store: Store,
    *,
    newest: datetime,
    days: int = RETENTION_DAYS,
    missing: tuple[int, ...] = (),
) -> list[RecoveryPoint]:
    """A snapshot point a day, newest first, ``missing`` ones left out, with the jobs of the last two days."""
    made = []
    for day in range(days):
        taken = newest - timedelta(days=day)
        if day in missing or taken <= store.created_at:
            continue
        made.append(point(builder, store, taken))
        if day < 2:
            job(builder, store, taken, made=made[-1])
    return made


def copy(builder: Builder, store: Store, of: RecoveryPoint) -> RecoveryPoint:
    """A copy of a point in the locked vault of the same place."""
    head = f"arn:aws:backup:{of.region}:{of.account}:backup-vault"
    started = of.created_at + timedelta(minutes=40)
    made = point(builder, store, started, vault=COPIES, source_vault=f"{head}:{of.vault}")
    builder.planting.copy_jobs.append(
        CopyJob(
            account=of.account,
            region=of.region,
            id=uuid(builder.seed, "copy", of.arn).upper(),
            source_vault=f"{head}:{of.vault}",
            source_point=of.arn,
            destination_vault=f"{head}:{COPIES}",
            destination_point=made.arn,
            resource=store.arn,
            resource_type=of.resource_type,
            state="COMPLETED",
            created_at=started,
            completed_at=started + timedelta(minutes=20),
            size_bytes=of.size_bytes,
        )
    )
    return made


def restore_job(
    builder: Builder,
    store: Store,
    of: RecoveryPoint,
    started_at: datetime,
    took: timedelta,
    *,
    status: str = "COMPLETED",
    message: str | None = None,
) -> None:
    """A restore test that AWS Backup carried out."""
    id_ = uuid(builder.seed, "restore", store.arn, started_at.isoformat())
    if isinstance(store, Bucket):
        created = f"arn:aws:s3:::restore-test-{id_[:8]}"
    else:
        kind = "db" if isinstance(store, Instance) else "cluster"
        created = f"arn:aws:rds:{store.region}:{store.account}:{kind}:restore-test-{id_[:8]}"
    builder.planting.restore_jobs.append(
        RestoreJob(
            account=store.account,
            region=store.region,
            id=id_.upper(),
            vault=of.vault,
            recovery_point=of.arn,
            recovery_point_created_at=of.created_at,
            resource=store.arn,
            resource_type=of.resource_type,
            status=status,
            created_at=started_at,
            completed_at=started_at + took,
            status_message=message,
            created_resource=created if status == "COMPLETED" else None,
            size_bytes=of.size_bytes,
        )
    )


def _size(builder: Builder, store: Store) -> int:
    return dice(builder.seed, "size", store.arn).randrange(2 * 10**9, 90 * 10**9)
