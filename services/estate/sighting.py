"""A store as it was last seen, before anybody asks whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from services.aws.facts import DatabaseCluster, DatabaseInstance, Tags
from services.aws.facts_storage import Bucket
from services.estate.kinds import StoreKind
from services.estate.ownership import Owners
from services.model import SCRATCH_TAG, Observation, RecoveryTest, RestorePoint, Source, Store

Resource: TypeAlias = DatabaseInstance | DatabaseCluster | Bucket


@dataclass(frozen=True, slots=True)
class Sighting:
    """A store with all that was joined to it."""

    resource: Resource
    kind: StoreKind
    points: tuple[RestorePoint, ...]
    latest: tuple[Observation[Any], ...]
    """How each source that speaks about it answered last."""
    good: tuple[Observation[Any], ...]
    """Their last answers: what ``resource`` and ``points`` were read from."""
    waiting: tuple[Source, ...]
    """Sources of ``kind`` that were never heard."""
    more_tags: Tags
    """What the tagging API says of it."""
    listed_by: Source
    troubles: tuple[str, ...] = ()
    tests: tuple[RecoveryTest, ...] = ()
    test_sources: tuple[Observation[Any], ...] = ()
    """How the calls that tell its restore tests answered last."""
    test_waiting: tuple[Source, ...] = ()
    """Those of them that were never heard."""
    standby: str | None = None

    def as_store(self, owners: Owners) -> Store:
        """The store that it is, whose it is being told."""
        resource = self.resource
        return Store(
            arn=resource.arn,
            name=resource.identifier,
            kind=self.kind.name,
            account=resource.account,
            region=resource.region,
            engine=resource.engine,
            created_at=resource.created_at,
            tenants=owners.tenants,
            parts=owners.parts,
            tag_tenant=owners.tag_tenant,
            points=self.points,
            sources=self.latest,
            troubles=self.troubles,
            tests=self.tests,
            multi_az=resource.multi_az,
            maintenance_window=resource.maintenance_window,
            standby=self.standby,
            listed_by=self.listed_by,
            test_sources=self.test_sources,
            scratch=None if owners.mapped else self._scratch(),
        )

    def _scratch(self) -> str | None:
        """The restore test that its tag names; what the registry maps is a store, whatever tag it bears."""
        tags = (*self.resource.tags, *self.more_tags)
        return next((value for name, value in tags if name == SCRATCH_TAG and value), None)
