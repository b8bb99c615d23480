"""Restores that are made to be measured and removed again (RDS API reference: RestoreDBInstanceToPointInTime,
RestoreDBInstanceFromDBSnapshot, RestoreDBClusterToPointInTime, RestoreDBClusterFromSnapshot, CreateDBInstance,
DeleteDBInstance, DeleteDBCluster).

What a step made bears the order's tag, and nothing without that tag is ever deleted. Making and following are steps
of their own: a restore that fails is a step after the one that made the copy, which is then undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from services.controlplane.carrying.writers.base import Poll, Result, Writer, kept
from services.controlplane.carrying.writers.named import Named
from services.orders.names import ORDER_TAG
from services.wire.orders import AwsCall

AVAILABLE: Final = "available"
DELETING: Final = "deleting"
BROKEN: Final = frozenset(
    {
        DELETING,
        "failed",
        "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable",
        "incompatible-create",
        "incompatible-network",
        "incompatible-option-group",
        "incompatible-parameters",
        "incompatible-restore",
        "insufficient-capacity",
        "restore-error",
        "storage-full",
    }
)
"""Statuses from which a copy does not become available by itself (RDS user guide, "DB instance status")."""
INSTANCE, CLUSTER = "DBInstance", "DBCluster"
_DESCRIBE: Final = {INSTANCE: "describe_db_instances", CLUSTER: "describe_db_clusters"}
_DELETE: Final = {INSTANCE: "delete_db_instance", CLUSTER: "delete_db_cluster"}
_STATUS: Final = {INSTANCE: "DBInstanceStatus", CLUSTER: "Status"}
_LISTED: Final = {INSTANCE: "rds:DescribeDBInstances", CLUSTER: "rds:DescribeDBClusters"}
_DELETED: Final = {INSTANCE: "rds:DeleteDBInstance", CLUSTER: "rds:DeleteDBCluster"}


class FinalError(Exception):
    """What AWS shows leaves nothing to be tried again; the text says what. Judged as AWS's own refusals are."""

    response: ClassVar[Mapping[str, Any]] = {"ResponseMetadata": {"HTTPStatusCode": 409}}


class NotOursError(FinalError):
    """What stands under a name was not made by the order."""


class NotRestoredError(FinalError):
    """What was made will not become available."""


def order_of(key: str) -> str:
    """The order's part of a step's key."""
    return key.rpartition("-")[0]


def described(client: Any, noun: str, name: Any) -> Mapping[str, Any] | None:
    """As RDS describes it; ``None`` where there is none of that name."""
    gone = getattr(client.exceptions, f"{noun}NotFoundFault")
    try:
        found: list[Mapping[str, Any]] = getattr(client, _DESCRIBE[noun])(**{f"{noun}Identifier": name})[f"{noun}s"]
    except gone:
        return None
    return found[0] if found else None


def is_ours(found: Mapping[str, Any], key: str) -> bool:
    return {"Key": ORDER_TAG, "Value": order_of(key)} in found.get("TagList", ())


def delete(client: Any, noun: str, name: Any, key: str) -> Result:
    """Deletes what bears the order's tag; nothing where it goes or has gone. Raises ``NotOursError``."""
    found = described(client, noun, name)
    if found is None or found[_STATUS[noun]] == DELETING:
        return {f"{noun}Identifier": str(name)}
    if not is_ours(found, key):
        raise NotOursError(f"{name} does not bear the tag of this order, and is left alone")
    answer = getattr(client, _DELETE[noun])(
        **{f"{noun}Identifier": name}, SkipFinalSnapshot=True, DeleteAutomatedBackups=True
    )
    return {f"{noun}Identifier": str(name), **kept(answer)}


class _Making(Named):
    """Makes an instance or a cluster under the order's name. Undone by deleting it."""

    named_by: ClassVar[str]
    """The parameter that names what is made."""

    def there(self, client: Any, call: AwsCall, key: str) -> Mapping[str, Any] | None:
        found = described(client, self.noun, call.parameters[self.named_by])
        return found if found is not None and is_ours(found, key) else None

    def undo(self, client: Any, call: AwsCall, key: str, result: Mapping[str, Any]) -> None:
        del result
        delete(client, self.noun, call.parameters[self.named_by], key)


def _making(noun: str, *calls: str) -> tuple[str, ...]:
    """With the use of the key that encrypts the store, where it is the customer's own: RDS acts for whoever calls it
    (RDS user guide, "Authorizing use of a customer managed key")."""
    own = {"kms:CreateGrant", "kms:DescribeKey", "rds:AddTagsToResource", _LISTED[noun], _DELETED[noun]}
    return tuple(sorted({*own, *(f"rds:{it}" for it in calls)}))


class RestoreInstance(_Making):
    """To a moment."""

    operation: ClassVar[str] = "RestoreDBInstanceToPointInTime"
    actions: ClassVar[tuple[str, ...]] = _making(INSTANCE, operation)
    noun: ClassVar[str] = INSTANCE
    named_by: ClassVar[str] = "TargetDBInstanceIdentifier"
    create: ClassVar[str] = "restore_db_instance_to_point_in_time"


