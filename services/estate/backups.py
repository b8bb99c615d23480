"""All snapshots and continuous backups seen anywhere, by the resource they were taken of.

A resource id stays with its database through renaming, and a copy in another region or account keeps it; a name may
be used again by another database. So they are joined by resource id. Only what bears none, or an id that several
databases bear, is joined by name, within its own account and region.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from services.aws.collect.base import Place
from services.aws.facts import AutomatedBackup, DatabaseSnapshot
from services.model import Source

Kept: TypeAlias = DatabaseSnapshot | AutomatedBackup
Key: TypeAlias = tuple[bool, str]
"""Whether of a cluster, and the resource id."""


@dataclass(slots=True)
class _Group:
    by_resource: dict[Key, tuple[Kept, ...]] = field(default_factory=dict)
    by_name: dict[tuple[bool, str], tuple[DatabaseSnapshot, ...]] = field(default_factory=dict)
    """Snapshots without a resource id."""
    arns: frozenset[str] = frozenset()


class Backups:
    """An index that is renewed a source at a time."""

    def __init__(self) -> None:
        self._groups: dict[Source, _Group] = {}
        self._sources: dict[Key, set[Source]] = {}
        self._snapshots: dict[str, DatabaseSnapshot] = {}

    def put(self, source: Source, kept: Iterable[Kept]) -> tuple[set[Key], set[str]]:
        """Takes a source's new answer; returns the resources and the snapshot ARNs of which it says something new."""
        before, after = self._groups.get(source, _Group()), _group(kept)
        self._groups[source] = after
        changed = {
            key
            for key in before.by_resource.keys() | after.by_resource.keys()
            if before.by_resource.get(key) != after.by_resource.get(key)
        }
        for key in before.by_resource.keys() - after.by_resource.keys():
            self._sources[key].discard(source)
        for key in after.by_resource.keys() - before.by_resource.keys():
            self._sources.setdefault(key, set()).add(source)
        moved = set(before.arns ^ after.arns)
        for arn in before.arns:
            self._snapshots.pop(arn, None)
        for found in (*_flat(after.by_resource.values()), *_flat(after.by_name.values())):
            if isinstance(found, DatabaseSnapshot):
                self._snapshots[found.arn] = found
        return changed, moved

    def of(self, key: Key) -> list[tuple[Source, Kept]]:
        """Whatever was taken of a resource, wherever it lies, in a stable order."""
        sources: Iterable[Source] = self._sources.get(key, ())
        if len(self._sources.get(key, ())) > 1:
            sources = sorted(sources, key=lambda source: source.name)
        return [(source, kept) for source in sources for kept in self._groups[source].by_resource[key]]

    def named(self, place: Place, operation: str, of_cluster: bool, name: str) -> tuple[DatabaseSnapshot, ...]:
        """Snapshots without a resource id, of the database that has or had this name in the place."""
        group = self._groups.get(Source("rds", operation, place.account, place.region))
        return group.by_name.get((of_cluster, name), ()) if group else ()

    def find(self, arn: str) -> DatabaseSnapshot | None:
        return self._snapshots.get(arn)

    def everything(self) -> Iterable[Kept]:
        for group in self._groups.values():
            yield from _flat(group.by_resource.values())
            yield from _flat(group.by_name.values())


def _group(kept: Iterable[Kept]) -> _Group:
    by_resource: dict[Key, list[Kept]] = {}
    by_name: dict[tuple[bool, str], list[DatabaseSnapshot]] = {}
    arns: set[str] = set()
    for item in kept:
        if isinstance(item, DatabaseSnapshot):
            arns.add(item.arn)
            if item.source_resource_id is None:
                by_name.setdefault((item.of_cluster, item.source_identifier), []).append(item)
                continue
        by_resource.setdefault((item.of_cluster, item.source_resource_id or ""), []).append(item)
    return _Group(
        {key: tuple(items) for key, items in by_resource.items()},
        {key: tuple(items) for key, items in by_name.items()},
        frozenset(arns),
    )


def _flat(groups: Iterable[tuple[Kept, ...]]) -> Iterable[Kept]:
    for group in groups:
        yield from group
