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
        self._closed: dict[str, set[str]] = {}
        """Account → buckets of it that do not tell to whom they copy."""

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
            touched |= self._note_closed(arn, old, new)
        return touched

    def _note_closed(self, arn: str, old: Bucket | None, new: Bucket | None) -> set[str]:
        """The buckets that one may copy to, which has just stopped telling so, or begun to."""
        was, now = (bucket is not None and _is_closed(bucket) for bucket in (old, new))
        bucket = new or old
        if was == now or bucket is None:
            return set()
        closed = self._closed.setdefault(bucket.account, set())
        (closed.add if now else closed.discard)(arn)
        return {other for other, (_, kept) in self._by_arn.items() if kept.account == bucket.account}

    def find(self, arn: str) -> tuple[Source, Bucket] | None:
        return self._by_arn.get(arn)

    def may_be_copied_by(self, bucket: Bucket) -> list[tuple[Source, Bucket]]:
        """The buckets of its account that copy to nobody knows whom, in a stable order."""
        closed = self._closed.get(bucket.account, set()) - {bucket.arn}
        found = (self._by_arn.get(name) for name in sorted(closed))
        return [it for it in found if it is not None]

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
    may_be_copied_by: Iterable[Found[Bucket]] = (),
) -> Protection:
    """What its versions are worth. ``find`` looks a bucket up among all that were seen, ``copied_by`` are those that
    copy to it, ``may_be_copied_by`` those that do not tell."""
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
    if kept.versioning == "Enabled" and not points:
        points += [
            RestorePoint(VERSIONS, None, kept.arn, f"{it.kept.identifier} may copy to it", bucket.at, source=it.source)
            for it in may_be_copied_by
        ]
    return Protection(tuple(points), tuple(troubles))


def _is_closed(bucket: Bucket) -> bool:
    return any(it.operation in ("GetBucketVersioning", "GetBucketReplication") for it in bucket.unread)


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
