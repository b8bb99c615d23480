"""S3 buckets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.aws.facts import Tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket with a customer's files in it."""

    account: str
    region: str
    name: str
    created_at: datetime
    versioning: str | None = "Enabled"
    """``Enabled``, ``Suspended``, ``None`` where it never was."""
    replica: str | None = None
    """The name of the bucket in the same account and region that every object is copied to."""
    object_lock_days: int | None = None
    """Every new version is locked for so long, in compliance mode."""
    tags: Tags = ()
    keys: tuple[tuple[str, datetime], ...] = ()
    """Its objects and when each version was written, oldest version first; the name's ending says what is in it."""

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.name}"
