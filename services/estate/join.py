"""The estate: every database seen, joined with its restore points and with the answers that speak about it.

Kept up to date an observation at a time. What an observation changes is worked out for its account and region alone,
and for those whose databases have backups or copied snapshots there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.aws.collect.base import Place
from services.aws.collect.tags import TAGS
from services.aws.facts import AutomatedBackup, DatabaseCluster, DatabaseInstance, DatabaseSnapshot, Tags
from services.estate.backups import Backups, Kept, Key
from services.estate.facts import Facts, Known, place_of
from services.estate.kinds import CLUSTER, INSTANCE, KINDS, StoreKind
from services.estate.points import Found, points_of
from services.model import Observation, RestorePoint, Source

Resource = DatabaseInstance | DatabaseCluster


@dataclass(frozen=True, slots=True)
class Sighting:
    """A database as it was last seen, before anybody asks whose it is."""

    resource: Resource
    kind: StoreKind
    points: tuple[RestorePoint, ...]
    latest: tuple[Observation[Any], ...]
    """How each source that speaks about it answered last."""
    good: tuple[Observation[Any], ...]
    """Their last answers: what ``resource`` and ``points`` were read from."""
    waiting: tuple[Source, ...]
    """Sources that were never heard."""
    more_tags: Tags
    """What the tagging API says of it."""


@dataclass(frozen=True, slots=True)
class _Own:
    """What a place says of all its databases of a kind."""

    latest: tuple[Observation[Any], ...]
    good: tuple[Observation[Any], ...]
    waiting: tuple[Source, ...]
    seen_at: Mapping[Source, datetime]
    listed: Source
    snapshots: Source


class Estate:
    """All databases of all places looked at."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.backups = Backups()
        self._sightings: dict[Place, dict[str, Sighting]] = {}
        self._members: dict[Place, dict[str, str]] = {}
        self._bearers: dict[Key, set[tuple[Place, str]]] = {}
        self._borne: dict[Place, frozenset[tuple[Key, str]]] = {}
        self._copies: dict[str, set[Place]] = {}
        """ARN of a snapshot → places where a database's snapshot goes back to it."""
        self._resting: dict[Source, set[Place]] = {}
        """A source → other places where a verdict rests, or once did, on what it says."""
        self._dirty: set[Place] = set()

    def put(self, observation: Observation[Any]) -> None:
        """Takes an observation of one of the collectors. ``refresh`` works out what follows."""
        place, operation = place_of(observation.source), observation.source.operation
        self.facts.put(observation)
        self._dirty |= {place, *self._resting.get(observation.source, ())}
        if not observation.outcome.answered:
            return
        if any(operation == kind.listed_by for kind in KINDS):
            self._bear(place)
        elif any(operation in (kind.backups, kind.snapshots) for kind in KINDS):
            resources, snapshots = self.backups.put(observation.source, observation.value or ())
            for key in resources:
                self._dirty |= {bearer for bearer, _ in self._bearers.get(key, ())}
            for arn in snapshots:
                self._dirty |= self._copies.get(arn, set())

    @property
    def behind(self) -> bool:
        """Whether something was put of which it is not yet worked out what follows."""
        return bool(self._dirty)

    def refresh(self) -> tuple[dict[str, Sighting], set[str]]:
        """Works out what follows in all places where something changed; see ``refresh_one``."""
        changed: dict[str, Sighting] = {}
        gone: set[str] = set()
        while self._dirty:
            differ, missing = self.refresh_one()
            changed |= differ
            gone |= missing
        return changed, gone

    def refresh_one(self) -> tuple[dict[str, Sighting], set[str]]:
        """Joins the first place anew where something changed: the sightings that are new or differ, by ARN, and the
        ARNs that are gone."""
        place = min(self._dirty)
        self._dirty.discard(place)
        before, after = self._sightings.get(place, {}), self._join(place)
        self._sightings[place] = after
        changed = {arn: sighting for arn, sighting in after.items() if before.get(arn) != sighting}
        return changed, before.keys() - after.keys()

    def sightings(self) -> Iterable[Sighting]:
        for sightings in self._sightings.values():
            yield from sightings.values()

    def cluster_of(self, arn: str, place: Place) -> str | None:
        """The cluster that an instance belongs to, which is the store; ``None`` for any other ARN."""
        return self._members.get(place, {}).get(arn)

    def listing(self, place: Place, kind: StoreKind) -> Known | None:
        """How the inventory of a kind went in a place; ``None`` while it was never heard."""
        return self.facts.get(place, kind.listed_by)

    def leftovers(self) -> tuple[DatabaseSnapshot | AutomatedBackup, ...]:
        """Snapshots and retained backups of databases that are not seen (any more): data, but nobody's live store.

        What erasure and the findings have to look at. Meaningful only where the inventories answered.
        """
        live = {key for key, bearers in self._bearers.items() if bearers}
        names = {(s.resource.account, s.resource.region, s.resource.identifier) for s in self.sightings()}
        return tuple(
            kept
            for kept in self.backups.everything()
            if (kept.of_cluster, kept.source_resource_id or "") not in live
            and not (
                isinstance(kept, DatabaseSnapshot)
                and kept.source_resource_id is None
                and (kept.account, kept.region, kept.source_identifier) in names
            )
        )

    def _stores(self, place: Place) -> Iterable[tuple[Resource, StoreKind]]:
        for instance in self.facts.seen(place, INSTANCE.listed_by):
            if instance.cluster is None:
                yield instance, INSTANCE
        for cluster in self.facts.seen(place, CLUSTER.listed_by):
            yield cluster, CLUSTER

    def _bear(self, place: Place) -> None:
        """Notes which resource ids the place's databases bear. Where one becomes, or stops being, the id of several,
        the databases that bear it are joined anew."""
        before = self._borne.get(place, frozenset())
        after = frozenset(
            ((kind is CLUSTER, resource.resource_id), resource.arn) for resource, kind in self._stores(place)
        )
        self._borne[place] = after
        for key, arn in before ^ after:
            bearers = self._bearers.setdefault(key, set())
            several = len(bearers) > 1
            (bearers.discard if (key, arn) in before else bearers.add)((place, arn))
            if several != (len(bearers) > 1):
                self._dirty |= {bearer for bearer, _ in bearers}

    def _join(self, place: Place) -> dict[str, Sighting]:
        self._members[place] = {
            instance.arn: instance.cluster
            for instance in self.facts.seen(place, INSTANCE.listed_by)
            if instance.cluster is not None
        }
        tagged = {resource.arn: resource.tags for resource in self.facts.seen(place, TAGS.operation)}
        own = {kind: self._own(place, kind) for kind in KINDS}
        return {
            resource.arn: self._sight(resource, kind, place, own[kind], tagged.get(resource.arn, ()))
            for resource, kind in self._stores(place)
        }

    def _own(self, place: Place, kind: StoreKind) -> _Own:
        sources = [Source("rds", operation, place.account, place.region) for operation in kind.operations]
        known = [(source, self.facts.get(place, source.operation)) for source in sources]
        return _Own(
            latest=tuple(it.latest for _, it in known if it is not None),
            good=tuple(it.good for _, it in known if it is not None and it.good is not None),
            waiting=tuple(source for source, it in known if it is None),
            seen_at={source: it.good.at for source, it in known if it is not None and it.good is not None},
            listed=sources[0],
            snapshots=sources[2],
        )

    def _sight(self, resource: Resource, kind: StoreKind, place: Place, own: _Own, more_tags: Tags) -> Sighting:
        kept = self._kept(resource, kind, place, own)
        snapshots: list[Found[DatabaseSnapshot]] = []
        backups: list[Found[AutomatedBackup]] = []
        for source, item in kept:
            at = own.seen_at.get(source) or self._seen_at(source)
            if isinstance(item, AutomatedBackup):
                backups.append(Found(item, at))
                continue
            snapshots.append(Found(item, at))
            if item.copied_from is not None:
                self._copies.setdefault(item.copied_from, set()).add(place)
        points = points_of(Found(resource, own.seen_at[own.listed]), snapshots, backups, self.backups.find)
        foreign = self._foreign(place, kept, points)
        return Sighting(
            resource=resource,
            kind=kind,
            points=points,
            latest=(*own.latest, *(it.latest for it in foreign)),
            good=(*own.good, *(it.good for it in foreign if it.good is not None)),
            waiting=own.waiting,
            more_tags=more_tags,
        )

    def _seen_at(self, source: Source) -> datetime:
        """When a source last answered, which it has: something was read from it."""
        known = self.facts.get(place_of(source), source.operation)
        if known is None or known.good is None:
            raise LookupError(f"nothing was read from {source.name}")
        return known.good.at

    def _kept(self, resource: Resource, kind: StoreKind, place: Place, own: _Own) -> list[tuple[Source, Kept]]:
        """Everything that was taken of a database."""
        of_cluster = kind is CLUSTER
        key = (of_cluster, resource.resource_id)
        unique = len(self._bearers.get(key, ())) <= 1
        kept = [(source, item) for source, item in self.backups.of(key) if unique or _bears_name_of(item, resource)]
        for snapshot in self.backups.named(place, kind.snapshots, of_cluster, resource.identifier):
            began = resource.created_at
            if began is None or snapshot.created_at is None or snapshot.created_at >= began:
                kept.append((own.snapshots, snapshot))
        return kept

    def _foreign(self, place: Place, kept: list[tuple[Source, Kept]], points: tuple[RestorePoint, ...]) -> list[Known]:
        """Answers from elsewhere that the verdict rests on: the newest point, if it was read there and nowhere here
        is one as good."""
        if not points or points[0].at is None or all(place_of(source) == place for source, _ in kept):
            return []
        where = {item.arn: source for source, item in kept}
        best = [where[point.resource] for point in points if point.at == points[0].at and point.resource in where]
        here = any(point.at == points[0].at and point.resource not in where for point in points)
        if here or any(place_of(source) == place for source in best):
            return []
        for source in best[:1]:
            self._resting.setdefault(source, set()).add(place)
        return [known for source in best[:1] if (known := self.facts.get(place_of(source), source.operation))]


def _bears_name_of(item: Kept, resource: Resource) -> bool:
    """For an id that several databases bear, which is then none."""
    if (item.account, item.region) != (resource.account, resource.region):
        return False
    if isinstance(item, AutomatedBackup):
        return item.source_arn == resource.arn
    return item.source_identifier == resource.identifier
