"""One store, joined with everything that was said of it, here and elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from services.aws.collect.backup_jobs import BACKUP_JOBS
from services.aws.collect.backup_plans import BACKUP_PLANS
from services.aws.collect.base import Place
from services.aws.collect.copy_jobs import COPY_JOBS
from services.aws.collect.instances import INSTANCES
from services.aws.collect.restore_jobs import RESTORE_JOBS
from services.aws.collect.tags import TAGS
from services.aws.facts import AutomatedBackup, DatabaseCluster, DatabaseInstance, DatabaseSnapshot, Tags
from services.aws.facts_backup import RecoveryPoint
from services.aws.facts_storage import Bucket
from services.estate.backups import Backups, Kept
from services.estate.facts import Facts, Known, place_of
from services.estate.kinds import StoreKind
from services.estate.points import Found, newest_first, points_of
from services.estate.restores import tests_of
from services.estate.sighting import Resource, Sighting
from services.estate.standby import standby_of
from services.estate.storage import Buckets, protection_of
from services.estate.troubles import job_troubles, plan_troubles, point_troubles, unread_troubles
from services.estate.vault_points import vault_points
from services.estate.vaults import Vaults
from services.model import Observation, RestorePoint, Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Own:
    """What a place says of all its stores of a kind."""

    kind: StoreKind
    latest: tuple[Observation[Any], ...]
    good: tuple[Observation[Any], ...]
    waiting: tuple[Source, ...]
    listed: Source
    listed_at: datetime


@dataclass(frozen=True, slots=True)
class Local:
    """What a place says of all its stores of every kind."""

    tagged: Mapping[str, Tags]
    zones: Mapping[str, str | None]
    """The availability zone of each instance, by identifier."""
    plans: frozenset[str] | None
    """Ids of the backup plans; ``None`` where they were not read."""
    jobs: tuple[Observation[Any], ...]
    """How the calls for backup and copy jobs answered last."""
    restores: Known | None
    restores_source: Source


@dataclass(slots=True)
class Joiner:
    """Everything that is known, and whose verdicts rest on what is said elsewhere."""

    facts: Facts = field(default_factory=Facts)
    backups: Backups = field(default_factory=Backups)
    vaults: Vaults = field(default_factory=Vaults)
    buckets: Buckets = field(default_factory=Buckets)
    copies: dict[str, set[Place]] = field(default_factory=dict)
    """ARN of a snapshot → places where a database's snapshot goes back to it."""
    resting: dict[Source, set[Place]] = field(default_factory=dict)
    """A source → other places where a verdict rests, or once did, on what it says."""

    def own(self, place: Place, kind: StoreKind) -> Own | None:
        """``None`` where the inventory of the kind never answered: there is nothing to join."""
        known = [(source, self.facts.get(place, source.operation)) for source in kind.sources(place)]
        listed, inventory = known[0]
        if inventory is None or inventory.good is None:
            return None
        return Own(
            kind=kind,
            latest=tuple(it.latest for _, it in known if it is not None),
            good=tuple(it.good for _, it in known if it is not None and it.good is not None),
            waiting=tuple(source for source, it in known if it is None),
            listed=listed,
            listed_at=inventory.good.at,
        )

    def local(self, place: Place) -> Local:
        plans = self.facts.get(place, BACKUP_PLANS.operation)
        jobs = (self.facts.get(place, collector.operation) for collector in (BACKUP_JOBS, COPY_JOBS))
        return Local(
            tagged={resource.arn: resource.tags for resource in self.facts.seen(place, TAGS.operation)},
            zones={it.identifier: it.zone for it in self.facts.seen(place, INSTANCES.operation)},
            plans=frozenset(it.id for it in plans.good.value or ()) if plans and plans.good else None,
            jobs=tuple(it.latest for it in jobs if it is not None),
            restores=self.facts.get(place, RESTORE_JOBS.operation),
            restores_source=RESTORE_JOBS.source(place),
        )

    def database(
        self, database: DatabaseInstance | DatabaseCluster, kept: list[tuple[Source, Kept]], own: Own, local: Local
    ) -> Sighting:
        """``kept`` is everything that RDS itself took of it."""
        seen_at = self.facts.answered_at
        snapshots: list[Found[DatabaseSnapshot]] = []
        backups: list[Found[AutomatedBackup]] = []
        for source, item in kept:
            if isinstance(item, AutomatedBackup):
                backups.append(Found(item, seen_at(source), source))
                continue
            snapshots.append(Found(item, seen_at(source), source))
            if item.copied_from is not None:
                self.copies.setdefault(item.copied_from, set()).add(_home(database))
        found: Any = Found(database, own.listed_at, own.listed)
        points = points_of(found, snapshots, backups, self.backups.find)
        return self._sighting(found, points, (), own, local)

    def bucket(self, bucket: Bucket, own: Own, local: Local) -> Sighting:
        found = Found(bucket, own.listed_at, own.listed)
        copied_by = [self._other(it) for it in self.buckets.copied_by(bucket.arn)]
        may_be = [self._other(it) for it in self.buckets.may_be_copied_by(bucket)]
        protection = protection_of(found, self._find_bucket, copied_by, may_be)
        return self._sighting(found, protection.points, protection.troubles, own, local)

    def _sighting(
        self,
        found: Found[Any],
        points: tuple[RestorePoint, ...],
        troubles: tuple[str, ...],
        own: Own,
        local: Local,
    ) -> Sighting:
        seen_at = self.facts.answered_at
        resource: Resource = found.kept
        vaulted = [Found(point, seen_at(source), source) for source, point in self.vaults.points(resource.arn)]
        jobs = self.vaults.jobs(resource.arn)
        protected = [Found(it, seen_at(source), source) for source, it in self.vaults.protected(resource.arn)]
        points = newest_first((*points, *vault_points(found, vaulted, jobs, protected)))
        home = _home(resource)
        foreign = self._foreign(home, points)
        restores = local.restores
        return Sighting(
            resource=resource,
            kind=own.kind,
            points=points,
            latest=(*own.latest, *(it.latest for it in foreign), *_unread(resource, own)),
            good=(*own.good, *(it.good for it in foreign if it.good is not None)),
            waiting=own.waiting,
            more_tags=local.tagged.get(resource.arn, ()),
            listed_by=own.listed,
            troubles=(
                *troubles,
                *point_troubles(it.kept for it in vaulted),
                *job_troubles(jobs),
                *plan_troubles(_made_in(home, vaulted), local.plans),
                *unread_troubles(local.jobs),
            ),
            tests=tests_of(resource.arn, self.vaults.restores(resource.arn)),
            test_sources=(restores.latest,) if restores else (),
            test_waiting=() if restores else (local.restores_source,),
            standby=standby_of(resource, local.zones),
        )

    def _foreign(self, home: Place, points: tuple[RestorePoint, ...]) -> list[Known]:
        """Answers from elsewhere that the verdict rests on: the newest point, if it was read there and nowhere here
        is one as good."""
        if not points or points[0].at is None:
            return []
        best = [point.source for point in points if point.at == points[0].at]
        if any(source is None or place_of(source) == home for source in best):
            return []
        sources = [source for source in best[:1] if source is not None]
        for source in sources:
            self.resting.setdefault(source, set()).add(home)
        return [known for source in sources if (known := self.facts.get(place_of(source), source.operation))]

    def _find_bucket(self, arn: str) -> Found[Bucket] | None:
        found = self.buckets.find(arn)
        return self._other(found) if found is not None else None

    def _other(self, found: tuple[Source, Bucket]) -> Found[Bucket]:
        source, bucket = found
        return Found(bucket, self.facts.answered_at(source), source)


def _home(resource: Resource) -> Place:
    return Place(resource.account, resource.region)


def _made_in(home: Place, vaulted: list[Found[RecoveryPoint]]) -> list[RecoveryPoint]:
    return [it.kept for it in vaulted if (it.kept.account, it.kept.region) == (home.account, home.region)]


def _unread(resource: Resource, own: Own) -> Iterator[Observation[Any]]:
    """The settings of this one bucket that were not told, each as an observation that did not answer."""
    if isinstance(resource, Bucket):
        for setting in resource.unread:
            source = Source(own.kind.service, setting.operation, resource.account, resource.region)
            yield Observation(source, own.listed_at, setting.outcome, error=f"{resource.identifier}: {setting.error}")
