"""What is planted: the fleet as data, made before anything is served.

Both servers make the same plan from the same seed, size and instant; nothing in it depends on the machine, the
process or the order of anything but the seed.
"""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from services.aws.facts import Tags
from services.sandbox.planned.backup import BackupJob, CopyJob, LegalHold, Plan, RecoveryPoint, RestoreJob, Vault
from services.sandbox.planned.buckets import Bucket
from services.sandbox.planned.databases import Cluster, Instance, Pending, Snapshot
from services.sandbox.planned.links import Interface, Line, Peer, Vpn
from services.sandbox.planned.windows import Window
from services.wire.operations import (
    AuditRecord,
    CaseRecord,
    ExportRecord,
    HoldRecord,
    RecoveryTestRecord,
    SlotRecord,
)
from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord

OperationRecord: TypeAlias = ExportRecord | SlotRecord | HoldRecord | CaseRecord | RecoveryTestRecord

RECORDS = (
    "parties",
    "tenants",
    "subscriptions",
    "stores",
    "exports",
    "slots",
    "holds",
    "cases",
    "recovery_tests",
    "audit",
)
"""The members of a planting that the internal API serves; the others are AWS's."""


def dice(*path: object) -> random.Random:
    """Random numbers that depend on the path alone: the seed, then what they are for."""
    return random.Random("/".join(map(str, path)))  # noqa: S311 - a fleet that anybody can make again is the purpose


def token(length: int, *path: object) -> str:
    """``length`` letters and digits that depend on the path alone; at most 52."""
    digest = hashlib.sha256("/".join(map(str, path)).encode()).digest()
    return base64.b32encode(digest).decode()[:length]


@dataclass(slots=True)
class Planting:
    """Records and resources being gathered."""

    parties: list[PartyRecord] = field(default_factory=list)
    tenants: list[TenantRecord] = field(default_factory=list)
    subscriptions: list[SubscriptionRecord] = field(default_factory=list)
    stores: list[StoreRecord] = field(default_factory=list)
    exports: list[ExportRecord] = field(default_factory=list)
    slots: list[SlotRecord] = field(default_factory=list)
    holds: list[HoldRecord] = field(default_factory=list)
    cases: list[CaseRecord] = field(default_factory=list)
    recovery_tests: list[RecoveryTestRecord] = field(default_factory=list)
    audit: list[AuditRecord] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    vaults: list[Vault] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    recovery_points: list[RecoveryPoint] = field(default_factory=list)
    backup_jobs: list[BackupJob] = field(default_factory=list)
    restore_jobs: list[RestoreJob] = field(default_factory=list)
    copy_jobs: list[CopyJob] = field(default_factory=list)
    legal_holds: list[LegalHold] = field(default_factory=list)
    buckets: list[Bucket] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    vpns: list[Vpn] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    interfaces: list[Interface] = field(default_factory=list)
    peers: list[Peer] = field(default_factory=list)
    json_tags: list[tuple[str, Tags]] = field(default_factory=list)
    """Tags that only the tagging API serves: XML cannot carry every character that JSON can."""

    def add(self, other: Planting) -> None:
        for name in self.__slots__:
            getattr(self, name).extend(getattr(other, name))

    def operations(self) -> Iterator[OperationRecord]:
        """What the internal API keeps beside the registry, the audit log left out."""
        yield from self.exports
        yield from self.slots
        yield from self.holds
        yield from self.cases
        yield from self.recovery_tests

    def facts(self) -> dict[str, Any]:
        """Everything planted as JSON values, in a fixed order."""
        records = {name: [item.model_dump(mode="json") for item in getattr(self, name)] for name in RECORDS}
        resources = {
            name: [_plain(asdict(item)) for item in getattr(self, name)]
            for name in self.__slots__
            if name not in RECORDS and name != "json_tags"
        }
        return {**records, **resources, "json_tags": _plain(self.json_tags)}


def uuid(*path: object) -> str:
    """A UUID that depends on the path alone."""
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, path))))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