class RestoreInstanceSnapshot(_Making):
    operation: ClassVar[str] = "RestoreDBInstanceFromDBSnapshot"
    actions: ClassVar[tuple[str, ...]] = _making(INSTANCE, operation)
    noun: ClassVar[str] = INSTANCE
    named_by: ClassVar[str] = "DBInstanceIdentifier"
    create: ClassVar[str] = "restore_db_instance_from_db_snapshot"


class RestoreCluster(_Making):
    """To a moment; without instances."""

    operation: ClassVar[str] = "RestoreDBClusterToPointInTime"
    actions: ClassVar[tuple[str, ...]] = _making(CLUSTER, operation)
    noun: ClassVar[str] = CLUSTER
    named_by: ClassVar[str] = "DBClusterIdentifier"
    create: ClassVar[str] = "restore_db_cluster_to_point_in_time"


class RestoreClusterSnapshot(_Making):
    operation: ClassVar[str] = "RestoreDBClusterFromSnapshot"
    actions: ClassVar[tuple[str, ...]] = _making(CLUSTER, operation)
    noun: ClassVar[str] = CLUSTER
    named_by: ClassVar[str] = "DBClusterIdentifier"
    create: ClassVar[str] = "restore_db_cluster_from_snapshot"


class CreateInstance(_Making):
    """In a cluster that was restored."""

    operation: ClassVar[str] = "CreateDBInstance"
    actions: ClassVar[tuple[str, ...]] = _making(INSTANCE, operation)
    noun: ClassVar[str] = INSTANCE
    named_by: ClassVar[str] = "DBInstanceIdentifier"
    create: ClassVar[str] = "create_db_instance"


class _Following(Writer):
    """Looks until something is available, or will not be. Nothing is changed, and so nothing undone."""

    service: ClassVar[str] = "rds"
    noun: ClassVar[str]

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        del client, call, key
        return None

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        del client, key
        return {f"{self.noun}Identifier": call.parameters[f"{self.noun}Identifier"]}

    def poll(self, client: Any, call: AwsCall, result: Mapping[str, Any]) -> Poll:
        del result
        name = call.parameters[f"{self.noun}Identifier"]
        found = described(client, self.noun, name)
        status = "gone" if found is None else found[_STATUS[self.noun]]
        if status == "gone" or status in BROKEN:
            raise NotRestoredError(f"{name} is {status}")
        return Poll.DONE if status == AVAILABLE else Poll.RUNNING

    def undo(self, client: Any, call: AwsCall, key: str, result: Mapping[str, Any]) -> None:
        del client, call, key, result


class FollowInstance(_Following):
    operation: ClassVar[str] = "DescribeDBInstances"
    actions: ClassVar[tuple[str, ...]] = ("rds:DescribeDBInstances",)
    noun: ClassVar[str] = INSTANCE


class FollowCluster(_Following):
    operation: ClassVar[str] = "DescribeDBClusters"
    actions: ClassVar[tuple[str, ...]] = ("rds:DescribeDBClusters",)
    noun: ClassVar[str] = CLUSTER


class _Deleting(Writer):
    """Deletes what bears the order's tag, and follows it until it has gone. It stays deleted."""

    service: ClassVar[str] = "rds"
    noun: ClassVar[str]

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        del key
        found = described(client, self.noun, self._name(call))
        gone = found is None or found[_STATUS[self.noun]] == DELETING
        return {f"{self.noun}Identifier": self._name(call)} if gone else None

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        return delete(client, self.noun, self._name(call), key)

    def poll(self, client: Any, call: AwsCall, result: Mapping[str, Any]) -> Poll:
        del result
        return Poll.DONE if described(client, self.noun, self._name(call)) is None else Poll.RUNNING

    def undo(self, client: Any, call: AwsCall, key: str, result: Mapping[str, Any]) -> None:
        del client, call, key, result

    def _name(self, call: AwsCall) -> str:
        return str(call.parameters[f"{self.noun}Identifier"])


class DeleteInstance(_Deleting):
    operation: ClassVar[str] = "DeleteDBInstance"
    actions: ClassVar[tuple[str, ...]] = ("rds:DeleteDBInstance", "rds:DescribeDBInstances")
    noun: ClassVar[str] = INSTANCE


class DeleteCluster(_Deleting):
    operation: ClassVar[str] = "DeleteDBCluster"
    actions: ClassVar[tuple[str, ...]] = ("rds:DeleteDBCluster", "rds:DescribeDBClusters")
    noun: ClassVar[str] = CLUSTER


WRITERS: tuple[Writer, ...] = (
    RestoreInstance(),
    RestoreInstanceSnapshot(),
    RestoreCluster(),
    RestoreClusterSnapshot(),
    CreateInstance(),
    FollowInstance(),
    FollowCluster(),
    DeleteInstance(),
    DeleteCluster(),
)
