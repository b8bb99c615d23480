"""Failovers that are made on purpose (RDS API reference: RebootDBInstance with ForceFailover, FailoverDBCluster).

The call's ``before`` says where the database ran: whoever finds it running elsewhere, or on its way, makes no second
failover, which would lead back. Nobody undoes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from services.controlplane.carrying.writers.base import Poll, Result, Writer, kept, sent
from services.wire.orders import AwsCall

AVAILABLE = "available"


class _Failover(Writer):
    service: ClassVar[str] = "rds"
    under_way: ClassVar[frozenset[str]]
    """The statuses of a database that fails over."""

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        del key
        primary, status = self.look(client, call)
        return {"primary": primary} if primary != _before(call) or status in self.under_way else None

    def poll(self, client: Any, call: AwsCall, result: Mapping[str, Any]) -> Poll:
        del result
        primary, status = self.look(client, call)
        return Poll.DONE if status == AVAILABLE and primary != _before(call) else Poll.RUNNING

    def look(self, client: Any, call: AwsCall) -> tuple[str | None, str]:
        """Where it runs, and its status."""
        raise NotImplementedError


class FailOverInstance(_Failover):
    """To the other availability zone."""

    operation: ClassVar[str] = "RebootDBInstance"
    actions: ClassVar[tuple[str, ...]] = ("rds:DescribeDBInstances", "rds:RebootDBInstance")
    under_way: ClassVar[frozenset[str]] = frozenset({"rebooting"})

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        del key
        return kept(client.reboot_db_instance(**sent(call)))

    def look(self, client: Any, call: AwsCall) -> tuple[str | None, str]:
        name = call.parameters["DBInstanceIdentifier"]
        found = client.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        return found.get("AvailabilityZone"), found["DBInstanceStatus"]


class FailOverCluster(_Failover):
    """To another instance as its writer."""

    operation: ClassVar[str] = "FailoverDBCluster"
    actions: ClassVar[tuple[str, ...]] = ("rds:DescribeDBClusters", "rds:FailoverDBCluster")
    under_way: ClassVar[frozenset[str]] = frozenset({"failing-over"})

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        del key
        return kept(client.failover_db_cluster(**sent(call)))

    def look(self, client: Any, call: AwsCall) -> tuple[str | None, str]:
        name = call.parameters["DBClusterIdentifier"]
        found = client.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
        members = found.get("DBClusterMembers", ())
        writer = next((it["DBInstanceIdentifier"] for it in members if it.get("IsClusterWriter")), None)
        return writer, found["Status"]


def _before(call: AwsCall) -> object:
    before = call.parameters.get("before")
    return before.get("primary") if isinstance(before, dict) else None


WRITERS: tuple[Writer, ...] = (FailOverInstance(), FailOverCluster())
