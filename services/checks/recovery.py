"""Whether each RDS store can be brought back to a moment recent enough (clause ``recovery``)."""

from __future__ import annotations

from services.agreement import judge_rpo
from services.aws.collect.automated_backups import AUTOMATED_BACKUPS
from services.aws.collect.cluster_automated_backups import CLUSTER_AUTOMATED_BACKUPS
from services.aws.collect.cluster_snapshots import CLUSTER_SNAPSHOTS
from services.aws.collect.clusters import CLUSTERS
from services.aws.collect.instances import INSTANCES
from services.aws.collect.snapshots import SNAPSHOTS
from services.aws.collect.tags import TAGS
from services.checks.base import Check

RECOVERY_RDS = Check(
    name="recovery.rds",
    clause="recovery",
    title="RPO of RDS instances and clusters",
    collectors=(
        INSTANCES,
        CLUSTERS,
        AUTOMATED_BACKUPS,
        CLUSTER_AUTOMATED_BACKUPS,
        SNAPSHOTS,
        CLUSTER_SNAPSHOTS,
        TAGS,
    ),
    judge=judge_rpo,
)
