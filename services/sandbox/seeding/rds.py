"""RDS: clusters, instances and their snapshots."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from moto.rds.models import (
    DBCluster,
    DBClusterSnapshot,
    DBInstance,
    DBInstanceClustered,
    DBSnapshot,
    RDSBackend,
    rds_backends,
)

from services.aws.facts import Tags
from services.sandbox.plan import Planting
from services.sandbox.planned.databases import Cluster, Instance, Snapshot, weekly_window
from services.sandbox.taught.rds import DELETED_AT, GONE, RESTORABLE
from services.sandbox.taught.rds_pending import PENDING

MASTER: dict[str, Any] = {"master_username": "suite", "master_user_password": "not-a-secret"}
SECURITY_GROUP = "sg-0a1b2c3d4e5f60718"


def seed_rds(planting: Planting) -> None:
    made: dict[str, DBInstance | DBCluster] = {}
    for cluster in planting.clusters:
        made[cluster.arn] = _cluster(cluster)
    for instance in planting.instances:
        made[instance.arn] = _instance(instance)
    for snapshot in planting.snapshots:
        _snapshot(snapshot, made)
    for pending in planting.pending:
        backend: Any = rds_backends[pending.account][pending.region]
        backend.__dict__.setdefault(PENDING, []).append(pending)


def _backend(resource: Instance | Cluster | Snapshot) -> RDSBackend:
    backend: RDSBackend = rds_backends[resource.account][resource.region]
    return backend


def _tags(tags: Tags) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags]


def _key(account: str, region: str) -> str:
    """The ARN of the KMS key that encrypts everything in an account and region."""
    return f"arn:aws:kms:{region}:{account}:key/{uuid.uuid5(uuid.NAMESPACE_URL, f'{account}/{region}')}"


def _set(resource: Any, values: Mapping[str, Any]) -> None:
    """Attributes with the name of a member of the answer are served by moto."""
    for name, value in values.items():
        setattr(resource, name, value)


def _cluster(plan: Cluster) -> DBCluster:
    backend = _backend(plan)
    cluster = DBCluster(
        backend,
        plan.identifier,
        plan.engine,
        engine_version=plan.engine_version,
        backup_retention_period=plan.retention_days,
        storage_encrypted=True,
        kms_key_id=_key(plan.account, plan.region),
        vpc_security_group_ids=[SECURITY_GROUP],
        tags=_tags(plan.tags),
        database_name="suite",
        **_multi_az(plan),
        **MASTER,
    )
    created = plan.created_at
    _set(
        cluster,
        {
            "status": "available",
            "created": created,
            "cluster_create_time": created,
            "db_cluster_resource_id": plan.resource_id,
            "preferred_maintenance_window": weekly_window(plan.resource_id),
            RESTORABLE: plan.restorable,
        },
    )
    backend.clusters[plan.identifier] = cluster
    return cluster


def _multi_az(plan: Cluster) -> dict[str, Any]:
    """What a cluster has that is not Aurora's."""
    if plan.instance_class is None:
        return {}
    return {"db_cluster_instance_class": plan.instance_class, "allocated_storage": 100, "iops": 1000}


def _instance(plan: Instance) -> DBInstance:
    backend = _backend(plan)
    common: dict[str, Any] = {
        "db_instance_identifier": plan.identifier,
        "db_instance_class": plan.instance_class,
        "engine": plan.engine,
        "availability_zone": f"{plan.region}{plan.zone}",
        "tags": _tags(plan.tags),
    }
    instance: DBInstance
    if plan.cluster is not None:
        clustered: Any = DBInstanceClustered  # moto leaves CloudFormation's part of its classes abstract
        instance = clustered(backend=backend, db_cluster_identifier=plan.cluster, **common)
    else:
        alone: Any = DBInstance
        instance = alone(
            backend,
            engine_version=plan.engine_version,
            allocated_storage=plan.storage_gib,
            backup_retention_period=plan.retention_days,
            multi_az=plan.standby_zone is not None,
            storage_type="gp3",
            storage_encrypted=True,
            kms_key_id=_key(plan.account, plan.region),
            vpc_security_group_ids=[SECURITY_GROUP],
            license_model="postgresql-license" if plan.engine == "postgres" else "general-public-license",
            db_name="suite",
            **MASTER,
            **common,
        )
    values: dict[str, Any] = {
        "created": plan.created_at,
        "instance_create_time": plan.created_at,
        "dbi_resource_id": plan.resource_id,
        "preferred_maintenance_window": weekly_window(plan.resource_id),
        RESTORABLE: plan.restorable,
    }
    if plan.standby_zone:
        values["secondary_availability_zone"] = f"{plan.region}{plan.standby_zone}"
    _set(instance, values)
    instance.db_parameter_groups()  # moto makes the group when it is first read: two readers would collide
    if plan.deleted_at is None:
        backend.databases[plan.identifier] = instance
    else:
        _set(instance, {DELETED_AT: plan.deleted_at})
        _set(backend, {GONE: (*getattr(backend, GONE, ()), instance)})
    return instance


def _snapshot(plan: Snapshot, made: Mapping[str, DBInstance | DBCluster]) -> None:
    backend = _backend(plan)
    kind = "cluster" if plan.of_cluster else "db"
    source = made[f"arn:aws:rds:{plan.region}:{plan.account}:{kind}:{plan.source}"]
    common: dict[str, Any] = {
        "created": plan.created_at,
        "percent_progress": 100,
        "license_model": source.license_model,
        "storage_type": source.storage_type,
        "backup_retention_period": source.backup_retention_period,
        "preferred_backup_window": source.preferred_backup_window,
    }
    if isinstance(source, DBCluster):
        of_cluster = DBClusterSnapshot(backend, source, plan.identifier, plan.snapshot_type, tags=_tags(plan.tags))
        _set(
            of_cluster,
            {
                **common,
                "availability_zones": source.availability_zones,
                "engine_mode": source.engine_mode,
                "db_cluster_resource_id": source.db_cluster_resource_id,
                "source_db_cluster_snapshot_arn": plan.copied_from,
            },
        )
        backend.cluster_snapshots[plan.identifier] = of_cluster
        return
    snapshot = DBSnapshot(backend, source, plan.identifier, plan.snapshot_type, tags=_tags(plan.tags))
    _set(
        snapshot,
        {
            **common,
            "availability_zone": source.availability_zone,
            "option_group_name": source.option_group_name,
            "original_snapshot_create_time": plan.original_created_at,
            "snapshot_database_time": plan.original_created_at,
            "source_db_snapshot_identifier": plan.copied_from,
            "snapshot_target": "region",
        },
    )
    backend.database_snapshots[plan.identifier] = snapshot
