"""The estate: every store seen, joined with its restore points and with the answers that speak about it.

Kept up to date an observation at a time. What an observation changes is worked out for its account and region alone,
and for those whose stores have backups, copies or restore tests there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from services.aws.collect.backup_jobs import BACKUP_JOBS
from services.aws.collect.backup_plans import BACKUP_PLANS
from services.aws.collect.base import Place
from services.aws.collect.buckets import BUCKETS
from services.aws.collect.copy_jobs import COPY_JOBS
from services.aws.collect.protected_resources import PROTECTED_RESOURCES
from services.aws.collect.restore_jobs import RESTORE_JOBS
from services.aws.collect.tags import TAGS
from services.aws.facts import AutomatedBackup, DatabaseCluster, DatabaseInstance, DatabaseSnapshot
from services.aws.facts_storage import Bucket
from services.estate.backups import Backups, Kept, Key
from services.estate.facts import Facts, Known, place_of
from services.estate.joining import Joiner, Own
from services.estate.kinds import BUCKET, CLUSTER, INSTANCE, KINDS, SNAPSHOT_LISTS, StoreKind
from services.estate.sighting import Resource, Sighting
from services.estate.vaults import OPERATIONS as VAULT_OPERATIONS
from services.model import EVERYWHERE, Observation, Source

Database = DatabaseInstance | DatabaseCluster

LISTINGS = frozenset(kind.listed_by for kind in KINDS)
BACKUPS = frozenset(operation for kind in SNAPSHOT_LISTS for operation in kind.operations[1:3])
"""Automated backups and snapshots."""
QUIET = frozenset(
    it.operation for it in (BACKUP_JOBS, COPY_JOBS, BACKUP_PLANS, PROTECTED_RESOURCES, RESTORE_JOBS, TAGS)
)
"""Those of which only what they say matters, not when they said it; but where a bucket's point is dated by it."""
JOINED = LISTINGS | BACKUPS | VAULT_OPERATIONS | {TAGS.operation}
"""The calls whose answers, or failures, change something in the join."""


