"""The kinds of stores, and which operations speak about each."""

from __future__ import annotations

from dataclasses import dataclass

from services.aws.collect.automated_backups import AUTOMATED_BACKUPS
from services.aws.collect.cluster_automated_backups import CLUSTER_AUTOMATED_BACKUPS
from services.aws.collect.cluster_snapshots import CLUSTER_SNAPSHOTS
from services.aws.collect.clusters import CLUSTERS
from services.aws.collect.instances import INSTANCES
from services.aws.collect.snapshots import SNAPSHOTS
from services.estate.arns import parse


@dataclass(frozen=True, slots=True)
class StoreKind:
    name: str
    """As in the policy's ``recovery.evidence``."""
    arn_kind: str
    """The kind in its RDS ARN."""
    listed_by: str
    """The operation whose answer is the inventory of the kind."""
    backups: str
    snapshots: str

    @property
    def operations(self) -> tuple[str, str, str]:
        """All that must have answered before a store of the kind is judged."""
        return (self.listed_by, self.backups, self.snapshots)


INSTANCE = StoreKind("rds-instance", "db", INSTANCES.operation, AUTOMATED_BACKUPS.operation, SNAPSHOTS.operation)
CLUSTER = StoreKind(
    "rds-cluster", "cluster", CLUSTERS.operation, CLUSTER_AUTOMATED_BACKUPS.operation, CLUSTER_SNAPSHOTS.operation
)
KINDS = (INSTANCE, CLUSTER)


def kind_of(arn: str) -> StoreKind | None:
    """The kind that an ARN names; ``None`` for what is no store that is read here."""
    parsed = parse(arn)
    if parsed is None or parsed.service != "rds":
        return None
    return next((kind for kind in KINDS if kind.arn_kind == parsed.kind), None)
