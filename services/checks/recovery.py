"""Whether each store can be brought back to a moment recent enough, and fast enough (clause ``recovery``)."""

from __future__ import annotations

from services.agreement import judge_rpo, judge_rto
from services.aws.collect.automated_backups import AUTOMATED_BACKUPS
from services.aws.collect.backup_jobs import BACKUP_JOBS
from services.aws.collect.backup_plans import BACKUP_PLANS
from services.aws.collect.buckets import BUCKETS
from services.aws.collect.cluster_automated_backups import CLUSTER_AUTOMATED_BACKUPS
from services.aws.collect.cluster_snapshots import CLUSTER_SNAPSHOTS
from services.aws.collect.clusters import CLUSTERS
from services.aws.collect.copy_jobs import COPY_JOBS
from services.aws.collect.instances import INSTANCES
from services.aws.collect.protected_resources import PROTECTED_RESOURCES
from services.aws.collect.recovery_points import RECOVERY_POINTS
from services.aws.collect.restore_jobs import RESTORE_JOBS
from services.aws.collect.snapshots import SNAPSHOTS
from services.aws.collect.tags import TAGS
from services.checks.base import Check

RECOVERY_RDS = Check(
    name="recovery.rds",
    clause="recovery",
    title="RPO of RDS instances and clusters",
    area="recovery",
    collectors=(
        INSTANCES,
        CLUSTERS,
        AUTOMATED_BACKUPS,
        CLUSTER_AUTOMATED_BACKUPS,
        SNAPSHOTS,
        CLUSTER_SNAPSHOTS,
        TAGS,
        RECOVERY_POINTS,
        BACKUP_JOBS,
        COPY_JOBS,
        BACKUP_PLANS,
    ),
    judge=judge_rpo,
)

RECOVERY_S3 = Check(
    name="recovery.s3",
    clause="recovery",
    title="RPO of buckets: versions with a protected copy, or AWS Backup",
    area="recovery",
    collectors=(BUCKETS, TAGS, RECOVERY_POINTS, BACKUP_JOBS, COPY_JOBS, BACKUP_PLANS, PROTECTED_RESOURCES),
    judge=judge_rpo,
)

RECOVERY_RTO = Check(
    name="recovery.rto",
    clause="recovery",
    title="RTO: restore tests, standbys",
    area="recovery",
    collectors=(INSTANCES, CLUSTERS, BUCKETS, RECOVERY_POINTS, RESTORE_JOBS),
    judge=judge_rto,
)