class Estate:
    """All stores of all places looked at."""

    def __init__(self) -> None:
        self.scope = EVERYWHERE
        """What is looked at; of another place nothing will be heard."""
        self._joiner = Joiner()
        self._sightings: dict[Place, dict[str, Sighting]] = {}
        self._members: dict[Place, dict[str, str]] = {}
        self._bearers: dict[Key, set[tuple[Place, str]]] = {}
        self._borne: dict[Place, frozenset[tuple[Key, str]]] = {}
        self._homes: dict[str, Place] = {}
        """Where each store was last listed, by its ARN."""
        self._dirty: dict[Place, None] = {}
        """Where something changed, in the order in which it first did: a place whose answers still come waits for its
        turn, and is joined once for several of them."""

    @property
    def facts(self) -> Facts:
        """What every collector said last, that of maintenance and legal holds too, by place and operation."""
        return self._joiner.facts

    @property
    def backups(self) -> Backups:
        return self._joiner.backups

    def put(self, observation: Observation[Any]) -> None:
        """Takes an observation of one of the collectors. ``refresh`` works out what follows."""
        place, operation = place_of(observation.source), observation.source.operation
        before = self.facts.get(place, operation)
        self.facts.put(observation)
        if operation not in JOINED:
            return
        if operation not in QUIET or _differs(before, observation):
            self._stain(place, *self._joiner.resting.get(observation.source, ()))
        if not observation.outcome.answered:
            return
        if operation in BACKUPS:
            resources, snapshots = self.backups.put(observation.source, observation.value or ())
            for key in resources:
                self._stain(*(bearer for bearer, _ in self._bearers.get(key, ())))
            for arn in snapshots:
                self._stain(*self._joiner.copies.get(arn, ()))
        elif operation in VAULT_OPERATIONS:
            if operation == PROTECTED_RESOURCES.operation:
                self._stain_homes(self._joiner.vaults.dated_by(observation))
            self._stain_homes(self._joiner.vaults.put(observation))
        elif operation in LISTINGS:
            self._settle(place, operation)
            if operation == BUCKETS.operation:
                self._stain_homes(self._joiner.buckets.put(observation.source, observation.value or ()))
            else:
                self._bear(place)

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
        place = next(iter(self._dirty))
        del self._dirty[place]
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

    def home_of(self, arn: str) -> Place | None:
        """Where a store was last listed, which a bucket's ARN does not tell; ``None`` where it never was."""
        return self._homes.get(arn)

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

    def _stain(self, *places: Place) -> None:
        """Notes that something changed in places; sorted, so that the same answers always lead to the same order."""
        for place in sorted(set(places)):
            self._dirty.setdefault(place)

    def _stain_homes(self, arns: Iterable[str]) -> None:
        self._stain(*(self._homes[arn] for arn in arns if arn in self._homes))

    def _databases(self, place: Place) -> Iterator[tuple[Database, StoreKind]]:
        for instance in self.facts.seen(place, INSTANCE.listed_by):
            if instance.cluster is None:
                yield instance, INSTANCE
        for cluster in self.facts.seen(place, CLUSTER.listed_by):
            yield cluster, CLUSTER

    def _settle(self, place: Place, operation: str) -> None:
        """Notes where the stores of a new inventory are."""
        for resource in self.facts.seen(place, operation):
            self._homes[resource.arn] = place

    def _bear(self, place: Place) -> None:
        """Notes which resource ids the place's databases bear. Where one becomes, or stops being, the id of several,
        the databases that bear it are joined anew."""
        before = self._borne.get(place, frozenset())
        after = frozenset(
            ((kind is CLUSTER, resource.resource_id), resource.arn) for resource, kind in self._databases(place)
        )
        self._borne[place] = after
        for key, arn in before ^ after:
            bearers = self._bearers.setdefault(key, set())
            several = len(bearers) > 1
            (bearers.discard if (key, arn) in before else bearers.add)((place, arn))
            if several != (len(bearers) > 1):
                self._stain(*(bearer for bearer, _ in bearers))

    def _join(self, place: Place) -> dict[str, Sighting]:
        self._members[place] = {
            instance.arn: instance.cluster
            for instance in self.facts.seen(place, INSTANCE.listed_by)
            if instance.cluster is not None
        }
        local = self._joiner.local(place)
        own = {kind: it for kind in KINDS if (it := self._joiner.own(place, kind)) is not None}
        sightings = {
            database.arn: self._joiner.database(database, self._kept(database, place, own[kind]), own[kind], local)
            for database, kind in self._databases(place)
        }
        if BUCKET in own:
            for bucket in self.facts.seen(place, BUCKET.listed_by):
                sightings[bucket.arn] = self._joiner.bucket(bucket, own[BUCKET], local)
        return sightings

    def _kept(self, database: Database, place: Place, own: Own) -> list[tuple[Source, Kept]]:
        """Everything that RDS itself took of a database."""
        of_cluster = own.kind is CLUSTER
        key = (of_cluster, database.resource_id)
        unique = len(self._bearers.get(key, ())) <= 1
        kept = [(source, item) for source, item in self.backups.of(key) if unique or _bears_name_of(item, database)]
        listed = Source("rds", SNAPSHOT_LISTS[own.kind], place.account, place.region)
        for snapshot in self.backups.named(place, listed.operation, of_cluster, database.identifier):
            began = database.created_at
            if began is None or snapshot.created_at is None or snapshot.created_at >= began:
                kept.append((listed, snapshot))
        return kept


def _differs(before: Known | None, observation: Observation[Any]) -> bool:
    """Whether an observation says anything else than the one before it, but for its time."""
    if before is None or not observation.outcome.answered:
        return True
    return not before.latest.outcome.answered or before.latest.value != observation.value


def _bears_name_of(item: Kept, resource: Database) -> bool:
    """For an id that several databases bear, which is then none."""
    if (item.account, item.region) != (resource.account, resource.region):
        return False
    if isinstance(item, AutomatedBackup):
        return item.source_arn == resource.arn
    return item.source_identifier == resource.identifier


__all__ = ["Bucket", "Estate", "Resource", "Sighting"]
