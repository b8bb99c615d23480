"""Copies that look new: the copy's date says nothing about the data in it."""

from __future__ import annotations

from datetime import timedelta

from services.model import Status
from services.sandbox.builder import Builder
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery
from services.wire.registry import TenantRecord

NAME = "copied-snapshot"
SENTENCE = (
    "Automated backups are off and the newest snapshot was made two hours ago: by copying one that is 40 days old, "
    "or one that nobody can date any more."
)
OLD = timedelta(days=40)
NEW = timedelta(hours=2)


def plant(builder: Builder) -> Expectations:
    return (*_instance(builder), *_cluster(builder), *_orphan(builder))


def _tenant(builder: Builder, id_: str, name: str) -> TenantRecord:
    tenant = builder.tenant(id_, name, "public", "us-east-1")
    builder.running(tenant)
    return tenant


def _instance(builder: Builder) -> Expectations:
    """The copy of an instance's snapshot says when its data was as it is (``OriginalSnapshotCreateTime``)."""
    tenant = _tenant(builder, "initech-desk", "Initech Desk")
    instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "initech-desk-db", backups=False)
    old = builder.at - OLD
    builder.snapshot(instance, "initech-desk-db-copy", created_at=builder.at - NEW, original_created_at=old)
    builder.store(tenant, instance.arn)
    return (
        recovery(tenant.id, instance, Status.BREACHED, old),
        overall(tenant.id, Status.BREACHED),
    )


def _cluster(builder: Builder) -> Expectations:
    """The copy of a cluster's snapshot names the one that it was made from (``SourceDBClusterSnapshotArn``)."""
    tenant = _tenant(builder, "hooli-meet", "Hooli Meet")
    cluster = builder.cluster(PUBLIC_ACCOUNT, tenant.region, "hooli-meet-db", backups=False, members=1)
    old = builder.at - OLD
    origin = builder.snapshot(cluster, "hooli-meet-db-first", created_at=old)
    builder.snapshot(cluster, "hooli-meet-db-copy", created_at=builder.at - NEW, copied_from=origin.arn)
    builder.store(tenant, cluster.arn)
    return (
        recovery(tenant.id, cluster, Status.BREACHED, old),
        overall(tenant.id, Status.BREACHED),
    )


def _orphan(builder: Builder) -> Expectations:
    """The same, and the snapshot that it names is gone: nobody can tell how old the data is."""
    tenant = _tenant(builder, "vandelay-calls", "Vandelay Calls")
    cluster = builder.cluster(PUBLIC_ACCOUNT, tenant.region, "vandelay-calls-db", backups=False, members=1)
    gone = f"arn:aws:rds:{tenant.region}:{PUBLIC_ACCOUNT}:cluster-snapshot:vandelay-calls-db-first"
    builder.snapshot(cluster, "vandelay-calls-db-copy", created_at=builder.at - NEW, copied_from=gone)
    builder.store(tenant, cluster.arn)
    return (
        recovery(tenant.id, cluster, Status.UNKNOWN),
        overall(tenant.id, Status.UNKNOWN),
    )
