"""The buckets of a region, each with the settings that protect its objects.

Source: Amazon S3 API reference, ListBuckets (``BucketRegion``), GetBucketVersioning, GetBucketReplication,
GetObjectLockConfiguration. A setting that one bucket's own policy refuses stays with that bucket; throttling,
credentials that have ended, and answers that cannot be read, fail the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from services.aws.collect.base import Asking, Chain, Place, Record, UnreadableError, instant, need, read_all, text
from services.aws.credentials.ended import ENDED_CODES
from services.aws.errors import code_of, outcome_of
from services.aws.facts_storage import Bucket, ReplicationRule, UnreadSetting
from services.model import Outcome

T = TypeVar("T")

PAGE = 1000
NO_LOCK: tuple[str | None, int | None] = (None, None)
VERSIONED = frozenset({"Enabled", "Suspended"})


@dataclass(frozen=True, slots=True)
class _Listed:
    arn: str
    name: str
    region: str | None
    created_at: datetime | None


def ask(asking: Asking) -> tuple[Bucket, ...]:
    place = asking.place
    records = asking.list("list_buckets", "Buckets", BucketRegion=place.region, PaginationConfig={"PageSize": PAGE})
    listed = [it for it in read_all(records, read, place, "Buckets") if it.region in (None, place.region)]
    found: list[Bucket] = []
    for bucket in asking.each(listed, lambda it: _settings(asking, it)):
        if isinstance(bucket, Exception):
            raise bucket
        if bucket is not None:
            found.append(bucket)
    return tuple(found)


def read(record: Record, _: Place) -> _Listed:
    name = need(record, "Name")
    arn = text(record, "BucketArn") or f"arn:aws:s3:::{name}"
    return _Listed(arn, name, text(record, "BucketRegion"), instant(record, "CreationDate"))


def read_replication(answer: Record) -> tuple[ReplicationRule, ...]:
    rules = (answer.get("ReplicationConfiguration") or {}).get("Rules") or ()
    return tuple(
        ReplicationRule(
            id=text(rule, "ID") or "",
            enabled=rule.get("Status") == "Enabled",
            whole=not (text(rule, "Prefix") or _narrowed(rule.get("Filter") or {})),
            destination=need(rule.get("Destination") or {}, "Bucket"),
        )
        for rule in rules
    )


def _narrowed(kept: Record) -> bool:
    both = kept.get("And") or {}
    return any(found for part in (kept, both) for found in (part.get("Prefix"), part.get("Tag"), part.get("Tags")))


def read_lock(answer: Record) -> tuple[str | None, int | None]:
    """The mode and the days of the default retention."""
    lock = answer.get("ObjectLockConfiguration") or {}
    if lock.get("ObjectLockEnabled") != "Enabled":
        return None, None
    default = (lock.get("Rule") or {}).get("DefaultRetention") or {}
    days = default.get("Days") or (365 * default["Years"] if default.get("Years") else None)
    return text(default, "Mode") or "enabled", days


def _settings(asking: Asking, listed: _Listed) -> Bucket | None:
    """The bucket; ``None`` where it was deleted since it was listed."""
    unread: list[UnreadSetting] = []

    def setting(method: str, operation: str, read_it: Callable[[Record], T], nothing: T, absent: str = "") -> T:
        try:
            return read_it(asking.get(method, Bucket=listed.name, ExpectedBucketOwner=asking.place.account))
        except Exception as error:
            if absent and code_of(error) == absent:
                return nothing
            outcome, said = outcome_of(error)
            if outcome is not Outcome.DENIED or code_of(error) in ENDED_CODES or isinstance(error, UnreadableError):
                raise
            unread.append(UnreadSetting(operation, outcome, said))
            return nothing

    try:
        versioning = setting("get_bucket_versioning", "GetBucketVersioning", lambda it: text(it, "Status"), None)
        kept = versioning in VERSIONED or bool(unread)
        replication: tuple[ReplicationRule, ...] = ()
        lock = NO_LOCK
        if kept:  # a bucket that never kept versions can have neither
            replication = setting(
                "get_bucket_replication",
                "GetBucketReplication",
                read_replication,
                (),
                "ReplicationConfigurationNotFoundError",
            )
            lock = setting(
                "get_object_lock_configuration",
                "GetObjectLockConfiguration",
                read_lock,
                NO_LOCK,
                "ObjectLockConfigurationNotFoundError",
            )
    except Exception as error:
        if code_of(error) == "NoSuchBucket":
            return None
        raise
    return Bucket(
        arn=listed.arn,
        identifier=listed.name,
        account=asking.place.account,
        region=asking.place.region,
        created_at=listed.created_at,
        versioning=versioning,
        replication=replication,
        object_lock=lock[0],
        lock_days=lock[1],
        unread=tuple(unread),
    )


BUCKETS = Chain(
    "s3",
    "ListBuckets",
    ask,
    (
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketVersioning",
        "s3:GetReplicationConfiguration",
        "s3:ListAllMyBuckets",
    ),
)
