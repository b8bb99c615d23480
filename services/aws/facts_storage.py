"""What S3 says of buckets, as the collectors read it: facts, judged by nobody here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.aws.facts import Tags
from services.model import Outcome


@dataclass(frozen=True, slots=True)
class ReplicationRule:
    """A rule of a bucket's replication (``GetBucketReplication``)."""

    id: str
    enabled: bool
    whole: bool
    """Whether it takes every object: neither a prefix nor tags narrow it."""
    destination: str
    """The ARN of the bucket it copies to."""


@dataclass(frozen=True, slots=True)
class UnreadSetting:
    """A setting of one bucket that S3 did not tell."""

    operation: str
    outcome: Outcome
    error: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket with the settings that protect its objects (``ListBuckets`` and a call for each setting)."""

    arn: str
    identifier: str
    account: str
    region: str
    created_at: datetime | None
    versioning: str | None
    """``Enabled``, ``Suspended``; ``None``: it never was on, or it is among ``unread``."""
    replication: tuple[ReplicationRule, ...]
    object_lock: str | None
    """``COMPLIANCE``, ``GOVERNANCE``: the default retention's mode; ``enabled``: on, without a default."""
    lock_days: int | None
    """The default retention; a year counts 365 days."""
    unread: tuple[UnreadSetting, ...] = ()
    tags: Tags = ()
    """Always empty: the tagging API tells them."""

    @property
    def engine(self) -> str:
        return "s3"

    @property
    def maintenance_window(self) -> None:
        """Nobody maintains a bucket."""
        return

    @property
    def multi_az(self) -> bool:
        """S3 promises nothing that a dedicated tenant's standby would be."""
        return False
