"""Where a database has a synchronous standby.

An instance that is Multi-AZ has one in its secondary zone (API reference, DBInstance). A cluster has one where a
member other than the writer runs in another zone than the writer's: its storage, or its semisynchronous replica,
holds every committed transaction there.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.aws.facts import DatabaseCluster, DatabaseInstance
from services.aws.facts_storage import Bucket


def standby_of(resource: DatabaseInstance | DatabaseCluster | Bucket, zones: Mapping[str, str | None]) -> str | None:
    """The zone of the standby; ``zones`` are those of the place's instances, by identifier."""
    if isinstance(resource, DatabaseInstance):
        return resource.standby_zone if resource.multi_az else None
    if isinstance(resource, Bucket):
        return None
    writer = resource.writer or next(iter(resource.members), None)
    home = zones.get(writer) if writer is not None else None
    others = sorted(zone for name in resource.members if name != writer and (zone := zones.get(name)))
    return next((zone for zone in others if home is not None and zone != home), None)
