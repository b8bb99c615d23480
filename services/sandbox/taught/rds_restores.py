"""RDS: copies restored from continuous backups and snapshots, which take a while to become available.

Read from the API reference of 2014-10-31 (RestoreDBInstanceToPointInTime, RestoreDBInstanceFromDBSnapshot,
RestoreDBClusterToPointInTime, RestoreDBClusterFromSnapshot, CreateDBInstance, DeleteDBCluster). What is made is
``creating`` for ``RESTORE_S`` of the sandbox's clock; a cluster of Aurora that is restored has no instance until one is
made in it. A Multi-AZ cluster is restored with its three instances, all of the class that is named, and is deleted with
them (RDS user guide, "Multi-AZ DB cluster deployments").
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBInstanceAlreadyExists, InvalidDBClusterStateFault, RDSClientError
from moto.rds.models import DBCluster, DBInstance, DBInstanceClustered
from moto.rds.responses import RDSResponse

from services.now import Now
from services.sandbox.taught.rds import RESTORABLE

RESTORE_S = timedelta(seconds=3)
BEGAN = "tenure_began"
"""The attribute of what was restored or made here that holds when."""
STATUS = "tenure_status"
NOW = "tenure_now"
"""The attribute of the response class that tells the time."""
REFUSED = ("deletion_protection", "publicly_accessible", "multi_az")
"""What moto copies from the source even where the call says no."""

Method = Callable[[RDSResponse], ActionResult]
_MOTO: dict[str, Method] = {}
"""What these methods were before they were taught, by name."""


class NotEnabledError(RDSClientError):
    def __init__(self, name: str) -> None:
        super().__init__("PointInTimeRestoreNotEnabled", f"{name} has no automated backups")


class BadMomentError(RDSClientError):
    def __init__(self, name: str) -> None:
        super().__init__("InvalidRestoreFault", f"{name} cannot be restored to that time")


class ClusterExistsError(RDSClientError):
    def __init__(self, name: str) -> None:
        super().__init__("DBClusterAlreadyExistsFault", f"DB Cluster {name} already exists")


def teach(now: Now) -> None:
    """Change moto's RDS in this process, after ``rds.teach``; ``now`` is the sandbox's clock."""
    cluster_status: Any = DBCluster.status

    def instance(database: Any) -> str:
        return "creating" if _waits(database, now()) else str(database.__dict__[STATUS])

    def cluster(database: Any) -> str:
        return "creating" if _waits(database, now()) else str(cluster_status.fget(database))

    def keep(database: Any, value: str) -> None:
        database.__dict__[STATUS] = value

    taught: tuple[Method, ...] = (
        restore_db_instance_to_point_in_time,
        restore_db_instance_from_db_snapshot,
        restore_db_cluster_to_point_in_time,
        restore_db_cluster_from_snapshot,
        create_db_instance,
        delete_db_cluster,
    )
    owned: list[tuple[Any, str, Any]] = [
        (DBInstance, "status", property(instance, keep)),
        (DBCluster, "status", property(cluster, cluster_status.fset)),
        (RDSResponse, NOW, staticmethod(now)),
    ]
    for method in taught:
        _MOTO[method.__name__] = getattr(RDSResponse, method.__name__)
        owned.append((RDSResponse, method.__name__, method))
    for owner, name, value in owned:
        setattr(owner, name, value)


def restore_db_instance_to_point_in_time(self: RDSResponse) -> ActionResult:
    params = self.params
    source = self.backend.describe_db_instances(params["SourceDBInstanceIdentifier"])[0]
    _reachable(source, source.db_instance_identifier, params.get("RestoreTime"))
    return _instance(self, "restore_db_instance_to_point_in_time", params["TargetDBInstanceIdentifier"])


def restore_db_instance_from_db_snapshot(self: RDSResponse) -> ActionResult:
    return _instance(self, "restore_db_instance_from_db_snapshot", self.params["DBInstanceIdentifier"])


def restore_db_cluster_to_point_in_time(self: RDSResponse) -> ActionResult:
    params = self.params
    source = self.backend.describe_db_clusters(params["SourceDBClusterIdentifier"])[0]
    _reachable(source, source.db_cluster_identifier, params.get("RestoreToTime"))
    return _cluster(self, "restore_db_cluster_to_point_in_time")


def restore_db_cluster_from_snapshot(self: RDSResponse) -> ActionResult:
    return _cluster(self, "restore_db_cluster_from_snapshot")


def delete_db_cluster(self: RDSResponse) -> ActionResult:
    cluster = self.backend.clusters.get(self.params["DBClusterIdentifier"])
    if cluster is not None and _multi_az(cluster) and not cluster.deletion_protection:
        for member in list(cluster.members):
            self.backend.databases.pop(member.db_instance_identifier)
    return _MOTO["delete_db_cluster"](self)


def create_db_instance(self: RDSResponse) -> ActionResult:
    """In a cluster that is being restored none can be made yet."""
    name = self.params.get("DBClusterIdentifier")
    cluster = self.backend.clusters.get(name) if name else None
    if cluster is not None and _waits(cluster, _now(self)):
        raise InvalidDBClusterStateFault(f"DBCluster {name} is not available")
    return _instance(self, "create_db_instance", self.params["DBInstanceIdentifier"])


def _instance(response: RDSResponse, method: str, name: str) -> ActionResult:
    if name.lower() in response.backend.databases:
        raise DBInstanceAlreadyExists
    answer = _MOTO[method](response)
    moment = _now(response)
    values: dict[str, Any] = {
        "created": moment,
        "instance_create_time": moment,
        "secondary_availability_zone": None,
        "dbi_resource_id": f"db-{uuid4().hex[:26].upper()}",
    }
    if response.params.get("BackupRetentionPeriod") is not None:
        values["backup_retention_period"] = response.params["BackupRetentionPeriod"]
    _set(response, response.backend.databases[name.lower()], values)
    for snapshot in response.backend.describe_db_snapshots(name.lower(), None, "automated"):
        response.backend.delete_db_snapshot(snapshot.db_snapshot_identifier)  # moto takes one at once
    return answer


def _cluster(response: RDSResponse, method: str) -> ActionResult:
    name = response.params["DBClusterIdentifier"]
    if name in response.backend.clusters:
        raise ClusterExistsError(name)
    answer = _MOTO[method](response)
    values = {"created": _now(response), "cluster_create_time": _now(response), "status": "available"}
    cluster = response.backend.clusters[name]
    _set(response, cluster, values)
    if _multi_az(cluster):
        _add_members(response, cluster)
    for snapshot in response.backend.describe_db_cluster_snapshots(name, "", "automated"):
        response.backend.delete_db_cluster_snapshot(snapshot.db_cluster_snapshot_identifier)  # as above
    return answer


def _multi_az(cluster: DBCluster) -> bool:
    """Whether it is a cluster of RDS's own engines, not of Aurora's."""
    return cluster.engine in ("mysql", "postgres")


def _add_members(response: RDSResponse, cluster: DBCluster) -> None:
    """One in each zone; the first one writes."""
    clustered: Any = DBInstanceClustered  # moto leaves CloudFormation's part of its classes abstract
    for number, letter in enumerate("abc", start=1):
        name = f"{cluster.db_cluster_identifier}-instance-{number}"
        made = clustered(
            backend=response.backend,
            db_cluster_identifier=cluster.db_cluster_identifier,
            db_instance_identifier=name,
            db_instance_class=cluster.db_cluster_instance_class,
            engine=cluster.engine,
            availability_zone=f"{cluster.region}{letter}",
            tags=list(cluster.tags),
        )
        response.backend.databases[name] = made
        _set(response, made, {"created": _now(response), "instance_create_time": _now(response)})


def _set(response: RDSResponse, database: Any, values: dict[str, Any]) -> None:
    no = {name: False for name in REFUSED if response.params.get(name) is False and name in database.__dict__}
    for name, value in {**values, **no, BEGAN: _now(response), RESTORABLE: None}.items():
        setattr(database, name, value)


def _reachable(source: Any, name: str, asked: datetime | None) -> None:
    latest = source.latest_restorable_time
    if latest is None:
        raise NotEnabledError(name)
    if asked is not None and (asked if asked.tzinfo else asked.replace(tzinfo=UTC)) > latest:
        raise BadMomentError(name)


def _waits(database: Any, now: datetime) -> bool:
    began: datetime | None = database.__dict__.get(BEGAN)
    return began is not None and now < began + RESTORE_S


def _now(response: RDSResponse) -> datetime:
    moment: datetime = getattr(response, NOW)()
    return moment
