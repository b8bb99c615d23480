"""What protects a bucket's objects: its versions, and another bucket that they are copied to.

A bucket's versions guard against what is done to its objects, a copy of them against the loss of the bucket. Only both
together are a restore point: every version up to the moment at which both were seen (``protected-versions``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.aws.facts_storage import Bucket, ReplicationRule
from services.estate.points import Found
from services.model import RestorePoint, Source

VERSIONS = "protected-versions"


class Buckets:
    """All buckets seen anywhere, and which of them are copies of which."""

    def __init__(self) -> None:
        self._groups: dict[Source, dict[str, Bucket]] = {}
        self._by_arn: dict[str, tuple[Source, Bucket]] = {}
        self._copied_by: dict[str, set[str]] = {}
        """ARN of a destination → buckets that copy to it."""

    def put(self, source: Source, buckets: Iterable[Bucket]) -> set[str]:
        """Takes a place's new answer; returns the ARNs of other buckets whose protection it may have changed."""
        before, after = self._groups.get(source, {}), {bucket.arn: bucket for bucket in buckets}
        self._groups[source] = after
        touched: set[str] = set()
        for arn in before.keys() | after.keys():
            old, new = before.get(arn), after.get(arn)
            if old == new:
                continue
            for rule in old.replication if old else ():
                self._copied_by.get(rule.destination, set()).discard(arn)
                touched.add(rule.destination)
            for rule in new.replication if new else ():
                self._copied_by.setdefault(rule.destination, set()).add(arn)
                touched.add(rule.destination)
            if new is not None:
                self._by_arn[arn] = (source, new)
            elif self._by_arn.get(arn, (None,))[0] == source:
                del self._by_arn[arn]
            touched |= self._copied_by.get(arn, set())
        return touched

    def find(self, arn: str) -> tuple[Source, Bucket] | None:
        return self._by_arn.get(arn)

    def copied_by(self, arn: str) -> list[tuple[Source, Bucket]]:
        """The buckets that copy to one, in a stable order."""
        found = (self._by_arn.get(name) for name in sorted(self._copied_by.get(arn, ())))
        return [it for it in found if it is not None]


@dataclass(frozen=True, slots=True)
class Protection:
    points: tuple[RestorePoint, ...]
    troubles: tuple[str, ...]


def protection_of(
    bucket: Found[Bucket],
    find: Callable[[str], Found[Bucket] | None],
    copied_by: Iterable[Found[Bucket]],
) -> Protection:
    """What its versions are worth. ``find`` looks a bucket up among all that were seen, ``copied_by`` are those that
    copy to it."""
    kept = bucket.kept
    troubles: list[str] = []
    points: list[RestorePoint] = []
    if kept.versioning == "Suspended":
        troubles.append("its versioning is suspended")
    for rule in kept.replication:
        point, trouble = _copy(bucket, rule, find)
        points += [point] if point else []
        troubles += [trouble] if trouble else []
    if kept.versioning == "Enabled":
        points += [
            _point(bucket, origin, f"copy of {origin.kept.identifier}")
            for origin in copied_by
            if origin.kept.arn != kept.arn
            and origin.kept.versioning == "Enabled"
            and any(_copies(it, kept) for it in origin.kept.replication)
        ]
    return Protection(tuple(points), tuple(troubles))


def _copies(rule: ReplicationRule, to: Bucket) -> bool:
    return rule.enabled and rule.whole and rule.destination == to.arn


def _copy(
    bucket: Found[Bucket], rule: ReplicationRule, find: Callable[[str], Found[Bucket] | None]
) -> tuple[RestorePoint | None, str | None]:
    """The point that a rule's copy makes, and what is wrong with it."""
    kept, name = bucket.kept, rule.destination.rpartition(":")[2]
    if not rule.enabled:
        return None, f"its replication to {name} is disabled"
    if kept.versioning != "Enabled" or rule.destination == kept.arn:
        return None, None
    if not rule.whole:
        return None, f"only part of it is copied to {name}"
    copy = find(rule.destination)
    if copy is None:
        note = f"its copy {rule.destination} is not seen"
        return RestorePoint(VERSIONS, None, kept.arn, note, bucket.at, source=bucket.source), None
    if copy.kept.versioning != "Enabled":
        return None, f"its copy {name} keeps no versions"
    return _point(bucket, copy, f"copied to {name}"), None


def _point(bucket: Found[Bucket], other: Found[Bucket], note: str) -> RestorePoint:
    """Every version up to the earlier of the two sights; the call that saw the other bucket is what may fail."""
    kept, far = bucket.kept, other.kept
    here = (kept.account, kept.region) == (far.account, far.region)
    at = min(bucket.at, other.at)
    said = note if here else f"{note} in {far.account} {far.region}"
    return RestorePoint(VERSIONS, at, kept.arn, said, at, source=other.source)
