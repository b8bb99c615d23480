"""What is planted: the fleet as data, made before anything is served.

Both servers make the same plan from the same seed, size and instant; nothing in it depends on the machine, the
process or the order of anything but the seed.
"""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from services.aws.facts import Tags
from services.sandbox.clock import Restorable
from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord


def dice(*path: object) -> random.Random:
    """Random numbers that depend on the path alone: the seed, then what they are for."""
    return random.Random("/".join(map(str, path)))  # noqa: S311 - a fleet that anybody can make again is the purpose


def token(length: int, *path: object) -> str:
    """``length`` letters and digits that depend on the path alone; at most 52."""
    digest = hashlib.sha256("/".join(map(str, path)).encode()).digest()
    return base64.b32encode(digest).decode()[:length]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An RDS instance to plant."""

    account: str
    region: str
    identifier: str
    resource_id: str
    engine: str
    engine_version: str
    instance_class: str
    storage_gib: int
    created_at: datetime
    restorable: Restorable | None
    """``None``: nothing to restore to, or a member of a cluster."""
    retention_days: int = 7
    zone: str = "a"
    standby_zone: str | None = None
    """The letters of the availability zones; a standby makes it Multi-AZ."""
    cluster: str | None = None
    tags: Tags = ()
    deleted_at: datetime | None = None
    """Gone: it is not listed, its snapshots and its retained automated backups are."""

    @property
    def arn(self) -> str:
        return f"arn:aws:rds:{self.region}:{self.account}:db:{self.identifier}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """An Aurora cluster to plant; its members are planted as instances that name it."""

    account: str
    region: str
    identifier: str
    resource_id: str
    engine: str
    engine_version: str
    created_at: datetime
    restorable: Restorable | None
    retention_days: int = 7
    tags: Tags = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:rds:{self.region}:{self.account}:cluster:{self.identifier}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A snapshot to plant, of an instance or a cluster that is planted (or was deleted)."""

    account: str
    region: str
    identifier: str
    of_cluster: bool
    source: str
    """The identifier of the instance or cluster."""
    snapshot_type: str
    created_at: datetime
    original_created_at: datetime | None
    """Instances only."""
    copied_from: str | None = None
    """The ARN of the snapshot that this one was copied from."""
    tags: Tags = ()

    @property
    def arn(self) -> str:
        kind = "cluster-snapshot" if self.of_cluster else "snapshot"
        return f"arn:aws:rds:{self.region}:{self.account}:{kind}:{self.identifier}"


@dataclass(slots=True)
class Planting:
    """Records and resources being gathered."""

    parties: list[PartyRecord] = field(default_factory=list)
    tenants: list[TenantRecord] = field(default_factory=list)
    subscriptions: list[SubscriptionRecord] = field(default_factory=list)
    stores: list[StoreRecord] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    json_tags: list[tuple[str, Tags]] = field(default_factory=list)
    """Tags that only the tagging API serves: XML cannot carry every character that JSON can."""

    def add(self, other: Planting) -> None:
        for name in self.__slots__:
            getattr(self, name).extend(getattr(other, name))

    def facts(self) -> dict[str, Any]:
        """Everything planted as JSON values, in a fixed order."""
        records = {
            name: [item.model_dump(mode="json") for item in getattr(self, name)]
            for name in ("parties", "tenants", "subscriptions", "stores")
        }
        resources = {
            name: [_plain({**asdict(item), "arn": item.arn}) for item in getattr(self, name)]
            for name in ("instances", "clusters", "snapshots")
        }
        return {**records, **resources, "json_tags": _plain(self.json_tags)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
