"""The kinds of stores, and which calls speak about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.aws.collect.automated_backups import AUTOMATED_BACKUPS
from services.aws.collect.base import Collector, Place
from services.aws.collect.buckets import BUCKETS
from services.aws.collect.cluster_automated_backups import CLUSTER_AUTOMATED_BACKUPS
from services.aws.collect.cluster_snapshots import CLUSTER_SNAPSHOTS
from services.aws.collect.clusters import CLUSTERS
from services.aws.collect.instances import INSTANCES
from services.aws.collect.recovery_points import RECOVERY_POINTS
from services.aws.collect.snapshots import SNAPSHOTS
from services.estate.arns import parse
from services.model import Source


@dataclass(frozen=True, slots=True)
class StoreKind:
    name: str
    """As in the policy's ``recovery.evidence``."""
    service: str
    """As in its ARN, and as boto3 names it."""
    arn_kind: str | None
    """The kind in its ARN; ``None`` where that bears none."""
    word: str
    """What a person calls it."""
    calls: tuple[tuple[str, str], ...]
    """Service and operation of all that should have answered before a store of the kind is judged; the first is the
    inventory of the kind."""

    @property
    def listed_by(self) -> str:
        """The operation whose answer is the inventory of the kind."""
        return self.calls[0][1]

    @property
    def operations(self) -> tuple[str, ...]:
        return tuple(operation for _, operation in self.calls)

    def sources(self, place: Place) -> tuple[Source, ...]:
        """The calls in a place, that of the inventory first."""
        return tuple(Source(service, operation, place.account, place.region) for service, operation in self.calls)

    def listing(self, place: Place) -> Source:
        """The inventory of the kind in a place."""
        return Source(*self.calls[0], place.account, place.region)


def _calls(*collectors: Collector[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((collector.service, collector.operation) for collector in collectors)


INSTANCE = StoreKind(
    "rds-instance", "rds", "db", "database", _calls(INSTANCES, AUTOMATED_BACKUPS, SNAPSHOTS, RECOVERY_POINTS)
)
CLUSTER = StoreKind(
    "rds-cluster",
    "rds",
    "cluster",
    "database",
    _calls(CLUSTERS, CLUSTER_AUTOMATED_BACKUPS, CLUSTER_SNAPSHOTS, RECOVERY_POINTS),
)
BUCKET = StoreKind("s3-bucket", "s3", None, "bucket", _calls(BUCKETS, RECOVERY_POINTS))
KINDS = (INSTANCE, CLUSTER, BUCKET)
SNAPSHOT_LISTS = {INSTANCE: SNAPSHOTS.operation, CLUSTER: CLUSTER_SNAPSHOTS.operation}
"""Where the snapshots of a kind are listed."""


def kind_of(arn: str) -> StoreKind | None:
    """The kind that an ARN names; ``None`` for what is no store that is read here."""
    parsed = parse(arn)
    if parsed is None:
        return None
    return next((it for it in KINDS if (it.service, it.arn_kind) == (parsed.service, parsed.kind)), None)
